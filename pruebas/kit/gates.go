package kit

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/sqldb"
)

// Gate holds, once armed, the first call of one effect until the Gate is opened.
type Gate struct {
	Name    string
	Moment  sqldb.Moment
	Arrived chan struct{}
	Opened  chan struct{}
	Once    chan struct{} // a value in here arms the Gate
}

// NewGate returns a Gate before or after the effect nombre. A value sent to Once arms it.
func NewGate(nombre string, moment sqldb.Moment) *Gate {
	return &Gate{
		Name:    nombre,
		Moment:  moment,
		Arrived: make(chan struct{}),
		Opened:  make(chan struct{}),
		Once:    make(chan struct{}, 1),
	}
}

// Cut is a sqldb.Cut: it holds the effect that the Gate is armed for.
func (g *Gate) Cut(nombre string, moment sqldb.Moment) error {
	if nombre != g.Name || moment != g.Moment {
		return nil
	}
	select {
	case <-g.Once:
		close(g.Arrived)
		<-g.Opened
	default:
	}
	return nil
}

// Await waits until an effect is held at the Gate; after Patience it opens the Gate and fails the test.
func (g *Gate) Await(t testing.TB) {
	t.Helper()
	select {
	case <-g.Arrived:
	case <-time.After(Patience):
		close(g.Opened)
		t.Fatalf("%s was never called", g.Name)
	}
}

// StartLine holds a cancel and a departure before the row that decides between them, until both are there. Then the
// call that Yield names goes second, mostly.
type StartLine struct {
	Missing atomic.Int32
	Yield   atomic.Value // string
}

// Cut is a sqldb.Cut: it holds rutas.liberar and rutas.salida until Missing of them have come, a second at most.
func (l *StartLine) Cut(nombre string, moment sqldb.Moment) error {
	if moment == sqldb.Before && (nombre == "rutas.liberar" || nombre == "rutas.salida") {
		l.Missing.Add(-1)
		for fin := time.Now().Add(time.Second); l.Missing.Load() > 0 && time.Now().Before(fin); {
			runtime.Gosched()
		}
		for i := 0; l.Yield.Load() == nombre && i < 5000; i++ {
			runtime.Gosched()
		}
	}
	return nil
}

// Door is a Gate that may be opened more than once, and counts the leases given to workers.
type Door struct {
	*Gate
	released sync.Once
	Taken    atomic.Int64
}

// Cut is a sqldb.Cut: it counts the leases given to workers, and holds effects as Gate.Cut does.
func (g *Door) Cut(nombre string, moment sqldb.Moment) error {
	if moment == sqldb.After && (nombre == "pedidos.reclamar" || nombre == "pedidos.tomar") {
		g.Taken.Add(1)
	}
	return g.Gate.Cut(nombre, moment)
}

// Open lets the held effect go on; a second call does nothing.
func (g *Door) Open() { g.released.Do(func() { close(g.Opened) }) }

// StartGated starts a program with a Door before the effect nombre. The Door is open at the latest when the test
// ends.
func StartGated(t *testing.T, nombre string, opciones ...func(*Program)) (*Program, *Door) {
	t.Helper()
	g := &Door{Gate: NewGate(nombre, sqldb.Before)}
	c := Start(t, append(opciones, func(c *Program) { c.Pruebas.Cut = g.Cut })...)
	t.Cleanup(g.Open)
	return c, g
}

// Hold orders and waits until the order's worker stands before the door.
func (c *Program) Hold(door *Door, compra Body) Order {
	c.T.Helper()
	door.Once <- struct{}{}
	p := c.Order("cliente1", compra)
	select {
	case <-door.Arrived:
	case <-time.After(Patience):
		c.T.Fatalf("%s was never called", door.Name)
	}
	return p
}
