package telemetria

import (
	"math/rand/v2"
	"testing"
	"time"
)

// llegada is a batch as reloj.oir gets it: its arrival, in s, and the delay of its newest position, in s.
type llegada struct{ a, demora int }

func oirTodas(reloj reloj, llegadas []llegada) reloj {
	for _, l := range llegadas {
		llego := mediodia.Add(time.Duration(l.a) * time.Second)
		reloj = reloj.oir(
			llego,
			llego.Add(-time.Duration(l.demora)*time.Second),
			reglas.DesfaseMax,
		)
	}
	return reloj
}

// cada is a series of arrivals every so many seconds, all with the same delay.
func cada(desde, hasta, paso, demora int) (ls []llegada) {
	for a := desde; a <= hasta; a += paso {
		ls = append(ls, llegada{a, demora})
	}
	return ls
}

func juntas(lss ...[]llegada) (out []llegada) {
	for _, ls := range lss {
		out = append(out, ls...)
	}
	return out
}

func TestAClockIsEstimatedByArrivals(t *testing.T) {
	for nombre, c := range map[string]struct {
		llegadas []llegada
		desfase  int // s
	}{
		"nothing heard":                        {nil, 0},
		"right":                                {cada(0, 300, 5, 1), 1},
		"fast, by its first arrival":           {[]llegada{{0, -290}}, -290},
		"fast, however often":                  {cada(0, 600, 5, -290), -290},
		"the least delay is the clock's":       {[]llegada{{0, -280}, {5, -290}, {10, -100}}, -290},
		"as fast as can be":                    {[]llegada{{0, -300}}, -300},
		"faster than can be":                   {[]llegada{{0, -301}}, 0},
		"slow, by one arrival":                 {[]llegada{{0, 200}}, 0},
		"slow, for a minute":                   {cada(0, 60, 5, 200), 200},
		"slow, but for too few arrivals":       {[]llegada{{0, 200}, {60, 200}}, 0},
		"slow, for nearly a minute":            {cada(0, 59, 5, 200), 0},
		"slower than can be":                   {cada(0, 600, 5, 301), 0},
		"an old upload at first":               {[]llegada{{0, 240}, {1, 170}, {2, 100}, {3, 1}}, 0},
		"a right clock, an upload of old ones": {juntas(cada(0, 120, 5, 1), cada(121, 140, 1, 250)), 1},
		"an upload of hours":                   {juntas(cada(0, 120, 5, 1), cada(121, 1000, 5, 7200)), 1},
		"old ones that catch up for minutes": {juntas(cada(0, 60, 5, 0), []llegada{
			{100, 290}, {140, 250}, {180, 210}, {220, 170}, {260, 130},
		}), 0},
		"old ones between the present": {juntas(cada(0, 60, 5, 0), []llegada{
			{65, 1}, {70, 240}, {75, 1}, {80, 240}, {140, 240}, {141, 1},
		}), 0},
		"a fast clock, an upload of old ones": {juntas(cada(0, 120, 5, -290), cada(121, 140, 1, 100)), -290},
		"a fast clock that is put right":      {juntas(cada(0, 120, 5, -290), cada(125, 190, 5, 1)), 1},
		"a slow clock that is put right":      {juntas(cada(0, 120, 5, 200), []llegada{{125, 1}}), 1},
		"our own clock goes back":             {juntas(cada(1000, 1059, 5, 200), cada(0, 59, 5, 200)), 0},
	} {
		t.Run(nombre, func(t *testing.T) {
			if d := oirTodas(reloj{}, c.llegadas).Desfase; d != time.Duration(
				c.desfase,
			)*time.Second {
				t.Errorf("estimated %v, want %d s", d, c.desfase)
			}
		})
	}
}

// By any clock of a sensor, the corrected time of a position is never later than its arrival, and the correction is
// never larger than the bound.
func TestNoPositionIsOfTheFuture(t *testing.T) {
	azar := rand.New(rand.NewPCG(15, 11))
	for range 2000 {
		r := reloj{}
		for a := range 1 + azar.IntN(40) {
			r = oirTodas(r, []llegada{{a * 7, azar.IntN(700) - 350}})
			p := Posicion{
				En:       mediodia.Add(time.Duration(azar.IntN(700)-350) * time.Second),
				Recibida: mediodia,
			}
			if r.momento(p).After(mediodia) || r.correccion().Abs() > reglas.DesfaseMax {
				t.Fatalf("%+v makes %v of %v", r, r.momento(p), p.En)
			}
		}
	}
}

// A small offset is not corrected: the delay of the network can be as long.
func TestSmallOffsetsAreNotCorrected(t *testing.T) {
	const otra = -2001 * time.Millisecond
	for d, want := range map[time.Duration]time.Duration{-2 * time.Second: 0, 2 * time.Second: 0, otra: otra} {
		if c := (reloj{Desfase: d}).correccion(); c != want {
			t.Errorf("%v is corrected by %v", d, c)
		}
	}
}
