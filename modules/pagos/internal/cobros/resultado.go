package cobros

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"despensa/modules/pagos/internal/gateway"
)

// resultado is the outcome of a call to the gateway: an order, or an error of package gateway.
type resultado struct {
	orden  gateway.Orden
	err    error
	negada error // the gateway's refusal of this call; after it the order was read
	leida  bool  // orden was read, and is not the answer to the call itself
}

// guardadoMax is how long the saving of a result may take; it does not end with the caller.
const guardadoMax = 30 * time.Second

// guardarResultado applies the outcome resultado of the call o to the cobro as it is now stored, and saves it, also
// where ctx has ended. Errors: those of the store; for a call other than Crear, the gateway's in the contract's
// words.
func (m ejecutor) guardarResultado(
	ctx context.Context,
	cobroEntero CobroEntero,
	tarea tarea,
	resultado resultado,
) (CobroEntero, error) {
	sinFin, fin := context.WithTimeout(context.WithoutCancel(ctx), guardadoMax)
	defer fin()
	if ctx.Err() != nil {
		m.anuncia = true
	}
	if resultado.err != nil {
		m.o.Log.Log(ctx, gravedad(resultado.err), "gateway call without a result",
			"cobro", cobroEntero.ID, "call", string(tarea.accion), "error", resultado.err)
	}
	ahora := m.ahora()
	g, err := m.cambiar(sinFin, "pagos.resultado", cobroEntero, func(g *CobroEntero) error {
		if g.Accion == cobroEntero.Accion && g.Hasta.Equal(cobroEntero.Hasta) {
			g.Hasta = ahora // our call is over
		}
		g.aplicarResultado(tarea, resultado, ahora)
		g.agendar(m.o.Reglas.Sondeo, ahora)
		return nil
	})
	if err != nil {
		return cobroEntero, err
	}
	if tarea.accion == Crear { // the row says it all: see veredicto
		return g, nil
	}
	if resultado.err == nil && g.sinSaldar() >= 0 && rehusado(tarea, resultado.negada) {
		resultado.err = gateway.ErrOcupada // neither made nor refused for good: not yet
	}
	return g, publico(resultado.err)
}

// gravedad: refused credentials are our fault, and wait for a person.
func gravedad(err error) slog.Level {
	if errors.Is(err, gateway.ErrCredencial) {
		return slog.LevelError
	}
	return slog.LevelWarn
}

// aplicarResultado applies the outcome resultado of the call o to f.
func (f *CobroEntero) aplicarResultado(tarea tarea, resultado resultado, ahora time.Time) {
	abierta := f.Motivo != montoDistinto
	switch {
	case resultado.err == nil && f.aplicar(resultado.orden, ahora):
		f.Sondeos = 0
		f.negar(tarea, resultado.negada)
		if abierta && f.Motivo == montoDistinto && !resultado.leida {
			f.Accion, f.Hasta = tarea.accion, ahora // the order is read before its money goes back
		}
	case errors.Is(resultado.err, gateway.ErrPeticion) && tarea.accion == Crear && f.Accion == Crear:
		f.soltar()
		f.rechazar(motivoDe(resultado.err))
	default:
		f.Sondeos++
	}
}

// motivoDe is the reason code of a payment that was refused for good.
func motivoDe(err error) string {
	var n *gateway.Negativa
	if errors.As(err, &n) {
		return n.Motivo
	}
	return invalido
}

// Reason codes of a refund that the gateway refuses for good.
const (
	excedido     = "monto-excesivo"     // more than is left
	irreversible = "no-reembolsable"    // the payment can no longer be given back: too old, disputed, another kind
	malFormado   = "peticion-rechazada" // the gateway does not understand the request
)

// rehusado reports whether o is a refund that was refused with err for another reason than a key used before.
func rehusado(tarea tarea, err error) bool {
	return tarea.accion == Reembolsar && err != nil && !errors.Is(err, gateway.ErrClave)
}

// motivoReembolso is the reason code of a refund that was refused with err.
func motivoReembolso(err error) string {
	switch {
	case errors.Is(err, gateway.ErrExcede):
		return excedido
	case errors.Is(err, gateway.ErrPeticion):
		return malFormado
	}
	return irreversible
}

// negar notes that the gateway refused the call o with negada and has not carried it out: the refund of o becomes
// Fallido, and a capture that is refused for good closes the intento.
func (f *CobroEntero) negar(tarea tarea, negada error) {
	switch {
	case negada == nil || errors.Is(negada, gateway.ErrClave):
	case rehusado(tarea, negada):
		if i := f.sinSaldar(); i >= 0 && f.Reembolsos[i].ID == tarea.id &&
			f.Vista == gateway.Cobrada {
			f.Reembolsos[i].Estado, f.Reembolsos[i].Motivo = Fallido, motivoReembolso(negada)
		}
	case tarea.accion == Capturar && f.Vista == gateway.Reservada && !errors.Is(negada, gateway.ErrEstado):
		f.rechazar(capturaNegada)
	}
}
