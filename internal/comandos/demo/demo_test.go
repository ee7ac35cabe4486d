package demo

import (
	"bytes"
	"context"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	"despensa/platform/cli"
)

func TestPlanear(t *testing.T) {
	a, b := planear(5, 400, 40, moradas, 40), planear(5, 400, 40, moradas, 40)
	if !reflect.DeepEqual(a, b) {
		t.Error("one seed has made two days")
	}
	if reflect.DeepEqual(a, planear(6, 400, 40, moradas, 40)) {
		t.Error("two seeds have made one day")
	}
	hay := map[clase]int{}
	for _, p := range a {
		hay[p.clase]++
		if len(p.renglones) == 0 || (p.clase == otrasLineas) != (len(p.otros) > 0) ||
			p.comprador >= 40 ||
			p.direccion >= moradas {
			t.Fatalf("%+v", p)
		}
	}
	suma := 0
	for _, c := range clases {
		suma += c.peso
		if n := hay[c.clase]; n == 0 ||
			math.Abs(float64(n)-float64(4*c.peso)) > 12+float64(c.peso) {
			t.Errorf("%s: %d of 400, about %d expected", c.clase, n, 4*c.peso)
		}
		if len(fines[c.clase]) == 0 {
			t.Errorf("%s: how does it end?", c.clase)
		}
	}
	if suma != 100 {
		t.Errorf("the shares are %d of a hundred", suma)
	}
}

func TestMarcha(t *testing.T) {
	obelisco, congreso := punto{-34.6037, -58.3816}, punto{-34.6098, -58.3926}
	if m := metros(obelisco, congreso); m < 1190 || m > 1230 {
		t.Errorf("%.0f m", m)
	}
	for quiere, p := range map[float64]punto{0: {1, 0}, 90: {0, 1}, 180: {-1, 0}, 270: {0, -1}} {
		if r := rumbo(punto{}, p); math.Abs(r-quiere) > 0.01 {
			t.Errorf("to %v: %v", p, r)
		}
	}
	m := nuevaMarcha([]punto{{0, 0}, {0, 0.01}, {0.01, 0.01}}, 100*time.Second)
	if v := m.velocidad(); math.Abs(v-m.largo()/100*3.6) > 1e-9 {
		t.Error(v)
	}
	if ps := m.entre(0, 50*time.Second); len(ps) != 1 && len(ps) != 2 {
		t.Errorf("%v", ps)
	}
	ps := m.entre(25*time.Second, 75*time.Second)
	if len(ps) != 2 || ps[0] != (lugarEnHora{punto{0, 0.01}, 50 * time.Second}) ||
		math.Abs(ps[1].lat-0.005) > 1e-6 {
		t.Errorf("%v", ps)
	}
	if ps := m.entre(90*time.Second, time.Hour); len(ps) != 1 ||
		ps[0].punto != (punto{0.01, 0.01}) {
		t.Errorf("%v", ps)
	}
	if quieto := nuevaMarcha([]punto{obelisco}, 0); quieto.velocidad() != 0 ||
		quieto.entre(0, 0)[0].punto != obelisco {
		t.Error(quieto)
	}
}

// bueno is a delivered order on which modules and gateway agree.
func bueno() hechos {
	return hechos{
		clase: pagaYa,
		pedido: apiclient.PedidosPedido{
			Codigo: "ABCDEFGHJ1", Estado: "entregado", TotalCentavos: 500, Intento: 1,
			Lineas: []apiclient.PedidosLinea{{ProductoID: "p", Cantidad: 2}},
			Pago:   apiclient.PedidosPago{CobradoCentavos: 500},
		},
		eventos: []apiclient.PedidosEvento{
			{Seq: 1, Tipo: "creado", A: "creado", Intento: 1},
			{Seq: 2, Tipo: "entregar", A: "entregado", Intento: 1},
		},
		ordenes: []ordenDelSimulador{{Estado: "processed", Cobrado: 500}},
		existencias: apiclient.PedidosExistencias{
			Movimientos: []apiclient.PedidosMovimiento{{ProductoID: "p", Cantidad: -2}},
		},
		visitas: []apiclient.RutasVisita{{Estado: "fallida"}, {Estado: "entregada"}},
	}
}

// anulado is a cancelled order on which modules and gateway agree.
func anulado() hechos {
	h := bueno()
	h.clase, h.pedido.Estado, h.pedido.Pago = cancela, "cancelado", apiclient.PedidosPago{}
	h.eventos[1].A = "cancelado"
	h.ordenes = []ordenDelSimulador{{Estado: "refunded", Cobrado: 500, Reembolsado: 500}}
	vuelta := apiclient.PedidosMovimiento{ProductoID: "p", Cantidad: 2}
	h.existencias.Movimientos = append(h.existencias.Movimientos, vuelta)
	h.visitas = []apiclient.RutasVisita{{Estado: "liberada"}}
	return h
}

func TestRevisar(t *testing.T) {
	casos := map[string]struct {
		de     func() hechos
		cambio func(*hechos)
		falta  string
	}{
		"delivered": {de: bueno, cambio: func(*hechos) {}},
		"cancelled": {de: anulado, cambio: func(*hechos) {}},
		"the gateway lied": {de: anulado, cambio: func(h *hechos) {
			h.clase, h.pedido.Estado, h.pedido.Motivo = pagaYa, "fallido", "pago-rechazado.monto-distinto"
			h.eventos[len(h.eventos)-1].A = "fallido"
		}},
		"a refund refused for good": {de: anulado, cambio: func(h *hechos) {
			n := int64(500)
			h.ordenes[0].Reembolsado, h.ordenes[0].Estado = 0, "processed"
			h.pedido.Pago.CobradoCentavos, h.pedido.Pago.ReembolsadoCentavos = 500, 0
			h.pedido.Reembolsos = []apiclient.PedidosVuelto{
				{Estado: "rechazado", MontoCentavos: &n},
			}
		}},
		"a refund of a part": {de: bueno, cambio: func(h *hechos) {
			n := int64(100)
			h.ordenes[0].Reembolsado, h.pedido.Pago.ReembolsadoCentavos = 100, 100
			h.pedido.Reembolsos = []apiclient.PedidosVuelto{
				{Estado: "hecho", MontoCentavos: &n},
			}
		}},
		"ended otherwise": {
			de:     bueno,
			cambio: func(h *hechos) { h.clase = sinPagar },
			falta:  "ended entregado",
		},
		"an event missing": {
			de:     bueno,
			cambio: func(h *hechos) { h.eventos[1].Seq = 3 },
			falta:  "numbered 3",
		},
		"a step twice": {
			de:     bueno,
			cambio: func(h *hechos) { h.eventos[0].Tipo = "entregar" },
			falta:  "happened again",
		},
		"another end": {
			de:     bueno,
			cambio: func(h *hechos) { h.eventos[1].A = "en_reparto" },
			falta:  "say otherwise",
		},
		"charged twice": {
			de:     bueno,
			cambio: func(h *hechos) { h.ordenes = append(h.ordenes, h.ordenes[0]) },
			falta:  "2 charges",
		},
		"not charged": {
			de:     bueno,
			cambio: func(h *hechos) { h.ordenes = nil },
			falta:  "it should be $ 5,00",
		},
		"charged otherwise": {
			de:     bueno,
			cambio: func(h *hechos) { h.pedido.Pago.CobradoCentavos = 7 },
			falta:  "says that $ 0,07",
		},
		"money kept": {de: anulado, cambio: func(h *hechos) { h.ordenes[0].Reembolsado = 0 },
			falta: "the gateway has $ 5,00"},
		"money reserved": {
			de:     anulado,
			cambio: func(h *hechos) { h.ordenes[0] = ordenDelSimulador{Estado: "action_required"} },
			falta:  "still has one action_required",
		},
		"not sold": {
			de:     bueno,
			cambio: func(h *hechos) { h.existencias.Movimientos = nil },
			falta:  "off by -2",
		},
		"not restocked": {
			de:     anulado,
			cambio: func(h *hechos) { h.existencias.Movimientos = h.existencias.Movimientos[:1] },
			falta:  "off by 2",
		},
		"stock held": {de: anulado,
			cambio: func(h *hechos) { h.existencias.Reservas = make([]apiclient.PedidosApartado, 1) },
			falta:  "holds 1"},
		"delivered by nobody": {
			de:     bueno,
			cambio: func(h *hechos) { h.visitas = h.visitas[:1] },
			falta:  "after 0 deliveries",
		},
		"delivered twice": {
			de:     bueno,
			cambio: func(h *hechos) { h.visitas[0].Estado = "entregada" },
			falta:  "after 2 deliveries",
		},
		"a visit left": {de: anulado, cambio: func(h *hechos) { h.visitas[0].Estado = "firme" },
			falta: "a visit of it is firme"},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			h := x.de()
			x.cambio(&h)
			if f := strings.Join(h.revisar(), "\n"); (f == "") != (x.falta == "") ||
				!strings.Contains(f, x.falta) {
				t.Errorf("%q, want %q", f, x.falta)
			}
		})
	}
}

func TestPesos(t *testing.T) {
	for centavos, quiere := range map[int64]string{0: "$ 0,00", 5: "$ 0,05", 123456789: "$ 1.234.567,89",
		-100_00: "-$ 100,00", 999_99: "$ 999,99", 1000_00: "$ 1.000,00"} {
		if s := pesos(centavos); s != quiere {
			t.Errorf("%d: %s", centavos, s)
		}
	}
}

func TestCommandRefuses(t *testing.T) {
	gente := Gente{
		Ingresar: func(context.Context, string, string) (string, error) { return "", apiclient.ErrIssuer },
	}
	casos := map[string]struct {
		args []string
		code int
		dice string
	}{
		"an argument": {args: []string{"mañana"}, code: 2, dice: "mañana"},
		"no orders": {
			args: []string{"--pedidos", "0"},
			code: 2,
			dice: "--pedidos 0: 1 to 5000",
		},
		"too many": {
			args: []string{"--pedidos", "5001"},
			code: 2,
			dice: "--pedidos 5001",
		},
		"backwards": {
			args: []string{"--velocidad", "-3"},
			code: 2,
			dice: "--velocidad -3",
		},
		"no number": {
			args: []string{"--velocidad", "NaN"},
			code: 2,
			dice: "--velocidad NaN",
		},
		"for ever": {
			args: []string{"--paciencia", "2h"},
			code: 2,
			dice: "--paciencia 2h",
		},
		"an instance of others": {code: 1, dice: "logs in as its people"},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			var salida, errores bytes.Buffer
			c := Comando(func() string { return "http://x" }, gente)
			code := cli.Run(t.Context(), c, x.args, cli.Streams{Out: &salida, Err: &errores})
			if code != x.code || salida.Len() > 0 ||
				!strings.Contains(errores.String(), x.dice) {
				t.Errorf("code %d, printed %q and %q", code, salida.String(), errores.String())
			}
		})
	}
}
