package flota

import (
	"context"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"

	"gorm.io/gorm"
)

// MotivoRegreso is the reason of a visit that had no outcome when a manager ended the run of its truck.
const MotivoRegreso = "camion-de-regreso"

// Regreso asks that the run of a truck be ended.
type Regreso struct {
	Camion string
	Quien  Quien
	Llave  idempotency.Key
}

// Regresar ends the run of a truck, and its earlier runs that were never ended: their visits without an outcome become
// Fallida by MotivoRegreso, so that the orders go on. A run with an outcome for every visit is a success too. The
// shift of the answer is the one for which the truck left last. Errors: ErrCamion, ErrCamionEnCasa, ErrOtroCuerpo.
func (f *Flota) Regresar(ctx context.Context, regreso Regreso) (SituacionDeSalida, error) {
	p, err := escribir(
		ctx,
		f,
		"rutas.regreso",
		func(tx *gorm.DB) (SituacionDeSalida, error) { return f.regresar(tx, regreso) },
	)
	if err == nil {
		f.o.Despertar()
	}
	return p, err
}

// regresar ends every run of the truck in tx. Errors: those of Regresar; errCarrera.
func (f *Flota) regresar(
	tx *gorm.DB,
	regreso Regreso,
) (situacion SituacionDeSalida, err error) {
	if situacion.Camion, err = camionVisible(tx, regreso.Camion, regreso.Quien); err != nil {
		return situacion, err
	}
	recurso, err := usada(tx, regreso.Llave)
	if err != nil {
		return situacion, err
	}
	if situacion.Repetida = recurso != ""; situacion.Repetida {
		situacion.Turno, err = turnoDe(tx, recurso)
		return situacion, err
	}
	recorridos, err := corriendo(tx, situacion.Camion.ID)
	if err != nil {
		return situacion, err
	}
	ahora := f.ahora()
	for i := range recorridos {
		if err := terminar(tx, &recorridos[i], ahora); err != nil {
			return situacion, err
		}
	}
	if situacion.Turno, err = ultimo(tx, situacion.Camion.ID); err != nil {
		return situacion, err
	}
	return situacion, f.usar(tx, regreso.Llave, situacion.Turno.ID)
}

// ultimo is the shift for which a truck left last. Errors: ErrCamionEnCasa.
func ultimo(tx *gorm.DB, camion string) (Turno, error) {
	fila, err := uno[filaTurno](
		tx.Where("camion = ? and estado = ?", camion, TurnoSalio).
			Order("salio desc, id"),
		ErrCamionEnCasa,
	)
	return fila.cosa(), err
}

// terminar ends the run of one shift: visits on their way become Fallida, and notices of them go into the outbox.
func terminar(tx *gorm.DB, turno *Turno, ahora time.Time) error {
	visitas, n, err := visitasEn(tx, turno.ID, rutas.EnCamino)
	if err != nil {
		return err
	}
	cambio := map[string]any{
		"estado": rutas.Fallida,
		"fin":    ahora.UnixMilli(),
		"motivo": MotivoRegreso,
	}
	if err := mover(tx, turno.ID, rutas.EnCamino, n, cambio); err != nil {
		return err
	}
	turno.desocupar(visitas)
	if err := guardarTurno(tx, turno); err != nil {
		return err
	}
	return avisar(tx, visitas)
}
