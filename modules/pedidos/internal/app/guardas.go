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

// Errors of the guards, which every new order and every retry passes, a customer's and an operator's.
var (
	// ErrLentos: the customer has too many orders that wait for a voucher or a transfer, or are about to.
	ErrLentos = fault.New(fault.Conflict, "demasiados-pendientes", "Too many orders are waiting to be paid.")
	// ErrRechazos: too many cards of this customer, or from this IP address, were refused within the last hour.
	ErrRechazos = fault.New(fault.TooMany, "demasiados-rechazos", "Too many payments were refused within the hour.")
)

// Cupos is the service of bounded places as the guards need it. cupos.Cupos has the errors of each method.
type Cupos interface {
	TomarLento(ctx context.Context, cliente, pedido string, intento int64) error
	Espera(ctx context.Context, p cupos.Pagador) (time.Duration, error)
}

var _ Cupos = (*cupos.Cupos)(nil)

// puesta is a new order, or an order with the changes of a retry, as the guards judge it.
type puesta struct {
	id, cliente string
	intento     int64 // the intento that would begin
	lineas      []pedido.Linea
	envio       pedido.Linea
	punto       rutas.Punto
	ventana     *pedido.Ventana
	metodo      pagos.Metodo
	origen      string          // digest of the caller's IP address
	total       *money.Centavos // total that the customer was shown; nil: not compared
}

// admitir is the guards that every new order and every retry passes. The place for a slow payment is taken
// last, so that a refused order takes none. Errors: ErrTotal, ErrPrecio, rutas.ErrFueraDeArea, ErrVentana,
// ErrRechazos, ErrLentos.
func (a *App) admitir(ctx context.Context, candidato puesta) error {
	if err := a.comparar(ctx, candidato); err != nil {
		return err
	}
	if err := a.alcanza(ctx, candidato); err != nil {
		return err
	}
	if err := a.pocosRechazos(ctx, candidato); err != nil {
		return err
	}
	return a.pocosLentos(ctx, candidato)
}

// comparar refuses an order over MaxTotal, and an order with another total than the customer was shown; the
// latter with the new quote. Errors: ErrTotal; ErrPrecio; those of disponible.
func (a *App) comparar(ctx context.Context, candidato puesta) error {
	c := sumar(candidato.lineas, candidato.envio)
	if c.Total > MaxTotal {
		return ErrTotal.WithField("body.lineas", "the sum is too high")
	}
	if candidato.total == nil || *candidato.total == c.Total {
		return nil
	}
	if err := a.disponible(ctx, &c, candidato.punto); err != nil {
		return err
	}
	return ErrPrecio.WithExtra("cotizacion", c)
}

// alcanza refuses an address that no depot delivers to, and a window in which no truck drives. Room in a truck
// is looked for later, when the order is accepted. While rutas does not answer, the order passes. Errors:
// rutas.ErrFueraDeArea, ErrVentana.
func (a *App) alcanza(ctx context.Context, candidato puesta) error {
	var v *rutas.Ventana
	if candidato.ventana != nil {
		v = &rutas.Ventana{Desde: candidato.ventana.Desde, Hasta: candidato.ventana.Hasta}
	}
	err := a.o.Rutas.Admite(ctx, candidato.punto, v)
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

// pocosRechazos refuses a card while too many were refused within the last hour. Errors: ErrRechazos, with the
// wait.
func (a *App) pocosRechazos(ctx context.Context, candidato puesta) error {
	if !candidato.metodo.Tarjeta() {
		return nil
	}
	espera, err := a.o.Cupos.Espera(
		ctx,
		cupos.Pagador{Cliente: candidato.cliente, Origen: candidato.origen},
	)
	if err == nil && espera > 0 {
		return ErrRechazos.WithRetry(espera)
	}
	return err
}

// pocosLentos takes one of the customer's places for orders with a slow payment. Errors: ErrLentos when none is
// free.
func (a *App) pocosLentos(ctx context.Context, candidato puesta) error {
	if !candidato.metodo.Lento() {
		return nil
	}
	err := a.o.Cupos.TomarLento(ctx, candidato.cliente, candidato.id, candidato.intento)
	if errors.Is(err, cupos.ErrLleno) {
		return ErrLentos
	}
	return err
}

// origen is the keyed digest of an IP address, under which refused cards are counted; empty for a method
// without a card.
func (a *App) origen(direccion string, metodo pagos.Metodo) string {
	if direccion == "" || !metodo.Tarjeta() {
		return ""
	}
	h := hmac.New(sha256.New, a.o.Config.ClaveOrigen)
	_, _ = h.Write([]byte(direccion)) // never fails
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// conPlazo bounds the time from the taking of a place to the saving of its order: a place without an order is
// taken back after cupos.Gracia.
func conPlazo(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cupos.Gracia/2)
}
