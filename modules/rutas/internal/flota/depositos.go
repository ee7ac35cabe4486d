package flota

import (
	"context"
	"errors"
	"slices"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// CrearDeposito adds a depot under the key's id. repetida: an earlier call with the same key has added it. Errors:
// ErrOtroCuerpo, ErrCodigo, rutas.ErrFueraDeArea.
func (f *Flota) CrearDeposito(
	ctx context.Context, deposito Deposito, key idempotency.Key,
) (creado Deposito, repetida bool, err error) {
	if err := f.enLaRed(deposito.Punto); err != nil {
		return deposito, false, err
	}
	deposito.ID, deposito.Huella, deposito.Version, deposito.Creado = key.ID, key.Fingerprint, 1, f.ahora()
	c, err := escribir(ctx, f, "rutas.deposito",
		func(tx *gorm.DB) (hecha[Deposito], error) { return crearDeposito(tx, deposito) })
	return c.cosa, c.repetida, err
}

// hecha is the result of a creation: the depot, truck, shift or driver, and whether an earlier call has made it.
type hecha[T any] struct {
	cosa     T
	repetida bool
}

// enLaRed refuses a place that is far from every street. Errors: rutas.ErrFueraDeArea.
func (f *Flota) enLaRed(punto rutas.Punto) error {
	_, err := f.o.Viajes.Viaje(punto, punto)
	if errors.Is(err, rutas.ErrFueraDeArea) {
		return rutas.ErrFueraDeArea.WithField("body.lat", "is far from every street").
			WithField("body.lon", "is far from every street")
	}
	return err
}

func crearDeposito(tx *gorm.DB, deposito Deposito) (hecha[Deposito], error) {
	if f, err := uno[filaDeposito](tx.Where("id = ?", deposito.ID), ErrDeposito); !errors.Is(err, ErrDeposito) {
		return repetir(f.cosa(), f.Huella == deposito.Huella, err)
	}
	if err := codigoLibre(tx, deposito); err != nil {
		return hecha[Deposito]{}, err
	}
	f := filaDeDeposito(deposito)
	anotarDepositos(tx)
	return hecha[Deposito]{cosa: deposito}, insertar(tx, &f)
}

// repetir is the result of a creation that an earlier call has made; igual: with the same body. Errors: ErrOtroCuerpo;
// err.
func repetir[T any](cosa T, igual bool, err error) (hecha[T], error) {
	if err == nil && !igual {
		err = ErrOtroCuerpo
	}
	return hecha[T]{cosa, true}, err
}

// insertar adds a row. Errors: errCarrera when another transaction has added a row with the same key.
func insertar(tx *gorm.DB, fila any) error {
	err := tx.Create(fila).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return errCarrera
	}
	return err
}

func codigoLibre(tx *gorm.DB, deposito Deposito) error {
	_, err := uno[filaDeposito](
		tx.Where("codigo = ? and id <> ?", deposito.Codigo, deposito.ID),
		ErrDeposito,
	)
	return libreSi(err, ErrDeposito, ErrCodigo)
}

// libreSi turns the error of a look-up into an answer: nil when the look-up found nothing (err is nada), ocupado when
// it found a row (err is nil).
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

// CambiarDeposito edits the depot. A depot that goes out of service loses its provisional visits. Errors: ErrDeposito,
// ErrVersion, ErrCodigo, ErrVisitasFirmes, rutas.ErrFueraDeArea.
func (f *Flota) CambiarDeposito(
	ctx context.Context,
	edicion Edicion,
	cambio func(*Deposito),
) (Deposito, error) {
	deposito, err := escribir(ctx, f, "rutas.deposito", func(tx *gorm.DB) (Deposito, error) {
		fila, err := uno[filaDeposito](tx.Where("id = ?", edicion.ID), ErrDeposito)
		deposito := fila.cosa()
		if err := primerError(err, alDia(edicion.Versiones, deposito.Version)); err != nil {
			return deposito, err
		}
		antes := deposito
		cambio(&deposito)
		if err := primerError(f.enLaRed(deposito.Punto), codigoLibre(tx, deposito)); err != nil {
			return deposito, err
		}
		deposito.Version++
		nueva := filaDeDeposito(deposito)
		anotarDepositos(tx)
		suya := tx.Where("id = ? and version = ?", deposito.ID, antes.Version).Select("*")
		if err := solo(suya.Updates(&nueva), errCarrera); err != nil {
			return deposito, err
		}
		return deposito, desocupar(
			tx,
			deposito,
			f.retirar(edicion, antes.Activo, deposito.Activo),
		)
	})
	if err == nil {
		f.o.Despertar()
	}
	return deposito, err
}

// desocupar takes the visits of a depot that goes out of service off its open shifts. Errors: those of desalojo.fin.
func desocupar(tx *gorm.DB, dep Deposito, desalojo desalojo) error {
	if !desalojo.retira {
		return nil
	}
	filas, err := sanas[filaTurno](
		tx.Where("deposito = ? and estado = ? and visitas > 0", dep.ID, TurnoAbierto).
			Order("inicio"),
	)
	if err != nil {
		return err
	}
	for _, t := range cosas(filas, filaTurno.cosa) {
		antes := t
		if err := desalojo.turno(tx, &t, false); err != nil {
			return err
		}
		if t == antes {
			continue
		}
		if err := guardarTurno(tx, &t); err != nil {
			return err
		}
	}
	return desalojo.fin(tx)
}

// enServicio reports inactivo unless the depot exists and is in service.
func enServicio(tx *gorm.DB, deposito string, inactivo error) error {
	_, err := uno[filaDeposito](tx.Where("id = ? and activo = ?", deposito, true), inactivo)
	return err
}

// alDia reports ErrVersion when another call has edited the row since its reader read it: actual is none of versiones.
// nil allows any version.
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
	fila, err := uno[filaDeposito](f.db.Read(ctx).Where("id = ?", id), ErrDeposito)
	return fila.cosa(), err
}

// Depositos reads the active depots, by code.
func (f *Flota) Depositos(ctx context.Context) ([]rutas.Deposito, error) {
	filas, err := sanas[filaDeposito](f.db.Read(ctx).Where("activo = ?", true).Order("codigo"))
	return cosas(
		filas,
		func(d filaDeposito) rutas.Deposito { return rutas.Deposito{ID: d.ID, Codigo: d.Codigo} },
	), err
}
