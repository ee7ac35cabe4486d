package app_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/money"
)

// caja is pagos: the receipts of orders, and the result of its look at the gateway.
type caja struct {
	recibos   map[string]pagos.Recibo
	repasar   error
	callada   bool // the gateway never answers
	repasados []pagos.Intento
}

func (f *caja) Consultar(ctx context.Context, intento pagos.Intento) (pagos.Recibo, error) {
	r, hay := f.recibos[intento.Pedido]
	if !hay {
		return r, errors.Join(pagos.ErrSinCobro, ctx.Err())
	}
	return r, ctx.Err()
}

func (f *caja) Repasar(ctx context.Context, intentos []pagos.Intento) error {
	f.repasados = intentos
	if f.callada {
		<-ctx.Done()
		return pagos.ErrSinPasarela
	}
	return f.repasar
}

const dos = "pedido-dos"

// conCaja is an app with two confirmed orders. devuelto centavos of the first one have gone back.
func conCaja(devuelto money.Centavos) (*banco, *caja) {
	otro := unPedido(pedido.Confirmado)
	otro.ID = dos
	b := armar(unPedido(pedido.Confirmado), otro)
	c := &caja{recibos: map[string]pagos.Recibo{
		uno: {Estado: pagos.Cobrado, Cobrado: 21_000, Reembolsado: devuelto, Ajeno: devuelto},
		dos: {Estado: pagos.Cobrado, Cobrado: 21_000},
	}}
	return b.con(func(o *app.Opciones) { o.Pagos = c }), c
}

// TestAntesDeSalir (A8): one look covers all orders of a departure. An order that has got all its money back
// stays.
func TestAntesDeSalir(t *testing.T) {
	callaPasarela := func(_ *banco, c *caja) { c.repasar = pagos.ErrSinPasarela }
	for nombre, x := range map[string]struct {
		devuelto money.Centavos
		con      func(b *banco, c *caja)
		estado   pedido.Estado
		liberada bool // rutas was asked to free the visit
	}{
		"all went back":       {devuelto: 21_000, estado: pedido.Cancelado, liberada: true},
		"half went back":      {devuelto: 10_000, estado: pedido.Confirmado},
		"nothing went back":   {estado: pedido.Confirmado},
		"the gateway refuses": {con: callaPasarela, estado: pedido.Confirmado},
		"the gateway refuses, and it is known": {devuelto: 21_000, con: callaPasarela,
			estado: pedido.Cancelado, liberada: true},
		"the truck has left": {devuelto: 21_000, con: func(b *banco, _ *caja) { b.rutas.liberar = rutas.ErrYaSalio },
			estado: pedido.Confirmado, liberada: true},
		"a cancel is under way": {devuelto: 21_000, con: func(b *banco, _ *caja) {
			b.pedidos.hay[uno].Nota = &pedido.Nota{Motivo: "me arrepentí"}
		},
			estado:   pedido.Cancelado,
			liberada: true},
		"it has left already": {devuelto: 21_000, con: func(b *banco, _ *caja) {
			b.pedidos.hay[uno].Estado = pedido.EnReparto
		},
			estado: pedido.EnReparto},
		"pagos does not know it": {devuelto: 21_000, con: func(_ *banco, c *caja) { delete(c.recibos, uno) },
			estado: pedido.Confirmado},
	} {
		t.Run(nombre, func(t *testing.T) {
			b, c := conCaja(x.devuelto)
			if x.con != nil {
				x.con(b, c)
			}
			b.AntesDeSalir(t.Context(), []string{"nobody's", uno, dos})
			igual(t, "estado", b.pedidos.hay[uno].Estado, x.estado)
			igual(t, "the other order", b.pedidos.hay[dos].Estado, pedido.Confirmado)
			igual(t, "its visit was asked back", b.rutas.pedida.Pedido == uno, x.liberada)
			if x.estado == pedido.Confirmado &&
				!slices.Contains(c.repasados, pagos.Intento{Pedido: uno, Numero: 1}) {
				t.Errorf("looked at %v", c.repasados)
			}
		})
	}
}

// TestAntesDeSalirConPasarelaCallada: a silent gateway delays a departure by 5 s at most, for all its orders
// together.
func TestAntesDeSalirConPasarelaCallada(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, c := conCaja(21_000)
		c.callada = true
		desde := time.Now()
		b.AntesDeSalir(t.Context(), []string{uno, dos})
		if tardo := time.Since(desde); tardo > app.PlazoSalida {
			t.Errorf("it took %s", tardo)
		}
		igual(t, "what is known", b.pedidos.hay[uno].Estado, pedido.Cancelado)
		igual(t, "what is not known", b.pedidos.hay[dos].Estado, pedido.Confirmado)
	})
}
