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
	return skew.Limit(ahora, max(skew.MaxLease+holgura, r.EnCurso+holgura, r.Sondeo.Max, r.Sondeo.Reserva, r.Reposo))
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
func New(o Opciones) *Servicio {
	if o.Dudosa == nil {
		o.Dudosa = func(string) {}
	}
	return &Servicio{o: o, hay: make(chan struct{}, 1)}
}

// Reanudar is called once, when a program starts that has the store to itself. The calls that an earlier process left
// in flight are over; their results are read at the gateway without waiting for the end of their time.
func (s *Servicio) Reanudar(ctx context.Context) error { return s.o.Store.Abandonar(ctx, s.ahora()) }

// ahora is the present in UTC, as stores keep it: whole milliseconds.
func (s *Servicio) ahora() time.Time { return s.o.Ahora().UTC().Truncate(time.Millisecond) }

// Autorizar is pagos.Servicio's.
func (s *Servicio) Autorizar(ctx context.Context, o pagos.OrdenDePago) (pagos.Recibo, error) {
	f, hay, err := s.hallarOIniciar(ctx, o)
	if err == nil && hay {
		f, err = s.seguir(ctx, f, o)
	}
	if err != nil {
		return f.Recibo(), err
	}
	return f.Recibo(), f.veredicto()
}

// hallarOIniciar gives the stored cobro of o; false when it made the cobro now, and asked the gateway for the money.
// For a card it inserts without reading first, because Autorizar is mostly called once. For a slow method, about which
// Autorizar is called many times before it is paid, it reads first.
func (s *Servicio) hallarOIniciar(ctx context.Context, o pagos.OrdenDePago) (CobroEntero, bool, error) {
	if _, err := s.validar(o); err == nil && o.Metodo.Tarjeta() {
		return s.iniciar(ctx, o)
	}
	f, hay, err := s.o.Store.PorID(ctx, ID(o.Intento))
	if err == nil && !hay {
		f, hay, err = s.iniciar(ctx, o)
	}
	return f, hay, err
}

// iniciar inserts the cobro of o and asks the gateway for the money; true when another caller had inserted it first.
func (s *Servicio) iniciar(ctx context.Context, o pagos.OrdenDePago) (CobroEntero, bool, error) {
	capaz, err := s.validar(o)
	if err != nil {
		return CobroEntero{}, false, err
	}
	ahora := s.ahora()
	f, nueva, err := s.o.Store.Iniciar(ctx, nuevoCobro(o, capaz.Proveedor, ahora, ahora.Add(s.o.Reglas.EnCurso)))
	if err != nil || !nueva {
		return f, err == nil, err
	}
	f, err = s.ejecutor(false).ejecutar(ctx, f, tarea{clase: hacer, accion: Crear}, solicitud(f.Cobro, o))
	return f, false, err
}

// seguir goes on with a cobro that exists: it reads the order at the gateway, and asks for the money again, under the
// same key, when the gateway has no such order.
func (s *Servicio) seguir(ctx context.Context, f CobroEntero, o pagos.OrdenDePago) (CobroEntero, error) {
	m := s.ejecutor(false)
	switch {
	case f.Cierre != "" || f.Vista == gateway.Reservada || f.Vista == gateway.Cobrada:
		return f, nil
	case f.EnCurso(s.ahora()):
		return f, pagos.ErrEnCurso
	}
	vista, hallada, err := m.sincronizar(ctx, f)
	switch {
	case f.Vista != "" && sinRespuesta(err):
		return f, nil // the last report was undecided, and the gateway does not answer now: still pending
	case err != nil:
		return f, publico(err)
	case hallada:
		vista, err = m.avanzar(ctx, vista)
		return vista, err
	case f.Vista != "":
		return f, nil
	}
	return s.repetir(ctx, vista, o)
}

// repetir asks for the money of f again, because the gateway has no order of f. The key is the same, so that a first
// request that arrives late has no second effect. A cobro that has run out is closed instead.
func (s *Servicio) repetir(ctx context.Context, f CobroEntero, o pagos.OrdenDePago) (CobroEntero, error) {
	m := s.ejecutor(false)
	if f.vencido(s.ahora()) {
		return m.cambiar(ctx, "pagos.vencido", f, func(g *CobroEntero) error {
			if g.Version != f.Version {
				return pagos.ErrEnCurso
			}
			g.Cierre = pagos.Vencido
			g.Estado = g.derivar()
			return nil
		})
	}
	o.Monto, o.Metodo, o.MarcaDeTarjeta, o.Cuotas, o.Vence = f.Monto, f.Metodo, f.MarcaDeTarjeta, f.Cuotas, f.Vence
	if _, err := s.validar(o); err != nil {
		return f, err
	}
	crear := tarea{clase: hacer, accion: Crear}
	f, err := m.reclamar(ctx, f, crear)
	if err != nil {
		return f, publico(err)
	}
	return m.ejecutar(ctx, f, crear, solicitud(f.Cobro, o))
}

// cuotasMax is the largest number of cuotas that a card payment may have.
const cuotasMax = 36

// validar checks o as far as that is possible without the gateway. Error: pagos.ErrMetodo.
func (s *Servicio) validar(o pagos.OrdenDePago) (gateway.Prestacion, error) {
	capaz, ok := gateway.Sirve(o.Metodo, func(p string) bool { return s.o.Pasarelas[p] != nil })
	if !ok || o.Monto <= 0 {
		return capaz, pagos.ErrMetodo
	}
	if o.Metodo.Tarjeta() && (o.Token == "" || o.MarcaDeTarjeta == "" || o.Cuotas < 1 || o.Cuotas > cuotasMax) {
		return capaz, pagos.ErrMetodo
	}
	if o.Metodo.Lento() && !o.Vence.After(s.ahora()) {
		return capaz, pagos.ErrMetodo
	}
	return capaz, nil
}

// solicitud is the request of Crear for c. All members but Token and Correo, which are never stored, come from the row,
// so that a repetition has the same body.
func solicitud(c Cobro, o pagos.OrdenDePago) gateway.SolicitudDePago {
	capaz, _ := gateway.Sirve(c.Metodo, func(p string) bool { return p == c.Proveedor })
	p := gateway.SolicitudDePago{
		Clave:      c.Clave(Crear, ""),
		Referencia: c.Referencia(),
		Monto:      c.Monto,
		Metodo:     c.Metodo,
		Reservar:   capaz.Reserva,
		Correo:     o.Correo,
	}
	if c.Metodo.Tarjeta() {
		p.Token, p.MarcaDeTarjeta, p.Cuotas = o.Token, c.MarcaDeTarjeta, c.Cuotas
	} else {
		p.Plazo = c.Vence.Sub(c.Creado)
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
