package fases

import (
	"fmt"
	"testing"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// TestAnIntentoTriesNoDepotsWithoutEnd: an order that has tried as many depots as an intento may waits as if
// there were no room, and fails at the deadline.
func TestAnIntentoTriesNoDepotsWithoutEnd(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Creado)
	for n := 0; p.PuedeProbar(); n++ {
		p.Elegir(fmt.Sprint("otro", n), t0)
		p.CerrarVuelta(false)
	}
	if err := m.paso(p); err != nil {
		t.Fatal(err)
	}
	if n := len(p.Actual().Vueltas); n != pedido.MaxVueltas || p.Estado != pedido.Creado {
		t.Errorf("%d depots, %s", n, p.Estado)
	}
	m.hasta(p, func() bool { return p.Estado != pedido.Creado })
	if p.Estado != pedido.Fallido || p.Motivo != MotivoSinCamion {
		t.Errorf("the order is %s for %q", p.Estado, p.Motivo)
	}
}

// TestAWaitTakesNoNumbersWithoutEnd: a visit number that is spent again and again is replaced, but not for
// ever. The wait ends at its deadline.
func TestAWaitTakesNoNumbersWithoutEnd(t *testing.T) {
	m := nuevoMundo(t)
	p := m.llegar(pedidoNuevo(), pedido.Autorizado)
	for range pedido.MaxVisitas {
		p.OtraVisita()
	}
	m.responde(dice("rutas.Reservar", rutas.ErrLiberada))
	if err := m.paso(p); err != nil {
		t.Fatal(err)
	}
	if n := len(p.Actual().Visitas); n != pedido.MaxVisitas {
		t.Errorf("%d numbers", n)
	}
	m.hasta(p, func() bool { return p.Estado == pedido.Fallido })
	if p.Estado != pedido.Fallido || p.Motivo != MotivoSinCamion {
		t.Errorf("the order is %s for %q", p.Estado, p.Motivo)
	}
}
