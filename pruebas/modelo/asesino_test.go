package modelo_test

import (
	"context"
	"math/rand/v2"
	"time"
)

// asesino ends the process as a power cut would, stops it where it is, or stops it as an operator does, and starts it
// again over the same folder, until ctx ends.
func (m *mundo) asesino(ctx context.Context, azar *rand.Rand) {
	for {
		dormir(ctx, time.Duration(1500+azar.IntN(5000))*time.Millisecond)
		if ctx.Err() != nil {
			return
		}
		switch n := azar.IntN(100); {
		case n < 50:
			m.Kill()
			m.muertes.mas("kills", 1)
		case n < 85:
			m.Pause()
			largo := 200 + azar.IntN(1500)
			if azar.IntN(5) == 0 {
				largo += 4000 // longer than a lease
			}
			dormir(ctx, time.Duration(largo)*time.Millisecond)
			m.Resume()
			m.muertes.mas("pauses", 1)
			continue
		default:
			m.Stop()
			m.muertes.mas("stops", 1)
		}
		if azar.IntN(2) == 0 {
			m.saltar(azar)
		}
		if err := m.Start(); err != nil {
			m.T.Errorf("restart: %v\n%s", err, m.Stderr.String())
			return
		}
	}
}
