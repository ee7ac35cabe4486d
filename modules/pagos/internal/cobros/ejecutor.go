package cobros

import (
	"context"
	"errors"
	"fmt"

	"despensa/modules/pagos/internal/gateway"
)

// ejecutor carries out the steps of one cobro. For each it saves the call that it is about to make, makes the call, and
// saves its outcome. With anuncia each change of a payment's state goes to the outbox too, because no caller waits for
// the answer.
type ejecutor struct {
	*Servicio
	anuncia bool
}

func (s *Servicio) ejecutor(anuncia bool) ejecutor { return ejecutor{s, anuncia} }

// cambiar applies hacer to the cobro as it is stored, and saves it; cobroEntero is the cobro as it was last read or
// saved.
func (m ejecutor) cambiar(
	ctx context.Context,
	nombre string,
	cobroEntero CobroEntero,
	hacer func(*CobroEntero) error,
) (CobroEntero, error) {
	anuncia := m.anuncia ||
		ctx.Err() != nil
	antes := cobroEntero // a write may go on after its caller has gone
	cobroEntero, err := m.o.Store.Cambiar(ctx, Cambio{
		Nombre:   nombre,
		ID:       cobroEntero.ID,
		Ahora:    m.ahora(),
		Desde:    &antes,
		Anunciar: anuncia,
		Hacer:    hacer,
	})
	if err == nil && anuncia {
		m.o.Despertar()
	}
	return cobroEntero, err
}

// reclamar saves that the call o is about to be made. Error: errCambio when the stored cobro has another version than
// cobroEntero.
func (m ejecutor) reclamar(
	ctx context.Context,
	cobroEntero CobroEntero,
	tarea tarea,
) (CobroEntero, error) {
	return m.cambiar(ctx, "pagos.accion", cobroEntero, func(g *CobroEntero) error {
		if g.Version != cobroEntero.Version {
			return errCambio
		}
		g.empezar(tarea, m.ahora().Add(m.o.Reglas.EnCurso))
		return nil
	})
}

// ejecutar makes the call o, which cobroEntero.Accion announces, and saves its outcome. Errors: those of the
// contract where the gateway gave no result; others as they are.
func (m ejecutor) ejecutar(
	ctx context.Context,
	cobroEntero CobroEntero,
	tarea tarea,
	solicitud gateway.SolicitudDePago,
) (CobroEntero, error) {
	plazo, fin := context.WithTimeout(ctx, m.o.Reglas.EnCurso-m.o.Reglas.margen())
	defer fin()
	res := m.pedir(plazo, cobroEntero, tarea, solicitud)
	if res.err != nil && !sinRespuesta(res.err) {
		return cobroEntero, res.err
	}
	return m.guardarResultado(ctx, cobroEntero, tarea, res)
}

// pedir makes the call o, and reads the order after it where the answer does not state the order's state.
func (m ejecutor) pedir(
	ctx context.Context,
	cobroEntero CobroEntero,
	tarea tarea,
	solicitud gateway.SolicitudDePago,
) resultado {
	r, err := m.llamar(ctx, cobroEntero, tarea, solicitud)
	if err == nil && !m.falta(cobroEntero, tarea, r) {
		return resultado{orden: r, err: m.creer(ctx, cobroEntero, r)}
	}
	if err != nil && !abierta(tarea, err) {
		return resultado{err: err}
	}
	negada := err
	if r, err = m.comprobar(ctx, cobroEntero); errors.Is(err, errNada) &&
		tarea.accion == Crear &&
		definitiva(negada) {
		err = &gateway.Negativa{Motivo: sinMotivo}
	}
	return resultado{orden: r, err: err, negada: negada, leida: true}
}

// definitiva says that with err the gateway refused the call for good: the same call would be refused again.
func definitiva(err error) bool {
	return errors.Is(err, gateway.ErrExcede) || errors.Is(err, gateway.ErrEstado) ||
		errors.Is(err, gateway.ErrPeticion) || errors.Is(err, gateway.ErrRehusada)
}

// abierta says that the refusal err of the call o may have its reason in the state of the order, which then has to be
// read. A malformed creation made no order, and a malformed Cancelar is only tried again.
func abierta(tarea tarea, err error) bool {
	if errors.Is(err, gateway.ErrPeticion) {
		return tarea.accion == Capturar || tarea.accion == Reembolsar
	}
	return definitiva(err) || errors.Is(err, gateway.ErrClave)
}

// falta says that orden, an answer to the call o, leaves out its effect, so that the order has to be read. The gateway
// may answer a call on an existing order with a part of it; its answer to Crear is always judged as it is.
func (m ejecutor) falta(cobroEntero CobroEntero, tarea tarea, orden gateway.Orden) bool {
	if tarea.accion == Crear {
		return false
	}
	if tarea.accion != Reembolsar || orden.Corta() {
		return orden.Corta()
	}
	g := cobroEntero.copia()
	return g.aplicar(orden, m.ahora()) && g.sinSaldar() >= 0
}

// llamar makes the call o at the provider of cobroEntero; solicitud is the payment that Crear asks for.
func (m ejecutor) llamar(
	ctx context.Context,
	cobroEntero CobroEntero,
	tarea tarea,
	solicitud gateway.SolicitudDePago,
) (gateway.Orden, error) {
	pas, ok := m.o.Pasarelas[cobroEntero.Proveedor]
	if !ok {
		return gateway.Orden{}, fmt.Errorf(
			"%w: provider %q is not configured",
			gateway.ErrCredencial,
			cobroEntero.Proveedor,
		)
	}
	acto := gateway.Acto{
		Orden: cobroEntero.Orden,
		Clave: cobroEntero.Clave(tarea.accion, tarea.id),
	}
	switch tarea.accion {
	case Crear:
		return pas.Crear(ctx, solicitud)
	case Capturar:
		return pas.Capturar(ctx, acto)
	case Cancelar:
		return pas.Cancelar(ctx, acto)
	case Reembolsar:
		return pas.Reembolsar(
			ctx,
			gateway.SolicitudDeReembolso{
				Acto:        acto,
				Transaccion: cobroEntero.Transaccion,
				Monto:       tarea.monto,
			},
		)
	}
	return gateway.Orden{}, fmt.Errorf("cobros: no such call: %q", tarea.accion)
}
