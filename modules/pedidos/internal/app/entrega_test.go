package app_test

import (
	"context"
	"testing"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/audit"
)

const chofer = "chofer"

var (
	lectora    = app.Lector{Quien: quienOpe, Rol: "operador", Solicitud: "s1"}
	repartidor = app.Lector{Quien: app.Quien{ID: chofer}, Rol: "repartidor", Solicitud: "s1"}
)

// laVisita is the order's visit, on the truck of chofer. Its shift is one of today (vigente), or another day's,
// or over.
func laVisita(estado rutas.EstadoVisita, vigente bool) rutas.Visita {
	return rutas.Visita{Repartidor: chofer, Estado: estado, Vigente: vigente, Dia: "2026-11-29"}
}

const hoy, otroDia = true, false

// TestTheDoorOfTheDeliveryAddress: the callers that may read the address, and one record of each call.
func TestTheDoorOfTheDeliveryAddress(t *testing.T) {
	t.Parallel()
	nada := func(*banco, *pedido.Pedido) {}
	deOtro, deNadie := laVisita(rutas.Firme, hoy), laVisita(rutas.Firme, hoy)
	deOtro.Repartidor, deNadie.Repartidor = "otro", ""
	sinNombre := app.Lector{Rol: "repartidor"}
	fin := func(e pedido.Estado) func(*banco, *pedido.Pedido) {
		return func(_ *banco, p *pedido.Pedido) { p.Estado = e }
	}
	tests := map[string]struct {
		con    func(b *banco, p *pedido.Pedido)
		lector app.Lector
		visita rutas.Visita
		abre   bool
	}{
		"an operator": {con: nada, lector: lectora, abre: true},
		"an operator, order over": {
			con:    fin(pedido.Cancelado),
			lector: lectora,
			abre:   true,
		},
		"the driver who has it today": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Firme, hoy),
			abre:   true,
		},
		"the driver under way": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.EnCamino, hoy),
			abre:   true,
		},
		"under way since yesterday": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.EnCamino, otroDia),
			abre:   true,
		},
		"the driver of another shift": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Firme, otroDia),
		},
		"before it is paid for": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Provisional, hoy),
		},
		"once it is delivered": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Entregada, hoy),
		},
		"once nobody opened": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Fallida, hoy),
		},
		"once it is freed": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Liberada, hoy),
		},
		"once it is lost": {
			con:    nada,
			lector: repartidor,
			visita: laVisita(rutas.Perdida, hoy),
		},
		"another truck's driver":   {con: nada, lector: repartidor, visita: deOtro},
		"a truck without a driver": {con: nada, lector: sinNombre, visita: deNadie},
		"an order that was cancelled": {
			con:    fin(pedido.Cancelado),
			lector: repartidor,
			visita: laVisita(rutas.EnCamino, hoy),
		},
		"an order that came back": {
			con:    fin(pedido.Devuelto),
			lector: repartidor,
			visita: laVisita(rutas.EnCamino, hoy),
		},
		"an order that failed": {
			con:    fin(pedido.Fallido),
			lector: repartidor,
			visita: laVisita(rutas.Firme, hoy),
		},
		"an order that was never booked": {
			con:    func(_ *banco, p *pedido.Pedido) { p.Visitas = 0 },
			lector: repartidor,
			visita: laVisita(rutas.Firme, hoy),
		},
		"a booking that there is not": {
			con:    func(b *banco, _ *pedido.Pedido) { b.rutas.verVisita = rutas.ErrSinVisita },
			lector: repartidor,
			visita: laVisita(rutas.Firme, hoy),
		},
		"its own customer": {
			con:    nada,
			lector: app.Lector{Quien: clienta},
			visita: laVisita(rutas.EnCamino, hoy),
		},
		"an order of nobody's": {
			con:    func(b *banco, _ *pedido.Pedido) { delete(b.pedidos.hay, uno) },
			lector: lectora,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Confirmado)
			b := armar(p)
			b.rutas.visita = tt.visita
			tt.con(b, p)
			_, bloque, err := b.Entrega(t.Context(), tt.lector, uno)
			resultado := audit.Allowed
			if tt.abre {
				bien(t, err)
				igual(t, "street", bloque.Calle, "Yatay 1")
			} else {
				resultado = audit.Denied
				rechazado(t, err, app.ErrNoExiste, "")
				igual(t, "text", err.Error(), app.ErrNoExiste.Error()) // the same as if there were no such order
				igual(t, "street", bloque.Calle, "")
				igual(t, "opened", b.clientes.abierto, 0)
			}
			if len(b.rastro.hay) != 1 || b.rastro.hay[0].Outcome != resultado {
				t.Fatalf("recorded %+v", b.rastro.hay)
			}
		})
	}
}

// TestTheRecordOfAnAddress: the record names caller, role, action, order, customer and request.
func TestTheRecordOfAnAddress(t *testing.T) {
	t.Parallel()
	b := armar(unPedido(pedido.Confirmado))
	b.rutas.visita = laVisita(rutas.EnCamino, hoy)
	p, _, err := b.Entrega(t.Context(), repartidor, uno)
	bien(t, err)
	igual(t, "order", p.ID, uno)
	igual(t, "visit", b.rutas.pedida, rutas.Clave{Pedido: uno, Intento: 1, Numero: 1})
	igual(t, "record", b.rastro.hay[0], audit.Record{
		Actor:     chofer,
		Role:      "repartidor",
		Action:    "pedidos.entrega.leer",
		Resource:  audit.Resource{Kind: "pedido", ID: uno},
		Customer:  ana,
		Outcome:   audit.Allowed,
		RequestID: "s1",
	})
}

// TestNotRecordedIsNotShown: the address stays sealed while the audit trail, rutas or the store is away.
func TestNotRecordedIsNotShown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(b *banco)
		lector app.Lector
		quiero error
	}{
		"the trail is away, operator": {
			con:    func(b *banco) { b.rastro.falla = errLejos },
			lector: lectora,
			quiero: audit.ErrNoRecord,
		},
		"the trail is away, driver": {
			con:    func(b *banco) { b.rastro.falla = errLejos },
			lector: repartidor,
			quiero: audit.ErrNoRecord,
		},
		"rutas is away": {
			con:    func(b *banco) { b.rutas.verVisita = errLejos },
			lector: repartidor,
			quiero: errLejos,
		},
		"the store is away": {
			con:    func(b *banco) { b.pedidos.leer = errLejos },
			lector: lectora,
			quiero: errLejos,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(pedido.Confirmado))
			b.rutas.visita = laVisita(rutas.EnCamino, hoy)
			tt.con(b)
			_, bloque, err := b.Entrega(t.Context(), tt.lector, uno)
			rechazado(t, err, tt.quiero, "")
			igual(t, "opened", b.clientes.abierto, 0)
			igual(t, "street", bloque.Calle, "")
			igual(t, "records", len(b.rastro.hay), 0)
		})
	}
}

// TestARefusalIsARefusal: a refused caller stays refused when the record fails. A refusal is recorded even for
// a caller that has hung up.
func TestARefusalIsARefusal(t *testing.T) {
	t.Parallel()
	ido, irse := context.WithCancel(t.Context())
	irse()
	b := armar()
	_, _, err := b.Entrega(ido, repartidor, uno)
	rechazado(t, err, app.ErrNoExiste, "")
	igual(t, "records", len(b.rastro.hay), 1)
	igual(t, "whose", b.rastro.hay[0].Customer, "")

	b.rastro.falla = errLejos
	_, _, err = b.Entrega(t.Context(), repartidor, uno)
	rechazado(t, err, app.ErrNoExiste, "")
}

// TestASealThatDoesNotOpen: the answer shows nothing, and its error has none of the sealed text.
func TestASealThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sellado string
		quiero  error // nil: any error
	}{
		"an erased customer's": {"another purpose|{}", clientes.ErrSinClave},
		"not JSON":             {"pedido." + uno + "|Yatay 1", nil},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Confirmado)
			p.Destino.Sellado = []byte(tt.sellado)
			_, bloque, err := armar(p).Entrega(t.Context(), lectora, uno)
			if err == nil ||
				tt.quiero == nil && err.Error() != "app: the delivery block cannot be read" {
				t.Fatalf("got %v", err)
			}
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, "")
			}
			igual(t, "street", bloque.Calle, "")
		})
	}
}
