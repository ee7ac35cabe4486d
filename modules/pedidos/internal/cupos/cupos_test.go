package cupos_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// TestFortyAtOnce: of 40 slow orders of one customer on two replicas exactly three get a place, and the places of other
// customers are not touched.
func TestFortyAtOnce(t *testing.T) {
	t.Parallel()
	m := nuevaMesa()
	replicas := []*cupos.Cupos{m.servicio(), m.servicio()}
	var wg sync.WaitGroup
	dados := make([]error, 40)
	for i := range dados {
		wg.Go(
			func() { dados[i] = replicas[i%2].TomarLento(t.Context(), "ana", fmt.Sprint(i), 1) },
		)
	}
	wg.Wait()
	n := 0
	for _, err := range dados {
		if err == nil {
			n++
		} else if !errors.Is(err, cupos.ErrLleno) {
			t.Errorf("refused with %v", err)
		}
	}
	if n != 3 {
		t.Errorf("%d got a place", n)
	}
	if err := replicas[0].TomarLento(t.Context(), "berta", "b", 1); err != nil {
		t.Errorf("another customer: %v", err)
	}
}

// TestAPlaceIsFreeAgain: whether a place is free again depends on the state of the order that had it.
func TestAPlaceIsFreeAgain(t *testing.T) {
	t.Parallel()
	const vale, tarjeta = "efectivo", "tarjeta_credito"
	tests := map[string]struct {
		con   func(m *mesa)
		tras  time.Duration
		libre bool
	}{
		"waits to be paid": {
			func(m *mesa) { m.poner("1", pedido.PagoPendiente, vale) },
			time.Hour,
			false,
		},
		"has just been placed": {
			func(m *mesa) { m.poner("1", pedido.Creado, vale) },
			time.Hour,
			false,
		},
		"has its goods": {
			func(m *mesa) { m.poner("1", pedido.Preprocesado, vale) },
			time.Hour,
			false,
		},
		"is paid": {
			func(m *mesa) { m.poner("1", pedido.Autorizado, vale) },
			time.Hour,
			true,
		},
		"is cancelled": {
			func(m *mesa) { m.poner("1", pedido.Cancelado, vale) },
			time.Hour,
			true,
		},
		"has failed": {
			func(m *mesa) { m.poner("1", pedido.Fallido, vale) },
			time.Hour,
			true,
		},
		"waits for a card by now": {
			func(m *mesa) { m.poner("1", pedido.PagoPendiente, tarjeta) },
			time.Hour,
			true,
		},
		"is cancelled at once": {
			func(m *mesa) { m.poner("1", pedido.Cancelado, vale) },
			time.Second,
			true,
		},
		"is to be retried": {
			func(m *mesa) { m.poner("1", pedido.Fallido, vale).Pedida = &pedido.Cambios{} }, time.Hour, false,
		},
		"is to be retried with a voucher": {
			func(m *mesa) {
				m.poner("1", pedido.Fallido, tarjeta).Pedida = &pedido.Cambios{
					Pago: &pedido.Pago{Metodo: vale},
				}
			},
			time.Hour, false,
		},
		"is to be retried with a card": {
			func(m *mesa) {
				m.poner("1", pedido.Fallido, vale).Pedida = &pedido.Cambios{
					Pago: &pedido.Pago{Metodo: tarjeta},
				}
			},
			time.Hour, true,
		},
		"cannot be read": {
			func(m *mesa) { m.leer["1"] = &store.Ilegible{ID: "1"} },
			time.Hour,
			false,
		},
		"is about to be saved":     {func(*mesa) {}, cupos.Gracia - time.Second, false},
		"was never saved":          {func(*mesa) {}, cupos.Gracia, true},
		"was of a clock far ahead": {func(*mesa) {}, -24 * time.Hour, true},
		"is retried in a moment": {
			func(m *mesa) { m.poner("1", pedido.Fallido, tarjeta).Intento = 0 }, time.Second, false,
		},
		"was never retried": {
			func(m *mesa) { m.poner("1", pedido.Fallido, tarjeta).Intento = 0 }, cupos.Gracia, true,
		},
		"stands before a new clock": {
			func(m *mesa) { m.poner("1", pedido.PagoPendiente, vale) },
			-24 * time.Hour,
			false,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			m := nuevaMesa()
			c := m.servicio()
			for _, id := range []string{"1", "2", "3"} {
				if err := c.TomarLento(t.Context(), "ana", id, 1); err != nil {
					t.Fatal(err)
				}
			}
			m.poner("2", pedido.PagoPendiente, vale)
			m.poner("3", pedido.PagoPendiente, vale)
			tt.con(m)
			m.ahora = m.ahora.Add(tt.tras)
			err := c.TomarLento(t.Context(), "ana", "4", 1)
			if libre := err == nil; libre != tt.libre ||
				err != nil && !errors.Is(err, cupos.ErrLleno) {
				t.Errorf("got %v, want free: %v", err, tt.libre)
			}
			if err := c.TomarLento(t.Context(), "ana", "2", 1); err != nil {
				t.Errorf("an order that has its place: %v", err)
			}
		})
	}
}

// TestOrdersOfAnEarlierReleaseCount: orders without a list of their places get one, and a list that was cleared is made
// anew.
func TestOrdersOfAnEarlierReleaseCount(t *testing.T) {
	t.Parallel()
	m := nuevaMesa()
	m.poner("1", pedido.PagoPendiente, "efectivo")
	m.poner("2", pedido.Creado, "transferencia")
	m.poner("otro", pedido.PagoPendiente, "tarjeta_credito")
	m.poner("pagado", pedido.Confirmado, "efectivo")
	m.poner("3", pedido.Fallido, "transferencia").Pedida = &pedido.Cambios{}
	c := m.servicio()
	if err := c.TomarLento(t.Context(), "ana", "4", 1); !errors.Is(err, cupos.ErrLleno) {
		t.Fatalf("a fourth order: %v", err)
	}
	m.poner("2", pedido.Cancelado, "transferencia")
	if err := c.TomarLento(t.Context(), "ana", "4", 1); err != nil {
		t.Fatalf("once one is cancelled: %v", err)
	}
	m.poner("4", pedido.PagoPendiente, "transferencia")
	m.ahora = m.ahora.Add(8 * 24 * time.Hour)
	if n, err := c.Limpiar(t.Context()); n != 1 || err != nil {
		t.Fatalf("cleared %d: %v", n, err)
	}
	if err := c.TomarLento(t.Context(), "ana", "5", 1); !errors.Is(err, cupos.ErrLleno) {
		t.Errorf("once the list was cleared: %v", err)
	}
}

// TestPlacesAreNotGuessed: while the store does not answer for an order, no order loses its place or gets one.
func TestPlacesAreNotGuessed(t *testing.T) {
	t.Parallel()
	m := nuevaMesa()
	c := m.servicio()
	for _, id := range []string{"1", "2", "3"} {
		if err := c.TomarLento(t.Context(), "ana", id, 1); err != nil {
			t.Fatal(err)
		}
	}
	m.leer["1"] = errLejos
	if err := c.TomarLento(t.Context(), "ana", "4", 1); !errors.Is(err, errLejos) {
		t.Errorf("got %v", err)
	}
}
