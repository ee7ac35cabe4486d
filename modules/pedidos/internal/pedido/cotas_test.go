package pedido

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestRefundsAreBounded: the 51st refund of operators is refused and leaves no trace. The refund of a return is
// admitted in any case. The history keeps every refund.
func TestRefundsAreBounded(t *testing.T) {
	p := hasta(t, Entregado)
	for i := range MaxReembolsos {
		sin(t, p.PedirReembolso(Reembolso{ID: fmt.Sprint("r", i), Monto: 1}, t0))
		p.Reembolsado(fmt.Sprint("r", i), 1, t0)
	}
	antes := len(p.Eventos)
	if err := p.PedirReembolso(Reembolso{ID: "uno más", Monto: 1}, t0); !errors.Is(
		err,
		ErrReembolsos,
	) {
		t.Errorf("the %dst: %v", MaxReembolsos+1, err)
	}
	sin(t, p.PedirReembolso(Reembolso{ID: "r0", Monto: 1}, t0)) // a repetition
	if len(p.Reembolsos) != MaxReembolsos || len(p.Eventos) != antes {
		t.Errorf("%d refunds, %d events more", len(p.Reembolsos), len(p.Eventos)-antes)
	}
	if slices.Contains(p.Accionables(true, time.Hour, t0), "reembolsar") {
		t.Error("a refund is offered all the same")
	}
	sin(
		t,
		p.PedirDevolucion(
			Devolucion{ID: "d", Lineas: []LineaDevuelta{{"1", 1}}},
			time.Hour,
			t0,
		),
	)
	sin(t, p.AceptarDevolucion("d", Reparto{}, t0))
	if n := len(p.Reembolsos); n != MaxReembolsos+1 {
		t.Errorf("%d refunds after a return", n)
	}
}

// TestLateCancelsAreBounded: a customer that asks to cancel again and again while the truck leaves writes ten events,
// not a thousand. The count begins anew in the next estado.
func TestLateCancelsAreBounded(t *testing.T) {
	p := hasta(t, Confirmado)
	pedir := func() error { return p.PedirCancelacion(Nota{Motivo: "x"}, t0) }
	for range MaxTardes {
		sin(t, pedir())
		p.RetirarNota(t0)
	}
	antes := len(p.Eventos)
	if err := pedir(); !errors.Is(err, ErrAcciones) || p.Nota != nil ||
		len(p.Eventos) != antes {
		t.Errorf("the %dth: %v", MaxTardes+1, err)
	}
	luego := t0.Add(time.Hour)
	sin(t, p.Avanzar(Despachar, luego))
	sin(t, p.Avanzar(Reprogramar, luego))
	sin(t, pedir())
}

// TestBookingsAreBounded bounds the depots that an intento tries, and the booking numbers that it takes while no truck
// has room.
func TestBookingsAreBounded(t *testing.T) {
	p := pedidoNuevo()
	for n := 0; p.PuedeProbar(); n++ {
		if n > MaxVueltas {
			t.Fatal("depots without end")
		}
		p.Elegir(fmt.Sprint(n), t0)
		p.CerrarVuelta(false)
	}
	if n := len(p.Actual().Vueltas); n != MaxVueltas {
		t.Errorf("%d depots", n)
	}
	for range 2 * MaxVisitas {
		p.OtraVisita()
	}
	if n := len(p.Actual().Visitas); n != MaxVisitas || p.VisitaActual() != MaxVisitas {
		t.Errorf("%d numbers, the last is %d", n, p.VisitaActual())
	}
}
