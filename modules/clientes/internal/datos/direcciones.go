package datos

import (
	"context"
	"time"

	"despensa/modules/clientes"

	"github.com/tink-crypto/tink-go/v2/tink"
	"gorm.io/gorm"
)

// Direccion is one place of a customer. Personal data: never logged.
type Direccion struct {
	ID, Nombre, Calle, Notas string
	Lat, Lon                 float64 // WGS 84 degrees
	Version                  int64
	Creado                   time.Time
}

// Cursor is where a page of addresses ended.
type Cursor struct {
	Creado time.Time
	ID     string
}

// CambioDireccion changes the members that are not nil.
type CambioDireccion struct {
	Nombre, Calle, Notas *string
	Lat, Lon             *float64
	// Versiones are the versions at which the change may be made; nil: any.
	Versiones []int64
}

// Direccion gives one address of cliente. Errors: ErrDireccionNoExiste,
// clientes.ErrSinClave.
func (a *Store) Direccion(ctx context.Context, cliente, id string) (Direccion, error) {
	f, err := buscar(a.DB.Read(ctx), cliente, id)
	if err != nil {
		return Direccion{}, err
	}
	return a.direccion(f)
}

// buscar finds an address that has not been deleted.
func buscar(tx *gorm.DB, cliente, id string) (filaDireccion, error) {
	var f filaDireccion
	err := vivas(tx, cliente).Where("direcciones.id = ?", id).Take(&f).Error
	return f, siFalta(err, ErrDireccionNoExiste)
}

// vivas are the addresses of cliente, each with the customer's wrapped key.
func vivas(tx *gorm.DB, cliente string) *gorm.DB {
	return conLlave(tx, "direcciones", "direcciones.cliente").
		Where("direcciones.cliente = ? and direcciones.borrada is null", cliente)
}

// Direcciones gives up to limite addresses of cliente after desde (nil: from the
// beginning), newest first. Errors: clientes.ErrSinClave.
func (a *Store) Direcciones(
	ctx context.Context,
	cliente string,
	desde *Cursor,
	limite int,
) ([]Direccion, error) {
	q := vivas(a.DB.Read(ctx), cliente)
	if desde != nil {
		ms := hora(desde.Creado)
		q = q.Where(
			"direcciones.creado < ? or (direcciones.creado = ? and direcciones.id < ?)",
			ms,
			ms,
			desde.ID,
		)
	}
	var filas []filaDireccion
	if err := q.Order("direcciones.creado desc, direcciones.id desc").Limit(limite).Find(&filas).Error; err != nil {
		return nil, err
	}
	ds := make([]Direccion, 0, len(filas))
	for _, f := range filas {
		d, err := a.direccion(f)
		if err != nil {
			return nil, err
		}
		ds = append(ds, d)
	}
	return ds, nil
}

// direccion opens a row.
func (a *Store) direccion(filaDireccion filaDireccion) (Direccion, error) {
	k, err := a.llave(filaDireccion.Cliente, filaDireccion.Envoltura)
	if err != nil {
		return Direccion{}, err
	}
	s := &sello{llave: k, tabla: "direcciones", id: filaDireccion.ID}
	d := Direccion{
		ID: filaDireccion.ID, Version: filaDireccion.Version, Creado: deHora(filaDireccion.Creado),
		Nombre: s.abrir(
			"nombre",
			filaDireccion.Nombre,
		), Calle: s.abrir("calle", filaDireccion.Calle), Notas: s.abrir("notas", filaDireccion.Notas),
	}
	d.Lat, d.Lon = s.abrirPunto("punto", filaDireccion.Punto)
	if s.err != nil {
		return Direccion{}, s.err
	}
	return d, nil
}

// fila seals the fields of d into filaDireccion.
func (d Direccion) fila(filaDireccion *filaDireccion, aead tink.AEAD) error {
	s := &sello{llave: aead, tabla: "direcciones", id: filaDireccion.ID}
	filaDireccion.Nombre = s.cerrar("nombre", d.Nombre)
	filaDireccion.Calle = s.cerrar("calle", d.Calle)
	filaDireccion.Notas = s.cerrar("notas", d.Notas)
	filaDireccion.Punto = s.cerrarPunto("punto", d.Lat, d.Lon)
	return s.err
}

// CambiarDireccion changes an address and gives it as it now stands. Errors:
// ErrDireccionNoExiste, clientes.ErrSinClave, ErrVersion.
func (a *Store) CambiarDireccion(
	ctx context.Context,
	cliente, id string,
	cambio CambioDireccion,
) (Direccion, error) {
	var d Direccion
	err := a.DB.Write(ctx, "clientes.direccion.cambio", func(tx *gorm.DB) (err error) {
		d, err = a.cambiarDireccion(tx, cliente, id, cambio)
		return err
	})
	if err != nil {
		return Direccion{}, err
	}
	return d, nil
}

// cambiarDireccion is CambiarDireccion within its transaction: it opens the row, changes the fields, and seals them
// again as the next version.
func (a *Store) cambiarDireccion(
	tx *gorm.DB,
	cliente, id string,
	cambio CambioDireccion,
) (Direccion, error) {
	f, err := buscar(paraEscribir(tx, "direcciones"), cliente, id)
	if err != nil {
		return Direccion{}, err
	}
	if otra(cambio.Versiones, f.Version) {
		return Direccion{}, ErrVersion
	}
	d, err := a.direccion(f)
	if err != nil {
		return Direccion{}, err
	}
	poner(&d.Nombre, cambio.Nombre)
	poner(&d.Calle, cambio.Calle)
	poner(&d.Notas, cambio.Notas)
	poner(&d.Lat, cambio.Lat)
	poner(&d.Lon, cambio.Lon)
	k, err := a.llave(cliente, f.Envoltura)
	if err != nil {
		return Direccion{}, err
	}
	if err := d.fila(&f, k); err != nil {
		return Direccion{}, err
	}
	d.Version++
	return d, guardar(tx, &f, id, &f.Version)
}

// BorrarDireccion deletes an address. Its personal fields are cleared at once; the row with its id stays until Purgar.
// Errors: ErrDireccionNoExiste, ErrVersion.
func (a *Store) BorrarDireccion(
	ctx context.Context,
	cliente, id string,
	versiones []int64,
) error {
	return a.DB.Write(ctx, "clientes.direccion.baja", func(tx *gorm.DB) error {
		f, err := buscar(paraEscribir(tx, "direcciones"), cliente, id)
		if err != nil {
			return err
		}
		if otra(versiones, f.Version) {
			return ErrVersion
		}
		ahora := hora(a.Ahora())
		f.Nombre, f.Calle, f.Notas, f.Punto, f.Borrada = nil, nil, nil, nil, &ahora
		return guardar(tx, &f, id, &f.Version)
	})
}

// Purgar forgets the ids of addresses that were deleted before antes.
func (a *Store) Purgar(ctx context.Context, antes time.Time) error {
	return a.DB.Write(ctx, "clientes.purga", func(tx *gorm.DB) error {
		return tx.Where("borrada < ?", hora(antes)).Delete(&filaDireccion{}).Error
	})
}

// propietario locks the customer's row and unwraps their key. Errors:
// clientes.ErrNoExiste, clientes.ErrSinClave.
func (a *Store) propietario(tx *gorm.DB, cliente string) (tink.AEAD, error) {
	var f filaCliente
	err := conLlave(paraEscribir(tx, "clientes"), "clientes", "clientes.id").
		Where("clientes.id = ?", cliente).Take(&f).Error
	if err != nil {
		return nil, siFalta(err, clientes.ErrNoExiste)
	}
	return a.llave(cliente, f.Envoltura)
}
