package auditoria_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/platform/sqldb"
)

// cuentas is the number of calls without a token that the trail has, by origin, and the number of rows that hold them.
func (l *lugar) cuentas() (map[string]int64, int) {
	l.t.Helper()
	var filas []struct {
		Recurso string
		Veces   int64
	}
	if err := l.db.Read(l.t.Context()).Table("auditoria").Where("accion = 'ingreso'").Find(&filas).Error; err != nil {
		l.t.Fatal(err)
	}
	m := map[string]int64{}
	for _, f := range filas {
		m[f.Recurso] += f.Veces
	}
	return m, len(filas)
}

// clave is the text that stands for an address in these tests; "" for a text that is no address.
func clave(direccion string) (string, error) {
	if direccion == "" {
		return "", nil
	}
	return "k:" + strings.ReplaceAll(direccion, "/", "-"), nil
}

func TestRefusedCallsAreCounted(t *testing.T) {
	l := nuevo(t, nil)
	r := auditoria.NewRechazos(l.rastro, clave, slog.New(slog.DiscardHandler))
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() { r.Anotar([]string{"10.0.0.1", "10.0.0.2", "::ffff:10.0.0.2"}[i%3]) })
	}
	wg.Wait()
	r.Anotar("2001:db8::1")
	r.Anotar("2001:db8::ffff:2") // the same network
	r.Anotar("[basura]")
	r.Volcar(t.Context(), false)
	if m, n := l.cuentas(); n != 0 {
		t.Errorf("the second is not over: %v", m)
	}
	l.hora.Add(int64(time.Second))
	r.Anotar("10.0.0.1")
	r.Volcar(t.Context(), false)
	r.Volcar(t.Context(), false)
	m, n := l.cuentas()
	if n != 4 || m["k:10.0.0.1"] != 100 || m["k:10.0.0.2"] != 200 ||
		m["k:2001:db8::-64"] != 2 ||
		m["otros"] != 1 {
		t.Errorf("%d rows: %v", n, m)
	}
	r.Volcar(t.Context(), true)
	if m, n := l.cuentas(); n != 5 || m["k:10.0.0.1"] != 101 {
		t.Errorf("at the end %d rows: %v", n, m)
	}
}

// TestAFloodBuysFewRows: however many addresses call, a second is one write of few rows.
func TestAFloodBuysFewRows(t *testing.T) {
	var escrituras atomic.Int64
	l := nuevo(t, func(nombre string, m sqldb.Moment) error {
		if nombre == "clientes.auditoria" && m == sqldb.After {
			escrituras.Add(1)
		}
		return nil
	})
	r := auditoria.NewRechazos(l.rastro, clave, slog.New(slog.DiscardHandler))
	for i := range 5000 {
		r.Anotar(fmt.Sprintf("10.1.%d.%d", i/256, i%256))
	}
	r.Volcar(t.Context(), true)
	m, n := l.cuentas()
	var suma int64
	for _, v := range m {
		suma += v
	}
	if n != 65 || suma != 5000 || m["otros"] != 5000-64 || escrituras.Load() != 1 {
		t.Errorf(
			"%d rows in %d writes, %d calls, %d of others",
			n,
			escrituras.Load(),
			suma,
			m["otros"],
		)
	}
}

// TestWhatCannotBeWrittenIsKept until it can.
func TestWhatCannotBeWrittenIsKept(t *testing.T) {
	var roto atomic.Bool
	l := nuevo(t, func(_ string, m sqldb.Moment) error {
		if roto.Load() && m == sqldb.Before {
			return errors.New("disk full")
		}
		return nil
	})
	r := auditoria.NewRechazos(l.rastro, clave, slog.New(slog.DiscardHandler))
	roto.Store(true)
	for range 5 {
		r.Anotar("10.0.0.1")
		l.hora.Add(int64(time.Second))
		r.Volcar(t.Context(), false)
	}
	roto.Store(false)
	r.Anotar("10.0.0.1")
	r.Volcar(t.Context(), true)
	m, n := l.cuentas()
	if n != 2 || m["otros"] != 5 || m["k:10.0.0.1"] != 1 {
		t.Errorf("%d rows: %v", n, m)
	}
}
