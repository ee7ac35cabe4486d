package existencias

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

var t0 = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func dia(n int) *time.Time {
	t := t0.AddDate(0, 0, n)
	return &t
}

func clave(n int) Clave { return Clave{Pedido: fmt.Sprint("p", n), Intento: 1, Vuelta: 1} }

// con is a stock of lotes.
func con(t testing.TB, lotes ...Lote) *Existencia {
	t.Helper()
	e := New("prod", "dep")
	for i, l := range lotes {
		sin(
			t,
			e.Mover(
				Movimiento{ID: fmt.Sprint("alta", i), Cantidad: l.Libre, En: t0},
				l.ID,
				l.Vence,
			),
		)
	}
	return e
}

func sin(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func es(t testing.TB, que string, err, quiero error) {
	t.Helper()
	if !errors.Is(err, quiero) {
		t.Errorf("%s: got %v, want %v", que, err, quiero)
	}
}

func (e *Existencia) cuadrar(t testing.TB, que string, libre int64, reservas, movimientos int) {
	t.Helper()
	if e.Libre() != libre || len(e.Reservas) != reservas || len(e.Movimientos) != movimientos {
		t.Errorf("%s: %d free, %d reservations, %d movements; want %d, %d, %d", que,
			e.Libre(), len(e.Reservas), len(e.Movimientos), libre, reservas, movimientos)
	}
}

// TestFEFO: batches go out in the order of their dates, those without a date last.
func TestFEFO(t *testing.T) {
	lotes := []Lote{
		{ID: "sin", Libre: 5},
		{ID: "b", Vence: dia(2), Libre: 5},
		{ID: "a", Vence: dia(2), Libre: 5},
		{ID: "viejo", Vence: dia(1), Libre: 5},
	}
	casos := map[string]struct {
		cantidad int64
		tomas    string
	}{
		"from the oldest":        {3, "[viejo:3]"},
		"all of the oldest":      {5, "[viejo:5]"},
		"into the next, by name": {7, "[viejo:5 a:2]"},
		"to the undated":         {16, "[viejo:5 a:5 b:5 sin:1]"},
		"everything":             {20, "[viejo:5 a:5 b:5 sin:5]"},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			e := con(t, lotes...)
			antes := slices.Clone(e.Lotes)
			sin(t, e.Reservar(clave(1), Demanda{Cantidad: c.cantidad}))
			if s := dibujar(e.Reservas[0].Tomas); s != c.tomas {
				t.Errorf("took %s, want %s", s, c.tomas)
			}
			e.Liberar(clave(1))
			iguales := func(a, b Lote) bool { return a.ID == b.ID && a.Libre == b.Libre && igual(a.Vence, b.Vence) }
			if !slices.EqualFunc(e.Lotes, antes, iguales) {
				t.Errorf("given back: %v, want %v", e.Lotes, antes)
			}
		})
	}
}

func dibujar(tomas []Toma) string {
	var out []string
	for _, t := range tomas {
		out = append(out, fmt.Sprintf("%s:%d", t.Lote, t.Cantidad))
	}
	return fmt.Sprint(out)
}

func TestReservar(t *testing.T) {
	e := con(t, Lote{ID: "a", Vence: dia(1), Libre: 10})
	es(t, "more than there is", e.Reservar(clave(1), Demanda{Cantidad: 11}), ErrFalta)
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 6}))
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 6})) // once
	e.cuadrar(t, "reserved twice", 4, 1, 1)
	es(t, "more than is left", e.Reservar(clave(2), Demanda{Cantidad: 5}), ErrFalta)
	e.Liberar(clave(2)) // nothing is reserved under this key
	e.Liberar(clave(1))
	e.Liberar(clave(1))
	e.cuadrar(t, "released twice", 10, 0, 1)
	otra := clave(1)
	otra.Vuelta = 2
	sin(t, e.Reservar(otra, Demanda{Cantidad: 1}))
	e.Liberar(clave(1)) // another vuelta's key
	e.cuadrar(t, "the other vuelta", 9, 1, 1)
}

func TestLimites(t *testing.T) {
	e := con(t, Lote{ID: "a", Libre: 10_000})
	for i := range MaxLentas {
		sin(t, e.Reservar(clave(i), Demanda{Cantidad: 1, Lenta: true}))
	}
	es(
		t,
		"a slow one too many",
		e.Reservar(clave(5000), Demanda{Cantidad: 1, Lenta: true}),
		ErrLleno,
	)
	// This reservation exists already.
	sin(t, e.Reservar(clave(7), Demanda{Cantidad: 1, Lenta: true}))
	for i := MaxLentas; i < MaxReservas; i++ {
		sin(t, e.Reservar(clave(i), Demanda{Cantidad: 1}))
	}
	es(t, "one too many", e.Reservar(clave(5000), Demanda{Cantidad: 1}), ErrLleno)
	e.Liberar(clave(0))
	sin(t, e.Reservar(clave(5000), Demanda{Cantidad: 1, Lenta: true}))
	e.cuadrar(t, "full", 10_000-MaxReservas, MaxReservas, 1)
}

// TestVenderYDevolver: a sale and its return are one movement each, however often Vender and Devolver are called.
func TestVenderYDevolver(t *testing.T) {
	e := con(t, Lote{ID: "a", Vence: dia(1), Libre: 4}, Lote{ID: "b", Vence: dia(2), Libre: 6})
	es(t, "selling what nobody reserved", e.Vender(clave(1), t0), ErrSinReserva)
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 7}))
	sin(t, e.Vender(clave(1), t0))
	sin(t, e.Vender(clave(1), t0))
	e.cuadrar(t, "sold twice", 3, 0, 3)
	venta, hay := e.Movimiento(IDVenta("p1", 1, "prod"))
	if !hay || venta.Cantidad != -7 || dibujar(venta.Tomas) != "[a:4 b:3]" ||
		venta.Vuelta != 1 ||
		venta.Pedido != "p1" {
		t.Fatalf("the sale: %+v", venta)
	}
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 7})) // a caller that comes late
	e.Liberar(clave(1))
	e.cuadrar(t, "reserved after the sale", 3, 0, 3)

	e.Devolver(venta, 0, t0)
	e.Devolver(venta, 0, t0)
	e.cuadrar(t, "given back twice", 10, 0, 4)
	if v, hay := e.Movimiento(IDVentaDeshecha(venta.ID)); !hay || v.Cantidad != 7 ||
		dibujar(v.Tomas) != "[a:4 b:3]" {
		t.Errorf("the return: %+v", v)
	}
	e.Publicados([]string{venta.ID, "ajeno"})
	e.cuadrar(t, "once published", 10, 0, 3)
	es(t, "selling after that", e.Vender(clave(1), t0), ErrSinReserva)
}

// TestVendidoYReservado: a caller that comes late and reserves again after the sale does not sell twice.
func TestVendidoYReservado(t *testing.T) {
	e := con(t, Lote{ID: "a", Libre: 10})
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 4}))
	sin(t, e.Vender(clave(1), t0))
	venta, _ := e.Movimiento(IDVenta("p1", 1, "prod"))
	e.Publicados([]string{venta.ID})
	// The sale is published, and the aggregate does not know it.
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 4}))
	e.Movimientos = append(e.Movimientos, venta)
	sin(t, e.Vender(clave(1), t0))
	e.cuadrar(t, "sold again", 6, 0, 2)
}

// TestMover: stock comes in and goes out by hand, of a named batch or first expired first.
func TestMover(t *testing.T) {
	lotes := []Lote{{ID: "a", Vence: dia(1), Libre: 5}, {ID: "b", Vence: dia(2), Libre: 5}}
	casos := map[string]struct {
		cantidad int64
		lote     string
		err      error
		queda    int64
		tomas    string
	}{
		"in, a new batch":          {3, "c", nil, 13, "[c:3]"},
		"in, unnamed":              {3, "", nil, 13, "[:3]"},
		"out, oldest first":        {-7, "", nil, 3, "[a:5 b:2]"},
		"out of a batch":           {-5, "b", nil, 5, "[b:5]"},
		"out, too much":            {-11, "", ErrFalta, 10, ""},
		"out of a batch, too much": {-6, "b", ErrFalta, 10, ""},
		"out of no batch":          {-1, "x", ErrFalta, 10, ""},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			e := con(t, lotes...)
			m := Movimiento{ID: "m", Cantidad: c.cantidad, Motivo: "a mano", En: t0}
			es(t, "moved", e.Mover(m, c.lote, nil), c.err)
			es(t, "moved again", e.Mover(m, c.lote, nil), c.err)
			if e.Libre() != c.queda {
				t.Errorf("%d free, want %d", e.Libre(), c.queda)
			}
			hecho, hay := e.Movimiento("m")
			if hay != (c.err == nil) ||
				hay &&
					(dibujar(hecho.Tomas) != c.tomas || hecho.Producto != "prod" || hecho.Deposito != "dep") {
				t.Errorf("the movement: %+v", hecho)
			}
		})
	}
}

// TestLoteConDosFechas: the same batch with two dates is two batches.
func TestLoteConDosFechas(t *testing.T) {
	e := con(
		t,
		Lote{ID: "a", Vence: dia(2), Libre: 5},
		Lote{ID: "a", Vence: dia(1), Libre: 5},
		Lote{ID: "a", Libre: 5},
	)
	if len(e.Lotes) != 3 || !e.Lotes[0].Vence.Equal(*dia(1)) || e.Lotes[2].Vence != nil {
		t.Errorf("batches: %+v", e.Lotes)
	}
}
