package oidc

import (
	"sync"
	"time"
)

// grants holds short-lived grants (codes, refresh tokens, logins in progress) under unguessable names. All live for
// ttl, so the oldest always expires first. Beyond max grants the oldest is dropped. Safe for concurrent use.
type grants[T any] struct {
	max   int
	ttl   time.Duration
	grace time.Duration // time after its first use in which a grant may be used again

	mu    sync.Mutex
	m     map[string]entry[T]
	queue []string // names, oldest first
}

type entry[T any] struct {
	value   T
	expires time.Time
	used    time.Time // of the first use; zero: unused
}

// use is the outcome of take.
type use int

const (
	unknown     use = iota // the grant is unknown or expired
	firstUse               // the grant was unused, or used within grace
	repeatedUse            // the grant was used before
)

func newGrants[T any](limite int, ttl time.Duration) *grants[T] {
	return &grants[T]{max: limite, ttl: ttl, m: map[string]entry[T]{}}
}

// put stores the grant v under nombre.
func (a *grants[T]) put(nombre string, v T, ahora time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.purge(ahora)
	a.m[nombre] = entry[T]{value: v, expires: ahora.Add(a.ttl)}
	a.queue = append(a.queue, nombre)
}

// purge drops the grants that have expired and, at max, the oldest one. The caller holds mu.
func (a *grants[T]) purge(ahora time.Time) {
	for len(a.queue) > 0 {
		primero, ok := a.m[a.queue[0]]
		if ok && ahora.Before(primero.expires) && len(a.queue) < a.max {
			return
		}
		delete(a.m, a.queue[0])
		a.queue = a.queue[1:]
	}
}

// get gives an unused grant without using it; false when the grant is unknown, expired or used.
func (a *grants[T]) get(nombre string, ahora time.Time) (T, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	guardado, ok := a.m[nombre]
	return guardado.value, ok && guardado.used.IsZero() && ahora.Before(guardado.expires)
}

// take uses the grant nombre. A used grant is remembered until it expires, so that a second use (repeatedUse) can be
// told from a guess (unknown). A second use within grace counts as the first.
func (a *grants[T]) take(nombre string, ahora time.Time) (T, use) {
	a.mu.Lock()
	defer a.mu.Unlock()
	guardado, ok := a.m[nombre]
	if !ok || !ahora.Before(guardado.expires) {
		return guardado.value, unknown
	}
	if !guardado.used.IsZero() {
		if ahora.Sub(guardado.used) < a.grace {
			return guardado.value, firstUse
		}
		return guardado.value, repeatedUse
	}
	guardado.used = ahora
	a.m[nombre] = guardado
	return guardado.value, firstUse
}

// all gives the grants, used and unused, that have not expired and for which si returns true.
func (a *grants[T]) all(ahora time.Time, si func(nombre string, v T) bool) (out []T) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, e := range a.m {
		if ahora.Before(e.expires) && si(n, e.value) {
			out = append(out, e.value)
		}
	}
	return out
}

// remove drops the grants for which si returns true.
func (a *grants[T]) remove(si func(T) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for n, e := range a.m {
		if si(e.value) {
			delete(a.m, n)
		}
	}
}

// throttle counts failed logins per client address within a minute. limit is the number at which an address is refused.
type throttle struct {
	limit int

	mu       sync.Mutex
	since    time.Time
	failures map[string]int
}

// refused reports whether the address quien has reached limit failures in this minute.
func (f *throttle) refused(quien string, ahora time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.roll(ahora)
	return f.failures[quien] >= f.limit
}

// note counts one failure of the address quien.
func (f *throttle) note(quien string, ahora time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.roll(ahora)
	if len(f.failures) < maxAddresses {
		f.failures[quien]++
	}
}

// roll drops the counts when their minute is over. The caller holds mu.
func (f *throttle) roll(ahora time.Time) {
	if f.failures == nil || ahora.Sub(f.since) >= time.Minute {
		f.since, f.failures = ahora, map[string]int{}
	}
}
