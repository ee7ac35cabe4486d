package fases

import (
	"fmt"
	"testing"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// TestAnIntentoTriesNoDepotsWithoutEnd: with as many depots tried as one may, the order waits as for room, and ends.
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

// TestAWaitTakesNoNumbersWithoutEnd: a key that is spent again and again takes another number up to a bound; the wait
// ends by its deadline.
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
