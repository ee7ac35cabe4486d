package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/fault"
	"despensa/platform/money"
)

// Errors of the guards that every entrance has: a new order, a customer's or an operator's, and a retry.
var (
	// ErrLentos: too many orders wait for methods that take days, or may still come to wait.
	ErrLentos = fault.New(fault.Conflict, "demasiados-pendientes", "Too many orders are waiting to be paid.")
	// ErrRechazos: too many cards of this customer, or from this address, were refused within the hour.
	ErrRechazos = fault.New(fault.TooMany, "demasiados-rechazos", "Too many payments were refused within the hour.")
)

// Cupos is the service of bounded places as the guards need it; cupos.Cupos names the errors of each method.
type Cupos interface {
	TomarLento(ctx context.Context, cliente, pedido string, intento int64) error
	Espera(ctx context.Context, p cupos.Pagador) (time.Duration, error)
}

var _ Cupos = (*cupos.Cupos)(nil)

// puesta is an order as it would be placed, new or retried.
type puesta struct {
	id, cliente string
	intento     int64 // that would begin
	lineas      []pedido.Linea
	envio       pedido.Linea
	punto       rutas.Punto
	ventana     *pedido.Ventana
	metodo      pagos.Metodo
	origen      string          // digest of the caller's address
	total       *money.Centavos // what the customer was shown; nil: not compared
}

// admitir is the guards of every entrance. The place for an order that waits for days is taken last: a refusal takes
// none. Errors: ErrTotal, ErrPrecio, rutas.ErrFueraDeArea, ErrVentana, ErrRechazos, ErrLentos.
func (a *App) admitir(ctx context.Context, x puesta) error {
	if err := a.comparar(ctx, x); err != nil {
		return err
	}
	if err := a.alcanza(ctx, x); err != nil {
		return err
	}
	if err := a.pocosRechazos(ctx, x); err != nil {
		return err
	}
	return a.pocosLentos(ctx, x)
}

// comparar refuses a total that is too high, or no longer true, with the new quote. Errors: ErrTotal, ErrPrecio.
func (a *App) comparar(ctx context.Context, x puesta) error {
	c := sumar(x.lineas, x.envio)
	if c.Total > MaxTotal {
		return ErrTotal.WithField("body.lineas", "the sum is too high")
	}
	if x.total == nil || *x.total == c.Total {
		return nil
	}
	if err := a.disponible(ctx, &c, x.punto); err != nil {
		return err
	}
	return ErrPrecio.WithExtra("cotizacion", c)
}

// alcanza refuses a place that no depot reaches and a window that no truck has. Whether a window still has room is
// decided when the order is accepted; so is everything while rutas does not answer. Errors: rutas.ErrFueraDeArea,
// ErrVentana.
func (a *App) alcanza(ctx context.Context, x puesta) error {
	var v *rutas.Ventana
	if x.ventana != nil {
		v = &rutas.Ventana{Desde: x.ventana.Desde, Hasta: x.ventana.Hasta}
	}
	err := a.o.Rutas.Admite(ctx, x.punto, v)
	switch {
	case errors.Is(err, rutas.ErrFueraDeArea):
		return rutas.ErrFueraDeArea.WithField("body.direccion_id", "outside the delivery area")
	case errors.Is(err, rutas.ErrVentana):
		return ErrVentana.WithField("body.entrega", "no delivery window of ours")
	case err != nil:
		a.o.Log.WarnContext(ctx, "an order is taken without asking for its window", "error", err)
	}
	return ctx.Err()
}

// pocosRechazos refuses a card when too many were refused within the hour. Errors: ErrRechazos.
func (a *App) pocosRechazos(ctx context.Context, x puesta) error {
	if !x.metodo.Tarjeta() {
		return nil
	}
	espera, err := a.o.Cupos.Espera(ctx, cupos.Pagador{Cliente: x.cliente, Origen: x.origen})
	if err == nil && espera > 0 {
		return ErrRechazos.WithRetry(espera)
	}
	return err
}

// pocosLentos takes one of the customer's places for orders that wait for methods that take days. Errors: ErrLentos.
func (a *App) pocosLentos(ctx context.Context, x puesta) error {
	if !x.metodo.Lento() {
		return nil
	}
	err := a.o.Cupos.TomarLento(ctx, x.cliente, x.id, x.intento)
	if errors.Is(err, cupos.ErrLleno) {
		return ErrLentos
	}
	return err
}

// origen is the keyed digest under which refused cards of an address are counted, for methods that have cards.
func (a *App) origen(direccion string, m pagos.Metodo) string {
	if direccion == "" || !m.Tarjeta() {
		return ""
	}
	h := hmac.New(sha256.New, a.o.Config.ClaveOrigen)
	_, _ = h.Write([]byte(direccion)) // never fails
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// conPlazo bounds what may pass between the taking of a place and the saving of its order.
func conPlazo(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cupos.Gracia/2)
}
