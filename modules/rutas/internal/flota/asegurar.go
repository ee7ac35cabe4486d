package flota

import (
	"context"
	"errors"

	"despensa/modules/rutas"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Asegurar implements rutas.Servicio. In a shared store it tries one statement first, and reads the visit only when
// that changed nothing.
func (f *Flota) Asegurar(ctx context.Context, clave rutas.Clave) (rutas.Visita, error) {
	if f.db.Shared() {
		v, err := intentar(ctx, f, f.db.WriteSingle, "rutas.asegurar",
			func(tx *gorm.DB) (Visita, error) { return afirmar(tx, clave) })
		if !errors.Is(err, rutas.ErrSinVisita) {
			return f.contrato(v), err
		}
	}
	v, err := escribir(ctx, f, "rutas.asegurar", func(tx *gorm.DB) (Visita, error) {
		if v, err := afirmar(tx, clave); !errors.Is(err, rutas.ErrSinVisita) {
			return v, err
		}
		return asegurar(tx, clave)
	})
	return f.contrato(v), err
}

// asegurar makes a provisional visit firm; a success when it is firm or has left. Errors: rutas.ErrSinVisita,
// rutas.ErrLiberada.
func asegurar(tx *gorm.DB, clave rutas.Clave) (Visita, error) {
	visita, err := previa(tx, clave)
	if err != nil {
		return Visita{}, err
	}
	switch visita.Estado {
	case rutas.Perdida:
		return Visita{}, rutas.ErrLiberada
	case rutas.Provisional:
		visita.Estado = rutas.Firme
		return visita, guardarVisita(tx, &visita)
	default:
		return visita, nil
	}
}

// Visita implements rutas.Servicio.
func (f *Flota) Visita(ctx context.Context, clave rutas.Clave) (rutas.Visita, error) {
	v, err := visitaDe(f.db.Read(ctx), clave)
	return f.contrato(v), err
}

// Liberar implements rutas.Servicio.
func (f *Flota) Liberar(ctx context.Context, clave rutas.Clave) error {
	_, err := escribir(ctx, f, "rutas.liberar", func(tx *gorm.DB) (struct{}, error) {
		return struct{}{}, f.liberar(tx, clave)
	})
	return err
}

// liberar frees the visit of the key, if it holds room, and leaves the key's tombstone. Errors: rutas.ErrYaSalio.
func (f *Flota) liberar(tx *gorm.DB, clave rutas.Clave) error {
	visita, err := visitaDe(tx, clave)
	switch {
	case errors.Is(err, rutas.ErrSinVisita):
		return f.sepultar(tx, clave)
	case err != nil:
		return err
	case visita.Estado == rutas.EnCamino || visita.Estado == rutas.Entregada:
		return rutas.ErrYaSalio
	case ocupa(visita.Estado):
		if err := f.soltar(tx, visita); err != nil {
			return err
		}
	}
	return f.sepultar(tx, clave)
}

// soltar gives back the room of a visit that has not left, and stores it as Liberada.
func (f *Flota) soltar(tx *gorm.DB, visita Visita) error {
	if err := devolver(tx, visita); err != nil {
		return err
	}
	visita.Estado, visita.Fin = rutas.Liberada, f.ahora()
	return guardarVisita(tx, &visita)
}

// devolver gives the room of a visit back to its shift.
func devolver(tx *gorm.DB, visita Visita) error {
	f, err := uno[filaTurno](tx.Where("id = ?", visita.Turno), ErrTurno)
	if err != nil {
		return err
	}
	t := f.cosa()
	t.devolver(visita.numVentana, visita.Capacidad)
	return guardarTurno(tx, &t)
}

// sepultar stores the tombstone of a key, which lasts for Reglas.Lapida.
func (f *Flota) sepultar(tx *gorm.DB, clave rutas.Clave) error {
	hasta := f.ahora().Add(f.o.Reglas.Lapida)
	l := filaLapida{
		Pedido:  clave.Pedido,
		Intento: clave.Intento,
		Numero:  clave.Numero,
		Hasta:   hasta.UnixMilli(),
	}
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&l).Error
}
