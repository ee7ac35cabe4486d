//go:build !race

package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/telemetry"
)

// manana is when the tests' companies begin: a Tuesday, nine in the morning in Buenos Aires.
var manana = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// reloj runs like the real one, from an hour that the test chooses and moves.
type reloj struct {
	desde  time.Time
	inicio time.Time
	salto  atomic.Int64
}

func nuevoReloj(desde time.Time) *reloj { return &reloj{desde: desde, inicio: time.Now()} }

func (r *reloj) Ahora() time.Time {
	return r.desde.Add(time.Since(r.inicio) + time.Duration(r.salto.Load())).UTC()
}

func (r *reloj) adelantar(d time.Duration) { r.salto.Add(int64(d)) }

// casa is the whole program in this process, over a folder of its own, with everything
// real but its clock: HTTP, tokens, stores, stand-ins.
type casa struct {
	*sitio
	dir   string
	bases servidores
	reloj *reloj
	pr    Pruebas
	mudar func(*Configuracion)
	p     *programa
	parar context.CancelFunc
	fin   chan error

	largada *largada // of races
}

// alquilar opens a casa with the demo data and lets it run until the test ends.
func alquilar(t testing.TB, opciones ...func(*casa)) *casa {
	t.Helper()
	c := &casa{sitio: nuevoSitio(t), dir: t.TempDir(), reloj: nuevoReloj(manana), mudar: func(*Configuracion) {}}
	for _, o := range opciones {
		o(c)
	}
	if err := os.CopyFS(c.dir, os.DirFS(preparada(t))); err != nil {
		t.Fatal(err)
	}
	c.bases = prestados(t, molde.bases)
	t.Logf("RAN ON %s", c.bases)
	c.abrir()
	t.Cleanup(c.cerrar)
	return c
}

// sinRelevos switches every relay and hand-off off.
func sinRelevos(c *casa) { c.pr.SinRelevos = true }

// conAjustes changes settings.
func conAjustes(f func(*Configuracion)) func(*casa) {
	return func(c *casa) {
		antes := c.mudar
		c.mudar = func(k *Configuracion) { antes(k); f(k) }
	}
}

// preparada is a folder with the demo data, all of it published, made once.
func preparada(t testing.TB) string {
	t.Helper()
	molde.una.Do(func() {
		if molde.dir, molde.falla = os.MkdirTemp("", "despensa-preparada-"); molde.falla == nil {
			molde.falla = amueblar(t, molde.dir)
		}
	})
	if molde.falla != nil {
		t.Fatal(molde.falla)
	}
	return molde.dir
}

var molde struct {
	una    sync.Once
	dir    string
	bases  servidores
	soltar func() error
	falla  error
}

// amueblar lets a program seed dir, and publish what it seeded.
func amueblar(t testing.TB, dir string) error {
	var err error
	if molde.bases, molde.soltar, err = crearServidores(servidores{}); err != nil {
		return err
	}
	c := &casa{sitio: nuevoSitio(t), dir: dir, bases: molde.bases, reloj: nuevoReloj(manana), mudar: func(k *Configuracion) {
		k.Auditoria.Intervalo, k.Auditoria.EsperaMax = time.Minute, time.Minute // each copy carries the trail on to a place of its own
	}}
	c.abrir()
	defer c.cerrar()
	return c.como("admin").Hacer(t.Context(), "GET", "/productos/"+c.secos()[0].ID+"/movimientos", nil, nil)
}

func TestMain(m *testing.M) {
	codigo := m.Run()
	if molde.dir != "" {
		os.RemoveAll(molde.dir)
	}
	if molde.soltar != nil {
		_ = molde.soltar() // the server is a test's own
	}
	if ejecutable.dir != "" {
		os.RemoveAll(ejecutable.dir)
	}
	os.Exit(codigo)
}

// configDePrueba is the default configuration with timers fit for a test.
func configDePrueba(dir string) Configuracion {
	c, err := leerConfiguracion([]string{"DESPENSA_HTTP_DIRECCION=127.0.0.1:0", "DESPENSA_DATOS=" + dir})
	if err != nil {
		panic(err)
	}
	c.HTTP.Limite, c.HTTP.LimiteFallos = 1_000_000, 1_000_000
	c.Pedidos.Sondeo, c.Pedidos.FranjaPublicar = 10*time.Millisecond, 50*time.Millisecond
	c.Pedidos.Mirar.Pago, c.Pedidos.Mirar.Visita = 100*time.Millisecond, 100*time.Millisecond
	c.Pedidos.Espera.Minima, c.Pedidos.Espera.Maxima = 20*time.Millisecond, 200*time.Millisecond
	c.Pagos.EsperaMin, c.Pagos.EsperaMax = 5*time.Millisecond, 20*time.Millisecond
	c.Pagos.SondeoMin, c.Pagos.SondeoMax = 50*time.Millisecond, 200*time.Millisecond
	c.Pagos.Ronda, c.Pagos.AvisoReposo = 50*time.Millisecond, 20*time.Millisecond
	c.Pagos.CortePausa = 100 * time.Millisecond
	c.Rutas.Cierre = 50 * time.Millisecond
	c.Auditoria.Intervalo, c.Auditoria.EsperaMax = 50*time.Millisecond, 500*time.Millisecond
	c.Turno.Lease = 10 * time.Minute // renewed by no test, so that none sees it as a boundary
	return c
}

// abrir starts the program on the casa's folder.
func (c *casa) abrir() {
	c.t.Helper()
	k := configDePrueba(c.dir)
	c.bases.entregar(&k)
	c.mudar(&k)
	if c.url != "" { // the same address again, so that tokens stay good
		k.HTTP.Direccion = strings.TrimPrefix(c.url, "http://")
	}
	c.pr.Ahora, c.pr.Quien = c.reloj.Ahora, "casa" // it is back at once after a death
	p, err := abrir(context.Background(), k, c.registro(), c.pr)
	if err != nil {
		c.t.Fatal(err)
	}
	ctx, parar := context.WithCancel(context.Background())
	c.p, c.parar, c.fin = p, parar, make(chan error, 1)
	if c.url == "" {
		c.mudarse(p.c.HTTP.URL)
	}
	go func() { c.fin <- p.Correr(ctx) }()
}

// registro shows the program's log when a test fails and -v asks for it.
func (c *casa) registro() *slog.Logger {
	if !testing.Verbose() || os.Getenv("DESPENSA_TEST_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	log, err := telemetry.NuevoLog(os.Stderr, telemetry.Config{Formato: "text", Nivel: "debug"})
	if err != nil {
		c.t.Fatal(err)
	}
	return log
}

// cerrar stops the program as SIGTERM would.
func (c *casa) cerrar() {
	if c.p == nil {
		return
	}
	c.parar()
	err := <-c.fin
	if e := c.p.Cerrar(); e != nil {
		err = errors.Join(err, e)
	}
	c.p = nil
	if err != nil && !errors.Is(err, errMuerto) && c.pr.Corte == nil {
		c.t.Errorf("stop: %v", err)
	}
}

// reabrir stops the program, or lets go of one that has died, and starts it again on
// the same folder; from here on nothing cuts it.
func (c *casa) reabrir() {
	c.t.Helper()
	c.cerrar()
	c.pr.Corte = nil
	if c.bases.compartidas() { // there nobody ends what a dead process held before its time
		c.reloj.adelantar(11 * time.Minute)
	}
	c.abrir()
}

// archivo is a file of the casa.
func (c *casa) archivo(partes ...string) string {
	return filepath.Join(append([]string{c.dir}, partes...)...)
}
