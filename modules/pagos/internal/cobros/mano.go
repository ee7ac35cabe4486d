package cobros

import (
	"context"
	"errors"
	"fmt"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
)

// mano does the steps of one cobro: it writes what it is about to do, calls, and
// writes what came of it. anuncia: nobody waits for the answer, so changes are told.
type mano struct {
	*Servicio
	anuncia bool
}

func (s *Servicio) mano(anuncia bool) mano { return mano{s, anuncia} }

// cambiar saves a change of the cobro as it then stands.
func (m mano) cambiar(ctx context.Context, nombre, id string, hacer func(*Ficha) error) (Ficha, error) {
	anuncia := m.anuncia || ctx.Err() != nil
	f, err := m.o.Almacen.Cambiar(ctx, Cambio{Nombre: nombre, ID: id, Ahora: m.ahora(), Anunciar: anuncia, Hacer: hacer})
	if err == nil && anuncia {
		m.o.Despertar()
	}
	return f, err
}

// reclamar writes that o is about to be called. Error: errCambio when f is not the
// cobro any more.
func (m mano) reclamar(ctx context.Context, f Ficha, o obra) (Ficha, error) {
	return m.cambiar(ctx, "pagos.accion", f.ID, func(g *Ficha) error {
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
	r, err := m.llamar(plazo, f, o, p)
	negada := errors.Is(err, gateway.ErrExcede) || errors.Is(err, gateway.ErrEstado)
	if negada || errors.Is(err, gateway.ErrClave) || err == nil && m.falta(f, o, r) {
		r, err = m.comprobar(plazo, f)
	}
	if err != nil && !sinRespuesta(err) {
		return f, err
	}
	return m.asentar(ctx, f, o, resultado{r, err, negada})
}

// falta says that an answer leaves out what was asked for.
func (m mano) falta(f Ficha, o obra, r gateway.Orden) bool {
	if o.accion != Reembolsar {
		return false
	}
	g := f.copia()
	g.observar(r, m.ahora())
	return g.sinSaldar() >= 0
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

// resultado is what a call came to; err is one of the gateway's.
type resultado struct {
	orden  gateway.Orden
	err    error
	negada bool // the gateway refused this very call for good
}

// guardar is how long the saving of a result may take; it does not end with the caller.
const guardar = 30 * time.Second

// asentar saves what came of a call to the cobro as it now stands.
func (m mano) asentar(ctx context.Context, f Ficha, o obra, r resultado) (Ficha, error) {
	sinFin, fin := context.WithTimeout(context.WithoutCancel(ctx), guardar)
	defer fin()
	if ctx.Err() != nil {
		m.anuncia = true
	}
	if r.err != nil {
		m.o.Log.WarnContext(ctx, "gateway call without a result", "cobro", f.ID, "call", string(o.accion), "error", r.err)
	}
	ahora := m.ahora()
	g, err := m.cambiar(sinFin, "pagos.resultado", f.ID, func(g *Ficha) error {
		if g.Accion == f.Accion && g.Hasta.Equal(f.Hasta) {
			g.Hasta = ahora // our call is over
		}
		g.tomarNota(o, r, ahora)
		g.citar(m.o.Reglas.Sondeo, ahora)
		return nil
	})
	if err != nil {
		return f, err
	}
	if o.accion == Crear { // the row says it all: see veredicto
		return g, nil
	}
	if r.err == nil && g.refuto(o) {
		r.err = errNegado
	}
	return g, publico(r.err)
}

// errNegado says that the gateway refused a refund for good.
var errNegado = errors.New("cobros: the refund was refused")

// refuto says that o was a refund that the gateway refused.
func (f *Ficha) refuto(o obra) bool {
	i := f.reembolso(o.id)
	return o.accion == Reembolsar && i >= 0 && f.Reembolsos[i].Estado == Fallido
}

// invalido is the reason of a payment that the gateway would not even look at.
const invalido = "datos-invalidos"

// tomarNota takes in what came of o.
func (f *Ficha) tomarNota(o obra, r resultado, ahora time.Time) {
	switch {
	case r.err == nil && f.observar(r.orden, ahora):
		f.Sondeos = 0
		f.negar(o, r.negada)
	case errors.Is(r.err, gateway.ErrPeticion) && o.accion == Crear && f.Accion == Crear:
		f.soltar()
		f.Motivo = invalido
		if f.Cierre == "" {
			f.Cierre = pagos.Rechazado
		}
		f.Estado = f.derivar()
	default:
		f.Sondeos++
	}
}

// negar notes that the gateway refused a refund that it has not made.
func (f *Ficha) negar(o obra, negada bool) {
	if i := f.sinSaldar(); negada && o.accion == Reembolsar && i >= 0 && f.Reembolsos[i].ID == o.id {
		f.Reembolsos[i].Estado = Fallido
		f.Sondeos++
	}
}
