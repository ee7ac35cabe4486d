package fases

import (
	"strings"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// deCortos is an order of two units of which each depot has 10: so many as corta says expire
// dias after the day of the first window.
func deCortos(m *mundo, corta int64, dias int) {
	m.stock.corto = ventanaDe(t0).Hasta.AddDate(0, 0, dias)
	m.stock.corta = map[string]int64{"norte": corta, "sur": corta}
}

// The goods are good until the end of the order's own window, and as long beyond as its lines ask for.
func TestGoodsAreGoodUntilTheDelivery(t *testing.T) {
	enVentana := func(p *pedido.Pedido, dias int) {
		v := ventanaDe(t0.AddDate(0, 0, dias))
		p.Ventana = &pedido.Ventana{Desde: v.Desde, Hasta: v.Hasta}
	}
	for nombre, x := range map[string]struct {
		pide   func(p *pedido.Pedido)
		dias   int // that the short ones are good for after the first window
		corta  int64
		cortos bool // they are what the order gets
		motivo string
	}{
		"in the first window":               {func(*pedido.Pedido) {}, 0, 4, true, ""},
		"not as long beyond as is asked":    {func(p *pedido.Pedido) { p.Lineas[0].Vida = 1 }, 0, 4, false, ""},
		"as long beyond":                    {func(p *pedido.Pedido) { p.Lineas[0].Vida = 1 }, 1, 4, true, ""},
		"in a window of its own":            {func(p *pedido.Pedido) { enVentana(p, 1) }, 1, 4, true, ""},
		"expired before that window":        {func(p *pedido.Pedido) { enVentana(p, 1) }, 0, 4, false, ""},
		"all expired, anyway":               {func(p *pedido.Pedido) { enVentana(p, 1) }, 0, 10, false, MotivoSinStock},
		"all expired before the minimum":    {func(p *pedido.Pedido) { p.Lineas[0].Vida = 3 }, 2, 9, false, MotivoSinStock},
		"expired the day before the window": {func(*pedido.Pedido) {}, -1, 9, false, MotivoSinStock},
	} {
		t.Run(nombre, func(t *testing.T) {
			m, p := nuevoMundo(t), pedidoNuevo()
			x.pide(p)
			p.Intentos[0].Lineas = p.Lineas
			deCortos(m, x.corta, x.dias)
			if x.motivo != "" {
				m.llegar(p, pedido.Fallido)
				if p.Motivo != x.motivo || len(m.stock.reservado) != 0 {
					t.Errorf("it failed for %s, %v reserved", p.Motivo, m.stock.reservado)
				}
				return
			}
			m.llegar(p, pedido.Confirmado)
			if m.stock.cortos["norte11"] != x.cortos {
				t.Errorf("the goods that expire soon: %v, want %v", m.stock.cortos, x.cortos)
			}
		})
	}
}

// A depot whose goods are not good until its own first window is passed over.
func TestTheDepotWhoseGoodsLast(t *testing.T) {
	m, p := nuevoMundo(t), pedidoNuevo()
	deCortos(m, 10, -1)
	m.stock.corta["sur"] = 8
	m.llegar(p, pedido.Confirmado)
	if v := p.Actual().Vueltas; len(v) != 1 || v[0].Deposito != "sur" || !v[0].Hasta.Equal(p.Entrega.Hasta) {
		t.Errorf("tried %+v, the window ends %s", v, p.Entrega.Hasta)
	}
}

// Where the window becomes a later one, the goods are reserved anew under a key of its own, unless
// they are good for it too.
func TestALaterWindow(t *testing.T) {
	for nombre, x := range map[string]struct {
		dias    int // that the short ones are good for after the first window
		norte   int64
		vueltas string
		motivo  string
	}{
		"good for it too":            {1, 10, "norte", ""},
		"other goods there":          {0, 10, "norte norte", ""},
		"other goods elsewhere":      {0, 3, "norte sur", ""},
		"no other goods, here or at": {0, 2, "norte", MotivoSinStock},
	} {
		t.Run(nombre, func(t *testing.T) {
			m, p := nuevoMundo(t), pedidoNuevo()
			deCortos(m, 2, x.dias)
			m.stock.libre["norte"], m.stock.corta["sur"] = x.norte, 0
			if x.motivo != "" {
				delete(m.stock.libre, "sur")
			}
			m.rutas.tarde = 24 * time.Hour
			if x.motivo != "" {
				m.llegar(p, pedido.Fallido)
				m.hasta(p, func() bool { return !porDeshacer(p) })
			} else {
				m.llegar(p, pedido.Confirmado)
				if n := len(p.Actual().Vueltas); !p.Actual().Vueltas[n-1].Hasta.Equal(p.Entrega.Hasta) {
					t.Errorf("tried %+v, the window ends %s", p.Actual().Vueltas, p.Entrega.Hasta)
				}
			}
			var ds []string
			for _, v := range p.Actual().Vueltas {
				ds = append(ds, v.Deposito)
			}
			if got := strings.Join(ds, " "); got != x.vueltas || p.Motivo != x.motivo {
				t.Errorf("tried %s, it ended for %q", got, p.Motivo)
			}
			if reservado := suma(m.stock.reservado); reservado != 0 {
				t.Errorf("%d are still reserved", reservado)
			}
		})
	}
}

// A visit that was lost before the confirmation and is booked anew, later than the goods are good for, ends the intento.
func TestConfirmedOnlyWithGoodGoods(t *testing.T) {
	for dias, estado := range map[int]pedido.Estado{0: pedido.Fallido, 3: pedido.Confirmado} {
		m, p := nuevoMundo(t), pedidoNuevo()
		deCortos(m, 4, dias)
		m.llegar(p, pedido.Aceptado)
		for _, v := range m.rutas.visitas {
			v.Estado = rutas.Perdida
		}
		m.rutas.tarde = 48 * time.Hour
		m.llegar(p, estado)
		if estado == pedido.Fallido && p.Motivo != MotivoSinStock {
			t.Errorf("it failed for %s", p.Motivo)
		}
	}
}

// A second visit does not bring what has expired by then: the order ends and its money goes back.
func TestNoSecondVisitWithExpiredGoods(t *testing.T) {
	for dias, estado := range map[int]pedido.Estado{0: pedido.Cancelado, 5: pedido.Entregado} {
		m, p := nuevoMundo(t), pedidoNuevo()
		p.Lineas[0].Vida = int64(dias) // which the second visit need not keep
		deCortos(m, 4, dias)
		acaban(rutas.Fallida, rutas.Entregada)(m)
		m.llegar(p, pedido.EnReparto)
		m.rutas.tarde = 48 * time.Hour
		m.llegar(p, estado)
		m.hasta(p, func() bool { return false })
		if mal := m.cuentas(p); mal != nil || estado == pedido.Cancelado && p.Motivo != MotivoVencida {
			t.Errorf("%s for %q: %v", p.Estado, p.Motivo, mal)
		}
	}
}

// An order whose depot an earlier release chose says no date: its own window is meant, or now.
func TestAVueltaOfAnEarlierRelease(t *testing.T) {
	p := enVale()
	p.Elegir("norte", time.Time{})
	if h := encargo(p, p.Actual(), 1).Hasta; !h.Equal(p.Ventana.Hasta) {
		t.Errorf("until %s", h)
	}
	p.Ventana = nil
	if h := encargo(p, p.Actual(), 1).Hasta; !h.IsZero() {
		t.Errorf("until %s", h)
	}
}

// Goods that came back are booked beside the phase of the estado and beside the undoing, and
// the undoing gives none of them back.
func TestGoodsThatCameBackAreBooked(t *testing.T) {
	for nombre, n := range map[string]int64{"some": 1, "all": 2} {
		for falla := range 3 {
			t.Run(nombre, func(t *testing.T) {
				m := nuevoMundo(t)
				p := m.llegar(pedidoNuevo(), pedido.Entregado)
				libre := m.stock.libre["norte"]
				if err := devuelve(n)(p, m.ahora); err != nil {
					t.Fatal(err)
				}
				dicen("Stock.Retornar", errCaso, falla)(m)
				m.hasta(p, func() bool { return false })
				if mal := m.cuentas(p); mal != nil {
					t.Error(mal)
				}
				if suma(m.stock.vueltos) != 1 || suma(m.stock.tirados) != n-1 || m.stock.libre["norte"] != libre {
					t.Errorf("%v came back, %v were thrown away, %d of %d are free", m.stock.vueltos, m.stock.tirados,
						m.stock.libre["norte"], libre)
				}
			})
		}
	}
}
