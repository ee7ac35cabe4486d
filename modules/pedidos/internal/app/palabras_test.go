package app_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/seal"

	"go.mongodb.org/mongo-driver/bson"
)

// dichas are a person's words. No stored order may have them in the clear.
const dichas = "se lo di a Raúl"

// visto is the order uno as an operator reads it.
func (b *banco) visto(t *testing.T) *pedido.Pedido {
	t.Helper()
	p, err := b.Leer(t.Context(), quienOpe, uno)
	bien(t, err)
	return p
}

// guardado checks that the stored order has dichas nowhere in the clear.
func (b *banco) guardado(t *testing.T) {
	t.Helper()
	doc, err := bson.Marshal(b.pedidos.hay[uno])
	bien(t, err)
	if strings.Contains(string(doc), dichas) {
		t.Errorf("the words are stored in the clear: %+v", b.pedidos.hay[uno])
	}
}

// TestWordsAreStoredSealed: the words of a person are in the answers of the app, and sealed in the store. A
// cancel, a refund or a return works while the store of the customers' keys is away.
func TestWordsAreStoredSealed(t *testing.T) {
	t.Parallel()
	devolucion := deYerba(1)
	devolucion.Motivo = dichas
	type dicho struct {
		estado pedido.Estado
		decir  func(b *banco, t *testing.T) (*pedido.Pedido, bool, error)
		donde  func(p *pedido.Pedido) []string
	}
	tests := map[string]dicho{
		"a cancel": {
			estado: pedido.Creado,
			decir: func(b *banco, t *testing.T) (*pedido.Pedido, bool, error) {
				return b.Cancelar(t.Context(), clienta, uno, dichas, llave("k", "h"))
			},
			donde: func(p *pedido.Pedido) []string { return []string{p.Motivo, p.Intentos[0].Motivo} },
		},
		"a cancel of what a truck has": {
			estado: pedido.Confirmado,
			decir: func(b *banco, t *testing.T) (*pedido.Pedido, bool, error) {
				return b.Cancelar(t.Context(), clienta, uno, dichas, llave("k", "h"))
			},
			donde: func(p *pedido.Pedido) []string { return []string{p.Motivo, p.Intentos[0].Motivo} },
		},
		"a cancel that waits for the truck": {
			estado: pedido.Confirmado,
			decir: func(b *banco, t *testing.T) (*pedido.Pedido, bool, error) {
				b.rutas.liberar = errLejos
				return b.Cancelar(t.Context(), clienta, uno, dichas, llave("k", "h"))
			},
			donde: func(p *pedido.Pedido) []string { return []string{p.Nota.Motivo} },
		},
		"a refund": {
			estado: pedido.Entregado,
			decir: func(b *banco, t *testing.T) (*pedido.Pedido, bool, error) {
				return b.Reembolsar(t.Context(), quienOpe, uno, 500, dichas, llave("k", "h"))
			},
			donde: func(p *pedido.Pedido) []string { return []string{p.Reembolsos[0].Motivo} },
		},
		"a return": {
			estado: pedido.Entregado,
			decir: func(b *banco, t *testing.T) (*pedido.Pedido, bool, error) {
				return b.Devolver(t.Context(), clienta, uno, devolucion, nil, llave("k", "h"))
			},
			donde: func(p *pedido.Pedido) []string { return []string{p.Devoluciones[0].Motivo} },
		},
		"a return refused": {
			estado: pedido.Entregado,
			decir: func(b *banco, t *testing.T) (*pedido.Pedido, bool, error) {
				_, _, err := b.Devolver(
					t.Context(),
					clienta,
					uno,
					deYerba(1),
					nil,
					llave("d", "h"),
				)
				bien(t, err)
				return b.RechazarDevolucion(
					t.Context(),
					quienOpe,
					uno,
					"d",
					dichas,
					llave("k", "h"),
				)
			},
			donde: func(p *pedido.Pedido) []string { return []string{p.Devoluciones[0].Rechazo} },
		},
	}
	for nombre, tt := range tests {
		for _, lejos := range []bool{false, true} {
			t.Run(nombre, func(t *testing.T) {
				t.Parallel()
				b := armar(unPedido(tt.estado))
				b.palabras.Away(lejos)
				_, _, err := tt.decir(b, t)
				bien(t, err)
				b.guardado(t)
				b.palabras.Away(false)
				repetido, repetida, err := tt.decir(b, t)
				bien(t, err)
				igual(t, "repeated", repetida, true)
				for _, p := range []*pedido.Pedido{b.visto(t), repetido} {
					for _, hay := range tt.donde(p) {
						igual(t, "shown", hay, dichas)
					}
				}
				b.guardado(t)
				b.palabras.Erase(ana)
				for _, hay := range tt.donde(b.visto(t)) {
					igual(t, "shown after the erasure", hay, seal.Erased)
				}
			})
		}
	}
}

// TestWordsOfLists: each order of a page shows its own words. Reading changes no stored order.
func TestWordsOfLists(t *testing.T) {
	t.Parallel()
	otro := unPedido(pedido.Creado)
	otro.ID = "otro"
	b := armar(unPedido(pedido.Creado), otro)
	_, _, err := b.Cancelar(t.Context(), clienta, uno, dichas, llave("k", "h"))
	bien(t, err)
	bien(t, otro.PedirCancelacion(pedido.Nota{Motivo: "de antes"}, ahora))
	b.pedidos.hay["otro"] = otro
	b.pedidos.listados = []string{uno, "otro"}
	ps, err := b.Listar(t.Context(), quienOpe, app.Filtro{}, nil, 9)
	bien(t, err)
	igual(t, "the first", ps[0].Motivo, dichas)
	igual(t, "the second, as an earlier release has stored it", ps[1].Motivo, "de antes")
	b.guardado(t)
}

// TestOldWordsAreSealed: SellarPendientes seals words that an earlier release stored in the clear, and words
// under the house's key. It leaves codes alone, and orders that a worker holds.
func TestOldWordsAreSealed(t *testing.T) {
	t.Parallel()
	vieja := func() *pedido.Pedido {
		p := unPedido(pedido.Entregado)
		p.Reembolsos = []pedido.Reembolso{
			{ID: "r", Motivo: dichas},
			{ID: "s", Motivo: pedido.MotivoDevolucion},
		}
		p.Devoluciones = []pedido.Devolucion{{ID: "d", Motivo: dichas, Rechazo: dichas}}
		p.Nota = &pedido.Nota{Motivo: dichas}
		p.Motivo, p.Intentos[0].Motivo = dichas, "pago-rechazado.sin-fondos"
		return p
	}
	sellar := func(t *testing.T, b *banco, quiero int) {
		t.Helper()
		b.pedidos.listados = []string{uno}
		n, err := b.SellarPendientes(t.Context(), sinPausa)
		bien(t, err)
		igual(t, "sealed", n, quiero)
	}
	t.Run("in the clear", func(t *testing.T) {
		b := armar(vieja())
		igual(t, "shown before", b.visto(t).Devoluciones[0].Rechazo, dichas)
		sellar(t, b, 1)
		b.guardado(t)
		p, hay := b.visto(t), b.pedidos.hay[uno]
		r, d := p.Reembolsos[0], p.Devoluciones[0]
		for _, x := range []string{p.Motivo, p.Nota.Motivo, r.Motivo, d.Motivo, d.Rechazo} {
			igual(t, "shown", x, dichas)
		}
		igual(t, "a code", hay.Reembolsos[1].Motivo, pedido.MotivoDevolucion)
		igual(t, "a code with a point", hay.Intentos[0].Motivo, "pago-rechazado.sin-fondos")
		sellar(t, b, 0)
	})
	t.Run("for the time being", func(t *testing.T) {
		b := armar(unPedido(pedido.Creado))
		b.palabras.Away(true)
		_, _, err := b.Cancelar(t.Context(), clienta, uno, dichas, llave("k", "h"))
		bien(t, err)
		igual(t, "for the time being", seal.Pending(b.pedidos.hay[uno].Motivo), true)
		sellar(t, b, 0)
		b.palabras.Away(false)
		sellar(t, b, 1)
		igual(t, "for the time being", seal.Pending(b.pedidos.hay[uno].Motivo), false)
		igual(t, "shown", b.visto(t).Motivo, dichas)
	})
	t.Run("somebody works on it", func(t *testing.T) {
		p := vieja()
		p.Lease = ahora.Add(time.Second)
		b := armar(p)
		sellar(t, b, 0)
		igual(t, "version", b.pedidos.hay[uno].Version, 1)
	})
	t.Run("somebody saves it meanwhile", func(t *testing.T) {
		b := armar(vieja())
		b.pedidos.conflictos = 1
		sellar(t, b, 0)
		sellar(t, b, 1)
	})
	t.Run("the store is away", func(t *testing.T) {
		b := armar(vieja())
		b.pedidos.listados, b.pedidos.guardar = []string{uno}, errLejos
		if n, err := b.SellarPendientes(t.Context(), sinPausa); n != 0 ||
			!errors.Is(err, errLejos) {
			t.Errorf("%d, %v", n, err)
		}
	})
}

// sinPausa is the pause of SellarPendientes in tests with few orders.
func sinPausa(context.Context) error { return nil }

// TestTheLookForWordsRests: SellarPendientes pauses after each full page of orders, and seals every order.
func TestTheLookForWordsRests(t *testing.T) {
	t.Parallel()
	for pedidos, quiero := range map[int]int{199: 0, 200: 1, 1000: 5, 1001: 5} {
		b := armar()
		for n := range pedidos {
			p := unPedido(pedido.Entregado)
			p.ID = fmt.Sprintf("pedido-%06d", n)
			p.Creado = ahora.Add(-time.Duration(n) * time.Second)
			p.Reembolsos = []pedido.Reembolso{{ID: "r", Motivo: dichas}}
			b.pedidos.hay[p.ID], b.pedidos.listados = p, append(b.pedidos.listados, p.ID)
		}
		pausas := 0
		n, err := b.SellarPendientes(
			t.Context(),
			func(context.Context) error { pausas++; return nil },
		)
		bien(t, err)
		igual(t, "orders sealed", n, pedidos)
		igual(t, "pauses", pausas, quiero)
	}
}

// TestWordsOfMovements: an operator's words on a movement of stock belong to no customer. The house's key seals
// them.
func TestWordsOfMovements(t *testing.T) {
	t.Parallel()
	b := armar()
	m, _, err := b.Mover(
		t.Context(),
		app.Movimiento{Producto: yerba, Cantidad: 5, Motivo: dichas},
		llave("k", "h"),
	)
	bien(t, err)
	igual(t, "answered", m.Motivo, dichas)
	igual(t, "stored sealed", seal.Sealed(b.stock.movido.Motivo), true)
	b.stock.publicados = []existencias.Movimiento{
		b.stock.movido, {ID: "viejo", Motivo: dichas}, {ID: "inicio", Motivo: "inicial"},
		{ID: "venta", Motivo: existencias.MotivoVenta, Pedido: uno},
	}
	listados := func() (out []string) {
		ms, err := b.Movimientos(t.Context(), app.FiltroMovimientos{Producto: yerba}, nil, 9)
		bien(t, err)
		for _, m := range ms {
			out = append(out, m.Motivo)
		}
		return out
	}
	quiero := dichas + ";" + dichas + ";inicial;venta"
	igual(t, "listed", strings.Join(listados(), ";"), quiero)
	n, err := b.SellarPendientes(t.Context(), sinPausa)
	bien(t, err)
	igual(t, "sealed", n, 1)
	igual(t, "an old one is sealed", seal.Sealed(b.stock.publicados[1].Motivo), true)
	igual(t, "codes", b.stock.publicados[2].Motivo+b.stock.publicados[3].Motivo, "inicialventa")
	igual(t, "listed then", strings.Join(listados(), ";"), quiero)
	repetido, _, err := b.Mover(
		t.Context(),
		app.Movimiento{Producto: yerba, Cantidad: 5, Motivo: dichas},
		llave("k", "h"),
	)
	bien(t, err)
	igual(t, "answered again", repetido.Motivo, dichas)
}
