package pedido

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"despensa/platform/fault"
	"despensa/platform/money"

	"pgregory.net/rapid"
)

const plazo = 240 * time.Hour

// surtido is a delivered order: ten of a, three of b, and a delivery fee.
func surtido(t *testing.T) *Pedido {
	t.Helper()
	p := hasta(t, Entregado)
	p.Lineas = []Linea{
		{Producto: "a", Cantidad: 10, Total: 1_00},
		{Producto: "b", Cantidad: 3, Total: 2_00},
	}
	p.Envio, p.Total = 50, 3_50
	p.Pago.Cobrado, p.Entrega.Fin = p.Total, t0
	return p
}

func devolver(id string, lineaDevueltas ...LineaDevuelta) Devolucion {
	return Devolucion{ID: id, Motivo: "x", Lineas: lineaDevueltas}
}

// TestPedirDevolucion: a return is noted within its time and for units that were delivered and not returned, and is
// refused otherwise.
func TestPedirDevolucion(t *testing.T) {
	casos := map[string]struct {
		antes  func(p *Pedido)
		lineas []LineaDevuelta
		espera time.Duration
		err    error
		campo  string
	}{
		"some":               {nil, []LineaDevuelta{{"a", 4}}, time.Hour, nil, ""},
		"all":                {nil, []LineaDevuelta{{"a", 10}, {"b", 3}}, time.Hour, nil, ""},
		"on the last moment": {nil, []LineaDevuelta{{"a", 4}}, plazo, nil, ""},
		"a moment later": {
			nil,
			[]LineaDevuelta{{"a", 4}},
			plazo + time.Millisecond,
			ErrPlazo,
			"",
		},
		"nothing": {nil, nil, 0, ErrDevolucion, "body.lineas"},
		"none of it": {
			nil,
			[]LineaDevuelta{{"a", 0}},
			0,
			ErrDevolucion,
			"body.lineas[0].cantidad",
		},
		"more than there were": {
			nil,
			[]LineaDevuelta{{"a", 1}, {"b", 4}},
			0,
			ErrDevolucion,
			"body.lineas[1].cantidad",
		},
		"what was not ordered": {
			nil,
			[]LineaDevuelta{{"z", 1}},
			0,
			ErrDevolucion,
			"body.lineas[0].producto_id",
		},
		"twice in one": {
			nil,
			[]LineaDevuelta{{"a", 1}, {"a", 1}},
			0,
			ErrDevolucion,
			"body.lineas[1].producto_id",
		},
		"asked for already": {
			pedida("a", 7),
			[]LineaDevuelta{{"a", 4}},
			0,
			ErrDevolucion,
			"body.lineas[0].cantidad",
		},
		"the rest of it": {pedida("a", 7), []LineaDevuelta{{"a", 3}}, 0, nil, ""},
		"accepted already": {
			aceptada("a", 7),
			[]LineaDevuelta{{"a", 4}},
			0,
			ErrDevolucion,
			"body.lineas[0].cantidad",
		},
		"refused before": {rechazada("a", 7), []LineaDevuelta{{"a", 10}}, 0, nil, ""},
		"not delivered yet": {
			func(p *Pedido) { p.Estado = EnReparto },
			[]LineaDevuelta{{"a", 1}},
			0,
			ErrPaso,
			"",
		},
		"over": {
			func(p *Pedido) { p.Estado = Devuelto },
			[]LineaDevuelta{{"a", 1}},
			0,
			ErrPaso,
			"",
		},
		"too often": {veinte, []LineaDevuelta{{"a", 1}}, 0, ErrDevoluciones, ""},
		"no hour at the door": {
			func(p *Pedido) { p.Entrega.Fin = time.Time{} },
			[]LineaDevuelta{{"a", 1}},
			plazo,
			nil,
			"",
		},
		"the hour of the truck": {
			func(p *Pedido) { p.Entrega.Fin = t0.Add(-time.Hour) }, []LineaDevuelta{{"a", 1}}, plazo, ErrPlazo, "",
		},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			p := surtido(t)
			p.Cambio = t0
			if c.antes != nil {
				c.antes(p)
			}
			tenia := len(p.Devoluciones)
			eventos := len(p.Eventos)
			puede := p.Devolvible(plazo, t0.Add(c.espera))
			err := p.PedirDevolucion(devolver("nueva", c.lineas...), plazo, t0.Add(c.espera))
			es(t, "asked", err, c.err)
			if f, ok := fault.As(err); c.campo != "" &&
				(!ok || len(f.Fields) != 1 || f.Fields[0].Location != c.campo) {
				t.Errorf("%v does not name %s", err, c.campo)
			}
			if err != nil && (len(p.Devoluciones) != tenia || len(p.Eventos) != eventos) {
				t.Errorf("refused, and the order changed")
			}
			if !puede && !errors.Is(err, ErrPaso) && !errors.Is(err, ErrPlazo) &&
				!errors.Is(err, ErrDevoluciones) {
				t.Errorf("not offered, and %v", err)
			}
			if err != nil {
				return
			}
			// The same id.
			sin(t, p.PedirDevolucion(devolver("nueva", LineaDevuelta{"z", 99}), plazo, t0))
			if d := p.Devoluciones[tenia]; len(p.Devoluciones) != tenia+1 ||
				d.Estado != DevolucionPedida ||
				p.Eventos[len(p.Eventos)-1].Tipo != "devolucion_pedida" {
				t.Errorf("noted %+v", p.Devoluciones)
			}
			if p.Estado != Entregado || len(p.Reembolsos) != 0 && nombre != "accepted already" {
				t.Errorf("asking moved %s, %+v", p.Estado, p.Reembolsos)
			}
		})
	}
}

func pedida(producto string, n int64) func(*Pedido) {
	return func(p *Pedido) {
		_ = p.PedirDevolucion(
			devolver(fmt.Sprint(producto, n), LineaDevuelta{producto, n}),
			plazo,
			t0,
		)
	}
}

func aceptada(producto string, n int64) func(*Pedido) {
	return func(p *Pedido) {
		pedida(producto, n)(p)
		_ = p.AceptarDevolucion(fmt.Sprint(producto, n), Reparto{}, t0)
	}
}

func rechazada(producto string, n int64) func(*Pedido) {
	return func(p *Pedido) {
		pedida(producto, n)(p)
		_ = p.RechazarDevolucion(fmt.Sprint(producto, n), "no", t0)
	}
}

func veinte(pedido *Pedido) {
	for i := range MaxDevoluciones {
		pedido.Devoluciones = append(
			pedido.Devoluciones,
			Devolucion{ID: fmt.Sprint(i), Estado: DevolucionRechazada},
		)
	}
}

// TestAceptarDevolucion: the money of the lines, never more than is left of the charge.
func TestAceptarDevolucion(t *testing.T) {
	casos := map[string]struct {
		antes     func(p *Pedido)
		lineas    []LineaDevuelta
		monto     money.Centavos
		estado    Estado
		reembolso bool
	}{
		"some":                 {nil, []LineaDevuelta{{"a", 4}}, 40, Entregado, true},
		"a third of two pesos": {nil, []LineaDevuelta{{"b", 1}}, 67, Entregado, true},
		"all": {
			nil,
			[]LineaDevuelta{{"a", 10}, {"b", 3}},
			3_00,
			Devuelto,
			false,
		},
		"the last of it": {
			func(p *Pedido) { aceptada("a", 10)(p); aceptada("b", 2)(p) },
			[]LineaDevuelta{{"b", 1}}, 67, Devuelto, false,
		},
		"while another is asked for": {
			pedida("a", 10),
			[]LineaDevuelta{{"b", 3}},
			2_00,
			Entregado,
			true,
		},
		"after a refund": {
			reembolsado(3_00),
			[]LineaDevuelta{{"a", 10}},
			50,
			Entregado,
			true,
		},
		"after a refund of all": {
			reembolsado(3_50),
			[]LineaDevuelta{{"a", 10}},
			0,
			Entregado,
			false,
		},
		"beside a refund under way": {
			func(p *Pedido) { _ = p.PedirReembolso(Reembolso{ID: "r", Monto: 3_40}, t0) },
			[]LineaDevuelta{{"a", 10}}, 10, Entregado, true,
		},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			p := surtido(t)
			if c.antes != nil {
				c.antes(p)
			}
			sin(t, p.PedirDevolucion(devolver("d", c.lineas...), plazo, t0))
			tenia := len(p.Reembolsos)
			sin(t, p.AceptarDevolucion("d", Reparto{}, t0))
			d := p.Devoluciones[len(p.Devoluciones)-1]
			if d.Monto != c.monto || d.Estado != DevolucionAceptada || d.Resuelta.IsZero() ||
				p.Estado != c.estado {
				t.Errorf("%s with %+v, want %s and %d", p.Estado, d, c.estado, c.monto)
			}
			nuevos := p.Reembolsos[tenia:]
			if c.reembolso != (len(nuevos) == 1) ||
				c.reembolso && (nuevos[0].Monto != c.monto || nuevos[0].ID != "d") {
				t.Errorf("refunds %+v", nuevos)
			}
			if p.Estado == Devuelto &&
				(p.Motivo != MotivoDevolucion || p.Eventos[len(p.Eventos)-1].Tipo != string(Devolver)) {
				t.Errorf("ended for %q by %+v", p.Motivo, p.Eventos[len(p.Eventos)-1])
			}
			antes := len(p.Eventos)
			es(t, "a second time", p.AceptarDevolucion("d", Reparto{}, t0), ErrResuelta)
			es(t, "refused after all", p.RechazarDevolucion("d", "x", t0), ErrResuelta)
			if len(p.Eventos) != antes || len(p.Reembolsos) != tenia+len(nuevos) {
				t.Error("a second time did something")
			}
		})
	}
	es(t, "no such", surtido(t).AceptarDevolucion("nada", Reparto{}, t0), ErrSinDevolucion)
}

func reembolsado(centavos money.Centavos) func(*Pedido) {
	return func(p *Pedido) { p.Pago.Reembolsado = centavos }
}

func TestRechazarDevolucion(t *testing.T) {
	p := surtido(t)
	pedida("a", 10)(p)
	if p.Devolvible(plazo, t0) != true { // b is left
		t.Error("nothing is left to return")
	}
	sin(t, p.RechazarDevolucion("a10", "abierto", t0))
	if d := p.Devoluciones[0]; d.Estado != DevolucionRechazada || d.Rechazo != "abierto" ||
		len(p.Reembolsos) != 0 {
		t.Errorf("%+v, refunds %+v", d, p.Reembolsos)
	}
	es(t, "accepted after all", p.AceptarDevolucion("a10", Reparto{}, t0), ErrResuelta)
	es(t, "refused again", p.RechazarDevolucion("a10", "x", t0), ErrResuelta)
	sin(
		t,
		p.PedirDevolucion(
			devolver("otra", LineaDevuelta{"a", 10}, LineaDevuelta{"b", 3}),
			plazo,
			t0,
		),
	)
	if strings.Contains(fmt.Sprint(p.Accionables(false, plazo, t0)), "devolver") {
		t.Error("offered although all of it is asked for")
	}
}

// TestPartesDeUnaDevolucion: in whatever parts and order goods come back, and whatever is refused or refunded
// between: the shares of a line add up to its total, and no more goes back than was charged.
func TestPartesDeUnaDevolucion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Pedido{
			Estado:   Entregado,
			Intento:  1,
			Intentos: []Intento{{Numero: 1}},
			Cambio:   t0,
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "lineas") {
			l := Linea{
				Producto: fmt.Sprint(i),
				Cantidad: rapid.Int64Range(1, 10_000).Draw(t, "cantidad"),
				Total:    money.Centavos(rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "total")),
			}
			p.Lineas, p.Total = append(p.Lineas, l), p.Total+l.Total
		}
		p.Envio = money.Centavos(rapid.Int64Range(0, 1000).Draw(t, "envio"))
		p.Total += p.Envio
		p.Pago.Cobrado = p.Total
		refunds, dado := money.Centavos(0), money.Centavos(0)
		for n := 0; p.Estado == Entregado && n < MaxDevoluciones; n++ {
			id := fmt.Sprint("d", n)
			if err := p.PedirDevolucion(devolver(id, algo(t, p, n)...), plazo, t0); err != nil {
				t.Fatal(err)
			}
			if n < MaxDevoluciones/2 && rapid.IntRange(0, 3).Draw(t, "suerte") == 0 {
				_ = p.RechazarDevolucion(id, "x", t0)
				continue
			}
			if rapid.IntRange(0, 9).Draw(t, "aparte") == 0 && p.Reembolsable() > 0 {
				_ = p.PedirReembolso(Reembolso{ID: id + "r", Monto: 1}, t0)
				refunds++
			}
			if err := p.AceptarDevolucion(id, Reparto{}, t0); err != nil {
				t.Fatal(err)
			}
			dado += p.Devoluciones[n].Monto
		}
		if p.Estado == Devuelto && refunds == 0 && dado != p.Total-p.Envio {
			t.Fatalf("all came back for %d of %d", dado, p.Total-p.Envio)
		}
		if prometido := suma(p.Reembolsos); prometido > p.Pago.Cobrado ||
			dado+refunds > p.Pago.Cobrado {
			t.Fatalf("%d and %d promised of %d", prometido, dado, p.Pago.Cobrado)
		}
	})
}

// algo is some of the units that may come back; all of them in the return number MaxDevoluciones.
func algo(t *rapid.T, pedido *Pedido, n int) (ls []LineaDevuelta) {
	for _, l := range pedido.Lineas {
		queda := pedido.porDevolver()[l.Producto]
		if n < MaxDevoluciones-1 {
			queda = rapid.Int64Range(0, queda).Draw(t, "vuelven")
		}
		if queda > 0 {
			ls = append(ls, LineaDevuelta{l.Producto, queda})
		}
	}
	if len(ls) == 0 {
		return algo(t, pedido, MaxDevoluciones-1)
	}
	return ls
}

func suma(reembolsos []Reembolso) (n money.Centavos) {
	for _, r := range reembolsos {
		n += r.Monto
	}
	return n
}
