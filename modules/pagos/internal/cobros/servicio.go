package cobros

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/guard"
	"despensa/platform/skew"
)

// Reglas are the figures of the service.
type Reglas struct {
	// EnCurso is how long one call of the gateway, with all its tries, may run.
	EnCurso time.Duration
	// Sondeo says when cobros that wait are looked after.
	Sondeo Sondeo
	// Reposo is how long a notice about a cobro that waits for nothing may lie.
	Reposo time.Duration
	// Guarda is how long notices of unknown orders are kept and tried again.
	Guarda time.Duration
	// Tanda is how many rows the background work takes at once, Paralelo how many of
	// them at the same time.
	Tanda, Paralelo int
}

// margen is the part of EnCurso that is kept free to save the result of a call.
func (r Reglas) margen() time.Duration { return min(r.EnCurso/5, time.Second) }

// lejos is the latest time at which a row that is written at ahora can be due. A clock that was ahead wrote each row
// that is due later.
func (r Reglas) lejos(ahora time.Time) time.Time {
	return skew.Limit(
		ahora,
		max(skew.MaxLease+holgura, r.EnCurso+holgura, r.Sondeo.Max, r.Sondeo.Reserva, r.Reposo),
	)
}

// Opciones of the service.
type Opciones struct {
	Store     Store
	Bandeja   Bandeja
	Pasarelas map[string]gateway.Pasarela // by provider
	Buzones   map[string]gateway.Buzon    // by provider
	Reglas    Reglas
	Ahora     func() time.Time
	Log       *slog.Logger
	Despertar func() // something was written to the outbox
	// Dudosa is called with the fault (see reparo, a closed set) of each answer of a gateway that cannot be true.
	// Nil: faults are not counted.
	Dudosa func(reparo string)
	// Guard catches the panics of rows; its zero value logs them.
	Guard guard.Guard
	// Fallidas is told how many rows of a round failed; nil: nothing counts.
	Fallidas func(ronda string, n int)
}

// Servicio is pagos.Servicio and the background work behind it. Safe for concurrent use.
type Servicio struct {
	o         Opciones
	hay       chan struct{} // a notice may be due
	aplazados aplazados
	limitado  atomic.Int64 // when RevisarDebidos last looked for open cobros due too late (see Lejos), in Unix ms
}

var _ pagos.Servicio = (*Servicio)(nil)

// New makes the service.
func New(opciones Opciones) *Servicio {
	if opciones.Dudosa == nil {
		opciones.Dudosa = func(string) {}
	}
	return &Servicio{o: opciones, hay: make(chan struct{}, 1)}
}

// Reanudar is called once, when a program starts that has the store to itself. The calls that an earlier process left
// in flight are over; their results are read at the gateway without waiting for the end of their time.
func (s *Servicio) Reanudar(
	ctx context.Context,
) error {
	return s.o.Store.Abandonar(ctx, s.ahora())
}

// ahora is the present in UTC, as stores keep it: whole milliseconds.
func (s *Servicio) ahora() time.Time { return s.o.Ahora().UTC().Truncate(time.Millisecond) }

// Autorizar implements pagos.Servicio.
func (s *Servicio) Autorizar(
	ctx context.Context,
	ordenDePago pagos.OrdenDePago,
) (pagos.Recibo, error) {
	f, hay, err := s.hallarOIniciar(ctx, ordenDePago)
	if err == nil && hay {
		f, err = s.seguir(ctx, f, ordenDePago)
	}
	if err != nil {
		return f.Recibo(), err
	}
	return f.Recibo(), f.veredicto()
}

// hallarOIniciar gives the stored cobro of o; false when it made the cobro now, and asked the gateway for the money.
// For a card it inserts without reading first, because Autorizar is mostly called once. For a slow method, about which
// Autorizar is called many times before it is paid, it reads first.
func (s *Servicio) hallarOIniciar(
	ctx context.Context,
	ordenDePago pagos.OrdenDePago,
) (CobroEntero, bool, error) {
	if _, err := s.validar(ordenDePago); err == nil && ordenDePago.Metodo.Tarjeta() {
		return s.iniciar(ctx, ordenDePago)
	}
	f, hay, err := s.o.Store.PorID(ctx, ID(ordenDePago.Intento))
	if err == nil && !hay {
		f, hay, err = s.iniciar(ctx, ordenDePago)
	}
	return f, hay, err
}

// iniciar inserts the cobro of o and asks the gateway for the money; true when another caller had inserted it first.
func (s *Servicio) iniciar(
	ctx context.Context,
	ordenDePago pagos.OrdenDePago,
) (CobroEntero, bool, error) {
	capaz, err := s.validar(ordenDePago)
	if err != nil {
		return CobroEntero{}, false, err
	}
	ahora := s.ahora()
	f, nueva, err := s.o.Store.Iniciar(
		ctx,
		nuevoCobro(ordenDePago, capaz.Proveedor, ahora, ahora.Add(s.o.Reglas.EnCurso)),
	)
	if err != nil || !nueva {
		return f, err == nil, err
	}
	f, err = s.ejecutor(false).
		ejecutar(ctx, f, tarea{clase: hacer, accion: Crear}, solicitud(f.Cobro, ordenDePago))
	return f, false, err
}

// seguir goes on with a cobro that exists: it reads the order at the gateway, and asks for the money again, under the
// same key, when the gateway has no such order.
func (s *Servicio) seguir(
	ctx context.Context,
	cobroEntero CobroEntero,
	ordenDePago pagos.OrdenDePago,
) (CobroEntero, error) {
	m := s.ejecutor(false)
	switch {
	case cobroEntero.Cierre != "" || cobroEntero.Vista == gateway.Reservada || cobroEntero.Vista == gateway.Cobrada:
		return cobroEntero, nil
	case cobroEntero.EnCurso(s.ahora()):
		return cobroEntero, pagos.ErrEnCurso
	}
	vista, hallada, err := m.sincronizar(ctx, cobroEntero)
	switch {
	case cobroEntero.Vista != "" && sinRespuesta(err):
		return cobroEntero, nil // the last report was undecided, and the gateway does not answer now: still pending
	case err != nil:
		return cobroEntero, publico(err)
	case hallada:
		vista, err = m.avanzar(ctx, vista)
		return vista, err
	case cobroEntero.Vista != "":
		return cobroEntero, nil
	}
	return s.repetir(ctx, vista, ordenDePago)
}

// repetir asks for the money of cobroEntero again, because the gateway has no order of cobroEntero. The key is the
// same, so that a first request that arrives late has no second effect. A cobro that has run out is closed instead.
func (s *Servicio) repetir(
	ctx context.Context,
	cobroEntero CobroEntero,
	ordenDePago pagos.OrdenDePago,
) (CobroEntero, error) {
	m := s.ejecutor(false)
	if cobroEntero.vencido(s.ahora()) {
		return m.cambiar(ctx, "pagos.vencido", cobroEntero, func(g *CobroEntero) error {
			if g.Version != cobroEntero.Version {
				return pagos.ErrEnCurso
			}
			g.Cierre = pagos.Vencido
			g.Estado = g.derivar()
			return nil
		})
	}
	ordenDePago.Monto = cobroEntero.Monto
	ordenDePago.Metodo = cobroEntero.Metodo
	ordenDePago.MarcaDeTarjeta = cobroEntero.MarcaDeTarjeta
	ordenDePago.Cuotas = cobroEntero.Cuotas
	ordenDePago.Vence = cobroEntero.Vence
	if _, err := s.validar(ordenDePago); err != nil {
		return cobroEntero, err
	}
	crear := tarea{clase: hacer, accion: Crear}
	cobroEntero, err := m.reclamar(ctx, cobroEntero, crear)
	if err != nil {
		return cobroEntero, publico(err)
	}
	return m.ejecutar(ctx, cobroEntero, crear, solicitud(cobroEntero.Cobro, ordenDePago))
}

// cuotasMax is the largest number of cuotas that a card payment may have.
const cuotasMax = 36

// validar checks o as far as that is possible without the gateway. Error: pagos.ErrMetodo.
func (s *Servicio) validar(ordenDePago pagos.OrdenDePago) (gateway.Prestacion, error) {
	capaz, ok := gateway.Sirve(
		ordenDePago.Metodo,
		func(p string) bool { return s.o.Pasarelas[p] != nil },
	)
	if !ok || ordenDePago.Monto <= 0 {
		return capaz, pagos.ErrMetodo
	}
	if ordenDePago.Metodo.Tarjeta() &&
		(ordenDePago.Token == "" || ordenDePago.MarcaDeTarjeta == "" ||
			ordenDePago.Cuotas < 1 || ordenDePago.Cuotas > cuotasMax) {
		return capaz, pagos.ErrMetodo
	}
	if ordenDePago.Metodo.Lento() && !ordenDePago.Vence.After(s.ahora()) {
		return capaz, pagos.ErrMetodo
	}
	return capaz, nil
}

// solicitud is the request of Crear for cobro. All members but Token and Correo, which are never stored, come from
// the row, so that a repetition has the same body.
func solicitud(cobro Cobro, ordenDePago pagos.OrdenDePago) gateway.SolicitudDePago {
	capaz, _ := gateway.Sirve(cobro.Metodo, func(p string) bool { return p == cobro.Proveedor })
	p := gateway.SolicitudDePago{
		Clave:      cobro.Clave(Crear, ""),
		Referencia: cobro.Referencia(),
		Monto:      cobro.Monto,
		Metodo:     cobro.Metodo,
		Reservar:   capaz.Reserva,
		Correo:     ordenDePago.Correo,
	}
	if cobro.Metodo.Tarjeta() {
		p.Token, p.MarcaDeTarjeta, p.Cuotas = ordenDePago.Token, cobro.MarcaDeTarjeta, cobro.Cuotas
	} else {
		p.Plazo = cobro.Vence.Sub(cobro.Creado)
	}
	return p
}

// veredicto is the error of Autorizar for f as it stands; nil when the money is reserved or taken.
func (f *CobroEntero) veredicto() error {
	switch {
	case f.Anulado:
		return pagos.ErrAnulado
	case f.Cierre == pagos.Rechazado:
		return pagos.ErrRechazado
	case f.Cierre != "":
		return pagos.ErrVencido
	case f.Vista == gateway.Reservada || f.Vista == gateway.Cobrada:
		return nil
	case f.Vista == "":
		return pagos.ErrSinPasarela
	}
	return pagos.ErrPendiente
}

// deLaPasarela are the answers of a gateway that are no result.
var deLaPasarela = []error{
	gateway.ErrSilencio, gateway.ErrOcupada, gateway.ErrLimite, gateway.ErrCredencial, gateway.ErrPeticion,
	gateway.ErrEstado, gateway.ErrClave, gateway.ErrExcede, gateway.ErrNoHay, gateway.ErrRehusada,
}

// sinRespuesta says that err means that the gateway gave no result; any other error is of our side.
func sinRespuesta(err error) bool {
	for _, e := range deLaPasarela {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// publico translates err into the errors of the contract; an error of our side stays as it is.
func publico(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errCambio), errors.Is(err, gateway.ErrOcupada):
		return pagos.ErrEnCurso
	case sinRespuesta(err):
		return fmt.Errorf("%w: %w", pagos.ErrSinPasarela, err)
	}
	return err
}
