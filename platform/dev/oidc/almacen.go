package oidc

import (
	"sync"
	"time"
)

// almacen holds short-lived grants (codes, refresh tokens, logins in progress) under unguessable names. All live for
// ttl, so the oldest always expires first. Beyond max grants the oldest is dropped. Safe for concurrent use.
type almacen[T any] struct {
	max    int
	ttl    time.Duration
	gracia time.Duration // time after its first use in which a grant may be used again

	mu   sync.Mutex
	m    map[string]entrada[T]
	cola []string // names, oldest first
}

type entrada[T any] struct {
	valor T
	vence time.Time
	usada time.Time // of the first use; zero: unused
}

// uso is the outcome of tomar.
type uso int

const (
	nada     uso = iota // the grant is unknown or expired
	primera             // the grant was unused, or used within gracia
	repetida            // the grant was used before
)

func nuevoAlmacen[T any](limite int, ttl time.Duration) *almacen[T] {
	return &almacen[T]{max: limite, ttl: ttl, m: map[string]entrada[T]{}}
}

// poner stores the grant v under nombre.
func (a *almacen[T]) poner(nombre string, v T, ahora time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.purgar(ahora)
	a.m[nombre] = entrada[T]{valor: v, vence: ahora.Add(a.ttl)}
	a.cola = append(a.cola, nombre)
}

// purgar drops the grants that have expired and, at max, the oldest one. The caller holds mu.
func (a *almacen[T]) purgar(ahora time.Time) {
	for len(a.cola) > 0 {
		primero, ok := a.m[a.cola[0]]
		if ok && ahora.Before(primero.vence) && len(a.cola) < a.max {
			return
		}
		delete(a.m, a.cola[0])
		a.cola = a.cola[1:]
	}
}

// ver gives an unused grant without using it; false when the grant is unknown, expired or used.
func (a *almacen[T]) ver(nombre string, ahora time.Time) (T, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	guardado, ok := a.m[nombre]
	return guardado.valor, ok && guardado.usada.IsZero() && ahora.Before(guardado.vence)
}

// tomar uses the grant nombre. A used grant is remembered until it expires, so that a second use (repetida) can be
// told from a guess (nada). A second use within gracia counts as the first.
func (a *almacen[T]) tomar(nombre string, ahora time.Time) (T, uso) {
	a.mu.Lock()
	defer a.mu.Unlock()
	guardado, ok := a.m[nombre]
	if !ok || !ahora.Before(guardado.vence) {
		return guardado.valor, nada
	}
	if !guardado.usada.IsZero() {
		if ahora.Sub(guardado.usada) < a.gracia {
			return guardado.valor, primera
		}
		return guardado.valor, repetida
	}
	guardado.usada = ahora
	a.m[nombre] = guardado
	return guardado.valor, primera
}

// todas gives the grants, used and unused, that have not expired and for which si returns true.
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

// quitar drops the grants for which si returns true.
func (a *almacen[T]) quitar(si func(T) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, e := range a.m {
		if si(e.valor) {
			delete(a.m, n)
		}
	}
}

// freno counts failed logins per client address within a minute. tope is the number at which an address is refused.
type freno struct {
	tope int

	mu     sync.Mutex
	desde  time.Time
	fallos map[string]int
}

// frenado reports whether the address quien has reached tope failures in this minute.
func (f *freno) frenado(quien string, ahora time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pasar(ahora)
	return f.fallos[quien] >= f.tope
}

// anotar counts one failure of the address quien.
func (f *freno) anotar(quien string, ahora time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pasar(ahora)
	if len(f.fallos) < maxDirecciones {
		f.fallos[quien]++
	}
}

// pasar drops the counts when their minute is over. The caller holds mu.
func (f *freno) pasar(ahora time.Time) {
	if f.fallos == nil || ahora.Sub(f.desde) >= time.Minute {
		f.desde, f.fallos = ahora, map[string]int{}
	}
}
