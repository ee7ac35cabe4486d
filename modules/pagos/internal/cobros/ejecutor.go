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

// cambiar applies hacer to the cobro as it is stored, and saves it; f is the cobro as it was last read or saved.
func (m ejecutor) cambiar(
	ctx context.Context,
	nombre string,
	f CobroEntero,
	hacer func(*CobroEntero) error,
) (CobroEntero, error) {
	anuncia, antes := m.anuncia || ctx.Err() != nil, f // a write may go on after its caller has gone
	f, err := m.o.Store.Cambiar(ctx, Cambio{
		Nombre:   nombre,
		ID:       f.ID,
		Ahora:    m.ahora(),
		Desde:    &antes,
		Anunciar: anuncia,
		Hacer:    hacer,
	})
	if err == nil && anuncia {
		m.o.Despertar()
	}
	return f, err
}

// reclamar saves that the call o is about to be made. Error: errCambio when the stored cobro has another version than
// f.
func (m ejecutor) reclamar(ctx context.Context, f CobroEntero, o tarea) (CobroEntero, error) {
	return m.cambiar(ctx, "pagos.accion", f, func(g *CobroEntero) error {
		if g.Version != f.Version {
			return errCambio
		}
		g.empezar(o, m.ahora().Add(m.o.Reglas.EnCurso))
		return nil
	})
}

// ejecutar makes the call o, which f.Accion announces, and saves its outcome. Errors: those of the contract where the
// gateway gave no result; others as they are.
func (m ejecutor) ejecutar(
	ctx context.Context,
	f CobroEntero,
	o tarea,
	solicitud gateway.SolicitudDePago,
) (CobroEntero, error) {
	plazo, fin := context.WithTimeout(ctx, m.o.Reglas.EnCurso-m.o.Reglas.margen())
	defer fin()
	res := m.pedir(plazo, f, o, solicitud)
	if res.err != nil && !sinRespuesta(res.err) {
		return f, res.err
	}
	return m.guardarResultado(ctx, f, o, res)
}

// pedir makes the call o, and reads the order after it where the answer does not state the order's state.
func (m ejecutor) pedir(ctx context.Context, f CobroEntero, o tarea, solicitud gateway.SolicitudDePago) resultado {
	r, err := m.llamar(ctx, f, o, solicitud)
	if err == nil && !m.falta(f, o, r) {
		return resultado{orden: r, err: m.creer(ctx, f, r)}
	}
	if err != nil && !abierta(o, err) {
		return resultado{err: err}
	}
	negada := err
	if r, err = m.comprobar(ctx, f); errors.Is(err, errNada) && o.accion == Crear && definitiva(negada) {
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
func abierta(o tarea, err error) bool {
	if errors.Is(err, gateway.ErrPeticion) {
		return o.accion == Capturar || o.accion == Reembolsar
	}
	return definitiva(err) || errors.Is(err, gateway.ErrClave)
}

// falta says that orden, an answer to the call o, leaves out its effect, so that the order has to be read. The gateway
// may answer a call on an existing order with a part of it; its answer to Crear is always judged as it is.
func (m ejecutor) falta(f CobroEntero, o tarea, orden gateway.Orden) bool {
	if o.accion == Crear {
		return false
	}
	if o.accion != Reembolsar || orden.Corta() {
		return orden.Corta()
	}
	g := f.copia()
	return g.aplicar(orden, m.ahora()) && g.sinSaldar() >= 0
}

// llamar makes the call o at the provider of f; solicitud is the payment that Crear asks for.
func (m ejecutor) llamar(
	ctx context.Context,
	f CobroEntero,
	o tarea,
	solicitud gateway.SolicitudDePago,
) (gateway.Orden, error) {
	pas, ok := m.o.Pasarelas[f.Proveedor]
	if !ok {
		return gateway.Orden{}, fmt.Errorf("%w: provider %q is not configured", gateway.ErrCredencial, f.Proveedor)
	}
	acto := gateway.Acto{Orden: f.Orden, Clave: f.Clave(o.accion, o.id)}
	switch o.accion {
	case Crear:
		return pas.Crear(ctx, solicitud)
	case Capturar:
		return pas.Capturar(ctx, acto)
	case Cancelar:
		return pas.Cancelar(ctx, acto)
	case Reembolsar:
		return pas.Reembolsar(ctx, gateway.SolicitudDeReembolso{Acto: acto, Transaccion: f.Transaccion, Monto: o.monto})
	}
	return gateway.Orden{}, fmt.Errorf("cobros: no such call: %q", o.accion)
}
