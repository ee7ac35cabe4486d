package app_test

import (
	"testing"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

func TestWhoReadsAnOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		quien  app.Quien
		id     string
		leer   error
		quiero error
	}{
		"its customer":              {clienta, uno, nil, nil},
		"an operator":               {quienOpe, uno, nil, nil},
		"another customer":          {ajena, uno, nil, app.ErrNoExiste},
		"a caller without an id":    {app.Quien{}, uno, nil, app.ErrNoExiste},
		"no order":                  {clienta, "x", nil, app.ErrNoExiste},
		"no order, operator":        {quienOpe, "x", nil, app.ErrNoExiste},
		"a store that is away":      {clienta, uno, errLejos, errLejos},
		"away, for another as well": {ajena, uno, errLejos, errLejos},
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
		listas int // how often the store is asked
		quiero string
	}{
		"a customer":                    {clienta, "", 1, ana},
		"a customer, for themselves":    {clienta, ana, 1, ana},
		"a customer, for another":       {clienta, berta, 0, ""},
		"an operator, for everybody":    {quienOpe, "", 1, ""},
		"an operator, for one customer": {quienOpe, berta, 1, berta},
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

func TestForWhomSomebodyAsks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		quien   app.Quien
		cliente string
		para    string
		quiero  error
	}{
		"a customer":                  {clienta, "", ana, nil},
		"a customer, by name":         {clienta, ana, ana, nil},
		"a customer, for another":     {clienta, berta, "", clientes.ErrNoExiste},
		"an operator, for a customer": {quienOpe, ana, ana, nil},
		"an operator, for none":       {quienOpe, "", "", app.ErrCliente},
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

// TestANotice hands the order to the worker; any error means "tell me again".
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

// TestAHandOverThatFails changes nothing for the caller: the order has a timer of its own.
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

// TestWhatACallerMayDo: the app adds its clock and the time in which goods may be returned.
func TestWhatACallerMayDo(t *testing.T) {
	t.Parallel()
	b := armar()
	entregado := unPedido(pedido.Entregado)
	igual(t, "customer", len(b.Accionables(entregado, clienta)), 1)  // devolver
	igual(t, "operator", len(b.Accionables(entregado, quienOpe)), 2) // reembolsar too
	igual(t, "clock", b.Ahora(), ahora)
}
