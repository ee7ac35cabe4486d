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

// laVisita is the order's visit on the truck of chofer; its shift is vigente, or another day's, or over.
func laVisita(estado rutas.EstadoVisita, vigente bool) rutas.Visita {
	return rutas.Visita{Repartidor: chofer, Estado: estado, Vigente: vigente, Dia: "2026-11-29"}
}

const hoy, otroDia = true, false

// TestTheDoorOfTheDeliveryAddress: the callers for whom the address is opened, and one record
// for each of them.
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
		"an operator":                 {nada, lectora, rutas.Visita{}, true},
		"an operator, order over":     {fin(pedido.Cancelado), lectora, rutas.Visita{}, true},
		"the driver who has it today": {nada, repartidor, laVisita(rutas.Firme, hoy), true},
		"the driver under way":        {nada, repartidor, laVisita(rutas.EnCamino, hoy), true},
		"under way since yesterday":   {nada, repartidor, laVisita(rutas.EnCamino, otroDia), true},
		"the driver of another shift": {nada, repartidor, laVisita(rutas.Firme, otroDia), false},
		"before it is paid for":       {nada, repartidor, laVisita(rutas.Provisional, hoy), false},
		"once it is delivered":        {nada, repartidor, laVisita(rutas.Entregada, hoy), false},
		"once nobody opened":          {nada, repartidor, laVisita(rutas.Fallida, hoy), false},
		"once it is freed":            {nada, repartidor, laVisita(rutas.Liberada, hoy), false},
		"once it is lost":             {nada, repartidor, laVisita(rutas.Perdida, hoy), false},
		"another truck's driver":      {nada, repartidor, deOtro, false},
		"a truck without a driver":    {nada, sinNombre, deNadie, false},
		"an order that was cancelled": {fin(pedido.Cancelado), repartidor, laVisita(rutas.EnCamino, hoy), false},
		"an order that came back":     {fin(pedido.Devuelto), repartidor, laVisita(rutas.EnCamino, hoy), false},
		"an order that failed":        {fin(pedido.Fallido), repartidor, laVisita(rutas.Firme, hoy), false},
		"an order that was never booked": {
			func(_ *banco, p *pedido.Pedido) { p.Visitas = 0 }, repartidor, laVisita(rutas.Firme, hoy), false,
		},
		"a booking that there is not": {
			func(b *banco, _ *pedido.Pedido) { b.rutas.verVisita = rutas.ErrSinVisita },
			repartidor, laVisita(rutas.Firme, hoy), false,
		},
		"its own customer": {nada, app.Lector{Quien: clienta}, laVisita(rutas.EnCamino, hoy), false},
		"an order of nobody's": {
			func(b *banco, _ *pedido.Pedido) { delete(b.pedidos.hay, uno) }, lectora, rutas.Visita{}, false,
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
			resultado := audit.Permitido
			if tt.abre {
				bien(t, err)
				igual(t, "street", bloque.Calle, "Yatay 1")
			} else {
				resultado = audit.Negado
				rechazado(t, err, app.ErrNoExiste, "")
				igual(t, "text", err.Error(), app.ErrNoExiste.Error()) // as if there were no such order
				igual(t, "street", bloque.Calle, "")
				igual(t, "opened", b.clientes.abierto, 0)
			}
			if len(b.rastro.hay) != 1 || b.rastro.hay[0].Resultado != resultado {
				t.Fatalf("recorded %+v", b.rastro.hay)
			}
		})
	}
}

// TestTheRecordOfAnAddress names caller, role, action, order, customer and request.
func TestTheRecordOfAnAddress(t *testing.T) {
	t.Parallel()
	b := armar(unPedido(pedido.Confirmado))
	b.rutas.visita = laVisita(rutas.EnCamino, hoy)
	p, _, err := b.Entrega(t.Context(), repartidor, uno)
	bien(t, err)
	igual(t, "order", p.ID, uno)
	igual(t, "visit", b.rutas.pedida, rutas.Clave{Pedido: uno, Intento: 1, Numero: 1})
	igual(t, "record", b.rastro.hay[0], audit.Registro{
		Actor:     chofer,
		Rol:       "repartidor",
		Accion:    "pedidos.entrega.leer",
		Recurso:   audit.Recurso{Clase: "pedido", ID: uno},
		Cliente:   ana,
		Resultado: audit.Permitido,
		Solicitud: "s1",
	})
}

// TestNotRecordedIsNotShown and an answer that is not known opens nothing either.
func TestNotRecordedIsNotShown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(b *banco)
		lector app.Lector
		quiero error
	}{
		"the trail is away, operator": {func(b *banco) { b.rastro.falla = errLejos }, lectora, audit.ErrSinRegistro},
		"the trail is away, driver": {
			func(b *banco) { b.rastro.falla = errLejos }, repartidor, audit.ErrSinRegistro,
		},
		"rutas is away":     {func(b *banco) { b.rutas.verVisita = errLejos }, repartidor, errLejos},
		"the store is away": {func(b *banco) { b.pedidos.leer = errLejos }, lectora, errLejos},
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

// TestARefusalIsARefusal whether or not it could be recorded, and it is recorded for a
// caller that has hung up.
func TestARefusalIsARefusal(t *testing.T) {
	t.Parallel()
	ido, irse := context.WithCancel(t.Context())
	irse()
	b := armar()
	_, _, err := b.Entrega(ido, repartidor, uno)
	rechazado(t, err, app.ErrNoExiste, "")
	igual(t, "records", len(b.rastro.hay), 1)
	igual(t, "whose", b.rastro.hay[0].Cliente, "")

	b.rastro.falla = errLejos
	_, _, err = b.Entrega(t.Context(), repartidor, uno)
	rechazado(t, err, app.ErrNoExiste, "")
}

// TestASealThatDoesNotOpen shows nothing, and its error holds none of the sealed text.
func TestASealThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sellado string
		quiero  error // nil: any
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
			if err == nil || tt.quiero == nil && err.Error() != "app: the delivery block cannot be read" {
				t.Fatalf("got %v", err)
			}
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, "")
			}
			igual(t, "street", bloque.Calle, "")
		})
	}
}
