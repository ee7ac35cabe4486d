package fases

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"despensa/modules/pedidos/internal/pedido"
)

// caso is one error of one call in one phase.
type caso struct {
	momento
	nombre string
	err    error // nil: a panic
	pierde bool  // the neighbour does the call, and its answer is lost
}

// casos are all errors of all calls that the histories make in each phase.
func casos(t *testing.T, vistos map[momento][]string) (out []caso) {
	porLlamada := leerContratos(t)
	for _, m := range slices.SortedFunc(maps.Keys(vistos), func(a,
		b momento) int {
		return strings.Compare(a.en+a.llamada, b.en+b.llamada)
	}) {
		nombres, ok := porLlamada[m.llamada]
		if !ok {
			t.Errorf("%s is of no contract", m.llamada)
		}
		for _, n := range nombres {
			out = append(out, caso{momento: m, nombre: n, err: errores[n]})
		}
		out = append(
			out,
			caso{momento: m, nombre: "unknown", err: errCaso},
			caso{momento: m, nombre: "panic"},
			caso{momento: m, nombre: "lost answer", err: errCaso, pierde: true},
		)
	}
	return out
}

// TestNothingWaitsForEver meets each error in each phase, for as long as the order stands there, in each
// history that makes the call. The order goes on, ends, or waits until a deadline that ends the wait, and the
// books agree with its estado. Undoing and refunds alone may wait as long as the error lasts, which is a while
// here.
func TestNothingWaitsForEver(t *testing.T) {
	vistos := map[momento][]string{}
	for _, nombre := range slices.Sorted(maps.Keys(historias)) {
		m, p, ms := historias[nombre].vivir(t, func(*mundo, *pedido.Pedido) {})
		if mal := m.cuentas(p); mal != nil {
			t.Errorf("%s, without an error: %s: %v", nombre, p.Estado, mal)
		}
		for _, x := range ms {
			if !slices.Contains(vistos[x], nombre) {
				vistos[x] = append(vistos[x], nombre)
			}
		}
	}
	todos, vidas, mal := casos(t, vistos), 0, 0
	for _, c := range todos {
		for _, nombre := range vistos[c.momento] {
			vidas++
			que := fmt.Sprintf("%s/%s/%s/%s", c.en, c.llamada, c.nombre, nombre)
			if !t.Run(que, func(t *testing.T) { c.probar(t, historias[nombre]) }) {
				mal++
			}
			if mal > 3 {
				t.Fatal("and more")
			}
		}
	}
	t.Logf("%d cases of (estado, call, error), in %d lives", len(todos), vidas)
}

// probar lives the history historia with the error of c.
func (c caso) probar(t *testing.T, historia historia) {
	veces, puesto := 0, false
	m, p, _ := historia.vivir(t, func(m *mundo, p *pedido.Pedido) {
		if !puesto {
			m.dice, puesto = c.sobre(m, p, m.dice, &veces), true
		}
	})
	if veces == 0 {
		t.Fatal("the error was not met")
	}
	if mal := m.cuentas(p); mal != nil {
		t.Errorf("%s (%s): %v; visits %v", p.Estado, p.Motivo, mal, m.rutas.con())
	}
}

// paraSiempre reports whether the order waits as long as the error lasts, without a deadline. Such are refunds,
// the booking of returned goods, undoing (but for a departed truck), and the reading of a delivered order's
// payment.
func (c caso) paraSiempre() bool {
	debido := c.llamada == "pagos.Reembolsar" || c.llamada == "Stock.Retornar" ||
		c.llamada == "pagos.Consultar" && c.en == string(pedido.Entregado)
	for _, e := range []pedido.Estado{pedido.Fallido, pedido.Rechazado, pedido.Cancelado, pedido.Devuelto} {
		debido = debido || c.en == string(e)
	}
	mientras := []string{"pagos.ErrEnCurso", "pagos.ErrSinPasarela", "pagos.ErrAnulado"}
	return !debido || strings.Contains(c.nombre, ".Err") && !slices.Contains(mientras, c.nombre)
}

// sobre answers the call of c with its error while ped stands where c says. It answers every other call as antes
// does.
func (c caso) sobre(
	mundo *mundo,
	ped *pedido.Pedido,
	antes func(string) error,
	veces *int,
) func(string) error {
	return func(llamada string) error {
		mundo.pierde = false
		if llamada == c.llamada && momentoDe(ped) == c.en && (c.paraSiempre() || *veces < 30) {
			*veces++
			if c.err == nil {
				panic("a neighbour panics")
			}
			mundo.pierde = c.pierde
			return c.err
		}
		if antes != nil {
			return antes(llamada)
		}
		return nil
	}
}
