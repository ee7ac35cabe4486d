package app_test

import (
	"cmp"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/money"
	"despensa/platform/seal"
)

// TestARefund: the refunds that an operator may ask for, once per key.
func TestARefund(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		id     string // empty: uno
		monto  money.Centavos
		quiero error
		queda  money.Centavos // the amount of the refund that the order notes
	}{
		"a part": {monto: 500, queda: 500},
		"all":    {monto: 21_000, queda: 21_000},
		// The refund has no amount until pagos tells how much was left.
		"all that is left": {con: func(p *pedido.Pedido) { p.Pago.Reembolsado = 1_000 }},
		"too much":         {monto: 21_001, quiero: pedido.ErrReembolso},
		"nothing is left": {
			con:    func(p *pedido.Pedido) { p.Pago.Reembolsado = 21_000 },
			quiero: pedido.ErrReembolso,
		},
		"not paid for": {
			con:    func(p *pedido.Pedido) { p.Estado = pedido.Aceptado },
			monto:  500,
			quiero: pedido.ErrPaso,
		},
		"of no order": {id: "x", monto: 500, quiero: app.ErrNoExiste},
		"another body": {
			con:    func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") },
			monto:  500,
			quiero: pedido.ErrHuella,
		},
		"the 51st of a day": {
			con:    func(p *pedido.Pedido) { p.Acciones = acciones(50) },
			monto:  500,
			quiero: pedido.ErrAcciones,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Confirmado)
			if tt.con != nil {
				tt.con(p)
			}
			b := armar(p)
			for i := range 2 {
				_, repetida, err := b.Reembolsar(
					t.Context(),
					quienOpe,
					cmp.Or(tt.id, uno),
					tt.monto,
					"rotura",
					llave("k", "h"),
				)
				if tt.quiero != nil {
					rechazado(t, err, tt.quiero, "")
					igual(t, "refunds", len(b.pedidos.hay[uno].Reembolsos), 0)
					return
				}
				bien(t, err)
				igual(t, "repeated", repetida, i == 1)
			}
			rs := b.pedidos.hay[uno].Reembolsos
			if len(rs) != 1 || rs[0].ID != "k" || rs[0].Monto != tt.queda ||
				!seal.Sealed(rs[0].Motivo) {
				t.Errorf("noted %+v", rs)
			}
			igual(t, "handed over", len(b.worker.empujados), 1)
		})
	}
}

func deYerba(n int64) pedido.Devolucion {
	return pedido.Devolucion{
		Motivo: "rota",
		Lineas: []pedido.LineaDevuelta{{Producto: yerba, Cantidad: n}},
	}
}

// TestAReturnIsAskedFor: a customer's return waits, an operator's own is accepted; each once per key.
func TestAReturnIsAskedFor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		quien  app.Quien // zero: clienta
		n      int64
		quiero error
		estado string
		fin    pedido.Estado
	}{
		"by its customer": {n: 1, estado: pedido.DevolucionPedida, fin: pedido.Entregado},
		"by an operator": {
			quien:  quienOpe,
			n:      1,
			estado: pedido.DevolucionAceptada,
			fin:    pedido.Entregado,
		},
		"all by an operator": {
			quien:  quienOpe,
			n:      2,
			estado: pedido.DevolucionAceptada,
			fin:    pedido.Devuelto,
		},
		"by another": {quien: ajena, n: 1, quiero: app.ErrNoExiste},
		"too much":   {n: 3, quiero: pedido.ErrDevolucion},
		"not delivered": {
			con:    func(p *pedido.Pedido) { p.Estado = pedido.EnReparto },
			n:      1,
			quiero: pedido.ErrPaso,
		},
		"too late": {
			con:    func(p *pedido.Pedido) { p.Entrega.Fin = ahora.Add(-25 * time.Hour) },
			n:      1,
			quiero: pedido.ErrPlazo,
		},
		"another body": {
			con:    func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") },
			n:      1,
			quiero: pedido.ErrHuella,
		},
		"the 51st of a day": {
			con:    func(p *pedido.Pedido) { p.Acciones = acciones(50) },
			n:      1,
			quiero: pedido.ErrAcciones,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Entregado)
			if tt.con != nil {
				tt.con(p)
			}
			b := armar(p)
			for i := range 2 {
				_, repetida, err := b.Devolver(
					t.Context(),
					cmp.Or(tt.quien, clienta),
					uno,
					deYerba(tt.n),
					nil,
					llave("k", "h"),
				)
				if tt.quiero != nil {
					rechazado(t, err, tt.quiero, "")
					igual(t, "returns", len(b.pedidos.hay[uno].Devoluciones), 0)
					return
				}
				bien(t, err)
				igual(t, "repeated", repetida, i == 1)
			}
			hay := b.pedidos.hay[uno]
			if len(hay.Devoluciones) != 1 || hay.Devoluciones[0].ID != "k" ||
				hay.Devoluciones[0].Estado != tt.estado {
				t.Errorf("noted %+v", hay.Devoluciones)
			}
			igual(t, "estado", hay.Estado, tt.fin)
		})
	}
}

// TestAReturnIsDecided: a return is accepted, or refused with a reason, and only once.
func TestAReturnIsDecided(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		id     string
		quiero error
	}{
		"one that waits": {id: "d"},
		"none":           {id: "x", quiero: pedido.ErrSinDevolucion},
		"one that was decided": {
			con:    func(p *pedido.Pedido) { p.Devoluciones[0].Estado = pedido.DevolucionRechazada },
			id:     "d",
			quiero: pedido.ErrResuelta,
		},
		"of an order that is over": {
			con:    func(p *pedido.Pedido) { p.Estado = pedido.Devuelto },
			id:     "d",
			quiero: pedido.ErrPaso,
		},
		"under another body": {
			con:    func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") },
			id:     "d",
			quiero: pedido.ErrHuella,
		},
	}
	for nombre, tt := range tests {
		for _, acepta := range []bool{true, false} {
			t.Run(nombre, func(t *testing.T) {
				t.Parallel()
				d := deYerba(1)
				d.ID, d.Estado = "d", pedido.DevolucionPedida
				p := unPedido(pedido.Entregado)
				p.Devoluciones = []pedido.Devolucion{d}
				if tt.con != nil {
					tt.con(p)
				}
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
		_, repetida, err = b.AceptarDevolucion(
			t.Context(),
			quienOpe,
			uno,
			id,
			nil,
			llave("k", "h"),
		)
		return repetida, err
	}
	_, repetida, err = b.RechazarDevolucion(
		t.Context(),
		quienOpe,
		uno,
		id,
		"abierta",
		llave("k", "h"),
	)
	return repetida, err
}

// decidida checks the return of one unit, and its refund, after it was accepted or refused.
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
