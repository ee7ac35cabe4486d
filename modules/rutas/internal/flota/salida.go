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

// Quien is the caller of an action: whoever may see every truck, or a driver.
type Quien struct {
	Todos      bool
	Repartidor string // house id; the trucks that have it are the caller's
	// Dispositivo is the house id of a machine; the truck that has it is the caller's.
	Dispositivo string
}

// ve reports whether the caller may know of c.
func (q Quien) ve(c Camion) bool {
	return q.Todos || q.Repartidor != "" && q.Repartidor == c.Repartidor || q.Dispositivo != "" && q.Dispositivo == c.Dispositivo
}

// Salida asks that a truck leave.
type Salida struct {
	Camion string
	Turno  string // empty: the earliest open one that has firm visits
	Quien  Quien
	Llave  idempotency.Key
}

// Partida is a departure as it now stands.
type Partida struct {
	Camion   Camion
	Turno    Turno
	Repetida bool
}

// Salir lets a truck leave with all firm visits of one shift, or with none; what is
// provisional stays behind and is lost. Before, their orders are looked at. Errors: ErrCamion, ErrNadaQueLlevar,
// ErrTurnoCerrado, ErrDesconocido, ErrOtroCuerpo.
func (f *Flota) Salir(ctx context.Context, s Salida) (Partida, error) {
	f.repasar(ctx, s)
	p, err := escribir(ctx, f, "rutas.salida", func(tx *gorm.DB) (Partida, error) { return f.salir(tx, s) })
	if err == nil {
		f.o.Despertar()
	}
	return p, err
}

func (f *Flota) salir(tx *gorm.DB, s Salida) (p Partida, err error) {
	if p.Camion, err = camionVisible(tx, s.Camion, s.Quien); err != nil {
		return p, err
	}
	recurso, err := usada(tx, s.Llave)
	if err != nil {
		return p, err
	}
	if p.Repetida = recurso != ""; p.Repetida {
		p.Turno, err = turnoDe(tx, recurso)
		return p, err
	}
	if p.Turno, err = f.proximo(tx, s); err != nil {
		return p, err
	}
	if err := f.partir(tx, &p.Turno); err != nil {
		return p, err
	}
	return p, f.usar(tx, s.Llave, p.Turno.ID)
}

func camionVisible(tx *gorm.DB, id string, q Quien) (Camion, error) {
	f, err := uno[filaCamion](tx.Where("id = ?", id), ErrCamion)
	if c := f.cosa(); err != nil || q.ve(c) {
		return c, err
	}
	return Camion{}, ErrCamion
}

func turnoDe(tx *gorm.DB, id string) (Turno, error) {
	f, err := uno[filaTurno](tx.Where("id = ?", id), ErrTurno)
	return f.cosa(), err
}

// proximo is the shift that s leaves with.
func (f *Flota) proximo(tx *gorm.DB, s Salida) (Turno, error) {
	if s.Turno != "" {
		return f.nombrado(tx, s)
	}
	fila, err := uno[filaTurno](tx.Where("camion = ? and estado = ? and fin > ?", s.Camion, TurnoAbierto, f.ahora().UnixMilli()).
		Where("exists (select 1 from visitas v where v.turno = turnos.id and v.estado = ?)", rutas.Firme).
		Order("inicio"), ErrNadaQueLlevar)
	return fila.cosa(), err
}

func (f *Flota) nombrado(tx *gorm.DB, s Salida) (Turno, error) {
	t, err := turnoDe(tx, s.Turno)
	switch {
	case errors.Is(err, ErrTurno) || err == nil && t.Camion != s.Camion:
		return Turno{}, ErrDesconocido.WithField("body.turno_id", "is no shift of this truck")
	case err != nil:
		return Turno{}, err
	case t.Estado != TurnoAbierto || !t.Fin.After(f.ahora()):
		return Turno{}, ErrTurnoCerrado
	}
	return t, nil
}

// partir takes the firm visits of t along and leaves the rest behind.
func (f *Flota) partir(tx *gorm.DB, t *Turno) error {
	ahora := f.ahora()
	t.Estado, t.Salio, t.Version = TurnoSalio, ahora, t.Version+1
	perdidas, err := perder(tx, t, ahora, rutas.Provisional)
	if err != nil {
		return err
	}
	firmes, n, err := visitasEn(tx, t.ID, rutas.Firme)
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrNadaQueLlevar
	}
	if err := mover(tx, t.ID, rutas.Firme, n, map[string]any{"estado": rutas.EnCamino, "salida": ahora.UnixMilli()}); err != nil {
		return err
	}
	if err := guardarTurno(tx, t); err != nil {
		return err
	}
	return avisar(tx, append(perdidas, firmes...))
}

// perder marks the visits of t that are in the given states as lost and takes their
// room off t, which the caller writes.
func perder(tx *gorm.DB, t *Turno, ahora time.Time, estados ...rutas.EstadoVisita) (perdidas []Visita, err error) {
	for _, e := range estados {
		v, n, err := visitasEn(tx, t.ID, e)
		if err != nil {
			return nil, err
		}
		if err := mover(tx, t.ID, e, n, map[string]any{"estado": rutas.Perdida, "fin": ahora.UnixMilli()}); err != nil {
			return nil, err
		}
		perdidas = append(perdidas, v...)
	}
	for _, v := range perdidas {
		t.devolver(v.tramo, v.Cupo)
	}
	return perdidas, nil
}

// visitasEn reads the visits of a shift that are in state e. n counts those that cannot be read, too: they move with
// the others.
func visitasEn(tx *gorm.DB, turno string, e rutas.EstadoVisita) (vs []Visita, n int, err error) {
	filas, rotas, err := sqldb.Readable[filaVisita](conPatente(tx).Where("visitas.turno = ? and visitas.estado = ?", turno, e))
	return cosas(filas, filaVisita.cosa), len(filas) + len(rotas), err
}

// mover changes the n visits of a shift that are in state e, all or none.
func mover(tx *gorm.DB, turno string, e rutas.EstadoVisita, n int, cambio map[string]any) error {
	if n == 0 {
		return nil
	}
	cambio["version"] = gorm.Expr("version + 1")
	r := tx.Model(&filaVisita{}).Where("turno = ? and estado = ?", turno, e).Updates(cambio)
	if r.Error == nil && int(r.RowsAffected) != n {
		return errCarrera
	}
	return r.Error
}

// avisar puts word of visits into the outbox, once per order and intento.
func avisar(tx *gorm.DB, visitas []Visita) error {
	dicho := map[outbox.Aviso]bool{}
	for _, v := range visitas {
		a := outbox.Aviso{Pedido: v.Pedido, Intento: v.Intento}
		if dicho[a] {
			continue
		}
		dicho[a] = true
		if err := outbox.Anotar(tx, a); err != nil {
			return err
		}
	}
	return nil
}
