package cobros

import (
	"context"
	"errors"
	"fmt"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// errNada: the gateway knows no order under the reference.
var errNada = fmt.Errorf("%w: nothing found", gateway.ErrSilencio)

// comprobar asks how things stand after an answer that left it open. Errors: errNada,
// errDudosa, the gateway's.
func (m mano) comprobar(ctx context.Context, f Ficha) (gateway.Orden, error) {
	r, hay, err := m.verdad(ctx, f)
	if err == nil && !hay {
		err = errNada
	}
	return r, err
}

// verdad reads the order of f at the gateway, by its id or by its reference; false when
// none is there. Errors: errDudosa, the gateway's.
func (m mano) verdad(ctx context.Context, f Ficha) (gateway.Orden, bool, error) {
	pas, ok := m.o.Pasarelas[f.Proveedor]
	if !ok {
		return gateway.Orden{}, false, fmt.Errorf("%w: provider %q is not configured", gateway.ErrCredencial, f.Proveedor)
	}
	if f.Orden == "" {
		return m.hallar(ctx, pas, f)
	}
	r, err := pas.Leer(ctx, f.Orden)
	if err == nil {
		err = m.creer(ctx, f, r)
	}
	if errors.Is(err, gateway.ErrNoHay) { // the id we know may never have been its own
		f.Orden = ""
		if r, hay, e := m.hallar(ctx, pas, f); hay {
			return r, true, e
		}
	}
	return r, err == nil, err
}

// hallar looks f up by its reference: each order that the search points to is read whole,
// and judged by that. Of several the furthest counts. Errors: as verdad.
func (m mano) hallar(ctx context.Context, pas gateway.Pasarela, f Ficha) (gateway.Orden, bool, error) {
	ids, err := pas.Buscar(ctx, f.Referencia(), f.Creado)
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
		case r.Referencia != "" && r.Referencia != f.Referencia():
			continue // a search that ignores its filter
		}
		if err := m.creer(ctx, f, r); err != nil {
			dudosa = err
			continue
		}
		if nuestras++; nuestras == 1 || rango[r.Estado] > rango[mejor.Estado] {
			mejor = r
		}
	}
	if nuestras > 1 {
		m.o.Log.ErrorContext(ctx, "several orders under one reference", "cobro", f.ID, "orders", nuestras)
	}
	if nuestras > 0 {
		dudosa = nil
	}
	return mejor, nuestras > 0, dudosa
}

// intentosVista is how often a look is repeated that met a change.
const intentosVista = 3

// mirar asks the gateway how f stands and saves what is new; false when the gateway
// knows nothing. Errors: the gateway's, errCambio.
func (m mano) mirar(ctx context.Context, f Ficha) (Ficha, bool, error) {
	plazo, fin := context.WithTimeout(ctx, m.o.Reglas.EnCurso)
	defer fin()
	for range intentosVista {
		r, hay, err := m.verdad(plazo, f)
		if err != nil || !hay {
			return f, false, err
		}
		g, err := m.aplicar(ctx, f, r)
		if !errors.Is(err, errCambio) {
			return g, true, err
		}
		if f, hay, err = m.o.Almacen.Ficha(ctx, f.ID); err != nil || !hay {
			return f, false, err
		}
	}
	return f, false, errCambio
}

// aplicar saves what r says, if it is new; r was read after f. Error: errCambio.
func (m mano) aplicar(ctx context.Context, f Ficha, r gateway.Orden) (Ficha, error) {
	ahora := m.ahora()
	g := f.copia()
	g.Orden = r.ID // verdad has judged it
	if !g.observar(r, ahora) {
		return f, errDudosa
	}
	if g.igual(f) {
		return f, nil
	}
	return m.cambiar(ctx, "pagos.observado", f.ID, func(g *Ficha) error {
		if g.Version != f.Version {
			return errCambio
		}
		g.Orden = r.ID
		g.observar(r, ahora)
		g.Sondeos = 0
		g.citar(m.o.Reglas.Sondeo, ahora)
		return nil
	})
}

// pasosMax bounds what is done for one cobro at a time.
const pasosMax = 6

// avanzar does what f needs by itself until nothing is left, or nothing can be done.
// Errors: those of the contract; ErrEnCurso while a call is in flight.
func (m mano) avanzar(ctx context.Context, f Ficha) (Ficha, error) {
	for range pasosMax {
		o := f.obra(m.ahora())
		if o.paso == nada {
			return f, nil
		}
		var sigue bool
		var err error
		if f, sigue, err = m.paso(ctx, f, o); err != nil || !sigue {
			return f, publico(err)
		}
	}
	return f, pagos.ErrSinPasarela // the gateway does not do as it says
}

// paso does one step; false when the rest has to wait.
func (m mano) paso(ctx context.Context, f Ficha, o obra) (Ficha, bool, error) {
	switch o.paso {
	case espera:
		return f, false, pagos.ErrEnCurso
	case mirar:
		g, hallada, err := m.mirar(ctx, f)
		return g, hallada && g.Accion == "", err
	}
	g, err := m.reclamar(ctx, f, o)
	if errors.Is(err, errCambio) {
		g, _, err = m.o.Almacen.Ficha(ctx, f.ID)
		return g, true, err
	}
	if err != nil {
		return f, false, err
	}
	g, err = m.ejecutar(ctx, g, o, gateway.Pedido{})
	return g, true, err
}
