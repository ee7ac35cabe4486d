package fases

import (
	"strings"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// deCortos is an order of two units. Each depot has 10: of these, corta expire dias after the day of the first
// window.
func deCortos(mundo *mundo, corta int64, dias int) {
	mundo.stock.corto = ventanaDe(t0).Hasta.AddDate(0, 0, dias)
	mundo.stock.corta = map[string]int64{"norte": corta, "sur": corta}
}

// TestGoodsAreGoodUntilTheDelivery: the goods are good until the end of the order's own window, and beyond it
// for the days that its lines ask for.
func TestGoodsAreGoodUntilTheDelivery(t *testing.T) {
	enVentana := func(p *pedido.Pedido) { // the one of the next day
		v := ventanaDe(t0.AddDate(0, 0, 1))
		p.Ventana = &pedido.Ventana{Desde: v.Desde, Hasta: v.Hasta}
	}
	conVida := func(dias int64) func(*pedido.Pedido) {
		return func(p *pedido.Pedido) { p.Lineas[0].Vida = dias }
	}
	for nombre, x := range map[string]struct {
		pide   func(p *pedido.Pedido)
		dias   int // from the first window until the short ones expire
		corta  int64
		cortos bool // the order gets the short ones
		motivo string
	}{
		"in the first window":               {pide: func(*pedido.Pedido) {}, corta: 4, cortos: true},
		"not as long beyond as is asked":    {pide: conVida(1), corta: 4},
		"as long beyond":                    {pide: conVida(1), dias: 1, corta: 4, cortos: true},
		"in a window of its own":            {pide: enVentana, dias: 1, corta: 4, cortos: true},
		"expired before that window":        {pide: enVentana, corta: 4},
		"all expired, anyway":               {pide: enVentana, corta: 10, motivo: MotivoSinStock},
		"all expired before the minimum":    {pide: conVida(3), dias: 2, corta: 9, motivo: MotivoSinStock},
		"expired the day before the window": {pide: func(*pedido.Pedido) {}, dias: -1, corta: 9, motivo: MotivoSinStock},
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

// TestTheDepotWhoseGoodsLast: a depot is passed over if its goods expire before the end of its own first
// window.
func TestTheDepotWhoseGoodsLast(t *testing.T) {
	m, p := nuevoMundo(t), pedidoNuevo()
	deCortos(m, 10, -1)
	m.stock.corta["sur"] = 8
	m.llegar(p, pedido.Confirmado)
	if v := p.Actual().Vueltas; len(v) != 1 || v[0].Deposito != "sur" ||
		!v[0].Hasta.Equal(p.Entrega.Hasta) {
		t.Errorf("tried %+v, the window ends %s", v, p.Entrega.Hasta)
	}
}

// TestALaterWindow: when rutas books a later window, the goods are reserved anew in another vuelta, unless they
// are good until the end of that window too.
func TestALaterWindow(t *testing.T) {
	for nombre, x := range map[string]struct {
		dias    int // from the first window until the short ones expire
		norte   int64
		vueltas string
		motivo  string
	}{
		"good for it too":            {dias: 1, norte: 10, vueltas: "norte"},
		"other goods there":          {norte: 10, vueltas: "norte norte"},
		"other goods elsewhere":      {norte: 3, vueltas: "norte sur"},
		"no other goods, here or at": {norte: 2, vueltas: "norte", motivo: MotivoSinStock},
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

// TestConfirmedOnlyWithGoodGoods: a visit is lost before the confirmation. If the goods expire before the next
// one, the intento ends.
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

// TestNoSecondVisitWithExpiredGoods: if the goods expire before the second visit, the order ends and its money
// goes back.
func TestNoSecondVisitWithExpiredGoods(t *testing.T) {
	for dias, estado := range map[int]pedido.Estado{0: pedido.Cancelado, 5: pedido.Entregado} {
		m, p := nuevoMundo(t), pedidoNuevo()
		p.Lineas[0].Vida = int64(dias) // asked for the first visit alone
		deCortos(m, 4, dias)
		acaban(rutas.Fallida, rutas.Entregada)(m)
		m.llegar(p, pedido.EnReparto)
		m.rutas.tarde = 48 * time.Hour
		m.llegar(p, estado)
		m.hasta(p, func() bool { return false })
		if mal := m.cuentas(p); mal != nil ||
			estado == pedido.Cancelado && p.Motivo != MotivoVencida {
			t.Errorf("%s for %q: %v", p.Estado, p.Motivo, mal)
		}
	}
}

// TestAVueltaOfAnEarlierRelease: an order whose depot an earlier release chose has no date there. Its own
// window counts instead, or the time of now.
func TestAVueltaOfAnEarlierRelease(t *testing.T) {
	p := enVale()
	p.Elegir("norte", time.Time{})
	if h := requerimiento(p, p.Actual(), 1).Hasta; !h.Equal(p.Ventana.Hasta) {
		t.Errorf("until %s", h)
	}
	p.Ventana = nil
	if h := requerimiento(p, p.Actual(), 1).Hasta; !h.IsZero() {
		t.Errorf("until %s", h)
	}
}

// TestGoodsThatCameBackAreBooked: the goods of a return are booked beside the phase of the estado and beside
// the undoing. The undoing does not give them back a second time.
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
				if suma(m.stock.vueltos) != 1 || suma(m.stock.tirados) != n-1 ||
					m.stock.libre["norte"] != libre {
					t.Errorf(
						"%v came back, %v were thrown away, %d of %d are free",
						m.stock.vueltos,
						m.stock.tirados,
						m.stock.libre["norte"],
						libre,
					)
				}
			})
		}
	}
}
