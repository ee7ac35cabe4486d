package cobros

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"despensa/modules/pagos/internal/gateway"
)

// errNada: the gateway knows no order under the reference.
var errNada = fmt.Errorf("%w: nothing found", gateway.ErrSilencio)

// comprobar reads the order of cobroEntero after an answer that did not state the order's state. Errors: errNada,
// errDudosa, the gateway's.
func (m ejecutor) comprobar(
	ctx context.Context,
	cobroEntero CobroEntero,
) (gateway.Orden, error) {
	r, hay, err := m.leerOrden(ctx, cobroEntero)
	if err == nil && !hay {
		err = errNada
	}
	return r, err
}

// leerOrden reads the order of cobroEntero at the gateway, by its id or by its reference; false when
// none is there. Errors: errDudosa, the gateway's.
func (m ejecutor) leerOrden(
	ctx context.Context,
	cobroEntero CobroEntero,
) (gateway.Orden, bool, error) {
	pas, ok := m.o.Pasarelas[cobroEntero.Proveedor]
	if !ok {
		return gateway.Orden{}, false, fmt.Errorf(
			"%w: provider %q is not configured",
			gateway.ErrCredencial,
			cobroEntero.Proveedor,
		)
	}
	if cobroEntero.Orden = cmp.Or(cobroEntero.Orden, cobroEntero.pista); cobroEntero.Orden == "" {
		return m.buscarOrden(ctx, pas, cobroEntero)
	}
	r, err := pas.Leer(ctx, cobroEntero.Orden)
	if err == nil {
		err = m.creer(ctx, cobroEntero, r)
	}
	if errors.Is(err, gateway.ErrNoHay) { // the id that cobroEntero has may be another order's: search by reference
		cobroEntero.Orden = ""
		if r, hay, e := m.buscarOrden(ctx, pas, cobroEntero); hay {
			return r, true, e
		}
	}
	return r, err == nil, err
}

// buscarOrden searches the gateway for orders of cobroEntero by its reference, reads each order that the search
// lists, and judges it by that reading. Of several orders of cobroEntero, the one in the state of the highest rango
// counts. Errors: as leerOrden.
func (m ejecutor) buscarOrden(
	ctx context.Context,
	pas gateway.Pasarela,
	cobroEntero CobroEntero,
) (gateway.Orden, bool, error) {
	ids, err := pas.Buscar(ctx, cobroEntero.Referencia(), cobroEntero.Creado)
	if err != nil {
		return gateway.Orden{}, false, err
	}
	var mejor gateway.Orden
	var dudosa error
	nuestras := 0
	for _, id := range ids {
		if !enID.MatchString(id) {
			continue
		}
		r, err := pas.Leer(ctx, id)
		switch {
		case errors.Is(err, gateway.ErrNoHay), err == nil && r.ID != id:
			continue
		case err != nil:
			return r, false, err
		case r.Referencia != "" && r.Referencia != cobroEntero.Referencia():
			continue // a search that ignores its filter
		}
		if err := m.creer(ctx, cobroEntero, r); err != nil {
			dudosa = err
			continue
		}
		if nuestras++; nuestras == 1 || rango[r.Estado] > rango[mejor.Estado] {
			mejor = r
		}
	}
	if nuestras > 1 {
		m.o.Log.ErrorContext(
			ctx, "several orders under one reference",
			"cobro", cobroEntero.ID, "orders", nuestras,
		)
	}
	if nuestras > 0 {
		dudosa = nil
	}
	return mejor, nuestras > 0, dudosa
}
