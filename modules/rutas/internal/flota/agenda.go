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
	// vidaPropia is how long an agenda holds where this process alone writes: its own writes change it at once.
	vidaPropia = 10 * time.Second
	// vidaCompartida is how long an agenda holds where other processes write too.
	vidaCompartida = 250 * time.Millisecond
	// prorroga is how many lives an agenda may be old while somebody else is already reading it anew.
	prorroga = 4
)

// agenda is what a depot still has to give: its shifts that can be booked, as they were last read and as this process
// has changed them since. It may be behind what is stored. So it serves to offer windows and to choose one; the row of
// the shift decides whether a booking gets it. Safe for concurrent use.
type agenda struct {
	vida  time.Duration
	reloj func() time.Time // the process's own, which never goes back
	cola  chan struct{}    // of the bookings of this process; has the token while nobody books

	mu       sync.RWMutex
	leida    time.Time // when its reading began; zero: it holds no longer
	turnos   []*Turno  // in the order of enOrden; none is changed
	completa bool      // the depot has no others
	lecturas int       // under way
	tachada  int       // how often it was struck out
	cambios  []*Turno  // what was noted while a reading was under way
}

func nuevaAgenda(vida time.Duration, reloj func() time.Time) *agenda {
	a := &agenda{vida: vida, reloj: reloj, cola: make(chan struct{}, 1)}
	a.cola <- struct{}{}
	return a
}

// paciencia is how long a booking waits for the one before it: many times what a booking takes. One that hangs for longer
// holds nobody up, for the row of the shift decides, whoever asks.
const paciencia = 250 * time.Millisecond

// turnarse waits for the bookings of this process that came before, but no longer than paciencia. soltar lets the next
// one go on. Errors: ctx's.
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

// enOrden is how shifts are looked at: by their beginning, plain trucks before refrigerated ones.
func enOrden(a, b *Turno) int {
	return cmp.Or(a.Inicio.Compare(b.Inicio), falsoAntes(a.Frio, b.Frio), strings.Compare(a.ID, b.ID))
}

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

// vigente reports whether a holds.
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

// leer begins a reading. hecha or fallida ends it.
func (a *agenda) leer() lectura {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.lecturas++
	return lectura{desde: a.reloj(), tachada: a.tachada}
}

// fallida ends a reading that has led to nothing.
func (a *agenda) fallida() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.acabar()
}

func (a *agenda) acabar() {
	if a.lecturas--; a.lecturas == 0 {
		a.cambios = nil
	}
}

// hecha ends a reading with the shifts that it found, in order. What this process has noted since the reading began
// is newer and stays. An agenda that was struck out meanwhile is not to be used again.
func (a *agenda) hecha(l lectura, turnos []*Turno) {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.acabar()
	if l.desde.Before(a.leida) {
		return // a later reading was faster
	}
	a.turnos, a.completa, a.leida = turnos, len(turnos) < agendaMax, l.desde
	for _, t := range a.cambios {
		a.poner(t)
	}
	if a.tachada != l.tachada {
		a.leida = time.Time{}
	}
}

// anotar notes a shift as this process has stored it.
func (a *agenda) anotar(t *Turno) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.lecturas > 0 {
		a.cambios = append(a.cambios, t)
	}
	a.poner(t)
}

// poner puts t where it belongs, or takes it off when it cannot be booked any more.
func (a *agenda) poner(t *Turno) {
	if i := slices.IndexFunc(a.turnos, func(o *Turno) bool { return o.ID == t.ID }); i >= 0 {
		if a.turnos[i].revision > t.revision {
			return
		}
		if t.libre() && enOrden(a.turnos[i], t) == 0 {
			a.turnos[i] = t
			return
		}
		a.turnos = slices.Delete(a.turnos, i, i+1)
	}
	if !t.libre() {
		return
	}
	i, _ := slices.BinarySearchFunc(a.turnos, t, enOrden)
	if i == len(a.turnos) && !a.completa {
		return // there may be others between
	}
	a.turnos = slices.Insert(a.turnos, i, t)
	if len(a.turnos) > agendaMax {
		a.turnos, a.completa = a.turnos[:agendaMax], false
	}
}

// tachar strikes a out: it is read again before it is used.
func (a *agenda) tachar() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.leida = time.Time{}
	a.tachada++
}

// recorrer shows to ver the shifts that may take d, in order, until ver returns false or limite were shown. vistos is
// how many were shown. Where sigue is true the depot may have others, after ultimo.
func (a *agenda) recorrer(d demanda, limite int, ver func(*Turno) bool) (vistos int, ultimo *Turno, sigue bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, t := range a.turnos {
		if ultimo = t; !t.alcanza(d) {
			continue
		}
		if vistos == limite || !ver(t) {
			return vistos, ultimo, false
		}
		vistos++
	}
	return vistos, ultimo, !a.completa && vistos < limite
}

// alcanza reports whether t lies within the horizon of d and has room for it.
func (t *Turno) alcanza(d demanda) bool {
	switch {
	case !t.Inicio.Before(d.hasta) || !t.Fin.After(d.ahora.Add(d.viaje)):
		return false
	case d.exacta != nil:
		if t.Inicio.After(d.exacta.Desde) || t.Fin.Before(d.exacta.Hasta) {
			return false
		}
	case !t.Fin.After(d.desde):
		return false
	}
	return t.admite(d) && t.hueco() >= d.cupo.Minutos
}
