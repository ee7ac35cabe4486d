package breaker_test

import (
	"strings"
	"testing"
	"time"

	"despensa/platform/breaker"
)

// TestAServerIsAwayUntilItAnswers runs a list of events at given milliseconds, and then asks at a last moment (ms)
// whether the server is held to be away, and whether a caller may call it or open a connection.
func TestAServerIsAwayUntilItAnswers(t *testing.T) {
	type hecho func(*breaker.Breaker)
	inicio := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	a := func(ms int) time.Time { return inicio.Add(time.Duration(ms) * time.Millisecond) }
	responde := func(ms int) hecho { return func(p *breaker.Breaker) { p.Answered(a(ms)) } }
	calla := func(desde, ms int) hecho { return func(p *breaker.Breaker) { p.Silent(a(desde), a(ms)) } }
	pasa := func(ms int) hecho { return func(p *breaker.Breaker) { p.Allow(a(ms)) } }
	type tras = []hecho
	const todo = "connects passes away"
	casos := map[string]struct {
		hechos tras
		ms     int    // the last moment
		want   string // the answers of MayConnect, Allow and Away that are true, in this order
	}{
		"no call yet": {want: "connects passes"},
		"it answers": {
			hechos: tras{responde(1)},
			ms:     2,
			want:   "connects passes",
		},
		"it is silent": {hechos: tras{calla(0, 3000)}, ms: 3001, want: "away"},
		"it answered before": {
			hechos: tras{responde(1), calla(2, 3000)},
			ms:     3001,
			want:   "away",
		},
		"it answered another meanwhile": {
			hechos: tras{responde(2500), calla(2, 3000)},
			ms:     3001,
			want:   "connects passes",
		},
		"it did, and no other since": {
			hechos: tras{responde(5), calla(2, 3000)},
			ms:     3001,
			want:   "away",
		},
		"after a pause one tries": {hechos: tras{calla(0, 1000)}, ms: 1500, want: todo},
		"one alone, which may connect": {
			hechos: tras{calla(0, 1000), pasa(1500)},
			ms:     1600,
			want:   "connects away",
		},
		"no other while that one tries": {
			hechos: tras{calla(0, 1000), pasa(1500)},
			ms:     4499,
			want:   "connects away",
		},
		"unless it has no outcome": {
			hechos: tras{calla(0, 1000), pasa(1500)},
			ms:     4500,
			want:   todo,
		},
		"an older call is answered": {
			hechos: tras{calla(0, 1000), responde(1100)},
			ms:     1101,
			want:   "connects passes",
		},
		"the try fails": {
			hechos: tras{calla(0, 1000), pasa(1500), calla(1500, 1700)}, ms: 2000, want: "away",
		},
		"the try succeeds": {
			hechos: tras{
				calla(0, 1000),
				pasa(1500),
				responde(1501),
			},
			ms:   1502,
			want: "connects passes",
		},
	}
	for nombre, x := range casos {
		var p breaker.Breaker
		for _, h := range x.hechos {
			h(&p)
		}
		var got []string
		away := p.Away()
		if p.MayConnect(a(x.ms)) {
			got = append(got, "connects")
		}
		if p.Allow(a(x.ms)) {
			got = append(got, "passes")
		}
		if away {
			got = append(got, "away")
		}
		if strings.Join(got, " ") != x.want {
			t.Errorf("%s: %q, want %q", nombre, got, x.want)
		}
	}
}
