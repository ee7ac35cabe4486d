package store_test

import (
	"fmt"
	"maps"
	"testing"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
)

// situations: the newest payment of each order counts; an order without a payment is left out.
func situations(t *testing.T, banco *banco) {
	banco.guardar(t, 0, como)
	banco.guardar(
		t,
		1,
		func(f *cobros.CobroEntero) { f.Contracargo, f.Estado = false, pagos.Rechazado },
	)
	banco.guardar(t, 1, func(f *cobros.CobroEntero) {
		f.Intento, f.Estado, f.Cobrado, f.Reembolsado, f.Contracargo = 2, pagos.Cobrado, 20_000, 500, false
		f.ID, f.Orden = cobros.ID(pagos.Intento{Pedido: f.Pedido, Numero: 2}), "ORD-otra"
	})
	banco.guardar(t, 2, como) // of an order that the test does not ask for
	hay, err := banco.Situaciones(
		t.Context(),
		[]string{intento(0).Pedido, intento(1).Pedido, intento(5).Pedido},
	)
	bien(t, err)
	want := map[string]pagos.Situacion{
		intento(0).Pedido: {Intento: 1, Estado: pagos.Pendiente, Contracargo: true},
		intento(1).Pedido: {Intento: 2, Estado: pagos.Cobrado, Reembolsado: 500},
	}
	if !maps.Equal(hay, want) {
		t.Errorf("got %v, want %v", hay, want)
	}
	var muchos []string
	for n := range pagos.MaxSituaciones {
		muchos = append(muchos, fmt.Sprint("pedido-", n))
	}
	hay, err = banco.Situaciones(t.Context(), muchos)
	bien(t, err)
	igual(t, "of nobody", len(hay), 0)
}
