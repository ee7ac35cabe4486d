package flota

import (
	"context"
	"errors"
	"time"

	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// Repartidor is a driver.
type Repartidor struct {
	ID     string // house id of the login
	Nombre string
	Legajo string // the company's number; empty: none
	Activo bool
	// Camiones are the ids of the trucks that name the driver, in the order of their plates.
	Camiones []string
	Version  int64
	Huella   string
	Creado   time.Time
}

// CrearRepartidor adds a driver under the id of their login. repetida: an earlier call with the same key has added the
// driver. Errors: ErrRepartidorExiste, ErrLegajo, ErrOtroCuerpo.
func (f *Flota) CrearRepartidor(
	ctx context.Context, repartidor Repartidor, key idempotency.Key,
) (creado Repartidor, repetida bool, err error) {
	repartidor.Huella, repartidor.Version, repartidor.Creado = key.Fingerprint, 1, f.ahora()
	h, err := escribir(
		ctx,
		f,
		"rutas.repartidor",
		func(tx *gorm.DB) (hecha[Repartidor], error) { return f.crearRepartidor(tx, repartidor, key) },
	)
	return h.cosa, h.repetida, err
}

// crearRepartidor adds the driver in tx. Errors: those of CrearRepartidor; errCarrera.
func (f *Flota) crearRepartidor(
	tx *gorm.DB,
	repartidor Repartidor,
	llave idempotency.Key,
) (alta hecha[Repartidor], err error) {
	recurso, err := usada(tx, llave)
	if err != nil {
		return alta, err
	}
	if recurso != "" {
		alta.repetida = true
		alta.cosa, err = repartidorDe(tx, recurso)
		return alta, err
	}
	_, err = uno[filaRepartidor](tx.Where("id = ?", repartidor.ID), ErrRepartidor)
	if err := primerError(libreSi(err, ErrRepartidor, ErrRepartidorExiste), legajoLibre(tx, repartidor)); err != nil {
		return alta, err
	}
	fila := filaDeRepartidor(repartidor)
	if err := insertar(tx, &fila); err != nil {
		return alta, err
	}
	// With the trucks that have named the login before.
	alta.cosa, err = repartidorDe(tx, repartidor.ID)
	return alta, primerError(err, f.usar(tx, llave, repartidor.ID))
}

func legajoLibre(tx *gorm.DB, repartidor Repartidor) error {
	if repartidor.Legajo == "" {
		return nil
	}
	_, err := uno[filaRepartidor](
		tx.Where("legajo = ? and id <> ?", repartidor.Legajo, repartidor.ID),
		ErrRepartidor,
	)
	return libreSi(err, ErrRepartidor, ErrLegajo)
}

// CambiarRepartidor edits a driver, if their present version is one of versiones (nil: any version). Errors:
// ErrRepartidor, ErrVersion, ErrLegajo.
func (f *Flota) CambiarRepartidor(
	ctx context.Context, id string, versiones []int64, cambio func(*Repartidor),
) (Repartidor, error) {
	return escribir(ctx, f, "rutas.repartidor", func(tx *gorm.DB) (Repartidor, error) {
		r, err := repartidorDe(tx, id)
		if err := primerError(err, alDia(versiones, r.Version)); err != nil {
			return r, err
		}
		cambio(&r)
		if err := legajoLibre(tx, r); err != nil {
			return r, err
		}
		r.Version++
		fila := filaDeRepartidor(r)
		return r, solo(
			tx.Where("id = ? and version = ?", id, r.Version-1).Select("*").Updates(&fila),
			errCarrera,
		)
	})
}

// Repartidor reads one driver. Errors: ErrRepartidor.
func (f *Flota) Repartidor(ctx context.Context, id string) (Repartidor, error) {
	return repartidorDe(f.db.Read(ctx), id)
}

func repartidorDe(tx *gorm.DB, id string) (Repartidor, error) {
	fila, err := uno[filaRepartidor](tx.Where("id = ?", id), ErrRepartidor)
	if err != nil {
		return Repartidor{}, err
	}
	rs := []Repartidor{fila.cosa()}
	err = conCamiones(tx, rs)
	return rs[0], err
}

// ListarRepartidores reads one page of drivers.
func (f *Flota) ListarRepartidores(ctx context.Context, pagina Pagina) ([]Repartidor, error) {
	filas, err := llena[filaRepartidor](ctx, pagina.Limite+1,
		func(n int) *gorm.DB { return hoja(f.db.Read(ctx), "repartidores", pagina, n) })
	if err != nil {
		return nil, err
	}
	rs := cosas(filas, filaRepartidor.cosa)
	return rs, conCamiones(f.db.Read(ctx), rs)
}

// conCamiones fills in Camiones of each driver.
func conCamiones(tx *gorm.DB, repartidores []Repartidor) error {
	sitio := map[string]int{}
	ids := make([]string, 0, len(repartidores))
	for i, r := range repartidores {
		sitio[r.ID], ids = i, append(ids, r.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	filas, err := sanas[filaCamion](tx.Where("repartidor in ?", ids).Order("patente"))
	if err != nil {
		return err
	}
	for _, c := range filas {
		i := sitio[*c.Repartidor]
		repartidores[i].Camiones = append(repartidores[i].Camiones, c.ID)
	}
	return nil
}

// hayRepartidor refuses a driver that does not exist or does not drive any more. An empty id is allowed. Errors:
// ErrDesconocido.
func hayRepartidor(tx *gorm.DB, id string) error {
	if id == "" {
		return nil
	}
	falta := ErrDesconocido.WithField("body.repartidor_id", "there is no such driver at work")
	_, err := uno[filaRepartidor](tx.Where("id = ? and activo = ?", id, true), falta)
	return err
}

// dispositivoLibre refuses a machine that already sends the positions of another truck. Errors: ErrDispositivo.
func dispositivoLibre(tx *gorm.DB, camion Camion) error {
	if camion.Dispositivo == "" {
		return nil
	}
	_, err := uno[filaCamion](
		tx.Where("dispositivo = ? and id <> ?", camion.Dispositivo, camion.ID),
		ErrCamion,
	)
	if errors.Is(err, ErrCamion) {
		return nil
	}
	return primerError(err, ErrDispositivo)
}

type filaRepartidor struct {
	ID, Nombre string
	Legajo     *string
	Activo     bool
	Version    int64
	Huella     string
	Creado     int64
}

func (filaRepartidor) TableName() string { return "repartidores" }

func (f filaRepartidor) cosa() Repartidor {
	r := Repartidor{
		ID:      f.ID,
		Nombre:  f.Nombre,
		Activo:  f.Activo,
		Version: f.Version,
		Huella:  f.Huella,
		Creado:  deMs(f.Creado),
	}
	if f.Legajo != nil {
		r.Legajo = *f.Legajo
	}
	return r
}

func filaDeRepartidor(repartidor Repartidor) filaRepartidor {
	f := filaRepartidor{
		ID:      repartidor.ID,
		Nombre:  repartidor.Nombre,
		Activo:  repartidor.Activo,
		Version: repartidor.Version,
		Huella:  repartidor.Huella,
		Creado:  repartidor.Creado.UnixMilli(),
	}
	if repartidor.Legajo != "" {
		f.Legajo = &repartidor.Legajo
	}
	return f
}
