package fases

import (
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// TestPrecedencia: the neighbours that each need asks, in order.
func TestPrecedencia(t *testing.T) {
	for nombre, x := range map[string]struct {
		en     pedido.Estado
		antes  []func(p *pedido.Pedido) error
		llaman string
	}{
		"what the estado says": {en: pedido.Confirmado, llaman: "rutas.Visita pagos.Consultar"},
		"and what is owed": {en: pedido.Confirmado, antes: pide(reembolsa),
			llaman: "rutas.Visita pagos.Reembolsar pagos.Consultar"},
		"at rest, what is owed": {en: pedido.Entregado, antes: pide(reembolsa), llaman: "pagos.Reembolsar pagos.Consultar"},
		"a note, and what is owed": {en: pedido.Confirmado, antes: pide(reembolsa, anula),
			llaman: "rutas.Liberar pagos.Reembolsar"},
		"a note": {en: pedido.Aceptado, antes: pide(anula), llaman: "rutas.Liberar"},
		"undoing, refunds included": {en: pedido.Entregado, antes: pide(reembolsa, devuelve(2)),
			llaman: "rutas.Liberar Stock.Liberar pagos.Anular Stock.Retornar Stock.Retornar"},
	} {
		t.Run(nombre, func(t *testing.T) {
			m := nuevoMundo(t)
			p := m.llegar(pedidoNuevo(), x.en)
			for _, a := range x.antes {
				if err := a(p); err != nil {
					t.Fatal(err)
				}
			}
			_ = m.paso(p)
			if l := strings.Join(m.llamadas, " "); l != x.llaman {
				t.Errorf("called: %s; want %s", l, x.llaman)
			}
		})
	}
}

func pide(
	que ...func(p *pedido.Pedido, ahora time.Time) error,
) (out []func(p *pedido.Pedido) error) {
	for _, f := range que {
		out = append(out, func(p *pedido.Pedido) error { return f(p, p.Cambio) })
	}
	return out
}

// TestJunto: of two results each is done even if the other fails, and the earlier due time stays.
func TestJunto(t *testing.T) {
	deber := func(d time.Duration, err error) Resultado {
		return func(p *pedido.Pedido, ahora time.Time) error {
			if err == nil {
				p.Deber(ahora.Add(d))
			}
			return err
		}
	}
	for nombre, x := range map[string]struct {
		r, s   Resultado
		espera time.Duration
		falla  bool
	}{
		"one":                {r: deber(time.Minute, nil), espera: time.Minute},
		"the first earlier":  {r: deber(time.Second, nil), s: deber(time.Minute, nil), espera: time.Second},
		"the second":         {r: deber(time.Hour, nil), s: deber(time.Minute, nil), espera: time.Minute},
		"the first refused":  {r: deber(0, pedido.ErrPaso), s: deber(time.Minute, nil), espera: time.Minute},
		"the second refused": {r: deber(time.Hour, nil), s: deber(0, pedido.ErrPaso), espera: time.Hour},
		"both refused":       {r: deber(0, pedido.ErrPaso), s: deber(0, pedido.ErrPaso), falla: true},
		"one, refused":       {r: deber(0, pedido.ErrPaso), falla: true},
	} {
		p := pedidoNuevo()
		if err := junto(x.r, x.s)(p, t0); (err != nil) != x.falla ||
			p.Debe.Sub(t0) != x.espera {
			t.Errorf("%s: %v, due in %s", nombre, err, p.Debe.Sub(t0))
		}
	}
}

// TestUnResultadoTarde: an order that has moved on refuses its phase's result, and keeps the refund made beside
// it.
func TestUnResultadoTarde(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Confirmado)
	_ = reembolsa(p, m.ahora)
	r, err := m.hacer(p)
	if err != nil {
		t.Fatal(err)
	}
	_ = anula(p, m.ahora) // another process saved its cancel first
	if err := r(p,
		m.ahora); err != nil || p.Reembolsos[0].Estado != pedido.ReembolsoHecho || p.Nota == nil || p.Debe.After(m.ahora) {
		t.Errorf("%v: refund %+v, note %v, due %v", err, p.Reembolsos[0], p.Nota, p.Debe)
	}
	if slices.Contains(m.llamadas, "pagos.Anular") ||
		m.pagos.cobros[1].Estado == pagos.Anulado {
		t.Error("something was undone")
	}
}
