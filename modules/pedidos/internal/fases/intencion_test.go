package fases

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// TestCubre: the phases that may begin before the phases that precede them are saved.
func TestCubre(t *testing.T) {
	elige := func(p *pedido.Pedido) { p.Elegir("norte", t0) }
	for nombre, x := range map[string]struct {
		guardado pedido.Estado
		ahora    pedido.Estado
		luego    func(p *pedido.Pedido) // changes since the save
		cubre    bool
	}{
		"stock is reserved":           {guardado: pedido.Creado, ahora: pedido.Preprocesado, cubre: true},
		"money is reserved":           {guardado: pedido.Creado, ahora: pedido.Autorizado, cubre: true},
		"a visit is booked":           {guardado: pedido.Creado, ahora: pedido.Aceptado},
		"nothing has happened":        {guardado: pedido.Creado, ahora: pedido.Creado},
		"the payment is pending":      {guardado: pedido.Creado, ahora: pedido.PagoPendiente},
		"it has failed":               {guardado: pedido.Creado, ahora: pedido.Fallido},
		"the money of a stored order": {guardado: pedido.Preprocesado, ahora: pedido.Autorizado},
		"a voucher is paid":           {guardado: pedido.PagoPendiente, ahora: pedido.Autorizado},
		"the visit is firm":           {guardado: pedido.Aceptado, ahora: pedido.Confirmado},
		"another depot": {guardado: pedido.Creado, ahora: pedido.Autorizado,
			luego: func(p *pedido.Pedido) { p.CerrarVuelta(false); elige(p) }},
		"no depot": {guardado: pedido.Creado, ahora: pedido.Autorizado,
			luego: func(p *pedido.Pedido) { p.CerrarVuelta(false) }},
		"another number": {guardado: pedido.Creado, ahora: pedido.Autorizado,
			luego: func(p *pedido.Pedido) { p.NuevaVisita() }},
		"a mark": {guardado: pedido.Creado, ahora: pedido.Autorizado,
			luego: func(p *pedido.Pedido) { p.Marcar(pedido.MarcaDisputa, t0) }},
		"a noted cancel": {guardado: pedido.Creado, ahora: pedido.Autorizado,
			luego: func(p *pedido.Pedido) { p.Nota = &pedido.Nota{} }},
	} {
		p := pedidoNuevo()
		elige(p)
		p.Estado = x.guardado
		i := IntencionDe(p)
		if p.Estado = x.ahora; x.luego != nil {
			x.luego(p)
		}
		if i.Cubre(p) != x.cubre {
			t.Errorf("%s: %v", nombre, !x.cubre)
		}
	}
}

// guardado is ped as a store gives it back.
func guardado(t *testing.T, ped *pedido.Pedido) *pedido.Pedido {
	t.Helper()
	b, err := json.Marshal(ped)
	q := &pedido.Pedido{}
	if err = errors.Join(err, json.Unmarshal(b, q)); err != nil {
		t.Fatal(err)
	}
	return q
}

// guardadoJunto does the phases of ped that share a save, until call number muere. The process dies before that call is
// done, or, with hecha, after it. It reports whether that call was reached.
func (m *mundo) guardadoJunto(ped *pedido.Pedido, muere int, hecha bool) (murio bool) {
	n, antes := 0, m.dice
	m.dice = func(llamada string) error {
		if n++; n == muere {
			m.pierde = hecha
			return errCaso
		}
		if m.pierde = false; n > muere {
			return errCaso // a dead process does nothing more
		}
		if antes != nil {
			return antes(llamada)
		}
		return nil
	}
	i := IntencionDe(ped)
	for ya := false; !ya && n < muere; {
		r, _ := m.hacer(ped)
		if n < muere {
			_ = r(ped, m.ahora)
		}
		ya = !i.Cubre(ped)
	}
	m.dice, m.pierde = antes, false
	return n >= muere
}

// TestADeathBeforeASharedSave: a worker dies before or after any call of the phases that share a save. The
// order is then in the store as it was before them. From there it goes on, is cancelled, or ends, and the books
// agree with its estado.
func TestADeathBeforeASharedSave(t *testing.T) {
	luego := map[string]func(m *mundo, p *pedido.Pedido){
		"it goes on": func(*mundo, *pedido.Pedido) {},
		"it is cancelled": func(m *mundo, p *pedido.Pedido) {
			if err := anula(p, m.ahora); err != nil {
				m.t.Fatal(err)
			}
		},
		"the goods are released": func(m *mundo, p *pedido.Pedido) { // by an unsaved change of depot
			if err := m.stock.Liberar(m.t.Context(), requerimiento(p, p.Actual(), 1), m.ahora); err != nil {
				m.t.Fatal(err)
			}
		},
		"its depot is full": func(m *mundo, _ *pedido.Pedido) { m.dice = m.llenar("norte", rutas.ErrSinLugar) },
		"the card is refused": func(m *mundo, _ *pedido.Pedido) {
			m.responde(dice("pagos.Autorizar", pagos.ErrRechazado))
		},
	}
	for nombre, pasa := range luego {
		for _, hecha := range []bool{false, true} {
			llamadas := 0
			for muere, murio := 1, true; murio; muere++ {
				t.Run(fmt.Sprintf("%s/%d %v", nombre, muere, hecha), func(t *testing.T) {
					m := nuevoMundo(t)
					p := m.llegar(pedidoNuevo(), pedido.Creado)
					_ = m.paso(p) // the depot is chosen, and saved
					stored := guardado(t, p)
					if murio = m.guardadoJunto(p, muere, hecha); murio {
						llamadas = muere
					}
					pasa(m, stored)
					m.hasta(stored, func() bool { return stored.Estado == pedido.Aceptado })
					if n := m.provisionales(); n > 1 {
						t.Errorf("%d visits hold room at once: %v", n, m.rutas.con())
					}
					m.hasta(stored, func() bool { return false })
					if mal := m.cuentas(stored); mal != nil {
						t.Errorf(
							"%s (%s): %v; visits %v",
							stored.Estado,
							stored.Motivo,
							mal,
							m.rutas.con(),
						)
					}
				})
			}
			if llamadas < 4 { // with fewer calls, a phase between them no longer shares the save
				t.Errorf("%s: only %d calls", nombre, llamadas)
			}
		}
	}
}

// provisionales counts the visits that are booked and not firm.
func (m *mundo) provisionales() (n int) {
	for _, e := range m.rutas.con() {
		if e == rutas.Provisional {
			n++
		}
	}
	return n
}

// TestACardIsKept: a card that the gateway cannot have seen stays good for the next intento. Any other card
// does not.
func TestACardIsKept(t *testing.T) {
	for nombre, x := range map[string]struct {
		llamada string
		err     error
		queda   bool
	}{
		"no stock":          {llamada: "Stock.Reservar", err: existencias.ErrFalta, queda: true},
		"no room for stock": {llamada: "Stock.Reservar", err: existencias.ErrLleno, queda: true},
		"stock that fails":  {llamada: "Stock.Reservar", err: errCaso},
		"refused":           {llamada: "pagos.Autorizar", err: pagos.ErrRechazado},
	} {
		m := nuevoMundo(t)
		m.responde(dice(x.llamada, x.err))
		p := m.llegar(pedidoNuevo(), pedido.Fallido)
		if (p.Pago.Token != "") != x.queda {
			t.Errorf("%s (%s): the card is %q", nombre, p.Motivo, p.Pago.Token)
		}
	}
}
