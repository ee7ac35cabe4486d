package mercadopago

import (
	"context"
	"fmt"
	"strings"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"

	"github.com/mercadopago/sdk-go/pkg/order"
	"github.com/mercadopago/sdk-go/pkg/requestoptions"
)

// medio is how MercadoPago calls a way to pay.
type medio struct {
	tipo  string
	marca string // of slow methods; a card brings its own
}

var medios = map[pagos.Metodo]medio{
	pagos.TarjetaCredito: {"credit_card", ""},
	pagos.TarjetaDebito:  {"debit_card", ""},
	pagos.Efectivo:       {"ticket", "rapipago"},
	pagos.Transferencia:  {"bank_transfer", "cvu"},
}

// Crear implements gateway.Pasarela.
func (a *Adaptador) Crear(
	ctx context.Context,
	solicitudDePago gateway.SolicitudDePago,
) (gateway.Orden, error) {
	o, err := a.ordenes.Create(
		requestoptions.WithIdempotencyKey(ctx, solicitudDePago.Clave),
		peticion(solicitudDePago),
	)
	if err == nil {
		return respuesta(o, nil)
	}
	r, err := rechazada(err)
	if err == nil &&
		r.Referencia == "" { // the answer to a refused payment may leave out our reference
		r.Referencia = solicitudDePago.Referencia
	}
	return r, err
}

// peticion is solicitud as MercadoPago takes it: an order with one payment, captured at once unless solicitud.Reservar.
func peticion(solicitud gateway.SolicitudDePago) order.Request {
	m := medios[solicitud.Metodo]
	medio := &order.PaymentMethodRequest{ID: m.marca, Type: m.tipo}
	pago := order.PaymentRequest{Amount: solicitud.Monto.Decimal(), PaymentMethod: medio}
	if solicitud.Metodo.Tarjeta() {
		medio.ID, medio.Token, medio.Installments = solicitud.MarcaDeTarjeta, solicitud.Token, solicitud.Cuotas
	} else {
		pago.ExpirationTime = duracion(solicitud.Plazo)
	}
	modo := "automatic"
	if solicitud.Reservar {
		modo = "manual"
	}
	return order.Request{
		Type:              "online",
		ProcessingMode:    "automatic",
		CaptureMode:       modo,
		ExternalReference: solicitud.Referencia,
		TotalAmount:       solicitud.Monto.Decimal(),
		Payer:             &order.PayerRequest{Email: solicitud.Correo},
		Transactions:      &order.TransactionRequest{Payments: []order.PaymentRequest{pago}},
	}
}

// duracion writes d in ISO 8601, rounded up to whole seconds.
func duracion(d time.Duration) string {
	s := int64((d + time.Second - 1) / time.Second)
	var b strings.Builder
	b.WriteString("P")
	if dias := s / 86400; dias > 0 {
		fmt.Fprintf(&b, "%dD", dias)
	}
	if s %= 86400; s == 0 {
		return b.String()
	}
	b.WriteString("T")
	for _, u := range []struct {
		segundos int64
		letra    string
	}{{3600, "H"}, {60, "M"}, {1, "S"}} {
		if n := s / u.segundos; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.letra)
		}
		s %= u.segundos
	}
	return b.String()
}

// Leer implements gateway.Pasarela.
func (a *Adaptador) Leer(ctx context.Context, id string) (gateway.Orden, error) {
	return respuesta(a.ordenes.Get(ctx, id))
}

// Capturar implements gateway.Pasarela.
func (a *Adaptador) Capturar(ctx context.Context, acto gateway.Acto) (gateway.Orden, error) {
	return respuesta(
		a.ordenes.Capture(requestoptions.WithIdempotencyKey(ctx, acto.Clave), acto.Orden),
	)
}

// Cancelar implements gateway.Pasarela.
func (a *Adaptador) Cancelar(ctx context.Context, acto gateway.Acto) (gateway.Orden, error) {
	return respuesta(
		a.ordenes.Cancel(requestoptions.WithIdempotencyKey(ctx, acto.Clave), acto.Orden),
	)
}

// Reembolsar implements gateway.Pasarela. The amount is always named: an empty body would
// give back whatever is left, perhaps more than we meant.
func (a *Adaptador) Reembolsar(
	ctx context.Context,
	solicitudDeReembolso gateway.SolicitudDeReembolso,
) (gateway.Orden, error) {
	r := &order.RefundRequest{
		Transactions: []order.RefundTransaction{
			{
				ID:     solicitudDeReembolso.Transaccion,
				Amount: solicitudDeReembolso.Monto.Decimal(),
			},
		},
	}
	return respuesta(
		a.ordenes.Refund(
			requestoptions.WithIdempotencyKey(ctx, solicitudDeReembolso.Clave),
			solicitudDeReembolso.Orden,
			r,
		),
	)
}

// respuesta turns the SDK's answer into the port's. For an empty body, and for null, the SDK returns neither an order
// nor an error: that is ErrSilencio.
func respuesta(response *order.Response, err error) (gateway.Orden, error) {
	switch {
	case err != nil:
		return gateway.Orden{}, traducir(err)
	case response == nil || response.ID == "":
		return gateway.Orden{}, fmt.Errorf("%w: no order in the answer", gateway.ErrSilencio)
	}
	return orden(response), nil
}
