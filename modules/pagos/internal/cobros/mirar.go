package cobros

import (
	"context"
	"errors"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// intentosVista is how many looks mirar takes at the gateway while other writers change the cobro.
const intentosVista = 3

// mirar reads the order of f at the gateway and saves its changes; false when the gateway has no order of f. Errors:
// the gateway's, errCambio.
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

// aplicar saves the changes of f that orden brings, if any; orden was read after f. Error: errCambio.
func (m mano) aplicar(ctx context.Context, f Ficha, orden gateway.Orden) (Ficha, error) {
	ahora := m.ahora()
	g := f.copia()
	g.Orden = orden.ID // verdad has judged it
	if !g.observar(orden, ahora) {
		return f, errDudosa
	}
	if g.igual(f) {
		return f, nil
	}
	return m.cambiar(ctx, "pagos.observado", f, func(g *Ficha) error {
		if g.Version != f.Version {
			return errCambio
		}
		g.Orden = orden.ID
		g.observar(orden, ahora)
		g.Sondeos = 0
		g.citar(m.o.Reglas.Sondeo, ahora)
		return nil
	})
}

// pasosMax is how many steps avanzar takes for one cobro before it gives up.
const pasosMax = 6

// avanzar takes the steps that f needs by itself (see obra), until none is left or the next one has to wait. Errors:
// those of the contract; ErrEnCurso while a call is in flight.
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

// paso takes the step o; false when the steps after it have to wait.
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
