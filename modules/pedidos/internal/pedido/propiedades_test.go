package pedido

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// acto is a call that may come to an order at any time.
type acto struct {
	nombre string
	hacer  func(p *Pedido, n int, ahora time.Time) error
}

// actos are all calls that may come to an order: the steps, the requests of customers and operators, the undoing.
func actos() []acto {
	out := []acto{
		{"fallar", func(p *Pedido, _ int, h time.Time) error { return p.Fallar("motivo", h) }},
		{"rechazar", func(p *Pedido, _ int, h time.Time) error { return p.Rechazar(h) }},
		{
			"reintentar",
			func(p *Pedido, _ int, h time.Time) error { return p.PedirReintento(Cambios{}, h) },
		},
		{
			"cancelar",
			func(p *Pedido, _ int, h time.Time) error { return p.PedirCancelacion(Nota{Motivo: "x"}, h) },
		},
		{"cumplir la nota", func(p *Pedido, _ int, h time.Time) error { return p.Cancelar(h) }},
		{
			"sin entrega",
			func(p *Pedido, _ int, h time.Time) error { return p.CancelarSinEntrega("x", h) },
		},
		{"devolver", func(p *Pedido, _ int, h time.Time) error { return p.Devolver("x", h) }},
		{"deshacer", deshacer},
		{
			"elegir",
			func(p *Pedido, _ int, _ time.Time) error { p.CerrarVuelta(false); p.Elegir("d", t0); return nil },
		},
		{"reembolsar", func(p *Pedido, n int, h time.Time) error {
			return p.PedirReembolso(Reembolso{ID: fmt.Sprint(len(p.Reembolsos)), Monto: 100}, h)
		}},
		{"hacer el reembolso", reembolsar},
		{"pedir una devolución", func(p *Pedido, n int, h time.Time) error {
			d := Devolucion{
				ID:     fmt.Sprint(n),
				Lineas: []LineaDevuelta{{fmt.Sprint(1 + n%2), 1}},
			}
			return p.PedirDevolucion(d, time.Hour, h)
		}},
		{"aceptar una devolución", func(p *Pedido, _ int, h time.Time) error {
			return p.AceptarDevolucion(ultima(p), Reparto{}, h)
		}},
		{"rechazar una devolución", func(p *Pedido, _ int, h time.Time) error {
			return p.RechazarDevolucion(ultima(p), "x", h)
		}},
		{"retirar la nota", func(p *Pedido, _ int, h time.Time) error {
			if p.Nota != nil {
				p.RetirarNota(h)
			}
			return nil
		}},
	}
	for _, paso := range sencillos() {
		out = append(out, acto{string(paso), func(p *Pedido, _ int, h time.Time) error {
			err := p.Avanzar(paso, h)
			if err == nil && paso == Confirmar {
				p.Pago.Cobrado = p.Total
			}
			return err
		}})
	}
	return out
}

func ultima(pedido *Pedido) string {
	if len(pedido.Devoluciones) == 0 {
		return ""
	}
	return pedido.Devoluciones[len(pedido.Devoluciones)-1].ID
}

// deshacer undoes the oldest intento that is to be undone, its money too.
func deshacer(pedido *Pedido, _ int, h time.Time) error {
	in, hay := pedido.PorDeshacer()
	if !hay {
		return nil
	}
	pedido.Pago.Reembolsado = pedido.Pago.Cobrado
	return pedido.Deshecho(in.Numero, h)
}

func reembolsar(pedido *Pedido, _ int, h time.Time) error {
	r, hay := pedido.PorReembolsar(h)
	if !hay {
		return nil
	}
	n := r.Monto
	if n == 0 {
		n = pedido.Pago.Cobrado - pedido.Pago.Reembolsado
	}
	switch {
	case pedido.Pago.Reembolsado == pedido.Pago.Cobrado:
		pedido.Absorber(r.ID, h)
	case pedido.Pago.Reembolsado+n > pedido.Pago.Cobrado:
		pedido.RechazarReembolso(r.ID, "monto-excesivo", h)
	default:
		pedido.Pago.Reembolsado += n
		pedido.Reembolsado(r.ID, n, h)
	}
	return nil
}

// TestLeyesDelPedido: whatever is done to an order, in whatever order, its laws hold.
func TestLeyesDelPedido(t *testing.T) {
	todos := actos()
	rapid.Check(t, func(t *rapid.T) {
		p, ahora := pedidoNuevo(), t0
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, len(todos)-1), 1, 60).Draw(t, "actos") {
			ahora = ahora.Add(time.Second)
			eventos, estado := len(p.Eventos), p.Estado
			err := todos[n].hacer(p, i, ahora)
			leyes(t, p, eventos, estado, todos[n].nombre)
			if err != nil && (p.Estado != estado || len(p.Eventos) != eventos) {
				t.Fatalf("%s failed (%v) and changed the order", todos[n].nombre, err)
			}
		}
		terminar(t, p, ahora)
	})
}

// leyes checks the laws of pedido after the act que, which found the order in estado with so many eventos.
func leyes(t *rapid.T, pedido *Pedido, eventos int, estado Estado, que string) {
	if pedido.Intento < 1 || pedido.Intento > MaxIntentos ||
		pedido.IntentoVisible() > MaxIntentos ||
		int64(len(pedido.Intentos)) != pedido.Intento {
		t.Fatalf(
			"after %s: intento %d, visible %d, of %d",
			que,
			pedido.Intento,
			pedido.IntentoVisible(),
			len(pedido.Intentos),
		)
	}
	for i, e := range pedido.Eventos {
		if e.Seq != int64(i)+1 {
			t.Fatalf("after %s: event %d has seq %d", que, i+1, e.Seq)
		}
	}
	for _, e := range pedido.Eventos[eventos:] {
		if e.De != estado || !permitida(e) {
			t.Fatalf(
				"after %s: event %s leads from %s to %s, but the order stood in %s",
				que,
				e.Tipo,
				e.De,
				e.A,
				estado,
			)
		}
		estado = e.A
	}
	if pedido.Estado != estado {
		t.Fatalf("after %s: %s without an event that says so", que, pedido.Estado)
	}
	if pedido.Reembolsable() < 0 {
		t.Fatalf("after %s: %d to refund", que, pedido.Reembolsable())
	}
	if pedido.Estado == Rechazado && pedido.Pedida != nil ||
		pedido.Nota != nil && pedido.Estado != Aceptado && pedido.Estado != Confirmado {
		t.Fatalf(
			"after %s: %s with pedida %v, nota %v",
			que,
			pedido.Estado,
			pedido.Pedida,
			pedido.Nota,
		)
	}
	if f := fallos(pedido); f >= MaxIntentos && pedido.Estado != Rechazado {
		t.Fatalf("after %s: %s with %d failures", que, pedido.Estado, f)
	}
}

// permitida reports whether the event is a step of the machine, or moves no estado.
func permitida(evento Evento) bool {
	for _, f := range transiciones {
		if string(f.paso) == evento.Tipo {
			return slices.Contains(f.de, evento.De) && f.a == evento.A
		}
	}
	return evento.De == evento.A
}

func fallos(pedido *Pedido) (n int) {
	for _, e := range pedido.Eventos {
		if e.Tipo == string(Fallar) {
			n++
		}
	}
	return n
}

// terminar undoes until nothing is left, which takes one call for each intento.
func terminar(t *rapid.T, pedido *Pedido, ahora time.Time) {
	for range MaxIntentos {
		if in, hay := pedido.PorDeshacer(); hay {
			if err := pedido.Deshecho(in.Numero, ahora); err != nil {
				t.Fatalf("undoing: %v", err)
			}
		}
	}
	if in, hay := pedido.PorDeshacer(); hay {
		t.Fatalf("intento %d is left to undo", in.Numero)
	}
}
