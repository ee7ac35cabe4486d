package storetest_test

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/sqlite"
	"despensa/modules/pedidos/internal/store/storetest"
)

// TestLaSuiteFalla: each of these adapters is broken in one way. The suite must catch every one of them, by the
// cases with names that begin with casos.
func TestLaSuiteFalla(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: the whole suite, once for each broken adapter")
	}
	rotos := map[string]struct {
		romper func(p *storetest.Puertos)
		casos  []string
	}{
		"a save without its version": {
			func(p *storetest.Puertos) { p.Pedidos = sinVersion{p.Pedidos} }, []string{"02 save", "05"},
		},
		"a claim handed out twice": {
			func(p *storetest.Puertos) { p.Pedidos = &dosReclamos{Pedidos: p.Pedidos} }, []string{"03 each"},
		},
		"an event lost": {
			func(p *storetest.Puertos) { p.Pedidos = sinUltimo{p.Pedidos} }, []string{"06 events are published"},
		},
		"a diary that shows a late event late": {
			func(p *storetest.Puertos) { p.Pedidos = &tardio{Pedidos: p.Pedidos} }, []string{"06 the diary while"},
		},
		"a diary that looks past its end": {
			func(p *storetest.Puertos) { p.Pedidos = apurado{p.Pedidos} }, []string{"06 the diary while"},
		},
		"a lease that is not looked at": {
			func(p *storetest.Puertos) { p.Pedidos = sinLease{p.Pedidos} }, []string{"04 one"},
		},
		"a mark that moves the version": {
			func(p *storetest.Puertos) { p.Pedidos = marcaCara{p.Pedidos} }, []string{"06 the publication"},
		},
		"an insert that overwrites": {
			func(p *storetest.Puertos) { p.Pedidos = pisa{p.Pedidos} }, []string{"07 one id", "11 lost answers, orders"},
		},
		"a list that goes on by hour alone": {
			func(p *storetest.Puertos) { p.Pedidos = sinID{p.Pedidos} }, []string{"08 lists"},
		},
		"a context that nobody heeds": {
			func(p *storetest.Puertos) { p.Pedidos = sordo{p.Pedidos} }, []string{"08 a cancelled"},
		},
		"unknown members dropped": {
			func(p *storetest.Puertos) { p.Pedidos = olvidadizo{p.Pedidos} }, []string{"09 round"},
		},
		"zero values skipped": {
			func(p *storetest.Puertos) { p.Pedidos = sinCeros{p.Pedidos} }, []string{"02 zero"},
		},
		"stock saved without its version": {
			func(p *storetest.Puertos) { p.Existencias = existenciaSinVersion{p.Existencias} },
			[]string{"01 stock", "11 lost answers, stock"},
		},
		"a tombstone that dies at once": {
			func(p *storetest.Puertos) { p.Existencias = sinLapida{p.Existencias} },
			[]string{"12 movements", "11 lost answers, stock"},
		},
		"places saved without their version": {
			func(p *storetest.Puertos) { p.Cupos = cuposSinVersion{p.Cupos} }, []string{"12 places are kept"},
		},
		"two products under one id": {
			func(p *storetest.Puertos) { p.Productos = dosProductos{p.Productos} }, []string{"07 one id"},
		},
	}
	for nombre, r := range rotos {
		t.Run(nombre, func(t *testing.T) {
			for _, c := range storetest.Casos() {
				if empieza(c.Nombre, r.casos) && !falla(t, c, r.romper) {
					t.Errorf("%q does not notice it", c.Nombre)
				}
			}
		})
	}
}

// TestLaSuiteNoFallaSinMotivo: the same cases pass on the unbroken adapter, so the break alone makes them fail.
func TestLaSuiteNoFallaSinMotivo(t *testing.T) {
	for _, c := range storetest.Casos() {
		if empieza(c.Nombre, []string{"02", "03 each", "07"}) &&
			falla(t, c, func(*storetest.Puertos) {}) {
			t.Errorf("%q fails on a sound adapter", c.Nombre)
		}
	}
}

func empieza(nombre string, principios []string) bool {
	for _, p := range principios {
		if strings.HasPrefix(nombre, p) {
			return true
		}
	}
	return false
}

// falla runs a case on a store of its own and tells whether it failed.
func falla(t *testing.T, caso storetest.Caso, romper func(*storetest.Puertos)) bool {
	t.Helper()
	tienda, err := sqlite.Open(
		context.Background(),
		sqlite.Opciones{Archivo: filepath.Join(t.TempDir(), "pedidos.db")},
	)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tienda.Cerrar() }()
	p := storetest.Puertos{
		Pedidos:     tienda.Pedidos(),
		Existencias: tienda.Existencias(),
		Productos:   tienda.Productos(),
		Cupos:       tienda.Cupos(),
	}
	romper(&p)
	g := &grabadora{TB: t}
	fin := make(chan struct{})
	go func() { // Fatal ends the goroutine of the case
		defer close(fin)
		caso.Probar(g, p)
	}()
	<-fin
	return g.fallos > 0
}

// grabadora notes failures instead of failing.
type grabadora struct {
	testing.TB
	mu     sync.Mutex
	fallos int
}

func (g *grabadora) Helper()             {}
func (g *grabadora) Log(...any)          {}
func (g *grabadora) Logf(string, ...any) {}
func (g *grabadora) Errorf(string, ...any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fallos++
}
func (g *grabadora) Error(...any) { g.Errorf("") }
func (g *grabadora) Fatalf(string, ...any) {
	g.Errorf("")
	runtime.Goexit()
}
func (g *grabadora) Fatal(...any) { g.Fatalf("") }

type cuposSinVersion struct{ store.Cupos }

// Guardar stores cupo whatever version is stored.
func (s cuposSinVersion) Guardar(ctx context.Context, cupo *pedido.Cupo) error {
	hay, err := s.Leer(ctx, cupo.ID)
	if err != nil {
		return err
	}
	cupo.Version = hay.Version
	return s.Cupos.Guardar(ctx, cupo)
}

type sinVersion struct{ store.Pedidos }

// Guardar stores ped whatever version is stored.
func (s sinVersion) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	for {
		err := s.Pedidos.Guardar(ctx, ped)
		if !errors.Is(err, store.ErrConflicto) {
			return err
		}
		otro, err := s.Leer(ctx, ped.ID)
		if err != nil {
			return err
		}
		ped.Version = otro.Version
	}
}

type dosReclamos struct {
	store.Pedidos
	mu     sync.Mutex
	veces  int
	ultimo *pedido.Pedido
}

// Reclamar hands the hundredth order out a second time.
func (s *dosReclamos) Reclamar(
	ctx context.Context,
	quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.veces++; s.veces == 101 {
		return s.ultimo, nil
	}
	p, err := s.Pedidos.Reclamar(ctx, quien, ahora, hasta)
	s.ultimo = p
	return p, err
}

type sinUltimo struct{ store.Pedidos }

func (s sinUltimo) Publicar(
	ctx context.Context,
	es map[string][]pedido.Evento,
	publicaciones ...store.Publicacion,
) error {
	cortos := map[string][]pedido.Evento{}
	for id, e := range es {
		cortos[id] = e[:len(e)-1]
	}
	return s.Pedidos.Publicar(ctx, cortos, publicaciones...)
}

// tardio shows every third page without its first event, as if this event had been numbered and not yet confirmed.
type tardio struct {
	store.Pedidos
	paginas atomic.Int64
}

func (s *tardio) Diario(
	ctx context.Context,
	tipo string,
	despuesDe int64,
	limite int,
) ([]store.EntradaDelDiario, int64, error) {
	as, hasta, err := s.Pedidos.Diario(ctx, tipo, despuesDe, limite)
	if len(as) > 1 && s.paginas.Add(1)%3 == 0 {
		as = as[1:]
	}
	return as, hasta, err
}

// apurado asks for the end of the diary after it has read the events.
type apurado struct{ store.Pedidos }

func (s apurado) Diario(
	ctx context.Context,
	tipo string,
	despuesDe int64,
	limite int,
) ([]store.EntradaDelDiario, int64, error) {
	as, hasta, err := s.Pedidos.Diario(ctx, tipo, despuesDe, limite)
	if err != nil || len(as) == limite {
		return as, hasta, err
	}
	if _, err := s.Asentar(ctx, limite); err != nil {
		return nil, 0, err
	}
	_, fin, err := s.Pedidos.Diario(ctx, "none", hasta, limite)
	return as, fin, err
}

type sinLease struct{ store.Pedidos }

func (s sinLease) Tomar(
	ctx context.Context,
	id, quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	return s.Pedidos.Tomar(ctx, id, quien, ahora.Add(24*time.Hour), hasta)
}

type marcaCara struct{ store.Pedidos }

func (s marcaCara) Publicadas(ctx context.Context, publicaciones []store.Publicacion) error {
	for _, m := range publicaciones {
		if p, err := s.Leer(ctx, m.Pedido); err == nil {
			_ = s.Guardar(ctx, p)
		}
	}
	return s.Pedidos.Publicadas(ctx, publicaciones)
}

type pisa struct{ store.Pedidos }

func (s pisa) Insertar(ctx context.Context, ped *pedido.Pedido) error {
	if err := s.Pedidos.Insertar(ctx, ped); !errors.Is(err, store.ErrRepetido) {
		return err
	}
	return nil
}

type sinID struct{ store.Pedidos }

func (s sinID) Listar(
	ctx context.Context,
	filtro store.Filtro,
	desde *store.Cursor,
	limite int,
) ([]*pedido.Pedido, error) {
	if desde != nil {
		desde = &store.Cursor{Creado: desde.Creado}
	}
	return s.Pedidos.Listar(ctx, filtro, desde, limite)
}

type sordo struct{ store.Pedidos }

func (s sordo) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	return s.Pedidos.Guardar(context.WithoutCancel(ctx), ped)
}

type olvidadizo struct{ store.Pedidos }

func (s olvidadizo) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	ped.Resto = nil
	return s.Pedidos.Guardar(ctx, ped)
}

type sinCeros struct{ store.Pedidos }

func (s sinCeros) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	if viejo, err := s.Leer(ctx, ped.ID); err == nil && ped.Motivo == "" {
		ped.Motivo = viejo.Motivo
	}
	return s.Pedidos.Guardar(ctx, ped)
}

type existenciaSinVersion struct{ store.Existencias }

func (s existenciaSinVersion) Guardar(
	ctx context.Context,
	existencia *existencias.Existencia,
) error {
	for {
		err := s.Existencias.Guardar(ctx, existencia)
		if !errors.Is(err, store.ErrConflicto) {
			return err
		}
		otra, err := s.Leer(ctx, existencia.ID)
		if err != nil {
			return err
		}
		existencia.Version = otra.Version
	}
}

type sinLapida struct{ store.Existencias }

func (s sinLapida) PonerLapida(
	ctx context.Context,
	clave existencias.Clave,
	hasta time.Time,
) error {
	if err := s.Existencias.PonerLapida(ctx, clave, hasta); err != nil {
		return err
	}
	_, err := s.LimpiarLapidas(ctx, hasta.Add(time.Second), 100)
	return err
}

type dosProductos struct{ store.Productos }

func (s dosProductos) Insertar(ctx context.Context, producto *catalogo.Producto) error {
	_ = s.Productos.Insertar(ctx, producto)
	return nil
}
