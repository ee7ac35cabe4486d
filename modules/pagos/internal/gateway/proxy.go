package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"
)

// Plazos are the patience of the proxy.
type Plazos struct {
	Llamada   time.Duration // deadline of one try
	Intentos  uint          // tries, with one and the same key
	EsperaMin time.Duration // before the second try; doubles
	EsperaMax time.Duration
	Fallos    uint32        // in a row, that open the breaker
	Pausa     time.Duration // how long it stays open
}

// Proxy is a Pasarela in front of another: a deadline per try, tries with the same
// key, a circuit breaker. The caller's context bounds the whole.
type Proxy struct {
	p     Pasarela
	pl    Plazos
	corta *gobreaker.CircuitBreaker[any]
	m     *Metricas
}

var _ Pasarela = (*Proxy)(nil)

// NewProxy puts a proxy in front of pasarela. nombre is the provider's.
func NewProxy(nombre string, pasarela Pasarela, plazos Plazos, metricas *Metricas) *Proxy {
	metricas.corto(nombre, gobreaker.StateClosed)
	return &Proxy{
		p:  pasarela,
		pl: plazos,
		m:  metricas,
		corta: gobreaker.NewCircuitBreaker[any](gobreaker.Settings{
			Name: nombre, MaxRequests: 1, Timeout: plazos.Pausa,
			ReadyToTrip:   func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= plazos.Fallos },
			IsSuccessful:  func(err error) bool { return !enferma(err) },
			IsExcluded:    func(err error) bool { return errors.Is(err, context.Canceled) },
			OnStateChange: func(n string, _, a gobreaker.State) { metricas.corto(n, a) },
		}),
	}
}

// enferma says that the provider does not work properly. A refusal or a conflict is an answer, and no sign of that.
func enferma(err error) bool { return errors.Is(err, ErrSilencio) || errors.Is(err, ErrLimite) }

// pasajero says that the same call may succeed a moment later.
func pasajero(err error) bool { return enferma(err) || errors.Is(err, ErrOcupada) }

// repetible says that another try within this call makes sense.
func repetible(err error) bool {
	return pasajero(err) && !errors.Is(err, errCortada) && !errors.Is(err, context.Canceled)
}

// llamar makes one call of the provider: within the time limit, repeated while that may help, under the breaker, and
// counted. Errors: those of llamada; ErrSilencio while the breaker is open.
func llamar[T any](
	ctx context.Context,
	proxy *Proxy,
	accion string,
	llamada func(context.Context) (T, error),
) (T, error) {
	inicio := time.Now()
	var ultimo error
	out, err := backoff.Retry(ctx, func() (T, error) {
		var out T
		out, ultimo = intentar(ctx, proxy, llamada)
		if ultimo != nil && !repetible(ultimo) {
			return out, backoff.Permanent(ultimo)
		}
		return out, ultimo
	}, backoff.WithBackOff(proxy.esperas()), backoff.WithMaxTries(proxy.pl.Intentos))
	if err != nil {
		err = ultimo // and not the end of ctx while waiting for the next try
	}
	proxy.m.llamada(accion, err, time.Since(inicio))
	return out, err
}

func (x *Proxy) esperas() backoff.BackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval = x.pl.EsperaMin, x.pl.EsperaMax
	return b
}

// intentar is one try, through the breaker.
func intentar[T any](
	ctx context.Context,
	proxy *Proxy,
	llamada func(context.Context) (T, error),
) (T, error) {
	var out T
	_, err := proxy.corta.Execute(func() (any, error) {
		c, fin := context.WithTimeout(ctx, proxy.pl.Llamada)
		defer fin()
		var err error
		out, err = llamada(c)
		return nil, deTiempo(ctx, err)
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return out, fmt.Errorf("%w: %w", errCortada, err)
	}
	return out, err
}

// errCortada is the ErrSilencio of an open breaker. The call is not tried again.
var errCortada = fmt.Errorf("%w: circuit open", ErrSilencio)

// deTiempo turns the end of a time limit into ErrSilencio. Where the caller has cancelled ctx, the error is an
// ErrSilencio that also is context.Canceled, which neither the breaker nor a repeated try answers.
func deTiempo(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%w: %w", ErrSilencio, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", ErrSilencio, err)
	}
	return err
}

// Crear is Pasarela's.
func (x *Proxy) Crear(ctx context.Context, solicitudDePago SolicitudDePago) (Orden, error) {
	return llamar(
		ctx,
		x,
		"crear",
		func(c context.Context) (Orden, error) { return x.p.Crear(c, solicitudDePago) },
	)
}

// Leer is Pasarela's.
func (x *Proxy) Leer(ctx context.Context, orden string) (Orden, error) {
	return llamar(
		ctx,
		x,
		"leer",
		func(c context.Context) (Orden, error) { return x.p.Leer(c, orden) },
	)
}

// Buscar is Pasarela's.
func (x *Proxy) Buscar(
	ctx context.Context,
	referencia string,
	desde time.Time,
) ([]string, error) {
	return llamar(ctx, x, "buscar", func(c context.Context) ([]string, error) {
		return x.p.Buscar(c, referencia, desde)
	})
}

// Capturar is Pasarela's.
func (x *Proxy) Capturar(ctx context.Context, acto Acto) (Orden, error) {
	return llamar(
		ctx,
		x,
		"capturar",
		func(c context.Context) (Orden, error) { return x.p.Capturar(c, acto) },
	)
}

// Cancelar is Pasarela's.
func (x *Proxy) Cancelar(ctx context.Context, acto Acto) (Orden, error) {
	return llamar(
		ctx,
		x,
		"cancelar",
		func(c context.Context) (Orden, error) { return x.p.Cancelar(c, acto) },
	)
}

// Reembolsar is Pasarela's.
func (x *Proxy) Reembolsar(
	ctx context.Context,
	solicitudDeReembolso SolicitudDeReembolso,
) (Orden, error) {
	return llamar(
		ctx,
		x,
		"reembolsar",
		func(c context.Context) (Orden, error) { return x.p.Reembolsar(c, solicitudDeReembolso) },
	)
}
