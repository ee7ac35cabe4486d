package flota

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// agendaMax is how many shifts of one depot are kept in memory: 180 kB.
	agendaMax = 512
	// vidaPropia is how long an agenda is used after it was read, where this process alone writes to the store: the
	// process's own writes change its agendas at once.
	vidaPropia = 10 * time.Second
	// vidaCompartida is how long an agenda is used after it was read, where other processes write to the store too.
	vidaCompartida = 250 * time.Millisecond
	// prorroga bounds, in multiples of vida, the age of an agenda that is still used while another call of this process
	// is reading the agenda anew.
	prorroga = 4
)

// agenda is the list of a depot's shifts that can be booked, as they were last read and as this process has changed
// them since. The list may be behind the stored rows. So it serves to offer windows and to choose one; the row of the
// shift decides whether a booking gets the window. Safe for concurrent use.
type agenda struct {
	vida  time.Duration
	reloj func() time.Time // the process's monotonic clock
	cola  chan struct{}    // of the bookings of this process; holds its token while no booking is under way

	mu       sync.RWMutex
	leida    time.Time // when the reading of turnos began; zero: turnos must be read anew
	turnos   []*Turno  // in the order of enOrden; a Turno in it is replaced, never changed
	completa bool      // turnos has every shift of the depot that can be booked
	lecturas int       // readings under way
	tachada  int       // how often the agenda was struck out
	cambios  []*Turno  // shifts that anotar noted while a reading was under way
}

func nuevaAgenda(vida time.Duration, reloj func() time.Time) *agenda {
	a := &agenda{vida: vida, reloj: reloj, cola: make(chan struct{}, 1)}
	a.cola <- struct{}{}
	return a
}

// paciencia is how long a booking waits for the booking before it: many times the duration of a booking. A booking
// that hangs for longer keeps no other one waiting, because the row of the shift decides which booking gets the room.
const paciencia = 250 * time.Millisecond

// turnarse waits for the bookings of this process that came before, but no longer than paciencia. soltar lets the next
// booking go on. Errors: ctx's.
func (a *agenda) turnarse(ctx context.Context) (soltar func(), err error) {
	t := time.NewTimer(paciencia)
	defer t.Stop()
	select {
	case <-a.cola:
		return func() { a.cola <- struct{}{} }, nil
	case <-t.C:
		return func() {}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// enOrden compares two shifts: the one that begins first comes first, then the one of a plain truck, then the one with
// the smaller id.
func enOrden(a, b *Turno) int {
	return cmp.Or(
		a.Inicio.Compare(b.Inicio),
		falsoAntes(a.Frio, b.Frio),
		strings.Compare(a.ID, b.ID),
	)
}

// falsoAntes compares two booleans: false comes before true.
func falsoAntes(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// vigente reports whether a may be used without being read anew.
func (a *agenda) vigente() bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	edad := a.reloj().Sub(a.leida)
	return !a.leida.IsZero() && (edad < a.vida || a.lecturas > 0 && edad < prorroga*a.vida)
}

// lectura is one reading of an agenda under way.
type lectura struct {
	desde   time.Time
	tachada int
}

// leer begins a reading. The caller ends it by hecha or fallida.
func (a *agenda) leer() lectura {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lecturas++
	return lectura{desde: a.reloj(), tachada: a.tachada}
}

// fallida ends a reading that gave no shifts.
func (a *agenda) fallida() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.acabar()
}

// acabar counts a reading as ended. The caller holds mu.
func (a *agenda) acabar() {
	if a.lecturas--; a.lecturas == 0 {
		a.cambios = nil
	}
}

// hecha ends a reading with the shifts that it found, in order. The shifts that this process has noted since the
// reading began are newer and stay. An agenda that was struck out meanwhile must be read anew.
func (a *agenda) hecha(lectura lectura, turnos []*Turno) {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.acabar()
	if lectura.desde.Before(a.leida) {
		return // a later reading was faster
	}
	a.turnos, a.completa, a.leida = turnos, len(turnos) < agendaMax, lectura.desde
	for _, t := range a.cambios {
		a.poner(t)
	}
	if a.tachada != lectura.tachada {
		a.leida = time.Time{}
	}
}

// anotar puts a shift that this process has stored into the agenda.
func (a *agenda) anotar(turno *Turno) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.lecturas > 0 {
		a.cambios = append(a.cambios, turno)
	}
	a.poner(turno)
}

// poner puts turno into its place in turnos, or takes it off when it cannot be booked any more. The caller holds mu.
func (a *agenda) poner(turno *Turno) {
	if i := slices.IndexFunc(a.turnos, func(o *Turno) bool { return o.ID == turno.ID }); i >= 0 {
		if a.turnos[i].revision > turno.revision {
			return
		}
		if turno.libre() && enOrden(a.turnos[i], turno) == 0 {
			a.turnos[i] = turno
			return
		}
		a.turnos = slices.Delete(a.turnos, i, i+1)
	}
	if !turno.libre() {
		return
	}
	i, _ := slices.BinarySearchFunc(a.turnos, turno, enOrden)
	if i == len(a.turnos) && !a.completa {
		return // the store may have shifts between the last known one and turno
	}
	a.turnos = slices.Insert(a.turnos, i, turno)
	if len(a.turnos) > agendaMax {
		a.turnos, a.completa = a.turnos[:agendaMax], false
	}
}

// tachar strikes the agenda out: it is read anew before it is used.
func (a *agenda) tachar() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.leida = time.Time{}
	a.tachada++
}

// recorrer shows to ver the shifts that may take demanda, in order, until ver returns false or limite shifts were
// shown. vistos is how many were shown. sigue reports that the store may have more shifts, after ultimo.
func (a *agenda) recorrer(
	demanda demanda,
	limite int,
	ver func(*Turno) bool,
) (vistos int, ultimo *Turno, sigue bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, t := range a.turnos {
		if ultimo = t; !t.alcanza(demanda) {
			continue
		}
		if vistos == limite || !ver(t) {
			return vistos, ultimo, false
		}
		vistos++
	}
	return vistos, ultimo, !a.completa && vistos < limite
}

// alcanza reports whether t lies within the horizon of demanda and has room for it.
func (t *Turno) alcanza(demanda demanda) bool {
	switch {
	case !t.Inicio.Before(demanda.hasta) || !t.Fin.After(demanda.ahora.Add(demanda.viaje)):
		return false
	case demanda.exacta != nil:
		if t.Inicio.After(demanda.exacta.Desde) || t.Fin.Before(demanda.exacta.Hasta) {
			return false
		}
	case !t.Fin.After(demanda.desde):
		return false
	}
	return t.admite(demanda) && t.hueco() >= demanda.capacidad.Minutos
}
