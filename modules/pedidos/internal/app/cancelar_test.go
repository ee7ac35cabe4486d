package app_test

import (
	"cmp"
	"context"
	"testing"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/fault"
	"despensa/platform/seal"
)

// TestACancel: a cancel from each estado, with each answer of rutas.
func TestACancel(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		estado  pedido.Estado
		liberar error
		queda   pedido.Estado
		nota    bool // the note of the cancel waits for the answer of rutas
		quiero  error
	}{
		"created":                 {estado: pedido.Creado, queda: pedido.Cancelado},
		"prepared":                {estado: pedido.Preprocesado, queda: pedido.Cancelado},
		"waiting for its payment": {estado: pedido.PagoPendiente, queda: pedido.Cancelado},
		"authorised":              {estado: pedido.Autorizado, queda: pedido.Cancelado},
		"failed":                  {estado: pedido.Fallido, queda: pedido.Cancelado},
		"accepted":                {estado: pedido.Aceptado, queda: pedido.Cancelado},
		"confirmed":               {estado: pedido.Confirmado, queda: pedido.Cancelado},
		"accepted, rutas is away": {
			estado:  pedido.Aceptado,
			liberar: errLejos,
			queda:   pedido.Aceptado,
			nota:    true,
		},
		"confirmed, rutas is away": {
			estado:  pedido.Confirmado,
			liberar: errLejos,
			queda:   pedido.Confirmado,
			nota:    true,
		},
		"confirmed, truck has left": {
			estado:  pedido.Confirmado,
			liberar: rutas.ErrYaSalio,
			queda:   pedido.Confirmado,
			quiero:  pedido.ErrPaso,
		},
		"on its way": {
			estado: pedido.EnReparto,
			queda:  pedido.EnReparto,
			quiero: pedido.ErrPaso,
		},
		"delivered": {
			estado: pedido.Entregado,
			queda:  pedido.Entregado,
			quiero: pedido.ErrPaso,
		},
		"given up": {
			estado: pedido.Rechazado,
			queda:  pedido.Rechazado,
			quiero: pedido.ErrPaso,
		},
		"cancelled": {
			estado: pedido.Cancelado,
			queda:  pedido.Cancelado,
			quiero: pedido.ErrPaso,
		},
		"returned": {estado: pedido.Devuelto, queda: pedido.Devuelto, quiero: pedido.ErrPaso},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(tt.estado))
			b.rutas.liberar = tt.liberar
			visto, repetida, err := b.Cancelar(
				t.Context(),
				clienta,
				uno,
				"mudanza",
				llave("k", "h"),
			)
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

// TestACancelFreesThePresentVisit and no earlier one.
func TestACancelFreesThePresentVisit(t *testing.T) {
	t.Parallel()
	p := unPedido(pedido.Confirmado)
	p.NuevaVisita()
	b := armar(p)
	_, _, err := b.Cancelar(t.Context(), clienta, uno, "mudanza", llave("k", "h"))
	bien(t, err)
	igual(t, "visit", b.rutas.pedida, rutas.Clave{Pedido: uno, Intento: 1, Numero: 2})
}

// TestACancelMeetsAWorker: a worker of another process carries the note out between the app's two saves.
func TestACancelMeetsAWorker(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		hace   func(p *pedido.Pedido) error
		quiero error
	}{
		"that cancels": {
			func(p *pedido.Pedido) error { return p.Cancelar(ahora) },
			nil,
		},
		"that finds it has left": {
			func(p *pedido.Pedido) error { p.RetirarNota(ahora); return nil },
			pedido.ErrPaso,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(unPedido(pedido.Confirmado))
			b.con(func(o *app.Opciones) {
				o.Rutas = &entremedio{
					camiones: b.rutas,
					hace:     func() error { return tt.hace(b.pedidos.hay[uno]) },
				}
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

// entremedio is rutas with a function that is called while a visit is being freed.
type entremedio struct {
	*camiones
	hace func() error
}

func (f *entremedio) Liberar(context.Context, rutas.Clave) error { return f.hace() }

// TestACancelIsRefused: a refused cancel changes no order and asks rutas nothing.
func TestACancelIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(b *banco, p *pedido.Pedido)
		quien  app.Quien // zero: clienta
		id     string    // empty: uno
		quiero error
	}{
		"another's order": {quien: ajena, quiero: app.ErrNoExiste},
		"no order":        {quien: quienOpe, id: "x", quiero: app.ErrNoExiste},
		"under way already": {
			con:    func(_ *banco, p *pedido.Pedido) { p.Nota = &pedido.Nota{} },
			quiero: pedido.ErrCancelando,
		},
		"the key of another body": {
			con:    func(_ *banco, p *pedido.Pedido) { bienRecordada(p, "k", "otra") },
			quiero: pedido.ErrHuella,
		},
		"the 51st action of a day": {
			con:    func(_ *banco, p *pedido.Pedido) { p.Acciones = acciones(50) },
			quiero: pedido.ErrAcciones,
		},
		"a store that is away": {
			con:    func(b *banco, _ *pedido.Pedido) { b.pedidos.guardar = errLejos },
			quiero: errLejos,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := unPedido(pedido.Confirmado)
			b := armar(p)
			if tt.con != nil {
				tt.con(b, p)
			}
			quien, id := cmp.Or(tt.quien, clienta), cmp.Or(tt.id, uno)
			_, _, err := b.Cancelar(t.Context(), quien, id, "mudanza", llave("k", "h"))
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
