package app_test

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/money"
	"despensa/platform/seal"
)

func TestARefund(t *testing.T) {
	t.Parallel()
	nada := func(*pedido.Pedido) {}
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		id     string
		monto  money.Centavos
		quiero error
		queda  money.Centavos // the amount of the refund that the order notes
	}{
		"a part": {nada, uno, 500, nil, 500},
		"all":    {nada, uno, 21_000, nil, 21_000},
		"all that is left": {
			func(p *pedido.Pedido) { p.Pago.Reembolsado = 1_000 },
			uno,
			0,
			nil,
			0,
		}, // how much is not known yet
		"too much":          {nada, uno, 21_001, pedido.ErrReembolso, 0},
		"nothing is left":   {func(p *pedido.Pedido) { p.Pago.Reembolsado = 21_000 }, uno, 0, pedido.ErrReembolso, 0},
		"not paid for":      {func(p *pedido.Pedido) { p.Estado = pedido.Aceptado }, uno, 500, pedido.ErrPaso, 0},
		"of no order":       {nada, "x", 500, app.ErrNoExiste, 0},
		"another body":      {func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") }, uno, 500, pedido.ErrHuella, 0},
		"the 51st of a day": {func(p *pedido.Pedido) { p.Acciones = acciones(50) }, uno, 500, pedido.ErrAcciones, 0},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Confirmado)
			tt.con(p)
			b := armar(p)
			for i := range 2 {
				_, repetida, err := b.Reembolsar(t.Context(), quienOpe, tt.id, tt.monto, "rotura", llave("k", "h"))
				if tt.quiero != nil {
					rechazado(t, err, tt.quiero, "")
					igual(t, "refunds", len(b.pedidos.hay[uno].Reembolsos), 0)
					return
				}
				bien(t, err)
				igual(t, "repeated", repetida, i == 1)
			}
			rs := b.pedidos.hay[uno].Reembolsos
			if len(rs) != 1 || rs[0].ID != "k" || rs[0].Monto != tt.queda || !seal.Sealed(rs[0].Motivo) {
				t.Errorf("noted %+v", rs)
			}
			igual(t, "handed over", len(b.worker.empujados), 1)
		})
	}
}

func deYerba(n int64) pedido.Devolucion {
	return pedido.Devolucion{Motivo: "rota", Lineas: []pedido.LineaDevuelta{{Producto: yerba, Cantidad: n}}}
}

func TestAReturnIsAskedFor(t *testing.T) {
	t.Parallel()
	nada := func(*pedido.Pedido) {}
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		quien  app.Quien
		n      int64
		quiero error
		estado string
		fin    pedido.Estado
	}{
		"by its customer":    {nada, clienta, 1, nil, pedido.DevolucionPedida, pedido.Entregado},
		"by an operator":     {nada, quienOpe, 1, nil, pedido.DevolucionAceptada, pedido.Entregado},
		"all by an operator": {nada, quienOpe, 2, nil, pedido.DevolucionAceptada, pedido.Devuelto},
		"by another":         {nada, ajena, 1, app.ErrNoExiste, "", ""},
		"too much":           {nada, clienta, 3, pedido.ErrDevolucion, "", ""},
		"not delivered": {
			func(p *pedido.Pedido) { p.Estado = pedido.EnReparto }, clienta, 1, pedido.ErrPaso, "", "",
		},
		"too late": {
			func(p *pedido.Pedido) { p.Entrega.Fin = ahora.Add(-25 * time.Hour) }, clienta, 1, pedido.ErrPlazo, "", "",
		},
		"another body": {
			func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") }, clienta, 1, pedido.ErrHuella, "", "",
		},
		"the 51st of a day": {
			func(p *pedido.Pedido) { p.Acciones = acciones(50) }, clienta, 1, pedido.ErrAcciones, "", "",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Entregado)
			tt.con(p)
			b := armar(p)
			for i := range 2 {
				_, repetida, err := b.Devolver(t.Context(), tt.quien, uno, deYerba(tt.n), nil, llave("k", "h"))
				if tt.quiero != nil {
					rechazado(t, err, tt.quiero, "")
					igual(t, "returns", len(b.pedidos.hay[uno].Devoluciones), 0)
					return
				}
				bien(t, err)
				igual(t, "repeated", repetida, i == 1)
			}
			hay := b.pedidos.hay[uno]
			if len(hay.Devoluciones) != 1 || hay.Devoluciones[0].ID != "k" || hay.Devoluciones[0].Estado != tt.estado {
				t.Errorf("noted %+v", hay.Devoluciones)
			}
			igual(t, "estado", hay.Estado, tt.fin)
		})
	}
}

// TestAReturnIsDecided: accepted, or refused with its reason; once.
func TestAReturnIsDecided(t *testing.T) {
	t.Parallel()
	nada := func(*pedido.Pedido) {}
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		id     string
		quiero error
	}{
		"one that waits": {nada, "d", nil},
		"none":           {nada, "x", pedido.ErrSinDevolucion},
		"one that was decided": {
			func(p *pedido.Pedido) { p.Devoluciones[0].Estado = pedido.DevolucionRechazada }, "d", pedido.ErrResuelta,
		},
		"of an order that is over": {func(p *pedido.Pedido) { p.Estado = pedido.Devuelto }, "d", pedido.ErrPaso},
		"under another body":       {func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") }, "d", pedido.ErrHuella},
	}
	for nombre, tt := range tests {
		for _, acepta := range []bool{true, false} {
			t.Run(nombre, func(t *testing.T) {
				t.Parallel()
				d := deYerba(1)
				d.ID, d.Estado = "d", pedido.DevolucionPedida
				p := unPedido(pedido.Entregado)
				p.Devoluciones = []pedido.Devolucion{d}
				tt.con(p)
				b := armar(p)
				for i := range 2 {
					repetida, err := b.decidir(t, acepta, tt.id)
					if tt.quiero != nil {
						rechazado(t, err, tt.quiero, "")
						igual(t, "version", b.pedidos.hay[uno].Version, 1)
						return
					}
					bien(t, err)
					igual(t, "repeated", repetida, i == 1)
				}
				b.decidida(t, acepta)
			})
		}
	}
}

func (b *banco) decidir(t *testing.T, acepta bool, id string) (repetida bool, err error) {
	if acepta {
		_, repetida, err = b.AceptarDevolucion(t.Context(), quienOpe, uno, id, nil, llave("k", "h"))
		return repetida, err
	}
	_, repetida, err = b.RechazarDevolucion(t.Context(), quienOpe, uno, id, "abierta", llave("k", "h"))
	return repetida, err
}

// decidida checks the return of one unit, and its refund, after the decision.
func (b *banco) decidida(t *testing.T, acepta bool) {
	t.Helper()
	hay := b.pedidos.hay[uno]
	d := hay.Devoluciones[0]
	if !acepta {
		igual(t, "estado", d.Estado, pedido.DevolucionRechazada)
		igual(t, "stored sealed", seal.Sealed(d.Rechazo), true)
		igual(t, "reason", b.visto(t).Devoluciones[0].Rechazo, "abierta")
		igual(t, "refunds", len(hay.Reembolsos), 0)
		return
	}
	igual(t, "estado", d.Estado, pedido.DevolucionAceptada)
	if len(hay.Reembolsos) != 1 || hay.Reembolsos[0].Monto != 10_000 {
		t.Errorf("refunds %+v", hay.Reembolsos)
	}
}
