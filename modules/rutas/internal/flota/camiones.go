package flota

import (
	"context"
	"errors"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// CrearCamion adds a truck under the key's id. repetida: an earlier call with the same key has added it. Errors:
// ErrValor, ErrOtroCuerpo, ErrPatente, ErrDispositivo, ErrDesconocido (the depot, the driver).
func (f *Flota) CrearCamion(
	ctx context.Context, camion Camion, key idempotency.Key,
) (creado Camion, repetida bool, err error) {
	if err := camion.validar(); err != nil {
		return camion, false, err
	}
	camion.ID, camion.Huella, camion.Version, camion.Creado = key.ID, key.Fingerprint, 1, f.ahora()
	h, err := escribir(
		ctx,
		f,
		"rutas.camion",
		func(tx *gorm.DB) (hecha[Camion], error) { return f.crearCamion(tx, camion) },
	)
	return h.cosa, h.repetida, err
}

func (f *Flota) crearCamion(tx *gorm.DB, camion Camion) (hecha[Camion], error) {
	if fila, err := uno[filaCamion](tx.Where("id = ?", camion.ID), ErrCamion); !errors.Is(err, ErrCamion) {
		return repetir(fila.cosa(), fila.Huella == camion.Huella, err)
	}
	err := primerError(hayDeposito(tx, camion.Deposito), hayRepartidor(tx, camion.Repartidor),
		dispositivoLibre(tx, camion), patenteLibre(tx, camion))
	if err != nil {
		return hecha[Camion]{}, err
	}
	fila := filaDeCamion(camion)
	if err := insertar(tx, &fila); err != nil {
		return hecha[Camion]{}, err
	}
	return hecha[Camion]{cosa: camion}, f.programar(tx, camion)
}

func hayDeposito(tx *gorm.DB, id string) error {
	_, err := uno[filaDeposito](tx.Where("id = ?", id),
		ErrDesconocido.WithField("body.deposito_id", "there is no such depot"))
	return err
}

func patenteLibre(tx *gorm.DB, camion Camion) error {
	_, err := uno[filaCamion](
		tx.Where("patente = ? and id <> ?", camion.Patente, camion.ID),
		ErrCamion,
	)
	return libreSi(err, ErrCamion, ErrPatente)
}

// CambiarCamion edits the truck. Its open shifts take on the new capacity and state; they keep their depot. A truck
// that goes out of service loses its provisional visits. Errors: ErrCamion, ErrVersion, ErrValor, ErrPatente,
// ErrDispositivo, ErrDesconocido, ErrOcupado, ErrVisitasFirmes.
func (f *Flota) CambiarCamion(
	ctx context.Context,
	edicion Edicion,
	cambio func(*Camion),
) (Camion, error) {
	camion, err := escribir(ctx, f, "rutas.camion", func(tx *gorm.DB) (Camion, error) {
		fila, err := uno[filaCamion](tx.Where("id = ?", edicion.ID), ErrCamion)
		camion := fila.cosa()
		if err := primerError(err, alDia(edicion.Versiones, camion.Version)); err != nil {
			return camion, err
		}
		antes := camion
		cambio(&camion)
		if camion.Repartidor != antes.Repartidor {
			if err := hayRepartidor(tx, camion.Repartidor); err != nil {
				return camion, err
			}
		}
		return camion, f.cambiarCamion(
			tx,
			&camion,
			f.retirar(edicion, antes.Activo, camion.Activo),
		)
	})
	if err == nil {
		f.o.Despertar()
	}
	return camion, err
}

func (f *Flota) cambiarCamion(tx *gorm.DB, camion *Camion, desalojo desalojo) error {
	err := primerError(camion.validar(), hayDeposito(tx, camion.Deposito),
		dispositivoLibre(tx, *camion), patenteLibre(tx, *camion))
	if err != nil {
		return err
	}
	camion.Version++
	fila := filaDeCamion(*camion)
	suya := tx.Where("id = ? and version = ?", camion.ID, camion.Version-1).Select("*")
	if err := solo(suya.Updates(&fila), errCarrera); err != nil {
		return err
	}
	if err := seguir(tx, *camion, desalojo); err != nil {
		return err
	}
	return f.programar(tx, *camion)
}

// seguir copies the truck's cold, state and capacity to its open shifts. Errors: those of desalojo.fin.
func seguir(tx *gorm.DB, camion Camion, desalojo desalojo) error {
	filas, err := sanas[filaTurno](
		tx.Where("camion = ? and estado = ?", camion.ID, TurnoAbierto).Order("inicio"),
	)
	if err != nil {
		return err
	}
	for _, t := range cosas(filas, filaTurno.cosa) {
		antes := t
		t.Frio = camion.Frio
		t.Activo = camion.Activo
		t.Capacidad.PesoGramos = camion.PesoMaxGramos
		t.Capacidad.VolumenML = camion.VolumenMaxML
		estrecha := !t.Usado.en(t.Capacidad) || antes.Frio && !t.Frio && t.Usado.Visitas > 0
		if err := desalojo.turno(tx, &t, estrecha); err != nil {
			return err
		}
		if t == antes || desalojo.impedida != nil {
			continue
		}
		t.Version++
		if err := guardarTurno(tx, &t); err != nil {
			return err
		}
	}
	return desalojo.fin(tx)
}

// Camion reads one truck. Errors: ErrCamion.
func (f *Flota) Camion(ctx context.Context, id string) (Camion, error) {
	fila, err := uno[filaCamion](f.db.Read(ctx).Where("id = ?", id), ErrCamion)
	return fila.cosa(), err
}

// CamionDe reads a truck that the caller may see. Errors: ErrCamion.
func (f *Flota) CamionDe(ctx context.Context, id string, quien Quien) (Camion, error) {
	return camionVisible(f.db.Read(ctx), id, quien)
}

// Afuera tells which trucks are on the street with visits to make, and for which shift.
func (f *Flota) Afuera(ctx context.Context) (turnos map[string]string, err error) {
	var filas []filaTurno
	err = conVisitas(
		f.db.Read(ctx),
		rutas.EnCamino,
	).Select("id", "camion").
		Where("estado = ?", TurnoSalio).
		Order("salio, id").
		// of two runs of a truck, the later one stays in the map
		Find(&filas).
		Error
	turnos = map[string]string{}
	for _, t := range filas {
		turnos[t.Camion] = t.ID
	}
	return turnos, err
}

// Pulso is a number that changes whenever a truck leaves or one of its visits ends.
func (f *Flota) Pulso(ctx context.Context) (n int64, err error) {
	err = f.db.Read(ctx).
		Raw("select coalesce(sum(revision), 0) + count(*) from turnos where estado = ?", TurnoSalio).
		Scan(&n).
		Error
	return n, err
}

// Patentes gives the plates of trucks by their ids.
func (f *Flota) Patentes(ctx context.Context, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	filas, err := sanas[filaCamion](
		f.db.Read(ctx).Select("id", "patente").Where("id in ?", ids),
	)
	for _, c := range filas {
		out[c.ID] = c.Patente
	}
	return out, err
}
