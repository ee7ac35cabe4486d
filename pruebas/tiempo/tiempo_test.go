// Package tiempo_test lets the whole program live through weeks in seconds. Program, stand-ins, stores and people are
// in one testing/synctest bubble: its clock goes on as soon as every goroutine waits.
package tiempo_test

import (
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"despensa/pruebas/kit"
)

// TestWeeks tells the story of a seed (DESPENSA_TEST_SEMILLA, default 1): orders of every way to end, in an order that
// the seed decides, with more of them at random in between and a stop of the program now and then. In the end nothing
// is due, every order has ended as its plan says, and the books agree. -v prints the story.
func TestWeeks(t *testing.T) {
	kit.MeetsNoServer(t) // a server's socket is outside of the bubble
	kit.Prepare(t)
	semilla := uint64(1)
	if s := os.Getenv("DESPENSA_TEST_SEMILLA"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("DESPENSA_TEST_SEMILLA: %v", err)
		}
		semilla = n
	}
	inicio := time.Now()
	synctest.Test(t, func(t *testing.T) {
		m := nuevoMundo(t, semilla)
		defer func() { t.Logf("the story of seed %d:\n%s", semilla, m.cuento.String()) }()
		m.vivir()
	})
	t.Logf("it took %s", time.Since(inicio).Round(time.Millisecond))
}

// vivir runs the story of the seed.
func (m *mundo) vivir() {
	todos := planes()
	m.azar.Shuffle(len(todos), func(i, j int) { todos[i], todos[j] = todos[j], todos[i] })
	for _, x := range todos {
		m.pedir(x)
		if otro := todos[m.azar.IntN(len(todos))]; otro.espontaneo {
			m.pedir(otro)
		}
		m.pasar(time.Duration(1+m.azar.IntN(8))*time.Hour, 2*time.Hour)
		if m.azar.IntN(6) == 0 {
			m.cuenta("the program stops and starts again")
			m.Reopen()
		}
	}
	m.pasar(7*24*time.Hour, 4*time.Hour)
	m.pedir(encallado())
	const tope = 14
	for dia := 0; len(m.abiertas()) > 0; dia++ {
		if dia == tope {
			m.T.Fatalf("after %d more days there wait: %v", tope, m.abiertas())
		}
		m.pasar(24*time.Hour, 4*time.Hour)
	}
	m.pasar(6*time.Hour, 3*time.Hour) // payments that the gateway decided too late are refunded
	m.acabar()
}

// acabar compares the end of each order with its plan, and compares the books.
func (m *mundo) acabar() {
	for _, o := range m.ordenes {
		if o.Estado != o.plan.estado || o.plan.motivo != "" && o.Motivo != o.plan.motivo {
			m.T.Errorf("%s (%s) ended %s (%s), want %s (%s)",
				o.Codigo, o.plan.nombre, o.Estado, o.Motivo, o.plan.estado, o.plan.motivo)
		}
	}
	m.cuadrar()
	m.cuenta("%d orders have ended, the books agree", len(m.ordenes))
}
