package app_test

import (
	"testing"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// TestWhoReadsAnOrder: its customer and operators read an order; to every other caller there is none.
func TestWhoReadsAnOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		quien  app.Quien
		id     string
		leer   error
		quiero error
	}{
		"its customer":           {quien: clienta, id: uno},
		"an operator":            {quien: quienOpe, id: uno},
		"another customer":       {quien: ajena, id: uno, quiero: app.ErrNoExiste},
		"a caller without an id": {quien: app.Quien{}, id: uno, quiero: app.ErrNoExiste},
		"no order":               {quien: clienta, id: "x", quiero: app.ErrNoExiste},
		"no order, operator":     {quien: quienOpe, id: "x", quiero: app.ErrNoExiste},
		"a store that is away": {
			quien:  clienta,
			id:     uno,
			leer:   errLejos,
			quiero: errLejos,
		},
		"away, for another as well": {quien: ajena, id: uno, leer: errLejos, quiero: errLejos},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(pedido.Creado))
			b.pedidos.leer = tt.leer
			p, err := b.Leer(t.Context(), tt.quien, tt.id)
			if tt.quiero == nil {
				bien(t, err)
				igual(t, "id", p.ID, uno)
				return
			}
			rechazado(t, err, tt.quiero, "")
			if p != nil {
				t.Error("the order is given all the same")
			}
		})
	}
}

// TestWhatAListIsNarrowedBy: a customer sees their own orders whatever they ask for.
func TestWhatAListIsNarrowedBy(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		quien  app.Quien
		pide   string
		listas int // calls of the store
		quiero string
	}{
		"a customer":                 {quien: clienta, listas: 1, quiero: ana},
		"a customer, for themselves": {quien: clienta, pide: ana, listas: 1, quiero: ana},
		"a customer, for another":    {quien: clienta, pide: berta},
		"an operator, for everybody": {quien: quienOpe, listas: 1},
		"an operator, for one customer": {
			quien:  quienOpe,
			pide:   berta,
			listas: 1,
			quiero: berta,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			f := app.Filtro{Cliente: tt.pide, Referencia: "PO-1", Estado: pedido.Creado}
			_, err := b.Listar(t.Context(), tt.quien, f, nil, 10)
			bien(t, err)
			igual(t, "lists", b.pedidos.listas, tt.listas)
			igual(t, "customer", b.pedidos.filtro.Cliente, tt.quiero)
			if tt.listas > 0 {
				igual(t, "reference", b.pedidos.filtro.Referencia, "PO-1")
				igual(t, "estado", b.pedidos.filtro.Estado, pedido.Creado)
			}
		})
	}
}

// TestForWhomSomebodyAsks: the customer that a call is for, by its caller and the customer named in its body.
func TestForWhomSomebodyAsks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		quien   app.Quien
		cliente string
		para    string
		quiero  error
	}{
		"a customer":          {quien: clienta, para: ana},
		"a customer, by name": {quien: clienta, cliente: ana, para: ana},
		"a customer, for another": {
			quien:   clienta,
			cliente: berta,
			quiero:  clientes.ErrNoExiste,
		},
		"an operator, for a customer": {quien: quienOpe, cliente: ana, para: ana},
		"an operator, for none":       {quien: quienOpe, quiero: app.ErrCliente},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			para, err := tt.quien.Para(tt.cliente)
			igual(t, "for", para, tt.para)
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, "")
				return
			}
			bien(t, err)
		})
	}
}

// TestANotice: a notice hands the order to the worker. An error makes the neighbour tell again.
func TestANotice(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ falla, quiero error }{
		"of an order":           {nil, nil},
		"of none":               {store.ErrNoExiste, nil},
		"of one set aside":      {&store.Ilegible{ID: uno}, nil},
		"while something fails": {errLejos, errLejos},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.worker.falla = tt.falla
			if err := b.Mirar(t.Context(), uno); err != tt.quiero { //nolint:errorlint // the very same
				t.Errorf("got %v", err)
			}
			igual(t, "handed over", len(b.worker.empujados), 1)
		})
	}
}

// TestAHandOverThatFails: the caller gets the same answer, because the order is due by its own timer.
func TestAHandOverThatFails(t *testing.T) {
	t.Parallel()
	for nombre, sin := range map[string]bool{"the worker fails": false, "handing over is off": true} {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(pedido.Creado)).con(func(o *app.Opciones) { o.SinManos = sin })
			b.worker.falla = errLejos
			p, _, err := b.Cancelar(t.Context(), clienta, uno, "mudanza", llave("k", "h"))
			bien(t, err)
			igual(t, "estado", p.Estado, pedido.Cancelado)
			igual(t, "handed over", len(b.worker.empujados) == 0, sin)
		})
	}
}

// TestWhatACallerMayDo: the actions of an order depend on the app's clock and on the time in which goods may be
// returned.
func TestWhatACallerMayDo(t *testing.T) {
	t.Parallel()
	b := armar()
	entregado := unPedido(pedido.Entregado)
	igual(t, "customer", len(b.Accionables(entregado, clienta)), 1)  // devolver
	igual(t, "operator", len(b.Accionables(entregado, quienOpe)), 2) // reembolsar too
	igual(t, "clock", b.Ahora(), ahora)
}
