package flota

import (
	"context"
	"errors"
	"slices"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// CrearDeposito adds a depot under the key's id. repetida: it was there already.
// Errors: ErrOtroCuerpo, ErrCodigo, rutas.ErrFueraDeArea.
func (f *Flota) CrearDeposito(
	ctx context.Context, d Deposito, l idempotency.Key,
) (creado Deposito, repetida bool, err error) {
	if err := f.enLaRed(d.Punto); err != nil {
		return d, false, err
	}
	d.ID, d.Huella, d.Version, d.Creado = l.ID, l.Huella, 1, f.ahora()
	c, err := escribir(ctx, f, "rutas.deposito",
		func(tx *gorm.DB) (hecha[Deposito], error) { return crearDeposito(tx, d) })
	return c.cosa, c.repetida, err
}

// hecha is what a creation led to.
type hecha[T any] struct {
	cosa     T
	repetida bool
}

func (f *Flota) enLaRed(p rutas.Punto) error {
	_, err := f.o.Viajes.Viaje(p, p)
	if errors.Is(err, rutas.ErrFueraDeArea) {
		return rutas.ErrFueraDeArea.WithField("body.lat", "is far from every street").
			WithField("body.lon", "is far from every street")
	}
	return err
}

func crearDeposito(tx *gorm.DB, d Deposito) (hecha[Deposito], error) {
	if f, err := uno[filaDeposito](tx.Where("id = ?", d.ID), ErrDeposito); !errors.Is(err, ErrDeposito) {
		return repetir(f.cosa(), f.Huella == d.Huella, err)
	}
	if err := codigoLibre(tx, d); err != nil {
		return hecha[Deposito]{}, err
	}
	f := filaDeDeposito(d)
	anotarDepositos(tx)
	return hecha[Deposito]{cosa: d}, insertar(tx, &f)
}

func repetir[T any](cosa T, igual bool, err error) (hecha[T], error) {
	if err == nil && !igual {
		err = ErrOtroCuerpo
	}
	return hecha[T]{cosa, true}, err
}

// insertar adds a row; a key that came in between is a lost race.
func insertar(tx *gorm.DB, fila any) error {
	err := tx.Create(fila).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errCarrera
	}
	return err
}

func codigoLibre(tx *gorm.DB, d Deposito) error {
	_, err := uno[filaDeposito](tx.Where("codigo = ? and id <> ?", d.Codigo, d.ID), ErrDeposito)
	return libreSi(err, ErrDeposito, ErrCodigo)
}

// libreSi: a look-up that found nothing means free, one that found something ocupado.
func libreSi(err, nada, ocupado error) error {
	switch {
	case err == nil:
		return ocupado
	case errors.Is(err, nada):
		return nil
	default:
		return err
	}
}

// CambiarDeposito edits the depot. One that goes out of service loses its provisional visits. Errors:
// ErrDeposito, ErrVersion, ErrCodigo, ErrVisitasFirmes, rutas.ErrFueraDeArea.
func (f *Flota) CambiarDeposito(ctx context.Context, e Edicion, cambio func(*Deposito)) (Deposito, error) {
	d, err := escribir(ctx, f, "rutas.deposito", func(tx *gorm.DB) (Deposito, error) {
		fila, err := uno[filaDeposito](tx.Where("id = ?", e.ID), ErrDeposito)
		d := fila.cosa()
		if err := primerError(err, alDia(e.Versiones, d.Version)); err != nil {
			return d, err
		}
		antes := d
		cambio(&d)
		if err := primerError(f.enLaRed(d.Punto), codigoLibre(tx, d)); err != nil {
			return d, err
		}
		d.Version++
		nueva := filaDeDeposito(d)
		anotarDepositos(tx)
		if err := solo(tx.Where("id = ? and version = ?", d.ID, antes.Version).Select("*").
			Updates(&nueva), errCarrera); err != nil {
			return d, err
		}
		return d, desocupar(tx, d, f.retirar(e, antes.Activo, d.Activo))
	})
	if err == nil {
		f.o.Despertar()
	}
	return d, err
}

// desocupar takes the visits of a depot that is out of service off its open shifts.
func desocupar(tx *gorm.DB, dep Deposito, d desalojo) error {
	if !d.retira {
		return nil
	}
	filas, err := sanas[filaTurno](tx.Where("deposito = ? and estado = ? and visitas > 0", dep.ID, TurnoAbierto).
		Order("inicio"))
	if err != nil {
		return err
	}
	for _, t := range cosas(filas, filaTurno.cosa) {
		antes := t
		if err := d.turno(tx, &t, false); err != nil {
			return err
		}
		if t == antes {
			continue
		}
		if err := guardarTurno(tx, &t); err != nil {
			return err
		}
	}
	return d.fin(tx)
}

// enServicio reports inactivo unless the depot is there and in service.
func enServicio(tx *gorm.DB, deposito string, inactivo error) error {
	_, err := uno[filaDeposito](tx.Where("id = ? and activo = ?", deposito, true), inactivo)
	return err
}

// alDia reports ErrVersion when somebody has edited a thing since it was read: actual is none of versiones. nil: any is.
func alDia(versiones []int64, actual int64) error {
	if versiones != nil && !slices.Contains(versiones, actual) {
		return ErrVersion
	}
	return nil
}

func primerError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Deposito reads one depot. Errors: ErrDeposito.
func (f *Flota) Deposito(ctx context.Context, id string) (Deposito, error) {
	fila, err := uno[filaDeposito](f.db.Leer(ctx).Where("id = ?", id), ErrDeposito)
	return fila.cosa(), err
}

// Depositos tells the active depots, by code.
func (f *Flota) Depositos(ctx context.Context) ([]rutas.Deposito, error) {
	filas, err := sanas[filaDeposito](f.db.Leer(ctx).Where("activo = ?", true).Order("codigo"))
	return cosas(filas, func(d filaDeposito) rutas.Deposito { return rutas.Deposito{ID: d.ID, Codigo: d.Codigo} }), err
}
