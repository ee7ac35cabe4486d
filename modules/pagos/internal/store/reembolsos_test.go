package store_test

import (
	"slices"
	"testing"

	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
)

// refunds come back in their order, and one that changes leaves the others alone.
func refunds(t *testing.T, banco *banco) {
	banco.guardar(t, 1, como)
	uno := cobros.Reembolso{ID: "z", Monto: 100, Estado: cobros.Solicitado, Orden: 1}
	dos := cobros.Reembolso{ID: "a", Monto: 200, Estado: cobros.Hecho, Orden: 2, Ajeno: "REF2"}
	poner := func(rs ...cobros.Reembolso) {
		t.Helper()
		f, err := banco.Cambiar(t.Context(), cambio(1, func(f *cobros.CobroEntero) error {
			f.Cobrado, f.Reembolsos = 20_000, rs
			return nil
		}))
		bien(t, err)
		for nombre, leer := range map[string]func() (cobros.CobroEntero, bool, error){
			"by its id": func() (cobros.CobroEntero, bool, error) { return banco.PorID(t.Context(), f.ID) },
			"by the gateway's": func() (cobros.CobroEntero, bool,
				error) {
				return banco.PorOrden(t.Context(), gateway.MercadoPago, f.Orden)
			},
		} {
			hay, _, err := leer()
			bien(t, err)
			if !slices.Equal(hay.Reembolsos, rs) {
				t.Errorf("%s: %+v, want %+v", nombre, hay.Reembolsos, rs)
			}
		}
	}
	poner(uno)
	poner(uno, dos)
	uno.Estado, uno.Ajeno = cobros.Fallido, "REF1"
	uno.Motivo = "no-reembolsable"
	poner(uno, dos)
	hay, _, err := banco.PorID(t.Context(), cobroEntero(1).ID)
	bien(t, err)
	igual(t, "version", hay.Version, 4)

	// A change may write into the refunds that it is given: that is saved, or lost when it is refused.
	for _, quiero := range []error{errHacer, nil} {
		_, err = banco.Cambiar(
			t.Context(),
			cambio(
				1,
				func(f *cobros.CobroEntero) error { f.Reembolsos[0].Monto = 1; return quiero },
			),
		)
		if err != quiero { //nolint:errorlint // the very same
			t.Errorf("got %v, want %v", err, quiero)
		}
		hay, _, err = banco.PorID(t.Context(), cobroEntero(1).ID)
		bien(t, err)
		igual(t, "changed in its place", hay.Reembolsos[0].Monto == 1, quiero == nil)
	}
}

func byTheGatewaysOrder(t *testing.T, banco *banco) {
	banco.guardar(t, 1, como)
	banco.guardar(t, 2, func(f *cobros.CobroEntero) { f.Orden = "" })
	for _, tt := range []struct {
		proveedor, orden string
		hay              bool
	}{
		{proveedor: gateway.MercadoPago, orden: "ORD1", hay: true},
		{proveedor: "otro", orden: "ORD1"},
		{proveedor: gateway.MercadoPago, orden: "ORD9"},
		{proveedor: gateway.MercadoPago}, // an unknown order matches no charge
	} {
		f, hay, err := banco.PorOrden(t.Context(), tt.proveedor, tt.orden)
		bien(t, err)
		igual(t, "found "+tt.proveedor+" "+tt.orden, hay, tt.hay)
		if hay {
			igual(t, "id", f.ID, cobroEntero(1).ID)
		}
	}
}
