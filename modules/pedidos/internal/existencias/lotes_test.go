package existencias

import (
	"fmt"
	"testing"
	"time"
)

// aires is the zone of the company's days.
var aires = time.FixedZone("Buenos Aires", -3*60*60)

func hora(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// TestGoodsLastUntilTheEndOfTheirDay: goods are good until the end of the day in Buenos Aires on which their date lies.
func TestGoodsLastUntilTheEndOfTheirDay(t *testing.T) {
	casos := map[string]struct {
		vence, hasta string
		dias         int64
		quiero       bool
	}{
		"that day, an hour after": {
			"2026-12-01T15:00:00Z",
			"2026-12-01T16:00:00Z",
			0,
			true,
		},
		"that day, its last minute": {
			"2026-12-01T03:00:00Z",
			"2026-12-02T02:59:00Z",
			0,
			true,
		},
		"until midnight": {
			"2026-12-01T15:00:00Z",
			"2026-12-02T03:00:00Z",
			0,
			true,
		},
		"a minute after midnight": {
			"2026-12-01T15:00:00Z",
			"2026-12-02T03:01:00Z",
			0,
			false,
		},
		"midnight of London is the day before": {
			"2026-12-01T00:00:00Z",
			"2026-12-01T12:00:00Z",
			0,
			false,
		},
		"and good that evening": {
			"2026-12-01T00:00:00Z",
			"2026-12-01T02:00:00Z",
			0,
			true,
		},
		"in the zone of the buyer": {
			"2026-12-01T00:00:00-03:00",
			"2026-12-01T20:00:00-03:00",
			0,
			true,
		},
		"the day before": {
			"2026-11-30T15:00:00Z",
			"2026-12-01T16:00:00Z",
			0,
			false,
		},
		"a day beyond, and that is the minimum": {
			"2026-12-02T15:00:00Z",
			"2026-12-01T16:00:00Z",
			1,
			true,
		},
		"a day beyond of two": {
			"2026-12-02T15:00:00Z",
			"2026-12-01T16:00:00Z",
			2,
			false,
		},
		"over the end of a month": {
			"2027-01-03T15:00:00Z",
			"2026-12-30T16:00:00Z",
			4,
			true,
		},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			vence := hora(c.vence)
			if got := Dura(&vence, VenceMinimo(hora(c.hasta), c.dias, aires)); got != c.quiero {
				t.Errorf("got %v", got)
			}
		})
	}
	if minimo := VenceMinimo(hora("2026-12-01T16:00:00Z"), 365, aires); !Dura(nil, minimo) {
		t.Error("goods without a date do not keep")
	}
	if !VenceMinimo(time.Time{}, 9, aires).IsZero() {
		t.Error("no time at all demands something")
	}
}

func TestOneDateIsADay(t *testing.T) {
	a, misma, otra := hora(
		"2026-12-01T04:00:00Z",
	), hora(
		"2026-12-02T02:00:00Z",
	), hora("2026-12-01T02:00:00Z")
	for nombre, c := range map[string]struct {
		b      *time.Time
		quiero bool
	}{"another hour": {&misma, true}, "the day before": {&otra, false}, "none": {nil, false}} {
		if MismaFecha(&a, c.b, aires) != c.quiero || MismaFecha(c.b, &a, aires) != c.quiero {
			t.Errorf("%s: not %v", nombre, c.quiero)
		}
	}
	if !MismaFecha(nil, nil, aires) {
		t.Error("none and none are two dates")
	}
}

// TestOnlyGoodBatchesAreSold: units that expire before they may be eaten are not sold; of the others, those that expire
// first are sold first.
func TestOnlyGoodBatchesAreSold(t *testing.T) {
	lotes := []Lote{
		{ID: "ayer", Vence: dia(-1), Libre: 5},
		{ID: "hoy", Vence: dia(0), Libre: 5},
		{ID: "luego", Vence: dia(90), Libre: 5},
		{ID: "tarde", Vence: dia(91), Libre: 2},
		{ID: "", Libre: 1},
	}
	casos := map[string]struct {
		minimo   time.Time
		cantidad int64
		tomas    string
		libre    int64
		err      error
	}{
		"whatever the date":            {time.Time{}, 7, "[ayer:5 hoy:2]", 18, nil},
		"for today":                    {*dia(0), 6, "[hoy:5 luego:1]", 13, nil},
		"for tomorrow":                 {*dia(1), 6, "[luego:5 tarde:1]", 8, nil},
		"for tomorrow, all":            {*dia(1), 8, "[luego:5 tarde:2 :1]", 8, nil},
		"for tomorrow, more than that": {*dia(1), 9, "", 8, ErrFalta},
		"for a year on":                {*dia(365), 1, "[:1]", 1, nil},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			e := con(t, lotes...)
			if n := e.LibreDesde(c.minimo); n != c.libre {
				t.Errorf("%d may be sold, want %d", n, c.libre)
			}
			es(
				t,
				"reserved",
				e.Reservar(clave(1), Demanda{Cantidad: c.cantidad, VenceMinimo: c.minimo}),
				c.err,
			)
			if c.err == nil && dibujar(e.Reservas[0].Tomas) != c.tomas {
				t.Errorf("took %s, want %s", dibujar(e.Reservas[0].Tomas), c.tomas)
			}
			e.Liberar(clave(1))
			if e.Libre() != 18 || e.LibreDesde(c.minimo) != c.libre {
				t.Errorf(
					"released: %d, of which %d may be sold",
					e.Libre(),
					e.LibreDesde(c.minimo),
				)
			}
		})
	}
}

// TestReservedGoodsLast: Duran looks at the batches of a reservation or a sale, and is true without either.
func TestReservedGoodsLast(t *testing.T) {
	e := con(t, Lote{ID: "a", Vence: dia(1), Libre: 4}, Lote{ID: "b", Vence: dia(9), Libre: 4})
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 6}))
	sin(t, e.Reservar(clave(2), Demanda{Cantidad: 1, VenceMinimo: *dia(2)}))
	venta := Movimiento{Tomas: []Toma{{Lote: "a", Vence: dia(1), Cantidad: 2}}}
	for nombre, c := range map[string]struct {
		c      Clave
		venta  Movimiento
		minimo *time.Time
		quiero bool
	}{
		"both batches":             {clave(1), Movimiento{}, dia(1), true},
		"the second alone":         {clave(1), Movimiento{}, dia(2), false},
		"of the second":            {clave(2), Movimiento{}, dia(9), true},
		"sold":                     {clave(3), venta, dia(1), true},
		"sold, and expired before": {clave(3), venta, dia(2), false},
		"neither":                  {clave(3), Movimiento{}, dia(99), true},
	} {
		if e.Duran(c.c, c.venta, *c.minimo) != c.quiero {
			t.Errorf("%s: not %v", nombre, c.quiero)
		}
	}
}

// TestABatchWithTwoDatesIsTakenOut: a batch that an earlier release took in under two dates is one batch for the
// operator that takes it out.
func TestABatchWithTwoDatesIsTakenOut(t *testing.T) {
	e := con(t,
		Lote{ID: "a", Vence: dia(2), Libre: 5},
		Lote{ID: "a", Vence: dia(1), Libre: 5},
		Lote{ID: "b", Vence: dia(0), Libre: 5},
	)
	sin(t, e.Mover(Movimiento{ID: "m", Cantidad: -8}, "a", nil))
	m, _ := e.Movimiento("m")
	if dibujar(m.Tomas) != "[a:5 a:3]" || !m.Tomas[0].Vence.Equal(*dia(1)) || e.Libre() != 7 {
		t.Errorf("took %s, %d left", dibujar(m.Tomas), e.Libre())
	}
	es(t, "more than there is", e.Mover(Movimiento{ID: "n", Cantidad: -3}, "a", nil), ErrFalta)
}

func TestTheDateOfABatch(t *testing.T) {
	e := con(t,
		Lote{ID: "a", Vence: dia(2), Libre: 5},
		Lote{ID: "a", Vence: dia(1), Libre: 5},
		Lote{ID: "b", Vence: dia(3), Libre: 5},
		Lote{ID: "c", Libre: 1},
	)
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 5, VenceMinimo: *dia(3)}))
	for lote, quiero := range map[string]*time.Time{"a": dia(1), "b": dia(3), "c": nil} {
		if v, ok := e.FechaDe(lote); !ok || !igual(v, quiero) {
			t.Errorf("%s: %v, %v", lote, v, ok)
		}
	}
	if _, ok := e.FechaDe("x"); ok {
		t.Error("there is no such batch")
	}
}

// vendido is a stock of 10, of which 4 of two batches are sold, and the sale.
func vendido(t *testing.T) (*Existencia, Movimiento) {
	e := con(t, Lote{ID: "a", Vence: dia(1), Libre: 3}, Lote{ID: "b", Vence: dia(2), Libre: 7})
	sin(t, e.Reservar(clave(1), Demanda{Cantidad: 4}))
	sin(t, e.Vender(clave(1), t0))
	venta, _ := e.Movimiento(IDVenta("p1", 1, "prod"))
	return e, venta
}

// TestGoodsComeBackOnce: goods come back once: into stock, or thrown away; the undoing gives only the rest back.
func TestGoodsComeBackOnce(t *testing.T) {
	uno := Retorno{Devolucion: "d", Toma: Toma{Lote: "a", Vence: dia(1), Cantidad: 1}}
	tirado := Retorno{
		Devolucion: "d",
		Numero:     1,
		Toma:       Toma{Lote: "b", Vence: dia(2), Cantidad: 3},
		Descarte:   true,
	}
	ambos := []Retorno{uno, tirado}
	casos := map[string]struct {
		retornos []Retorno
		fuera    int64
		libre    int64
		motivos  string
	}{
		"one into stock": {[]Retorno{uno}, 4, 7, "[venta:-4 devolucion:1]"},
		"and three thrown away": {
			ambos,
			4,
			7,
			"[venta:-4 devolucion:1 devolucion:3 descarte:-3]",
		},
		"none, the rest undone": {nil, 0, 10, "[venta:-4 devolucion:4]"},
		"one, the rest undone": {
			[]Retorno{uno},
			1,
			10,
			"[venta:-4 devolucion:1 devolucion:3]",
		},
		"three, the rest undone": {
			[]Retorno{tirado},
			3,
			7,
			"[venta:-4 devolucion:3 descarte:-3 devolucion:1]",
		},
		"by hand, as release 0.3.0 had it": {nil, 4, 6, "[venta:-4]"},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			e, venta := vendido(t)
			for range 2 { // the second time changes nothing
				for _, r := range c.retornos {
					e.Retornar(venta, r, t0)
				}
				e.Devolver(venta, c.fuera, t0)
			}
			var motivos []string
			suma := int64(0)
			for _, m := range e.Movimientos {
				suma += m.Cantidad
				if m.Pedido != "" {
					motivos = append(motivos, fmt.Sprint(m.Motivo, ":", m.Cantidad))
				}
			}
			if e.Libre() != c.libre || suma != c.libre || fmt.Sprint(motivos) != c.motivos {
				t.Errorf(
					"%d free, the ledger says %d: %v; want %d: %s",
					e.Libre(),
					suma,
					motivos,
					c.libre,
					c.motivos,
				)
			}
		})
	}
}
