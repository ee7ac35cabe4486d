package fases

import (
	"context"
	"errors"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

type liberador func(rutas.Clave) error

func (f liberador) Liberar(_ context.Context, clave rutas.Clave) error { return f(clave) }

// TestLlevarNota: the row of the visit decides between a cancel and a departure.
func TestLlevarNota(t *testing.T) {
	for nombre, x := range map[string]struct {
		dice   error
		luego  func(p *pedido.Pedido) // between the answer of rutas and the save
		err    error
		estado pedido.Estado
		nota   bool
	}{
		"the truck gives it back": {estado: pedido.Cancelado},
		"the truck has left":      {dice: rutas.ErrYaSalio, estado: pedido.Confirmado},
		"rutas fails":             {dice: errCaso, err: errCaso, estado: pedido.Confirmado, nota: true},
		"carried out meanwhile":   {luego: func(p *pedido.Pedido) { _ = p.Cancelar(t0) }, estado: pedido.Cancelado},
		"taken back meanwhile":    {luego: func(p *pedido.Pedido) { p.RetirarNota(t0) }, estado: pedido.Confirmado},
		"of another visit by now": {luego: func(p *pedido.Pedido) { p.NuevaVisita() },
			estado: pedido.Confirmado, nota: true},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), pedido.Confirmado)
			_ = anula(p, m.ahora)
			r, err := LlevarNota(t.Context(), liberador(func(c rutas.Clave) error {
				if c != (rutas.Clave{Pedido: p.ID, Intento: 1, Numero: 1}) {
					t.Errorf("freed %+v", c)
				}
				return x.dice
			}), p)
			if !errors.Is(err, x.err) {
				t.Fatal(err)
			}
			if x.luego != nil {
				x.luego(p)
			}
			if r != nil {
				err = r(p, m.ahora)
			}
			if p.Estado != x.estado || (p.Nota != nil) != x.nota || x.err == nil && err != nil {
				t.Errorf("%s, note %v, %v", p.Estado, p.Nota, err)
			}
		})
	}
}

// TestNotaSinRutas: a cancel that rutas does not answer is carried out at its deadline. The undoing asks rutas
// again.
func TestNotaSinRutas(t *testing.T) {
	anotado := func(m *mundo, p *pedido.Pedido) { _ = anula(p, m.ahora); m.rutas.sale = false }
	for en, tras := range map[pedido.Estado]time.Duration{
		pedido.Aceptado: tiempos.SinCamion, pedido.Confirmado: 28*time.Hour + tiempos.Salida,
	} {
		probar(
			t,
			pedidoNuevo,
			en,
			map[string]prueba{string(en): {antes: anotado, dice: dice("rutas.Liberar",
				errCaso), estado: en,
				espera: time.Second, err: errCaso, acaba: fin{estado: pedido.Cancelado, motivo: "x", tras: tras}}},
		)
	}
}
