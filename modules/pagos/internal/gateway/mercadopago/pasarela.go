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

// Crear is gateway.Pasarela's.
func (a *Adaptador) Crear(ctx context.Context, p gateway.Pedido) (gateway.Orden, error) {
	o, err := a.ordenes.Create(requestoptions.WithIdempotencyKey(ctx, p.Clave), peticion(p))
	if err != nil {
		return rechazada(err)
	}
	return orden(o), nil
}

func peticion(p gateway.Pedido) order.Request {
	m := medios[p.Metodo]
	pago := order.PaymentRequest{Amount: p.Monto.Decimal(), PaymentMethod: &order.PaymentMethodRequest{ID: m.marca, Type: m.tipo}}
	if p.Metodo.Tarjeta() {
		pago.PaymentMethod.ID, pago.PaymentMethod.Token, pago.PaymentMethod.Installments = p.Marca, p.Token, p.Cuotas
	} else {
		pago.ExpirationTime = duracion(p.Plazo)
	}
	modo := "automatic"
	if p.Reservar {
		modo = "manual"
	}
	return order.Request{
		Type: "online", ProcessingMode: "automatic", CaptureMode: modo, ExternalReference: p.Referencia, TotalAmount: p.Monto.Decimal(),
		Payer: &order.PayerRequest{Email: p.Correo}, Transactions: &order.TransactionRequest{Payments: []order.PaymentRequest{pago}},
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

// Leer is gateway.Pasarela's.
func (a *Adaptador) Leer(ctx context.Context, id string) (gateway.Orden, error) {
	return respuesta(a.ordenes.Get(ctx, id))
}

// margenBusqueda covers clocks that differ from ours.
const margenBusqueda = 24 * time.Hour

// Buscar is gateway.Pasarela's. What does not carry the reference is dropped, should
// the filter ever be ignored: adopting a stranger's order would be worse than none.
func (a *Adaptador) Buscar(ctx context.Context, referencia string, desde time.Time) ([]gateway.Orden, error) {
	r, err := a.ordenes.Search(ctx, order.SearchRequest{Limit: 50, Filters: map[string]string{
		"external_reference": referencia,
		"begin_date":         desde.Add(-margenBusqueda).UTC().Format(time.RFC3339),
		"end_date":           a.o.Ahora().Add(margenBusqueda).UTC().Format(time.RFC3339),
	}})
	if err != nil {
		return nil, traducir(err)
	}
	var out []gateway.Orden
	for i := range r.Data {
		if r.Data[i].ExternalReference == referencia {
			out = append(out, orden(&r.Data[i]))
		}
	}
	return out, nil
}

// Capturar is gateway.Pasarela's.
func (a *Adaptador) Capturar(ctx context.Context, x gateway.Acto) (gateway.Orden, error) {
	return respuesta(a.ordenes.Capture(requestoptions.WithIdempotencyKey(ctx, x.Clave), x.Orden))
}

// Cancelar is gateway.Pasarela's.
func (a *Adaptador) Cancelar(ctx context.Context, x gateway.Acto) (gateway.Orden, error) {
	return respuesta(a.ordenes.Cancel(requestoptions.WithIdempotencyKey(ctx, x.Clave), x.Orden))
}

// Reembolsar is gateway.Pasarela's. The amount is always named: an empty body would
// give back whatever is left, perhaps more than we meant.
func (a *Adaptador) Reembolsar(ctx context.Context, d gateway.Devolucion) (gateway.Orden, error) {
	r := &order.RefundRequest{Transactions: []order.RefundTransaction{{ID: d.Transaccion, Amount: d.Monto.Decimal()}}}
	return respuesta(a.ordenes.Refund(requestoptions.WithIdempotencyKey(ctx, d.Clave), d.Orden, r))
}

func respuesta(o *order.Response, err error) (gateway.Orden, error) {
	if err != nil {
		return gateway.Orden{}, traducir(err)
	}
	return orden(o), nil
}
