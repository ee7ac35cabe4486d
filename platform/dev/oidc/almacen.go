package oidc

import (
	"sync"
	"time"
)

// almacen holds short-lived grants under unguessable names. All live equally long,
// so the oldest is always the next to go; beyond max the oldest is forgotten.
type almacen[T any] struct {
	max    int
	ttl    time.Duration
	gracia time.Duration // after it was taken, in which a grant may be taken again

	mu   sync.Mutex
	m    map[string]entrada[T]
	cola []string // names, oldest first
}

type entrada[T any] struct {
	valor T
	vence time.Time
	usada time.Time // zero: not yet
}

// uso is what taking a grant met.
type uso int

const (
	nada     uso = iota // unknown or expired
	primera             // taken now
	repetida            // had been taken before
)

func nuevoAlmacen[T any](limite int, ttl time.Duration) *almacen[T] {
	return &almacen[T]{max: limite, ttl: ttl, m: map[string]entrada[T]{}}
}

func (a *almacen[T]) poner(nombre string, v T, ahora time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.purgar(ahora)
	a.m[nombre] = entrada[T]{valor: v, vence: ahora.Add(a.ttl)}
	a.cola = append(a.cola, nombre)
}

func (a *almacen[T]) purgar(ahora time.Time) {
	for len(a.cola) > 0 {
		e, ok := a.m[a.cola[0]]
		if ok && ahora.Before(e.vence) && len(a.cola) < a.max {
			return
		}
		delete(a.m, a.cola[0])
		a.cola = a.cola[1:]
	}
}

// ver gives the grant without taking it.
func (a *almacen[T]) ver(nombre string, ahora time.Time) (T, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.m[nombre]
	return e.valor, ok && e.usada.IsZero() && ahora.Before(e.vence)
}

// tomar uses the grant up. A used one is remembered until it expires, so that a
// repetition can be told from a guess; within gracia it is as good as the first.
func (a *almacen[T]) tomar(nombre string, ahora time.Time) (T, uso) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.m[nombre]
	if !ok || !ahora.Before(e.vence) {
		return e.valor, nada
	}
	if !e.usada.IsZero() {
		if ahora.Sub(e.usada) < a.gracia {
			return e.valor, primera
		}
		return e.valor, repetida
	}
	e.usada = ahora
	a.m[nombre] = e
	return e.valor, primera
}

// todas gives what was granted and is not over, taken or not, under every name of which si
// is true.
func (a *almacen[T]) todas(ahora time.Time, si func(nombre string, v T) bool) (out []T) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, e := range a.m {
		if ahora.Before(e.vence) && si(n, e.valor) {
			out = append(out, e.valor)
		}
	}
	return out
}

// quitar forgets every grant of which si is true.
func (a *almacen[T]) quitar(si func(T) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, e := range a.m {
		if si(e.valor) {
			delete(a.m, n)
		}
	}
}

// freno counts failed logins per address within a minute.
type freno struct {
	tope int

	mu     sync.Mutex
	desde  time.Time
	fallos map[string]int
}

// frenado reports whether quien has failed too often in this minute.
func (f *freno) frenado(quien string, ahora time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pasar(ahora)
	return f.fallos[quien] >= f.tope
}

// anotar counts one failure of quien.
func (f *freno) anotar(quien string, ahora time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pasar(ahora)
	if len(f.fallos) < maxDirecciones {
		f.fallos[quien]++
	}
}

func (f *freno) pasar(ahora time.Time) {
	if f.fallos == nil || ahora.Sub(f.desde) >= time.Minute {
		f.desde, f.fallos = ahora, map[string]int{}
	}
}
