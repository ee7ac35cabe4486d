package rest

import (
	"strings"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// TestVueltos: an order and its returns show the money that goes back, and how each refund stands.
func TestVueltos(t *testing.T) {
	d := pedido.Devolucion{
		ID:       "d",
		Estado:   pedido.DevolucionAceptada,
		Monto:    500,
		Resuelta: time.Now(),
	}
	r := func(id, motivo, estado, rechazo string) pedido.Reembolso {
		return pedido.Reembolso{
			ID:      id,
			Monto:   500,
			Motivo:  motivo,
			Estado:  estado,
			Rechazo: rechazo,
		}
	}
	for nombre, x := range map[string]struct {
		con     func(p *pedido.Pedido, d *pedido.Devolucion)
		estado  string // of the return's money; "": none
		rechazo string
	}{
		"asked for":       {con: func(_ *pedido.Pedido, d *pedido.Devolucion) { d.Estado = pedido.DevolucionPedida }},
		"nothing is left": {con: func(_ *pedido.Pedido, d *pedido.Devolucion) { d.Monto = 0 }},
		"not yet": {con: func(p *pedido.Pedido, _ *pedido.Devolucion) {
			p.Reembolsos = []pedido.Reembolso{r("d", pedido.MotivoDevolucion, pedido.ReembolsoPedido, "")}
		},
			estado: "pedido"},
		"made": {con: func(p *pedido.Pedido, _ *pedido.Devolucion) {
			p.Reembolsos = []pedido.Reembolso{r("d", pedido.MotivoDevolucion, pedido.ReembolsoHecho, "")}
		},
			estado: "hecho"},
		"refused": {con: func(p *pedido.Pedido, _ *pedido.Devolucion) {
			p.Reembolsos = []pedido.Reembolso{r("d", pedido.MotivoDevolucion, pedido.ReembolsoRechazado, "no-reembolsable")}
		},
			estado:  "rechazado",
			rechazo: "no-reembolsable"},
		"of the last goods, not yet": {con: func(p *pedido.Pedido, _ *pedido.Devolucion) {
			p.Estado = pedido.Devuelto
		},
			estado: "pedido"},
		"of the last goods, made": {con: func(p *pedido.Pedido, _ *pedido.Devolucion) {
			p.Pago.Reembolsado = p.Pago.Cobrado
		},
			estado: "hecho"},
		"of the last goods, refused": {con: func(p *pedido.Pedido, _ *pedido.Devolucion) {
			p.Reembolsos = []pedido.Reembolso{r("x", pedido.MotivoAnulacion, pedido.ReembolsoRechazado, "no-reembolsable")}
		},
			estado:  "rechazado",
			rechazo: "no-reembolsable"},
	} {
		t.Run(nombre, func(t *testing.T) {
			p, d := &pedido.Pedido{Pago: pedido.Pago{Cobrado: 900}}, d
			x.con(p, &d)
			v := vueltoDe(p, d)
			if v == nil {
				v = &Vuelto{}
			}
			if v.Estado != x.estado || v.Rechazo != x.rechazo ||
				len(vueltos(p)) != len(p.Reembolsos) {
				t.Errorf("%+v", v)
			}
		})
	}
}

// TestMensajeSinReintegro: while the gateway refuses a refund, the customer is told of the refusal instead of a
// refund.
func TestMensajeSinReintegro(t *testing.T) {
	p := &pedido.Pedido{
		Estado: pedido.Cancelado,
		Motivo: "sin-salida",
		Pago:   pedido.Pago{Cobrado: 900},
	}
	if m := mensaje(p); strings.Contains(m, "no nos permitió") {
		t.Error(m)
	}
	p.Marcar(pedido.MarcaRechazado, time.Now())
	if m := mensaje(p); !strings.Contains(m, "no nos permitió devolverte el dinero") {
		t.Error(m)
	}
	p.Pago.Reembolsado = 900 // an operator has paid the money back at the gateway's panel
	if m := mensaje(p); strings.Contains(m, "no nos permitió") {
		t.Error(m)
	}
}
