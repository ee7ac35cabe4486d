package kit

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/internal/programa"
	"despensa/platform/telemetry"
)

// Program is the whole program in this process, over a folder of its own, with everything
// real but its clock: HTTP, tokens, stores, stand-ins.
type Program struct {
	*Client
	Dir      string
	Servers  Servers
	Clock    *Clock
	Pruebas  programa.Pruebas
	Adjust   func(*ajustes.Configuracion)
	Programa *programa.Programa
	stop     context.CancelFunc
	done     chan error

	StartLine *StartLine // for races of two calls
	network   *Network   // set by InMemory; nil: TCP
	fileTrail bool       // set by WithFileTrail
}

// Start opens a program with the demo data and lets it run until the test ends.
func Start(t testing.TB, opciones ...func(*Program)) *Program {
	t.Helper()
	Slow(t, "starts the whole program")
	c := &Program{Client: NewClient(t), Dir: t.TempDir(), Clock: NewClock(Morning),
		Adjust: func(*ajustes.Configuracion) {}}
	for _, o := range opciones {
		o(c)
	}
	if err := os.CopyFS(c.Dir, os.DirFS(template(t))); err != nil {
		t.Fatal(err)
	}
	c.Servers = Borrow(t, templates.servers)
	if c.fileTrail {
		c.Servers.Elastic = ""
	}
	t.Logf("RAN ON %s", c.Servers)
	c.Open()
	t.Cleanup(c.Close)
	return c
}

// WithoutRelays switches every relay and hand-off off, so that only the orders' own timers move them.
func WithoutRelays(program *Program) { program.Pruebas.SinRelevos = true }

// WithFileTrail keeps the audit trail in a file, also where tests have an Elasticsearch: for tests that start
// hundreds of programs and read no record.
func WithFileTrail(program *Program) { program.fileTrail = true }

// WithSettings lets f change the settings before the program starts.
func WithSettings(f func(*ajustes.Configuracion)) func(*Program) {
	return func(c *Program) {
		antes := c.Adjust
		c.Adjust = func(k *ajustes.Configuracion) { antes(k); f(k) }
	}
}

// Settings is the default configuration with timers fit for a test.
func Settings(dir string) ajustes.Configuracion {
	c, err := ajustes.Leer(
		[]string{"DESPENSA_HTTP_DIRECCION=127.0.0.1:0", "DESPENSA_DATOS=" + dir},
	)
	if err != nil {
		panic(err)
	}
	c.HTTP.Limite, c.HTTP.LimiteFallos = 1_000_000, 1_000_000
	c.Pedidos.Sondeo, c.Pedidos.FranjaPublicar = 10*time.Millisecond, 50*time.Millisecond
	c.Pedidos.Mirar.Pago, c.Pedidos.Mirar.Visita = 100*time.Millisecond, 100*time.Millisecond
	c.Pedidos.Repaso = 100 * time.Millisecond
	c.Pedidos.Espera.Minima, c.Pedidos.Espera.Maxima = 20*time.Millisecond, 200*time.Millisecond
	c.Pagos.EsperaMin, c.Pagos.EsperaMax = 5*time.Millisecond, 20*time.Millisecond
	c.Pagos.SondeoMin, c.Pagos.SondeoMax = 50*time.Millisecond, 200*time.Millisecond
	c.Pagos.Ronda, c.Pagos.AvisoReposo = 50*time.Millisecond, 20*time.Millisecond
	c.Pagos.CortePausa = 100 * time.Millisecond
	c.Rutas.Cierre = 50 * time.Millisecond
	c.Auditoria.Intervalo, c.Auditoria.EsperaMax = 50*time.Millisecond, 500*time.Millisecond
	c.Trabajos.Lease = 10 * time.Minute // no test renews it, so that none counts the renewal as a boundary
	return c
}

// Open starts the program on the program's folder.
func (c *Program) Open() {
	c.T.Helper()
	k := Settings(c.Dir)
	c.Servers.Configure(&k)
	c.Adjust(&k)
	if c.URL != "" { // the same address again, so that tokens stay good
		k.HTTP.Direccion = strings.TrimPrefix(c.URL, "http://")
	}
	if c.network != nil {
		c.Pruebas.Oyente = c.network.Listen()
	}
	c.Pruebas.Ahora, c.Pruebas.Quien = c.Clock.Now, "casa" // after a death, "casa" takes its own leases back
	p, err := programa.Open(context.Background(), k, c.Logger(), c.Pruebas)
	if err != nil {
		c.T.Fatal(err)
	}
	ctx, parar := context.WithCancel(context.Background())
	c.Programa, c.stop, c.done = p, parar, make(chan error, 1)
	if c.URL == "" {
		c.Readdress(p.Ajustes.HTTP.URL)
	}
	go func() { c.done <- p.Correr(ctx) }()
}

// Logger shows the program's log when a test fails and -v asks for it.
func (c *Program) Logger() *slog.Logger {
	if !testing.Verbose() || os.Getenv("DESPENSA_TEST_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	log, err := telemetry.NewLog(os.Stderr, telemetry.Config{Formato: "text", Nivel: "debug"})
	if err != nil {
		c.T.Fatal(err)
	}
	return log
}

// Close stops the program as it stops after SIGTERM.
func (c *Program) Close() {
	if c.Programa == nil {
		return
	}
	c.stop()
	err := <-c.done
	if e := c.Programa.Cerrar(); e != nil {
		err = errors.Join(err, e)
	}
	c.Programa = nil
	if err != nil && !errors.Is(err, programa.ErrMuerto) && c.Pruebas.Cut == nil {
		c.T.Errorf("stop: %v", err)
	}
}

// Bury releases the resources of a program that a Death has ended.
func (c *Program) Bury() {
	c.Close()
	c.Pruebas.Cut = nil
}

// Reopen stops the program, or releases one that has died, and starts it again on the same folder. From here on no
// test cuts its effects.
func (c *Program) Reopen() {
	c.T.Helper()
	c.Close()
	c.Pruebas.Cut = nil
	if c.Servers.Shared() { // on servers, the leases of a dead process last until they lapse
		c.Clock.Advance(11 * time.Minute)
	}
	c.Open()
}

// File is the path of a file in the program's data folder.
func (c *Program) File(partes ...string) string {
	return filepath.Join(append([]string{c.Dir}, partes...)...)
}

// Twice runs historia with hand-offs and relays, and again by the orders' own timers alone.
func Twice(t *testing.T, historia func(c *Program), opciones ...func(*Program)) {
	t.Helper()
	t.Run("with hand-offs", func(t *testing.T) {
		t.Parallel()
		historia(Start(t, opciones...))
	})
	t.Run("by own timers", func(t *testing.T) {
		t.Parallel()
		historia(Start(t, append(opciones, WithoutRelays)...))
	})
}

// LookedAt returns when a worker has looked at the order from beginning to end. Mirar is called twice, because the
// second look begins only when a look under way is over.
func (c *Program) LookedAt(id string) {
	c.T.Helper()
	for range 2 {
		c.Until(
			"the order is looked at",
			func() bool { return c.Programa.Pedidos.Mirar(c.T.Context(), id, 0) == nil },
		)
	}
}
