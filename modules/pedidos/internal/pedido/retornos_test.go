package pedido

import (
	"fmt"
	"testing"
	"time"

	"despensa/platform/fault"
)

func dia(n int) *time.Time {
	v := t0.AddDate(0, 0, n)
	return &v
}

// recibido is the goods that the order of surtido got: a in two batches, b in one.
func recibido() map[string][]Partida {
	return map[string][]Partida{
		"a": {
			{Lote: "L1", Vence: dia(1), Cantidad: 4},
			{Lote: "L2", Vence: dia(9), Cantidad: 6},
		},
		"b": {{Cantidad: 3}},
	}
}

// TestGoodsThatComeBackGoSomewhere: goods that come back go to the place that the operator names, or are thrown away,
// each under its batch.
func TestGoodsThatComeBackGoSomewhere(t *testing.T) {
	casos := map[string]struct {
		antes  func(p *Pedido)
		di     []Destinado
		quiero string // producto cantidad destino lote
		campo  string
	}{
		"nothing is said": {di: nil, quiero: "[a 4 descarte L1 a 1 descarte L2 b 2 descarte ]"},
		"all into stock": {
			di: []Destinado{
				{Producto: "a", Destino: AExistencias},
				{Producto: "b", Destino: AExistencias},
			},
			quiero: "[a 4 existencias L1 a 1 existencias L2 b 2 existencias ]",
		},
		"into a batch": {di: []Destinado{{Producto: "a", Destino: AExistencias, Lote: "L2"}},
			quiero: "[a 5 existencias L2 b 2 descarte ]"},
		"some of it": {
			di: []Destinado{
				{Producto: "a", Cantidad: 2, Destino: AExistencias, Lote: "L2"},
			},
			quiero: "[a 2 existencias L2 a 3 descarte L1 b 2 descarte ]",
		},
		"into both batches, the named one first": {
			di: []Destinado{
				{Producto: "a", Cantidad: 2, Destino: ADescarte},
				{Producto: "a", Cantidad: 3, Destino: AExistencias, Lote: "L1"},
			},
			quiero: "[a 3 existencias L1 a 1 descarte L1 a 1 descarte L2 b 2 descarte ]"},
		"some, and the rest": {
			di: []Destinado{
				{Producto: "a", Destino: AExistencias},
				{Producto: "a", Cantidad: 2, Destino: ADescarte},
			},
			quiero: "[a 2 descarte L1 a 2 existencias L1 a 1 existencias L2 b 2 descarte ]"},
		"what is not in it": {
			di:    []Destinado{{Producto: "z", Destino: AExistencias}},
			campo: "body.lineas[0].producto_id",
		},
		"more than is in it": {
			di:    []Destinado{{Producto: "b"}, {Producto: "a", Cantidad: 6}},
			campo: "body.lineas[1].cantidad",
		},
		"nothing is left": {
			di:    []Destinado{{Producto: "a"}, {Producto: "a"}},
			campo: "body.lineas[1].cantidad",
		},
		"a batch that it is not": {
			di:    []Destinado{{Producto: "a", Destino: AExistencias, Lote: "X"}},
			campo: "body.lineas[0].lote",
		},
		"more than it got of a batch": {
			di:    []Destinado{{Producto: "a", Cantidad: 5, Destino: AExistencias, Lote: "L1"}},
			campo: "body.lineas[0].lote",
		},
		"that batch came back before": {
			antes: func(p *Pedido) {
				p.Retornos = []Retorno{
					{Producto: "a", Cantidad: 3, Lote: "L1", Vence: dia(1), Destino: ADescarte},
				}
			},
			di: []Destinado{
				{Producto: "a", Cantidad: 2, Destino: AExistencias, Lote: "L1"},
			},
			campo: "body.lineas[0].lote"},
		"some of a batch came back before": {
			antes: func(p *Pedido) {
				p.Retornos = []Retorno{
					{Producto: "a", Cantidad: 3, Lote: "L1", Vence: dia(1), Destino: ADescarte},
				}
			},
			quiero: "[a 1 descarte L1 a 4 descarte L2 b 2 descarte ]"},
		"too much came back": {
			antes: func(p *Pedido) { p.Retornos = make([]Retorno, MaxRetornos) },
			campo: "-",
		},
	}
	for nombre, c := range casos {
		t.Run(nombre, func(t *testing.T) {
			p := surtido(t)
			sin(
				t,
				p.PedirDevolucion(
					devolver("d", LineaDevuelta{"a", 5}, LineaDevuelta{"b", 2}),
					plazo,
					t0,
				),
			)
			if c.antes != nil {
				c.antes(p)
			}
			n := len(p.Retornos)
			err := p.AceptarDevolucion("d", Reparto{Destinados: c.di, Recibido: recibido()}, t0)
			if c.campo != "" {
				if f, ok := fault.As(err); !ok ||
					c.campo != "-" && (len(f.Fields) != 1 || f.Fields[0].Location != c.campo) {
					t.Errorf("%v does not name %s", err, c.campo)
				}
				return
			}
			sin(t, err)
			if got := dibujarRetornos(p.Retornos[n:]); got != c.quiero {
				t.Errorf("got %s, want %s", got, c.quiero)
			}
		})
	}
}

func dibujarRetornos(retornos []Retorno) string {
	var out []string
	for _, r := range retornos {
		out = append(out, fmt.Sprint(r.Producto, " ", r.Cantidad, " ", r.Destino, " ", r.Lote))
	}
	return fmt.Sprint(out)
}

// TestGoodsOfUnknownBatches: goods of an order of which the batches are not known are thrown away and do not become
// stock.
func TestGoodsOfUnknownBatches(t *testing.T) {
	p := surtido(t)
	sin(t, p.PedirDevolucion(devolver("d", LineaDevuelta{"a", 5}), plazo, t0))
	err := p.AceptarDevolucion(
		"d",
		Reparto{Destinados: []Destinado{{Producto: "a", Destino: AExistencias}}},
		t0,
	)
	if f, ok := fault.As(err); !ok || len(f.Fields) != 1 ||
		f.Fields[0].Location != "body.lineas[0].destino" {
		t.Errorf("got %v", err)
	}
	sin(t, p.AceptarDevolucion("d", Reparto{}, t0))
	if got := dibujarRetornos(p.Retornos); got != "[a 5 descarte ]" {
		t.Errorf("got %s", got)
	}
}

// TestGoodsAreBookedOnce: the ledger gets each Retorno once; the undoing gives back no unit that accepted returns
// account for.
func TestGoodsAreBookedOnce(t *testing.T) {
	p := surtido(t)
	for i, id := range []string{"d", "e", "f"} {
		sin(
			t,
			p.PedirDevolucion(
				devolver(id, LineaDevuelta{"a", int64(i) + 1}, LineaDevuelta{"b", 1}),
				plazo,
				t0,
			),
		)
	}
	sin(t, p.AceptarDevolucion("d", Reparto{Recibido: recibido()}, t0))
	sin(t, p.AceptarDevolucion("f", Reparto{Recibido: recibido()}, t0))
	if p.Debe == nil || fmt.Sprint(p.Devueltas()) != "map[a:4 b:2]" {
		t.Errorf("accounted for: %v", p.Devueltas())
	}
	for quedan := len(p.Retornos); quedan > 0; quedan-- {
		por := p.PorAsentar()
		if len(por) != quedan {
			t.Fatalf("%d are to be booked, want %d", len(por), quedan)
		}
		p.Asentar(por[0].Numero)
		p.Asentar(por[0].Numero)
	}
	if len(p.PorAsentar()) != 0 {
		t.Error("and more")
	}
}
