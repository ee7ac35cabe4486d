package modelo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// morir implements sede: the process ends as a power cut would, or stops where it is, or ends by SIGTERM, and starts
// again over the same folder.
func (p unProceso) morir(ctx context.Context, mundo *mundo, azar *rand.Rand) {
	for {
		dormir(ctx, time.Duration(1500+azar.IntN(5000))*time.Millisecond)
		if ctx.Err() != nil {
			return
		}
		switch n := azar.IntN(100); {
		case n < 50:
			p.Kill()
			mundo.muertes.mas("kills", 1)
		case n < 85:
			p.Pause()
			largo := 200 + azar.IntN(1500)
			if azar.IntN(5) == 0 {
				largo += 4000 // longer than a lease
			}
			dormir(ctx, time.Duration(largo)*time.Millisecond)
			p.Resume()
			mundo.muertes.mas("pauses", 1)
			continue
		default:
			p.Stop()
			mundo.muertes.mas("stops", 1)
		}
		if azar.IntN(2) == 0 {
			p.saltar(mundo, azar)
		}
		if err := p.Start(); err != nil {
			mundo.T.Errorf("restart: %v\n%s", err, p.Stderr.String())
			return
		}
	}
}

// variableReloj is the environment variable by which a process of the tests knows how much its clock is ahead.
const variableReloj = "DESPENSA_TEST_RELOJ"

// saltar moves the clock of the process that is started next: ahead, or back by no more than it is ahead.
func (p unProceso) saltar(mundo *mundo, azar *rand.Rand) {
	mundo.salto(azar)
	adelanto := time.Duration(mundo.adelanto.Load())
	p.Env = slices.DeleteFunc(
		p.Env,
		func(v string) bool { return strings.HasPrefix(v, variableReloj+"=") },
	)
	p.Env = append(p.Env, fmt.Sprint(variableReloj, "=", adelanto))
}

// salto is the next jump of the program's clock: ahead, or back by no more than it is ahead.
func (m *mundo) salto(azar *rand.Rand) time.Duration {
	salto := time.Duration(azar.Int64N(int64(3 * time.Hour)))
	if m.atras && azar.IntN(3) == 0 {
		salto = -time.Duration(azar.Int64N(int64(m.adelantado) + 1))
	}
	m.adelantado += salto
	m.adelanto.Add(int64(salto))
	m.muertes.mas("clock jumps", 1)
	return salto
}
