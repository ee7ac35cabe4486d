package flota

import (
	"context"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// ParteDeVisita is a driver's report of one visit: the truck has arrived, the order was handed over, or it could not
// be.
type ParteDeVisita struct {
	Visita string // id
	Clase  ClaseDeParte
	Motivo string // of a Fallo
	Quien  Quien
	Llave  idempotency.Key
}

// DarParte stores a driver's report of a visit and puts a notice of the visit into the outbox. repetida: an earlier
// call with the same key has done so. Errors: rutas.ErrSinVisita, ErrEstadoVisita, ErrOtroCuerpo.
func (f *Flota) DarParte(
	ctx context.Context,
	parteDeVisita ParteDeVisita,
) (v Visita, repetida bool, err error) {
	type hecho struct {
		v        Visita
		repetida bool
	}
	if parteDeVisita, err = f.conMotivoSellado(ctx, parteDeVisita); err != nil {
		return Visita{}, false, err
	}
	h, err := escribir(
		ctx,
		f,
		"rutas."+string(parteDeVisita.Clase),
		func(tx *gorm.DB) (h hecho, err error) {
			h.v, h.repetida, err = f.darParte(tx, parteDeVisita)
			return h, err
		},
	)
	if err == nil {
		f.o.Despertar()
	}
	return f.legible(ctx, h.v), h.repetida, err
}

// darParte applies the report to the visit, gives the room of an ended visit back, and notes the visit in the outbox,
// all in tx. Errors: those of DarParte; errCarrera.
func (f *Flota) darParte(
	tx *gorm.DB,
	marca ParteDeVisita,
) (visita Visita, repetida bool, err error) {
	if visita, err = visitaVisible(tx, marca.Visita, marca.Quien); err != nil {
		return visita, false, err
	}
	recurso, err := usada(tx, marca.Llave)
	if err != nil || recurso != "" {
		return visita, recurso != "", err
	}
	if err := visita.dar(marca.Clase, marca.Motivo, f.ahora()); err != nil {
		return visita, false, err
	}
	if !ocupa(visita.Estado) {
		if err := devolver(tx, visita); err != nil {
			return visita, false, err
		}
	}
	if err := guardarVisita(tx, &visita); err != nil {
		return visita, false, err
	}
	if err := avisar(tx, []Visita{visita}); err != nil {
		return visita, false, err
	}
	return visita, false, f.usar(tx, marca.Llave, visita.ID)
}

// visitaVisible reads a visit that the caller may see. Errors: rutas.ErrSinVisita.
func visitaVisible(tx *gorm.DB, id string, quien Quien) (Visita, error) {
	f, err := uno[filaVisita](
		deQuien(conPatente(tx), quien).Where("visitas.id = ?", id),
		rutas.ErrSinVisita,
	)
	return f.cosa(), err
}

// deQuien narrows a query on visits joined with trucks to the visits that quien may see.
func deQuien(q *gorm.DB, quien Quien) *gorm.DB {
	if quien.Todos {
		return q
	}
	return q.Where("camiones.repartidor = ?", quien.Repartidor)
}

// Ver reads one visit that the caller may see, its reason unsealed. Errors: rutas.ErrSinVisita.
func (f *Flota) Ver(ctx context.Context, id string, quien Quien) (Visita, error) {
	v, err := visitaVisible(f.db.Read(ctx), id, quien)
	return f.legible(ctx, v), err
}
