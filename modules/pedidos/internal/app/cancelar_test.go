package app_test

import (
	"context"
	"testing"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/fault"
	"despensa/platform/seal"
)

// TestACancel: from each estado, for each answer of rutas.
func TestACancel(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		estado  pedido.Estado
		liberar error
		queda   pedido.Estado
		nota    bool // the cancel waits for the truck's answer
		quiero  error
	}{
		"created":                   {pedido.Creado, nil, pedido.Cancelado, false, nil},
		"prepared":                  {pedido.Preprocesado, nil, pedido.Cancelado, false, nil},
		"waiting for its payment":   {pedido.PagoPendiente, nil, pedido.Cancelado, false, nil},
		"authorised":                {pedido.Autorizado, nil, pedido.Cancelado, false, nil},
		"failed":                    {pedido.Fallido, nil, pedido.Cancelado, false, nil},
		"accepted":                  {pedido.Aceptado, nil, pedido.Cancelado, false, nil},
		"confirmed":                 {pedido.Confirmado, nil, pedido.Cancelado, false, nil},
		"accepted, rutas is away":   {pedido.Aceptado, errLejos, pedido.Aceptado, true, nil},
		"confirmed, rutas is away":  {pedido.Confirmado, errLejos, pedido.Confirmado, true, nil},
		"confirmed, truck has left": {pedido.Confirmado, rutas.ErrYaSalio, pedido.Confirmado, false, pedido.ErrPaso},
		"on its way":                {pedido.EnReparto, nil, pedido.EnReparto, false, pedido.ErrPaso},
		"delivered":                 {pedido.Entregado, nil, pedido.Entregado, false, pedido.ErrPaso},
		"given up":                  {pedido.Rechazado, nil, pedido.Rechazado, false, pedido.ErrPaso},
		"cancelled":                 {pedido.Cancelado, nil, pedido.Cancelado, false, pedido.ErrPaso},
		"returned":                  {pedido.Devuelto, nil, pedido.Devuelto, false, pedido.ErrPaso},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(tt.estado))
			b.rutas.liberar = tt.liberar
			visto, repetida, err := b.Cancelar(t.Context(), clienta, uno, "mudanza", llave("k", "h"))
			igual(t, "repeated", repetida, false)
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, "")
				f, _ := fault.As(err)
				if _, ok := f.Extra["permitidos"]; !ok {
					t.Errorf("does not say what is allowed: %+v", f.Extra)
				}
			} else {
				bien(t, err)
			}
			hay := b.pedidos.hay[uno]
			igual(t, "estado", hay.Estado, tt.queda)
			igual(t, "noted", hay.Nota != nil, tt.nota)
			hecha, err := hay.YaHecha("k", "h")
			bien(t, err)
			igual(t, "key kept", hecha, tt.quiero == nil)
			if tt.queda == pedido.Cancelado && tt.quiero == nil {
				igual(t, "reason", visto.Motivo, "mudanza")
				igual(t, "stored sealed", seal.Sealed(hay.Motivo), true)
			}
		})
	}
}

// TestACancelFreesThePresentVisit and no other.
func TestACancelFreesThePresentVisit(t *testing.T) {
	t.Parallel()
	p := unPedido(pedido.Confirmado)
	p.NuevaVisita()
	b := armar(p)
	_, _, err := b.Cancelar(t.Context(), clienta, uno, "mudanza", llave("k", "h"))
	bien(t, err)
	igual(t, "visit", b.rutas.pedida, rutas.Clave{Pedido: uno, Intento: 1, Numero: 2})
}

// TestACancelMeetsAWorker: another process carries the note out between the two saves.
func TestACancelMeetsAWorker(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		hace   func(p *pedido.Pedido) error
		quiero error
	}{
		"that cancels":           {func(p *pedido.Pedido) error { return p.Cancelar(ahora) }, nil},
		"that finds it has left": {func(p *pedido.Pedido) error { p.RetirarNota(ahora); return nil }, pedido.ErrPaso},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(pedido.Confirmado))
			b.con(func(o *app.Opciones) {
				o.Rutas = &entremedio{camiones: b.rutas, hace: func() error { return tt.hace(b.pedidos.hay[uno]) }}
			})
			_, _, err := b.Cancelar(t.Context(), clienta, uno, "mudanza", llave("k", "h"))
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, "")
				return
			}
			bien(t, err)
		})
	}
}

// entremedio does something while a visit is being freed.
type entremedio struct {
	*camiones
	hace func() error
}

func (f *entremedio) Liberar(context.Context, rutas.Clave) error { return f.hace() }

func TestACancelIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(b *banco, p *pedido.Pedido)
		quien  app.Quien
		id     string
		quiero error
	}{
		"another's order": {func(*banco, *pedido.Pedido) {}, ajena, uno, app.ErrNoExiste},
		"no order":        {func(*banco, *pedido.Pedido) {}, quienOpe, "x", app.ErrNoExiste},
		"under way already": {
			func(_ *banco, p *pedido.Pedido) { p.Nota = &pedido.Nota{} }, clienta, uno, pedido.ErrCancelando,
		},
		"the key of another body": {
			func(_ *banco, p *pedido.Pedido) { bienRecordada(p, "k", "otra") }, clienta, uno, pedido.ErrHuella,
		},
		"the 51st action of a day": {
			func(_ *banco, p *pedido.Pedido) { p.Acciones = acciones(50) }, clienta, uno, pedido.ErrAcciones,
		},
		"a store that is away": {
			func(b *banco, _ *pedido.Pedido) { b.pedidos.guardar = errLejos }, clienta, uno, errLejos,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Confirmado)
			b := armar(p)
			tt.con(b, p)
			_, _, err := b.Cancelar(t.Context(), tt.quien, tt.id, "mudanza", llave("k", "h"))
			rechazado(t, err, tt.quiero, "")
			igual(t, "version", b.pedidos.hay[uno].Version, 1)
			igual(t, "visit asked about", b.rutas.pedida, rutas.Clave{})
		})
	}
}

func TestACancelIsRepeated(t *testing.T) {
	t.Parallel()
	b := armar(unPedido(pedido.Creado))
	for i := range 2 {
		p, repetida, err := b.Cancelar(t.Context(), clienta, uno, "mudanza", llave("k", "h"))
		bien(t, err)
		igual(t, "estado", p.Estado, pedido.Cancelado)
		igual(t, "repeated", repetida, i == 1)
	}
	igual(t, "version", b.pedidos.hay[uno].Version, 2)
}
