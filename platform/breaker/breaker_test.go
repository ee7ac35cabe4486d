package breaker_test

import (
	"testing"
	"time"

	"despensa/platform/breaker"
)

// Each case is a list of what happens, with its moment in milliseconds, and whether a
// caller may pass, or connect, at a last moment.
func TestAServerIsAwayUntilItAnswers(t *testing.T) {
	type hecho func(*breaker.Breaker)
	inicio := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	a := func(ms int) time.Time { return inicio.Add(time.Duration(ms) * time.Millisecond) }
	responde := func(ms int) hecho { return func(p *breaker.Breaker) { p.Responde(a(ms)) } }
	calla := func(desde, ms int) hecho { return func(p *breaker.Breaker) { p.Calla(a(desde), a(ms)) } }
	pasa := func(ms int) hecho { return func(p *breaker.Breaker) { p.Pasar(a(ms)) } }
	casos := map[string]struct {
		hechos              []hecho
		ms                  int
		pasar, conectar, no bool // no: it is held to be away
	}{
		"nobody has asked":                       {nil, 0, true, true, false},
		"it answers":                             {[]hecho{responde(1)}, 2, true, true, false},
		"it is silent":                           {[]hecho{calla(0, 3000)}, 3001, false, false, true},
		"it answered before":                     {[]hecho{responde(1), calla(2, 3000)}, 3001, false, false, true},
		"it answered somebody else meanwhile":    {[]hecho{responde(2500), calla(2, 3000)}, 3001, true, true, false},
		"it did and has answered nobody since":   {[]hecho{responde(5), calla(2, 3000)}, 3001, false, false, true},
		"after a pause one tries":                {[]hecho{calla(0, 1000)}, 1500, true, true, true},
		"and one only, whose connection is made": {[]hecho{calla(0, 1000), pasa(1500)}, 1600, false, true, true},
		"nobody else while that one tries":       {[]hecho{calla(0, 1000), pasa(1500)}, 4499, false, true, true},
		"unless it says nothing":                 {[]hecho{calla(0, 1000), pasa(1500)}, 4500, true, true, true},
		"an older question is answered":          {[]hecho{calla(0, 1000), responde(1100)}, 1101, true, true, false},
		"the try fails": {
			[]hecho{calla(0, 1000), pasa(1500), calla(1500, 1700)},
			2000,
			false,
			false,
			true,
		},
		"the try succeeds": {
			[]hecho{calla(0, 1000), pasa(1500), responde(1501)},
			1502,
			true,
			true,
			false,
		},
	}
	for nombre, x := range casos {
		var p breaker.Breaker
		for _, h := range x.hechos {
			h(&p)
		}
		if no := p.Ausente(); no != x.no {
			t.Errorf("%s: away %v", nombre, no)
		}
		if c := p.Conectar(a(x.ms)); c != x.conectar {
			t.Errorf("%s: may connect %v", nombre, c)
		}
		if b := p.Pasar(a(x.ms)); b != x.pasar {
			t.Errorf("%s: may pass %v", nombre, b)
		}
	}
}
