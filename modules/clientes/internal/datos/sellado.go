package datos

import (
	"cmp"
	"context"
	"fmt"

	"despensa/modules/clientes"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Destino is a customer's contact, one of their addresses, and the key that stood beside them when they were read.
type Destino struct {
	ID, Nombre, Correo, Telefono string
	Direccion                    Direccion // without its name, version and time
	llave                        tink.AEAD
}

// filaDestino is a row of the query leerDestino.
type filaDestino struct {
	ID                                  string
	Nombre, Correo, Telefono, Envoltura []byte
	Direccion                           *string // its id; nil: the customer has none of that id
	Calle, Notas, Punto                 []byte
}

const leerDestino = `select c.id, c.nombre, c.correo, c.telefono, l.envoltura, ` +
	`d.id as direccion, d.calle, d.notas, d.punto
from clientes c left join llaves l on l.cliente = c.id
left join direcciones d on d.cliente = c.id and d.id = ? and d.borrada is null
where c.id = ?`

// Destino reads cliente, the address direccion and the key with one statement. Errors: clientes.ErrNoExiste,
// clientes.ErrSinClave, ErrDireccionNoExiste.
func (a *Almacen) Destino(ctx context.Context, encargo clientes.Encargo) (Destino, error) {
	var f filaDestino
	q := a.DB.Leer(ctx).Raw(leerDestino, encargo.Direccion, encargo.Cliente).Scan(&f)
	if q.Error != nil {
		return Destino{}, q.Error
	}
	if q.RowsAffected == 0 {
		return Destino{}, clientes.ErrNoExiste
	}
	k, err := a.llave(encargo.Cliente, f.Envoltura)
	if err != nil {
		return Destino{}, err
	}
	if f.Direccion == nil {
		return Destino{}, ErrDireccionNoExiste
	}
	if encargo.SoloPunto {
		return f.abrirPunto(k)
	}
	return f.abrir(k)
}

// abrirPunto opens with the key k where the address is.
func (f filaDestino) abrirPunto(k tink.AEAD) (Destino, error) {
	donde := &sello{llave: k, tabla: "direcciones", id: *f.Direccion}
	x := Destino{ID: f.ID, Direccion: Direccion{ID: *f.Direccion}, llave: k}
	x.Direccion.Lat, x.Direccion.Lon = donde.abrirPunto("punto", f.Punto)
	if donde.err != nil {
		return Destino{}, donde.err
	}
	return x, nil
}

// abrir opens the row with the key k.
func (f filaDestino) abrir(k tink.AEAD) (Destino, error) {
	quien := &sello{llave: k, tabla: "clientes", id: f.ID}
	donde := &sello{llave: k, tabla: "direcciones", id: *f.Direccion}
	x := Destino{
		ID:        f.ID,
		Nombre:    quien.abrir("nombre", f.Nombre),
		Correo:    quien.abrir("correo", f.Correo),
		Telefono:  quien.abrir("telefono", f.Telefono),
		Direccion: Direccion{ID: *f.Direccion, Calle: donde.abrir("calle", f.Calle), Notas: donde.abrir("notas", f.Notas)},
		llave:     k,
	}
	x.Direccion.Lat, x.Direccion.Lon = donde.abrirPunto("punto", f.Punto)
	if err := cmp.Or(quien.err, donde.err); err != nil {
		return Destino{}, err
	}
	return x, nil
}

// Sellar encrypts claro under the customer's key, bound to para. It is for the call that has read d: a later one reads
// the key anew.
func (d Destino) Sellar(para string, claro []byte) ([]byte, error) {
	c, err := d.llave.Encrypt(claro, proposito(d.ID, para))
	if err != nil {
		return nil, fmt.Errorf("clientes: seal: %w", err)
	}
	return c, nil
}

// Abrir opens a text that Destino.Sellar sealed. Errors: clientes.ErrNoExiste, clientes.ErrSinClave.
func (a *Almacen) Abrir(ctx context.Context, cliente, para string, sellado []byte) ([]byte, error) {
	k, err := a.llaveDe(ctx, cliente)
	if err != nil {
		return nil, err
	}
	claro, err := k.Decrypt(sellado, proposito(cliente, para))
	if err != nil {
		return nil, fmt.Errorf("clientes: open: %w", err)
	}
	return claro, nil
}

// llaveDe reads the wrapped key anew each time: an erasure is felt at once, on every
// replica.
func (a *Almacen) llaveDe(ctx context.Context, cliente string) (tink.AEAD, error) {
	var f filaCliente
	err := a.DB.Leer(ctx).Table("clientes").Select("clientes.id, llaves.envoltura").
		Joins("left join llaves on llaves.cliente = clientes.id").Where("clientes.id = ?", cliente).Take(&f).Error
	if err != nil {
		return nil, siFalta(err, clientes.ErrNoExiste)
	}
	return a.llave(cliente, f.Envoltura)
}
