package caidas_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"despensa/internal/comandos"
	"despensa/internal/comandos/demo"
	"despensa/pruebas/kit"
)

// TestDemoSurvivesKills lives a day of the demo while the program is killed and started again: customers and drivers
// wait longer and notice nothing else, and the books agree. DESPENSA_TEST_DEMO and DESPENSA_TEST_DEMO_MUERTES are the
// numbers of orders and of kills.
func TestDemoSurvivesKills(t *testing.T) {
	t.Parallel()
	// Customers have to wait for one another's payments, too.
	p := kit.Launch(t, "DESPENSA_PEDIDOS_MAX_LENTOS=1")
	p.MustStart()
	pedidos := delEntorno(t, "DESPENSA_TEST_DEMO", 60)
	muertes := delEntorno(t, "DESPENSA_TEST_DEMO_MUERTES", 2)
	marcas := make(chan struct{}, pedidos)
	asesino := make(chan error)
	go func() { asesino <- matarCada(p, marcas, muertes) }()
	r, err := demo.Vivir(
		t.Context(),
		demo.Opciones{URL: p.URL, Pedidos: pedidos, Velocidad: 3600, Semilla: 3,
			Paciencia: time.Minute, Gente: comandos.Gente()},
		avisador(marcas),
	)
	close(marcas)
	if e := <-asesino; e != nil {
		t.Fatal(e)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, p.Stderr.String())
	}
	var libro bytes.Buffer
	r.Escribir(&libro)
	t.Logf("%d kills\n%s", muertes, libro.String())
	if len(r.Faltas) > 0 || !strings.HasSuffix(libro.String(), "the books agree\n") ||
		r.Entregadas < pedidos/2 ||
		r.Posiciones == 0 {
		t.Error("the books do not agree")
	}
}

// avisador sends a mark for every line of progress, one a second.
type avisador chan struct{}

func (a avisador) Write(b []byte) (int, error) {
	select {
	case a <- struct{}{}:
	default:
	}
	return len(b), nil
}

// matarCada kills the program at the first muertes marks, and starts it again each time.
func matarCada(process *kit.Process, marcas <-chan struct{}, muertes int) error {
	for range marcas {
		if muertes == 0 {
			continue
		}
		muertes--
		process.Kill()
		if err := process.Start(); err != nil {
			return err
		}
	}
	return nil
}
