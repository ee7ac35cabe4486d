package app_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/money"
)

// vecinosDeRepaso is rutas and pagos as the sweep asks them. Both give the same answer for every order, or
// fail.
type vecinosDeRepaso struct {
	visita                        rutas.EstadoVisita // "": no visit
	pago                          pagos.Situacion
	errVisitas, errPagos          error
	preguntasVisitas, masDeUnaVez int // calls of rutas, and the most orders named in one
	preguntasPagos                int
}

// deVisitas and dePagos are the ports of rutas and of pagos.
type (
	deVisitas struct{ *vecinosDeRepaso }
	dePagos   struct{ *vecinosDeRepaso }
)

func (v deVisitas) Situaciones(
	_ context.Context,
	ids []string,
) (map[string]rutas.EstadoVisita, error) {
	v.preguntasVisitas, v.masDeUnaVez = v.preguntasVisitas+1, max(v.masDeUnaVez, len(ids))
	out := map[string]rutas.EstadoVisita{}
	for _, id := range ids {
		if v.visita != "" {
			out[id] = v.visita
		}
	}
	return out, v.errVisitas
}

func (v dePagos) Situaciones(
	_ context.Context,
	ids []string,
) (map[string]pagos.Situacion, error) {
	v.preguntasPagos, v.masDeUnaVez = v.preguntasPagos+1, max(v.masDeUnaVez, len(ids))
	out := map[string]pagos.Situacion{}
	for _, id := range ids {
		if v.pago.Intento != 0 {
			out[id] = v.pago
		}
	}
	return out, v.errPagos
}

// conVecinos makes the app over vecinosDeRepaso.
func (b *banco) conVecinos(vecinosDeRepaso *vecinosDeRepaso) *banco {
	return b.con(
		func(o *app.Opciones) { o.Visitas, o.Cobros = deVisitas{vecinosDeRepaso}, dePagos{vecinosDeRepaso} },
	)
}

// TestTheSweep: an order at rest is made due when its visit or payment has moved on without a notice. Otherwise
// it is left alone.
func TestTheSweep(t *testing.T) {
	t.Parallel()
	cobrado := pagos.Situacion{Intento: 1, Estado: pagos.Cobrado}
	devuelto := pagos.Situacion{Intento: 1, Estado: pagos.Cobrado, Reembolsado: 500}
	disputa := pagos.Situacion{Intento: 1, Estado: pagos.Cobrado, Contracargo: true}
	pendiente := pagos.Situacion{Intento: 1, Estado: pagos.Pendiente}
	nada := func(*banco, *pedido.Pedido) {}
	type dan = vecinosDeRepaso // the answers of rutas and pagos
	for nombre, x := range map[string]struct {
		en  pedido.Estado
		v   dan
		con func(b *banco, p *pedido.Pedido)
		due bool
		err error
	}{
		"confirmado, nothing new":        {en: pedido.Confirmado, v: dan{visita: rutas.Firme, pago: cobrado}},
		"confirmado, it has left":        {en: pedido.Confirmado, v: dan{visita: rutas.EnCamino, pago: cobrado}, due: true},
		"confirmado, it was delivered":   {en: pedido.Confirmado, v: dan{visita: rutas.Entregada, pago: cobrado}, due: true},
		"confirmado, lost":               {en: pedido.Confirmado, v: dan{visita: rutas.Perdida, pago: cobrado}, due: true},
		"confirmado, no visit at all":    {en: pedido.Confirmado, v: dan{pago: cobrado}, due: true},
		"confirmado, money went back":    {en: pedido.Confirmado, v: dan{visita: rutas.Firme, pago: devuelto}, due: true},
		"confirmado, disputed":           {en: pedido.Confirmado, v: dan{visita: rutas.Firme, pago: disputa}, due: true},
		"en_reparto, nothing new":        {en: pedido.EnReparto, v: dan{visita: rutas.EnCamino, pago: cobrado}},
		"en_reparto, delivered":          {en: pedido.EnReparto, v: dan{visita: rutas.Entregada, pago: cobrado}, due: true},
		"en_reparto, failed":             {en: pedido.EnReparto, v: dan{visita: rutas.Fallida, pago: cobrado}, due: true},
		"pago_pendiente, nothing new":    {en: pedido.PagoPendiente, v: dan{pago: pendiente}},
		"pago_pendiente, paid":           {en: pedido.PagoPendiente, v: dan{pago: cobrado}, due: true},
		"pago_pendiente, without charge": {en: pedido.PagoPendiente, due: true},
		"entregado is not swept":         {en: pedido.Entregado, v: dan{visita: rutas.Firme, pago: devuelto}},
		"money that is known": {en: pedido.Confirmado, v: dan{visita: rutas.Firme, pago: devuelto},
			con: func(_ *banco, p *pedido.Pedido) { p.Pago.Reembolsado = 500 }},
		"a dispute that is known": {en: pedido.EnReparto, v: dan{visita: rutas.EnCamino, pago: disputa},
			con: func(_ *banco, p *pedido.Pedido) { p.Marcar(pedido.MarcaDisputa, ahora) }},
		"money of another intento": {en: pedido.Confirmado, v: dan{visita: rutas.Firme, pago: devuelto},
			con: func(_ *banco, p *pedido.Pedido) { p.Intento = 2 }},
		"held by a worker": {en: pedido.Confirmado, v: dan{visita: rutas.EnCamino, pago: cobrado},
			con: func(_ *banco, p *pedido.Pedido) { p.Lease = ahora.Add(time.Second) }},
		"held by nobody any more": {en: pedido.Confirmado, v: dan{visita: rutas.EnCamino, pago: cobrado}, due: true,
			con: func(_ *banco, p *pedido.Pedido) { p.Lease = ahora }},
		"changed meanwhile": {en: pedido.Confirmado, v: dan{visita: rutas.EnCamino, pago: cobrado},
			con: func(b *banco, _ *pedido.Pedido) { b.pedidos.conflictos = 1 }},
		"rutas is away": {en: pedido.Confirmado, v: dan{errVisitas: errLejos, pago: cobrado}, err: errLejos},
		"rutas is away, money went back": {en: pedido.Confirmado,
			v: dan{errVisitas: errLejos, pago: devuelto}, due: true, err: errLejos},
		"pagos is away": {en: pedido.PagoPendiente, v: dan{errPagos: errLejos}, err: errLejos},
		"pagos is away, it has left": {en: pedido.Confirmado,
			v: dan{visita: rutas.EnCamino, errPagos: errLejos}, due: true, err: errLejos},
		"the store is away": {en: pedido.Confirmado, v: dan{visita: rutas.EnCamino, pago: cobrado}, err: errLejos,
			con: func(b *banco, _ *pedido.Pedido) { b.pedidos.listar = errLejos }},
	} {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(x.en)
			p.Deber(ahora.Add(14 * 24 * time.Hour))
			p.Pago.Reembolsado = money.Centavos(0)
			b := armar(p).conVecinos(&x.v)
			if x.con == nil {
				x.con = nada
			}
			x.con(b, p)
			n, err := b.Repasar(t.Context(), 0)
			igual(t, "the error", err != nil, x.err != nil)
			igual(t, "orders made due", n == 1, x.due)
			igual(t, "due", !b.pedidos.hay[uno].Debe.After(ahora), x.due)
			igual(t, "orders handed to the worker", len(b.worker.empujados), 0)
		})
	}
}

// TestTheSweepReadsInBulkAndWritesNothing counts the calls that one round over many orders makes of each
// neighbour.
func TestTheSweepReadsInBulkAndWritesNothing(t *testing.T) {
	t.Parallel()
	const cuantos, porPagina = 10_000, 500
	v := &vecinosDeRepaso{
		visita: rutas.Firme,
		pago:   pagos.Situacion{Intento: 1, Estado: pagos.Cobrado},
	}
	b := armar().conVecinos(v)
	for n := range cuantos {
		p := unPedido(pedido.Confirmado)
		p.ID = fmt.Sprintf("pedido-%06d", n)
		p.Deber(ahora.Add(time.Hour))
		b.pedidos.hay[p.ID] = p
	}
	n, err := b.Repasar(t.Context(), 0)
	bien(t, err)
	igual(t, "orders made due", n, 0)
	// With the last, empty page of each estado.
	igual(t, "pages", b.pedidos.paginas, cuantos/porPagina+3)
	igual(t, "questions to rutas", v.preguntasVisitas, cuantos/porPagina)
	igual(t, "questions to pagos", v.preguntasPagos, cuantos/porPagina)
	igual(t, "orders in one question", v.masDeUnaVez, porPagina)
	igual(t, "orders read", b.pedidos.leidos, 0)
	igual(t, "orders saved", b.pedidos.guardados, 0)
}
