package reservas

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/sqlite"
	"despensa/platform/guard"
)

var t0 = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// aires is the zone of the company's days.
var aires = time.FixedZone("Buenos Aires", -3*60*60)

func reloj() time.Time { return t0 }

func conSQLite(t testing.TB) store.Existencias {
	t.Helper()
	s, err := sqlite.Open(
		context.Background(),
		sqlite.Opciones{Archivo: filepath.Join(t.TempDir(), "pedidos.db")},
	)
	bien(t, err)
	t.Cleanup(func() { bien(t, s.Cerrar()) })
	return s.Existencias()
}

// enCada runs f on every store.
func enCada(t *testing.T, f func(t *testing.T, s store.Existencias)) {
	t.Run("memory", func(t *testing.T) { f(t, nuevaFalsa()) })
	t.Run("sqlite", func(t *testing.T) { f(t, conSQLite(t)) })
}

func surtir(t testing.TB, s store.Existencias, producto string, n int64) *Reservas {
	t.Helper()
	a := New(s, reloj, aires, guard.Guard{})
	m := existencias.Movimiento{
		ID:       "alta:" + producto,
		Huella:   "h",
		Cantidad: n,
		Motivo:   "compra",
		En:       t0,
	}
	_, _, err := a.Mover(context.Background(), m, producto, "d", "", nil)
	bien(t, err)
	return a
}

func requerimiento(n int, lineas ...Linea) Requerimiento {
	return Requerimiento{
		Pedido:   fmt.Sprint("pedido", n),
		Intento:  1,
		Vuelta:   1,
		Deposito: "d",
		Lineas:   lineas,
	}
}

// cuadra checks that the free and the reserved units of producto in depot d are those that came in less those that
// went out, with each movement counted once, the published ones among ids too. It gives the free units.
func cuadra(t testing.TB, s store.Existencias, producto string, ids ...string) int64 {
	t.Helper()
	e, err := s.Leer(context.Background(), existencias.ID(producto, "d"))
	bien(t, err)
	movs := map[string]int64{}
	publicados, err := s.Movimientos(context.Background(), append(ids, "alta:"+producto))
	bien(t, err)
	for _, m := range append(publicados, e.Movimientos...) {
		movs[m.ID] = m.Cantidad
	}
	hay, deberia := e.Libre(), int64(0)
	for _, r := range e.Reservas {
		hay += r.Cantidad
	}
	for _, n := range movs {
		deberia += n
	}
	if hay != deberia {
		t.Fatalf("%s: %d in stock, the movements say %d", producto, hay, deberia)
	}
	return e.Libre()
}

// TestVeinteParaSesentaYCuatro: of 64 callers that reserve at once, as many get goods as there are units, and the
// others get ErrFalta.
func TestVeinteParaSesentaYCuatro(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		a := surtir(t, s, "p", 20)
		var van, faltan atomic.Int64
		var todos sync.WaitGroup
		for i := range 64 {
			todos.Go(func() {
				switch err := a.Reservar(context.Background(), requerimiento(i, Linea{Producto: "p", Cantidad: 1})); {
				case err == nil:
					van.Add(1)
				case errors.Is(err, existencias.ErrFalta):
					faltan.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		todos.Wait()
		if van.Load() != 20 || faltan.Load() != 44 || cuadra(t, s, "p") != 0 {
			t.Fatalf("%d reserved, %d refused", van.Load(), faltan.Load())
		}
		a.cola.mu.Lock()
		defer a.cola.mu.Unlock()
		if n := len(a.cola.esperan); n > 0 {
			t.Errorf("%d still wait", n)
		}
	})
}

func TestTardeNoEntra(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		for nombre, deshacer := range map[string]bool{"reserve": false, "sell": true} {
			t.Run(nombre, func(t *testing.T) { tarde(t, s, nombre, deshacer) })
		}
	})
}

// tarde parks a deed of one process between its read and its save while another
// process releases.
func tarde(t *testing.T, s store.Existencias, producto string, vende bool) {
	ctx, en := context.Background(), requerimiento(1, Linea{Producto: producto, Cantidad: 3})
	en.Pedido += producto
	a, p := surtir(t, s, producto, 10), parar(s)
	lento := New(p, reloj, aires, guard.Guard{})
	deed := lento.Reservar
	if vende {
		bien(t, a.Reservar(ctx, en))
		deed = lento.Vender
	}
	fin := make(chan error, 1)
	go func() { fin <- deed(ctx, en) }()
	<-p.llego
	bien(t, a.Liberar(ctx, en, t0))
	close(p.sigue)
	es(t, <-fin, ErrLiberada)
	if libre := cuadra(t, s, producto); libre != 10 {
		t.Fatalf("%d free, want 10", libre)
	}
	es(t, a.Reservar(ctx, en), ErrLiberada)
	es(t, a.Vender(ctx, en), ErrLiberada)
	bien(t, a.Liberar(ctx, en, t0))
}

// TestUnLoteUnGuardado: callers that wait together share one read and one write, and each gets its own answer.
func TestUnLoteUnGuardado(t *testing.T) {
	f := nuevaFalsa()
	surtir(t, f, "p", 100)
	p := parar(f)
	a := New(p, reloj, aires, guard.Guard{})
	antes := f.guardados
	var todos sync.WaitGroup
	todos.Go(func() {
		es(
			t,
			a.Reservar(
				context.Background(),
				requerimiento(99, Linea{Producto: "p", Cantidad: 1}),
			),
			nil,
		)
	})
	<-p.llego
	ido, irse := context.WithCancel(context.Background())
	todos.Go(
		func() { es(t, a.Reservar(ido, requerimiento(98, Linea{Producto: "p", Cantidad: 1})), context.Canceled) },
	)
	for i := range 64 {
		todos.Go(func() {
			en := requerimiento(i, Linea{Producto: "p", Cantidad: 1 + int64(i/63)*1000})
			es(t, a.Reservar(context.Background(), en), faltaSi(i == 63))
		})
	}
	esperan(t, a, 65)
	irse()
	close(p.sigue)
	todos.Wait()
	if n := f.guardados - antes; n != 2 {
		t.Fatalf("%d saves, want 2", n)
	}
	if libre := cuadra(t, f, "p"); libre != 36 {
		t.Fatalf("%d free, want 36: who left is not served", libre)
	}
}

func faltaSi(falta bool) error {
	if falta {
		return existencias.ErrFalta
	}
	return nil
}

// esperan waits until n operations are in the queue.
func esperan(t *testing.T, reservas *Reservas, n int) {
	t.Helper()
	pulso, limite := time.NewTicker(time.Millisecond), time.After(5*time.Second)
	defer pulso.Stop()
	for {
		reservas.cola.mu.Lock()
		hay := len(reservas.cola.esperan)
		reservas.cola.mu.Unlock()
		if hay == n {
			return
		}
		select {
		case <-pulso.C:
		case <-limite:
			t.Fatalf("%d wait, want %d", hay, n)
		}
	}
}

// TestMover: stock comes in and goes out by hand, and a movement with a known id gives the first answer again.
func TestMover(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		ctx, a := context.Background(), surtir(t, s, "p", 10)
		m := existencias.Movimiento{
			ID:       "m",
			Huella:   "h",
			Cantidad: -4,
			Motivo:   "rotura",
			En:       t0,
		}
		for i := range 3 {
			hecho, repetido, err := a.Mover(ctx, m, "p", "d", "", nil)
			bien(t, err)
			if repetido != (i > 0) || hecho.Cantidad != -4 || len(hecho.Tomas) != 1 {
				t.Fatalf("%d: %+v %v", i, hecho, repetido)
			}
			otra := m
			otra.Huella = "otra"
			_, _, err = a.Mover(ctx, otra, "p", "d", "", nil)
			es(t, err, ErrHuella)
			if i == 1 {
				n, err := a.Publicar(ctx, 10)
				bien(t, err)
				if quiero := map[bool]int{true: 0, false: 2}[s.Juntas()]; n != quiero {
					t.Fatalf("%d published, want %d", n, quiero)
				}
			}
		}
		_, _, err := a.Mover(
			ctx,
			existencias.Movimiento{ID: "n", Cantidad: -7},
			"p",
			"d",
			"",
			nil,
		)
		es(t, err, existencias.ErrFalta)
		if libre := cuadra(t, s, "p", "m"); libre != 6 {
			t.Fatalf("%d free", libre)
		}
	})
}

func TestElLlenoPublica(t *testing.T) {
	f := nuevaFalsa()
	ctx, a := context.Background(), surtir(t, f, "p", 1)
	for i := range existencias.MaxMovimientos + 1 {
		_, _, err := a.Mover(
			ctx,
			existencias.Movimiento{ID: fmt.Sprint(i), Cantidad: 1, En: t0},
			"p",
			"d",
			"",
			nil,
		)
		bien(t, err)
	}
	e, err := f.Leer(ctx, existencias.ID("p", "d"))
	bien(t, err)
	if len(f.movs) != existencias.MaxMovimientos || len(e.Movimientos) != 2 {
		t.Fatalf("%d published, %d not", len(f.movs), len(e.Movimientos))
	}
}

// TestSurtido: which depots have all the lines, and which products no depot has enough of, by the dates of the batches.
func TestSurtido(t *testing.T) {
	ctx, f := context.Background(), nuevaFalsa()
	surtir(t, f, "p", 5)
	a := surtir(t, f, "q", 5)
	_, _, err := a.Mover(ctx, existencias.Movimiento{ID: "x", Cantidad: 9}, "p", "e", "", nil)
	bien(t, err)
	vence := t0.AddDate(0, 0, 2)
	_, _, err = a.Mover(
		ctx,
		existencias.Movimiento{ID: "y", Cantidad: 2},
		"q",
		"d",
		"L",
		&vence,
	)
	bien(t, err)
	linea := func(producto string, n, vida int64) Linea { return Linea{Producto: producto, Cantidad: n, Vida: vida} }
	cortas := []Linea{linea("q", 8, 0), linea("p", 10, 0), linea("z", 1, 0)}
	for nombre, c := range map[string]struct {
		lineas []Linea
		dias   int
		d, e   bool
		faltan string
	}{
		"one depot":                {[]Linea{linea("q", 5, 0), linea("p", 5, 0)}, 0, true, false, "[]"},
		"a line twice":             {[]Linea{linea("p", 3, 0), linea("p", 3, 0)}, 0, false, true, "[]"},
		"short":                    {cortas, 0, false, false, "[p q z]"},
		"no depot has it":          {[]Linea{linea("q", 1, 0), linea("p", 6, 0)}, 0, false, false, "[]"},
		"good until then":          {[]Linea{linea("q", 7, 0)}, 2, true, false, "[]"},
		"expires before":           {[]Linea{linea("q", 7, 0)}, 3, false, false, "[q]"},
		"good as long beyond":      {[]Linea{linea("q", 7, 2)}, 0, true, false, "[]"},
		"not good as long beyond":  {[]Linea{linea("q", 7, 3)}, 0, false, false, "[q]"},
		"the strictest of a line":  {[]Linea{linea("q", 4, 0), linea("q", 3, 3)}, 0, false, false, "[q]"},
		"what keeps does, anytime": {[]Linea{linea("q", 5, 365)}, 365, true, false, "[]"},
	} {
		t.Run(nombre, func(t *testing.T) {
			s, err := a.Surtido(ctx, c.lineas)
			bien(t, err)
			hasta := t0.AddDate(0, 0, c.dias)
			if s.Tiene("d", hasta) != c.d || s.Tiene("e", hasta) != c.e ||
				fmt.Sprint(s.Faltan(hasta)) != c.faltan {
				t.Fatal(s.Tiene("d", hasta), s.Tiene("e", hasta), s.Faltan(hasta))
			}
		})
	}
}

// BenchmarkReservarCaliente is 64 buyers of one product on SQLite.
func BenchmarkReservarCaliente(b *testing.B) {
	ctx, a := context.Background(), surtir(b, conSQLite(b), "p", 1<<40)
	var n atomic.Int64
	var todos sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		todos.Go(func() {
			for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
				en := requerimiento(int(i), Linea{Producto: "p", Cantidad: 1})
				if err := errors.Join(a.Reservar(ctx, en), a.Liberar(ctx, en, t0)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	todos.Wait()
}
