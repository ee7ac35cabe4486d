package cobros

import (
	"context"
	"errors"
	"fmt"

	"despensa/modules/pagos/internal/gateway"
)

// mano does the steps of one cobro: it writes what it is about to do, calls, and
// writes what came of it. anuncia: nobody waits for the answer, so changes are told.
type mano struct {
	*Servicio
	anuncia bool
}

func (s *Servicio) mano(anuncia bool) mano { return mano{s, anuncia} }

// cambiar saves a change of the cobro as it then stands; f is how it stood last.
func (m mano) cambiar(ctx context.Context, nombre string, f Ficha, hacer func(*Ficha) error) (Ficha, error) {
	anuncia, antes := m.anuncia || ctx.Err() != nil, f // a write may go on after its caller has gone
	f, err := m.o.Almacen.Cambiar(ctx, Cambio{
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

// reclamar writes that o is about to be called. Error: errCambio when f is not the
// cobro any more.
func (m mano) reclamar(ctx context.Context, f Ficha, o obra) (Ficha, error) {
	return m.cambiar(ctx, "pagos.accion", f, func(g *Ficha) error {
		if g.Version != f.Version {
			return errCambio
		}
		g.empezar(o, m.ahora().Add(m.o.Reglas.EnCurso))
		return nil
	})
}

// ejecutar calls what f says is about to be called, and saves the result. Errors:
// those of the contract where the gateway gave no result; others as they are.
func (m mano) ejecutar(ctx context.Context, f Ficha, o obra, p gateway.Pedido) (Ficha, error) {
	plazo, fin := context.WithTimeout(ctx, m.o.Reglas.EnCurso-m.o.Reglas.margen())
	defer fin()
	res := m.pedir(plazo, f, o, p)
	if res.err != nil && !sinRespuesta(res.err) {
		return f, res.err
	}
	return m.asentar(ctx, f, o, res)
}

// pedir does the call, and reads the order where the answer leaves open how it stands.
func (m mano) pedir(ctx context.Context, f Ficha, o obra, p gateway.Pedido) resultado {
	r, err := m.llamar(ctx, f, o, p)
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

// definitiva says that the gateway refused this very call, and would again.
func definitiva(err error) bool {
	return errors.Is(err, gateway.ErrExcede) || errors.Is(err, gateway.ErrEstado) ||
		errors.Is(err, gateway.ErrPeticion) || errors.Is(err, gateway.ErrRehusada)
}

// abierta says that a refusal may come of what the order already is, so that it has to be
// read. A creation that was malformed made none, and voiding is only tried again.
func abierta(o obra, err error) bool {
	if errors.Is(err, gateway.ErrPeticion) {
		return o.accion == Capturar || o.accion == Reembolsar
	}
	return definitiva(err) || errors.Is(err, gateway.ErrClave)
}

// falta says that an answer leaves out what was asked for: an act on an order may be
// answered shortly, a creation may not.
func (m mano) falta(f Ficha, o obra, r gateway.Orden) bool {
	if o.accion == Crear {
		return false
	}
	if o.accion != Reembolsar || r.Corta() {
		return r.Corta()
	}
	g := f.copia()
	return g.observar(r, m.ahora()) && g.sinSaldar() >= 0
}

func (m mano) llamar(ctx context.Context, f Ficha, o obra, p gateway.Pedido) (gateway.Orden, error) {
	pas, ok := m.o.Pasarelas[f.Proveedor]
	if !ok {
		return gateway.Orden{}, fmt.Errorf("%w: provider %q is not configured", gateway.ErrCredencial, f.Proveedor)
	}
	acto := gateway.Acto{Orden: f.Orden, Clave: f.Clave(o.accion, o.id)}
	switch o.accion {
	case Crear:
		return pas.Crear(ctx, p)
	case Capturar:
		return pas.Capturar(ctx, acto)
	case Cancelar:
		return pas.Cancelar(ctx, acto)
	case Reembolsar:
		return pas.Reembolsar(ctx, gateway.Devolucion{Acto: acto, Transaccion: f.Transaccion, Monto: o.monto})
	}
	return gateway.Orden{}, fmt.Errorf("cobros: no such call: %q", o.accion)
}
