package cobros

import (
	"context"
	"errors"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// intentosVista is how many looks sincronizar takes at the gateway while other writers change the cobro.
const intentosVista = 3

// sincronizar reads the order of cobroEntero at the gateway and saves its changes; false when the gateway has no
// order of cobroEntero. Errors: the gateway's, errCambio.
func (m ejecutor) sincronizar(
	ctx context.Context,
	cobroEntero CobroEntero,
) (CobroEntero, bool, error) {
	plazo, fin := context.WithTimeout(ctx, m.o.Reglas.EnCurso)
	defer fin()
	for range intentosVista {
		r, hay, err := m.leerOrden(plazo, cobroEntero)
		if err != nil || !hay {
			return cobroEntero, false, err
		}
		g, err := m.guardarOrden(ctx, cobroEntero, r)
		if !errors.Is(err, errCambio) {
			return g, true, err
		}
		if cobroEntero, hay, err = m.o.Store.PorID(ctx, cobroEntero.ID); err != nil || !hay {
			return cobroEntero, false, err
		}
	}
	return cobroEntero, false, errCambio
}

// guardarOrden saves the changes of cobroEntero that orden brings, if any; orden was read after cobroEntero. Error:
// errCambio.
func (m ejecutor) guardarOrden(
	ctx context.Context,
	cobroEntero CobroEntero,
	orden gateway.Orden,
) (CobroEntero, error) {
	ahora := m.ahora()
	g := cobroEntero.copia()
	g.Orden = orden.ID // leerOrden has judged it
	if !g.aplicar(orden, ahora) {
		return cobroEntero, errDudosa
	}
	if g.igual(cobroEntero) {
		return cobroEntero, nil
	}
	return m.cambiar(ctx, "pagos.observado", cobroEntero, func(g *CobroEntero) error {
		if g.Version != cobroEntero.Version {
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

// avanzar takes the steps that cobroEntero needs by itself (see siguienteTarea), until none is left or the next one
// has to wait. Errors: those of the contract; ErrEnCurso while a call is in flight.
func (m ejecutor) avanzar(ctx context.Context, cobroEntero CobroEntero) (CobroEntero, error) {
	for range tareasMax {
		o := cobroEntero.siguienteTarea(m.ahora())
		if o.clase == nada {
			return cobroEntero, nil
		}
		var sigue bool
		var err error
		if cobroEntero, sigue, err = m.hacerTarea(ctx, cobroEntero, o); err != nil || !sigue {
			return cobroEntero, publico(err)
		}
	}
	return cobroEntero, pagos.ErrSinPasarela // the gateway does not do as it says
}

// hacerTarea takes the step o; false when the steps after it have to wait.
func (m ejecutor) hacerTarea(
	ctx context.Context,
	cobroEntero CobroEntero,
	tarea tarea,
) (CobroEntero, bool, error) {
	switch tarea.clase {
	case espera:
		return cobroEntero, false, pagos.ErrEnCurso
	case sincronizar:
		g, hallada, err := m.sincronizar(ctx, cobroEntero)
		return g, hallada && g.Accion == "", err
	}
	g, err := m.reclamar(ctx, cobroEntero, tarea)
	if errors.Is(err, errCambio) {
		g, _, err = m.o.Store.PorID(ctx, cobroEntero.ID)
		return g, true, err
	}
	if err != nil {
		return cobroEntero, false, err
	}
	g, err = m.ejecutar(ctx, g, tarea, gateway.SolicitudDePago{})
	return g, true, err
}
