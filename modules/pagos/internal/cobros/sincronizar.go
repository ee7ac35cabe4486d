package cobros

import (
	"context"
	"errors"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// intentosVista is how many looks sincronizar takes at the gateway while other writers change the cobro.
const intentosVista = 3

// sincronizar reads the order of f at the gateway and saves its changes; false when the gateway has no order of f.
// Errors: the gateway's, errCambio.
func (m ejecutor) sincronizar(ctx context.Context, f CobroEntero) (CobroEntero, bool, error) {
	plazo, fin := context.WithTimeout(ctx, m.o.Reglas.EnCurso)
	defer fin()
	for range intentosVista {
		r, hay, err := m.leerOrden(plazo, f)
		if err != nil || !hay {
			return f, false, err
		}
		g, err := m.guardarOrden(ctx, f, r)
		if !errors.Is(err, errCambio) {
			return g, true, err
		}
		if f, hay, err = m.o.Store.PorID(ctx, f.ID); err != nil || !hay {
			return f, false, err
		}
	}
	return f, false, errCambio
}

// guardarOrden saves the changes of f that orden brings, if any; orden was read after f. Error: errCambio.
func (m ejecutor) guardarOrden(ctx context.Context, f CobroEntero, orden gateway.Orden) (CobroEntero, error) {
	ahora := m.ahora()
	g := f.copia()
	g.Orden = orden.ID // leerOrden has judged it
	if !g.aplicar(orden, ahora) {
		return f, errDudosa
	}
	if g.igual(f) {
		return f, nil
	}
	return m.cambiar(ctx, "pagos.observado", f, func(g *CobroEntero) error {
		if g.Version != f.Version {
			return errCambio
		}
		g.Orden = orden.ID
		g.aplicar(orden, ahora)
		g.Sondeos = 0
		g.agendar(m.o.Reglas.Sondeo, ahora)
		return nil
	})
}

// tareasMax is how many steps avanzar takes for one cobro before it gives up.
const tareasMax = 6

// avanzar takes the steps that f needs by itself (see siguienteTarea), until none is left or the next one has to wait.
// Errors: those of the contract; ErrEnCurso while a call is in flight.
func (m ejecutor) avanzar(ctx context.Context, f CobroEntero) (CobroEntero, error) {
	for range tareasMax {
		o := f.siguienteTarea(m.ahora())
		if o.clase == nada {
			return f, nil
		}
		var sigue bool
		var err error
		if f, sigue, err = m.hacerTarea(ctx, f, o); err != nil || !sigue {
			return f, publico(err)
		}
	}
	return f, pagos.ErrSinPasarela // the gateway does not do as it says
}

// hacerTarea takes the step o; false when the steps after it have to wait.
func (m ejecutor) hacerTarea(ctx context.Context, f CobroEntero, o tarea) (CobroEntero, bool, error) {
	switch o.clase {
	case espera:
		return f, false, pagos.ErrEnCurso
	case sincronizar:
		g, hallada, err := m.sincronizar(ctx, f)
		return g, hallada && g.Accion == "", err
	}
	g, err := m.reclamar(ctx, f, o)
	if errors.Is(err, errCambio) {
		g, _, err = m.o.Store.PorID(ctx, f.ID)
		return g, true, err
	}
	if err != nil {
		return f, false, err
	}
	g, err = m.ejecutar(ctx, g, o, gateway.SolicitudDePago{})
	return g, true, err
}
