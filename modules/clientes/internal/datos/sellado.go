package datos

import (
	"cmp"
	"context"
	"fmt"

	"despensa/modules/clientes"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// Destinatario is a customer's contact, one of their addresses, and the key that stood beside them when they were read.
type Destinatario struct {
	ID, Nombre, Correo, Telefono string
	Direccion                    Direccion // without its name, version and time
	llave                        tink.AEAD
}

// filaDestinatario is a row of the query leerDestinatario.
type filaDestinatario struct {
	ID                                  string
	Nombre, Correo, Telefono, Envoltura []byte
	Direccion                           *string // its id; nil: the customer has none of that id
	Calle, Notas, Punto                 []byte
}

const leerDestinatario = `select c.id, c.nombre, c.correo, c.telefono, l.envoltura, ` +
	`d.id as direccion, d.calle, d.notas, d.punto
from clientes c left join llaves l on l.cliente = c.id
left join direcciones d on d.cliente = c.id and d.id = ? and d.borrada is null
where c.id = ?`

// Destinatario reads cliente, the address direccion and the key with one statement. Errors: clientes.ErrNoExiste,
// clientes.ErrSinClave, ErrDireccionNoExiste.
func (a *Store) Destinatario(
	ctx context.Context,
	solicitud clientes.SolicitudDeDestinatario,
) (Destinatario, error) {
	var f filaDestinatario
	q := a.DB.Read(ctx).Raw(leerDestinatario, solicitud.Direccion, solicitud.Cliente).Scan(&f)
	if q.Error != nil {
		return Destinatario{}, q.Error
	}
	if q.RowsAffected == 0 {
		return Destinatario{}, clientes.ErrNoExiste
	}
	k, err := a.llave(solicitud.Cliente, f.Envoltura)
	if err != nil {
		return Destinatario{}, err
	}
	if f.Direccion == nil {
		return Destinatario{}, ErrDireccionNoExiste
	}
	if solicitud.SoloPunto {
		return f.abrirPunto(k)
	}
	return f.abrir(k)
}

// abrirPunto opens with the key aead where the address is.
func (f filaDestinatario) abrirPunto(aead tink.AEAD) (Destinatario, error) {
	donde := &sello{llave: aead, tabla: "direcciones", id: *f.Direccion}
	x := Destinatario{ID: f.ID, Direccion: Direccion{ID: *f.Direccion}, llave: aead}
	x.Direccion.Lat, x.Direccion.Lon = donde.abrirPunto("punto", f.Punto)
	if donde.err != nil {
		return Destinatario{}, donde.err
	}
	return x, nil
}

// abrir opens the row with the key aead.
func (f filaDestinatario) abrir(aead tink.AEAD) (Destinatario, error) {
	quien := &sello{llave: aead, tabla: "clientes", id: f.ID}
	donde := &sello{llave: aead, tabla: "direcciones", id: *f.Direccion}
	x := Destinatario{
		ID:       f.ID,
		Nombre:   quien.abrir("nombre", f.Nombre),
		Correo:   quien.abrir("correo", f.Correo),
		Telefono: quien.abrir("telefono", f.Telefono),
		Direccion: Direccion{
			ID:    *f.Direccion,
			Calle: donde.abrir("calle", f.Calle),
			Notas: donde.abrir("notas", f.Notas),
		},
		llave: aead,
	}
	x.Direccion.Lat, x.Direccion.Lon = donde.abrirPunto("punto", f.Punto)
	if err := cmp.Or(quien.err, donde.err); err != nil {
		return Destinatario{}, err
	}
	return x, nil
}

// Sellar encrypts claro under the customer's key, bound to para. It is for the call that has read d: a later one reads
// the key anew.
func (d Destinatario) Sellar(para string, claro []byte) ([]byte, error) {
	c, err := d.llave.Encrypt(claro, proposito(d.ID, para))
	if err != nil {
		return nil, fmt.Errorf("clientes: seal: %w", err)
	}
	return c, nil
}

// Abrir opens a text that Destinatario.Sellar sealed. Errors: clientes.ErrNoExiste, clientes.ErrSinClave.
func (a *Store) Abrir(
	ctx context.Context,
	cliente, para string,
	sellado []byte,
) ([]byte, error) {
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
func (a *Store) llaveDe(ctx context.Context, cliente string) (tink.AEAD, error) {
	var f filaCliente
	err := a.DB.Read(ctx).Table("clientes").Select("clientes.id, llaves.envoltura").
		Joins("left join llaves on llaves.cliente = clientes.id").
		Where("clientes.id = ?", cliente).Take(&f).Error
	if err != nil {
		return nil, siFalta(err, clientes.ErrNoExiste)
	}
	return a.llave(cliente, f.Envoltura)
}
