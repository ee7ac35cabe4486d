package flota

import (
	"context"
	"errors"
	"time"

	"despensa/modules/rutas"
	"despensa/platform/idempotency"
	"despensa/platform/outbox"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// Quien is the caller of an operation: a manager, a driver or a machine that sends positions.
type Quien struct {
	Todos      bool   // a manager: sees every truck
	Repartidor string // house id of a driver: sees the trucks that name them
	// Dispositivo is the house id of a machine, which sees the truck that names it.
	Dispositivo string
}

// ve reports whether the caller may see camion.
func (q Quien) ve(camion Camion) bool {
	return q.Todos ||
		q.Repartidor != "" && q.Repartidor == camion.Repartidor ||
		q.Dispositivo != "" && q.Dispositivo == camion.Dispositivo
}

// Salida is a request that a truck leave.
type Salida struct {
	Camion string
	Turno  string // empty: the earliest open shift with firm visits that has begun or is about to begin
	Quien  Quien
	Llave  idempotency.Key
}

// SituacionDeSalida is the outcome of a departure or of the end of a run: the truck and the shift. Repetida: an earlier
// call with the same key has done it.
type SituacionDeSalida struct {
	Camion   Camion
	Turno    Turno
	Repetida bool
}

// Salir lets a truck leave with all firm visits of one shift, or with none. The provisional visits of the shift are
// lost. AntesDeSalir looks at the orders before. Errors: ErrCamion, ErrNadaQueLlevar, ErrCamionAfuera, ErrInactivo,
// ErrTurnoCerrado, ErrDesconocido, ErrOtroCuerpo.
func (f *Flota) Salir(ctx context.Context, salida Salida) (SituacionDeSalida, error) {
	f.repasar(ctx, salida)
	p, err := escribir(
		ctx,
		f,
		"rutas.salida",
		func(tx *gorm.DB) (SituacionDeSalida, error) { return f.salir(tx, salida) },
	)
	if err == nil {
		f.o.Despertar()
	}
	return p, err
}

func (f *Flota) salir(tx *gorm.DB, salida Salida) (situacion SituacionDeSalida, err error) {
	if situacion.Camion, err = camionVisible(tx, salida.Camion, salida.Quien); err != nil {
		return situacion, err
	}
	recurso, err := usada(tx, salida.Llave)
	if err != nil {
		return situacion, err
	}
	if situacion.Repetida = recurso != ""; situacion.Repetida {
		situacion.Turno, err = turnoDe(tx, recurso)
		return situacion, err
	}
	if situacion.Turno, err = f.dispuesto(tx, salida, situacion.Camion); err != nil {
		return situacion, err
	}
	if err := f.partir(tx, &situacion.Turno); err != nil {
		return situacion, err
	}
	return situacion, f.usar(tx, salida.Llave, situacion.Turno.ID)
}

// camionVisible reads a truck that the caller may see. Errors: ErrCamion.
func camionVisible(tx *gorm.DB, id string, quien Quien) (Camion, error) {
	f, err := uno[filaCamion](tx.Where("id = ?", id), ErrCamion)
	if c := f.cosa(); err != nil || quien.ve(c) {
		return c, err
	}
	return Camion{}, ErrCamion
}

// turnoDe reads one shift. Errors: ErrTurno.
func turnoDe(tx *gorm.DB, id string) (Turno, error) {
	f, err := uno[filaTurno](tx.Where("id = ?", id), ErrTurno)
	return f.cosa(), err
}

// dispuesto is the shift that the truck of salida leaves for. Errors: ErrDesconocido, ErrInactivo, ErrCamionAfuera,
// ErrTurnoCerrado, ErrNadaQueLlevar.
func (f *Flota) dispuesto(tx *gorm.DB, salida Salida, camion Camion) (Turno, error) {
	nombrado, err := deCamion(tx, salida)
	if err := primerError(err, f.puedeSalir(tx, camion)); err != nil {
		return Turno{}, err
	}
	t, err := f.proximo(tx, salida, nombrado)
	if err != nil {
		return t, err
	}
	return t, enServicio(tx, t.Deposito, ErrInactivo.WithExtra("deposito_id", t.Deposito))
}

// puedeSalir refuses a truck that is out of service, or on a run that is not past its deadline. Errors: ErrInactivo,
// ErrCamionAfuera.
func (f *Flota) puedeSalir(tx *gorm.DB, camion Camion) error {
	if !camion.Activo {
		return ErrInactivo.WithExtra("camion_id", camion.ID)
	}
	recorridos, err := corriendo(tx, camion.ID)
	if err != nil {
		return err
	}
	for _, t := range recorridos {
		if hasta := t.Fin.Add(f.o.Reglas.RegresoMax); hasta.After(f.ahora()) {
			return ErrCamionAfuera.WithExtra("turno_id", t.ID).WithExtra("hasta", hasta)
		}
	}
	return nil
}

// corriendo are the shifts for which a truck has left and that have visits without an outcome, the latest departure
// first.
func corriendo(tx *gorm.DB, camion string) ([]Turno, error) {
	filas, err := sanas[filaTurno](
		conVisitas(tx, rutas.EnCamino).Where("camion = ? and estado = ?", camion, TurnoSalio).
			Order("salio desc, id"),
	)
	return cosas(filas, filaTurno.cosa), err
}

// conVisitas narrows a query on shifts to those that have visits in state e.
func conVisitas(tx *gorm.DB, estadoVisita rutas.EstadoVisita) *gorm.DB {
	return tx.Where(
		"exists (select 1 from visitas v where v.turno = turnos.id and v.estado = ?)",
		estadoVisita,
	)
}

// proximo is the shift that salida names, or else the earliest one with firm visits that has begun or is about to
// begin. Errors: ErrTurnoCerrado, ErrNadaQueLlevar.
func (f *Flota) proximo(tx *gorm.DB, salida Salida, nombrado Turno) (Turno, error) {
	ahora := f.ahora()
	if salida.Turno != "" {
		if nombrado.Estado != TurnoAbierto || !nombrado.Fin.After(ahora) {
			return Turno{}, ErrTurnoCerrado
		}
		return nombrado, nil
	}
	fila, err := uno[filaTurno](conVisitas(tx, rutas.Firme).
		Where("camion = ? and estado = ?", salida.Camion, TurnoAbierto).
		Where("inicio <= ? and fin > ?", ahora.Add(f.o.Reglas.SalidaAntes).UnixMilli(), ahora.UnixMilli()).
		Order("inicio"), ErrNadaQueLlevar)
	return fila.cosa(), err
}

// deCamion is the shift that salida names; the zero Turno when it names none. Errors: ErrDesconocido unless the
// shift is one of the truck.
func deCamion(tx *gorm.DB, salida Salida) (Turno, error) {
	if salida.Turno == "" {
		return Turno{}, nil
	}
	t, err := turnoDe(tx, salida.Turno)
	if errors.Is(err, ErrTurno) || err == nil && t.Camion != salida.Camion {
		return Turno{}, ErrDesconocido.WithField("body.turno_id", "is no shift of this truck")
	}
	return t, err
}

// partir marks the firm visits of turno as on their way and the provisional ones as lost, and puts notices of both into
// the outbox. Errors: ErrNadaQueLlevar when no visit is firm.
func (f *Flota) partir(tx *gorm.DB, turno *Turno) error {
	ahora := f.ahora()
	turno.Estado, turno.Salio, turno.Version = TurnoSalio, ahora, turno.Version+1
	perdidas, err := perder(tx, turno, ahora, rutas.Provisional)
	if err != nil {
		return err
	}
	firmes, n, err := visitasEn(tx, turno.ID, rutas.Firme)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNadaQueLlevar
	}
	cambios := map[string]any{"estado": rutas.EnCamino, "salida": ahora.UnixMilli()}
	if err := mover(tx, turno.ID, rutas.Firme, n, cambios); err != nil {
		return err
	}
	if err := guardarTurno(tx, turno); err != nil {
		return err
	}
	return avisar(tx, append(perdidas, firmes...))
}

// perder marks the visits of turno that are in the given states as lost and takes their room off turno. The caller
// stores turno.
func perder(
	tx *gorm.DB,
	turno *Turno,
	ahora time.Time,
	estados ...rutas.EstadoVisita,
) (perdidas []Visita, err error) {
	for _, e := range estados {
		v, n, err := visitasEn(tx, turno.ID, e)
		if err != nil {
			return nil, err
		}
		if err := mover(tx, turno.ID, e, n, map[string]any{"estado": rutas.Perdida, "fin": ahora.UnixMilli()}); err != nil {
			return nil, err
		}
		perdidas = append(perdidas, v...)
	}
	turno.desocupar(perdidas)
	return perdidas, nil
}

// visitasEn reads the visits of a shift that are in state e. n counts those that cannot be read too, since mover
// changes them with the rest.
func visitasEn(
	tx *gorm.DB,
	turno string,
	estadoVisita rutas.EstadoVisita,
) (vs []Visita, n int, err error) {
	filas, rotas, err := sqldb.Readable[filaVisita](
		conPatente(tx).Where("visitas.turno = ? and visitas.estado = ?", turno, estadoVisita))
	return cosas(filas, filaVisita.cosa), len(filas) + len(rotas), err
}

// mover changes the n visits of a shift that are in state e, all or none. Errors: errCarrera when there are not n.
func mover(
	tx *gorm.DB,
	turno string,
	estadoVisita rutas.EstadoVisita,
	n int,
	cambio map[string]any,
) error {
	if n == 0 {
		return nil
	}
	cambio["version"] = gorm.Expr("version + 1")
	r := tx.Model(&filaVisita{}).
		Where("turno = ? and estado = ?", turno, estadoVisita).
		Updates(cambio)
	if r.Error == nil && int(r.RowsAffected) != n {
		return errCarrera
	}
	return r.Error
}

// avisar puts one notice for each order and intento of visitas into the outbox.
func avisar(tx *gorm.DB, visitas []Visita) error {
	dicho := map[outbox.Notice]bool{}
	for _, v := range visitas {
		a := outbox.Notice{Pedido: v.Pedido, Intento: v.Intento}
		if dicho[a] {
			continue
		}
		dicho[a] = true
		if err := outbox.Add(tx, a); err != nil {
			return err
		}
	}
	return nil
}
