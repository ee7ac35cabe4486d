package datos

import (
	"context"
	"errors"

	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// AltaDireccion asks for a new address once per Llave.
type AltaDireccion struct {
	Llave        idempotency.Key
	Cliente      string
	Nombre       string
	Calle, Notas string
	Lat, Lon     float64
}

// CrearDireccion stores a new address with the id of the key alta.Llave. Where the key has made an address before, it
// returns that one, and true. Errors: clientes.ErrNoExiste, clientes.ErrSinClave, ErrDemasiadas, ErrHuella, and
// ErrDireccionNoExiste when the address that the key made has been deleted since.
func (a *Store) CrearDireccion(
	ctx context.Context,
	alta AltaDireccion,
) (d Direccion, repetida bool, err error) {
	huella, err := a.huella(alta.Llave)
	if err != nil {
		return Direccion{}, false, err
	}
	var hecha Direccion
	var vieja bool
	err = a.DB.Write(ctx, "clientes.direccion.alta", func(tx *gorm.DB) (err error) {
		hecha, vieja, err = a.crearDireccion(tx, alta, huella)
		return err
	})
	if err != nil {
		return Direccion{}, false, err
	}
	return hecha, vieja, nil
}

// huella is the digest of the body as it is stored. It is keyed: with a plain digest, a reader of the file could try
// addresses until one fits.
func (a *Store) huella(key idempotency.Key) (string, error) {
	h, err := a.Maestra.ciego("direcciones.huella."+key.ID, key.Fingerprint)
	if err != nil {
		return "", err
	}
	if h == nil {
		return "", errors.New("clientes: a new address needs its body's digest")
	}
	return *h, nil
}

// crearDireccion is CrearDireccion within its transaction; huella is the keyed digest of the body.
func (a *Store) crearDireccion(
	tx *gorm.DB,
	alta AltaDireccion,
	huella string,
) (Direccion, bool, error) {
	k, err := a.propietario(tx, alta.Cliente)
	if err != nil {
		return Direccion{}, false, err
	}
	d, err := a.repetida(tx, alta, huella)
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return d, true, err
	}
	var hay int64
	err = tx.Model(&filaDireccion{}).
		Where("cliente = ? and borrada is null", alta.Cliente).
		Count(&hay).
		Error
	if err != nil {
		return Direccion{}, false, err
	}
	if hay >= int64(a.MaxDirecciones) {
		return Direccion{}, false, ErrDemasiadas.WithExtra("maximo", a.MaxDirecciones)
	}
	f := filaDireccion{
		ID:      alta.Llave.ID,
		Cliente: alta.Cliente,
		Huella:  huella,
		Version: 1,
		Creado:  hora(a.Ahora()),
	}
	d = Direccion{
		ID:      f.ID,
		Nombre:  alta.Nombre,
		Calle:   alta.Calle,
		Notas:   alta.Notas,
		Lat:     alta.Lat,
		Lon:     alta.Lon,
		Version: 1,
		Creado:  deHora(f.Creado),
	}
	if err := d.fila(&f, k); err != nil {
		return Direccion{}, false, err
	}
	return d, false, tx.Create(&f).Error
}

// repetida is the address that the key has made before. Errors: gorm.ErrRecordNotFound where it has made none;
// ErrHuella, ErrDireccionNoExiste.
func (a *Store) repetida(tx *gorm.DB, alta AltaDireccion, huella string) (Direccion, error) {
	var f filaDireccion
	err := conLlave(
		tx,
		"direcciones",
		"direcciones.cliente",
	).Where("direcciones.id = ?", alta.Llave.ID).
		Take(&f).
		Error
	if err != nil {
		return Direccion{}, err
	}
	switch {
	case f.Huella != huella || f.Cliente != alta.Cliente:
		return Direccion{}, ErrHuella
	case f.Borrada != nil:
		return Direccion{}, ErrDireccionNoExiste
	}
	return a.direccion(f)
}
