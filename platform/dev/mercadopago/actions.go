package mercadopago

import (
	"context"
	"net/http"
	"strings"
	"time"

	"despensa/platform/money"

	"gorm.io/gorm"
)

// capture is POST /v1/orders/{id}/capture: the full amount only.
func (s *Simulator) capture(r *http.Request) (answer, error) {
	return s.withoutBody(r, "capture", (*gatewayOrder).capture)
}

// cancel is POST /v1/orders/{id}/cancel.
func (s *Simulator) cancel(r *http.Request) (answer, error) {
	return s.withoutBody(r, "cancel", (*gatewayOrder).cancel)
}

// withoutBody runs the action cambio of a call without a body, or with an empty object as its body.
func (s *Simulator) withoutBody(
	r *http.Request, accion string, cambio func(*gatewayOrder, time.Time) error,
) (answer, error) {
	b, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	if b != nil {
		if err := decode(b, &struct{}{}); err != nil {
			return answer{}, err
		}
	}
	return s.act(
		r,
		accion,
		nil,
		http.StatusOK,
		func(o *gatewayOrder, _ ids, ahora time.Time) error {
			return cambio(o, ahora)
		},
	)
}

// refundRequest is the body of a partial refund.
type refundRequest struct {
	Transactions []struct {
		ID     string `json:"id"`
		Amount string `json:"amount"`
	} `json:"transactions"`
}

// refund is POST /v1/orders/{id}/refund. Without a body it refunds the whole remaining amount.
func (s *Simulator) refund(r *http.Request) (answer, error) {
	b, err := readBody(r)
	if err != nil {
		return answer{}, err
	}
	if b == nil {
		return s.act(
			r,
			"refund",
			nil,
			http.StatusCreated,
			func(o *gatewayOrder, j ids, ahora time.Time) error {
				return o.refund(j.refund, 0, ahora)
			},
		)
	}
	var p refundRequest
	if err := decode(b, &p); err != nil {
		return answer{}, err
	}
	pago, monto, err := p.validate()
	if err != nil {
		return answer{}, err
	}
	return s.act(
		r,
		"refund",
		p,
		http.StatusCreated,
		func(o *gatewayOrder, j ids, ahora time.Time) error {
			if o.payment().ID != pago {
				return errNoPayment
			}
			return o.refund(j.refund, monto, ahora)
		},
	)
}

// validate gives the id of the payment and the amount to refund; the amount is 0 when the request has none, and then
// means the whole remaining amount. Errors: those of MERCADOPAGO.md.
func (p refundRequest) validate() (string, money.Centavos, error) {
	switch {
	case len(p.Transactions) == 0:
		return "", 0, errMinimum.about("transactions")
	case len(p.Transactions) > 1:
		return "", 0, errMaximum.about("transactions")
	}
	t := p.Transactions[0]
	if !strings.HasPrefix(t.ID, "PAY") {
		return "", 0, errTransactionID.about("transactions[0].id")
	}
	if t.Amount == "" {
		return t.ID, 0, nil
	}
	monto, err := money.ParseDecimal(t.Amount)
	if err != nil || monto <= 0 {
		return "", 0, errValue.about("transactions[0].amount")
	}
	return t.ID, monto, nil
}

// act runs the action cambio on the order of the path, once per idempotency key. accion and pedido are compared
// with those of an earlier call with the same key; estado is the HTTP status of success. Errors: those of
// MERCADOPAGO.md.
func (s *Simulator) act(
	r *http.Request,
	accion string,
	pedido any,
	estado int,
	cambio func(*gatewayOrder, ids, time.Time) error,
) (answer, error) {
	ahora := s.now()
	id := r.PathValue("id")
	if !orderForm.MatchString(id) {
		return answer{}, errPath.about("order_id")
	}
	llamada, err := s.onceOf(r, accion+" "+id, pedido)
	if err != nil {
		return answer{}, err
	}
	nuevos, err := s.random.newIDs(ahora)
	if err != nil {
		return answer{}, err
	}
	return s.runOnce(r.Context(), llamada, func(tx *gorm.DB) (orderRow, int, error) {
		o, _, err := loadOrder(tx, id, ahora)
		if err != nil {
			return orderRow{}, 0, err
		}
		if err := cambio(o, nuevos, ahora); err != nil {
			return orderRow{}, 0, err
		}
		fila, err := saveOrder(tx, o, s.notice(nuevos.notice, o, "order."+o.Status, ahora))
		return fila, estado, err
	})
}

// change changes the order id without an idempotency key. It first applies the change that time has brought
// (orden.passTime), and then cambio, which returns the action of the webhook. With a nil cambio it applies the change
// of time alone. Errors: errNoOrder; cambio's.
func (s *Simulator) change(
	ctx context.Context, id string, cambio func(*gatewayOrder, time.Time) (string, error),
) (orderRow, error) {
	ahora := s.now()
	aviso, err := s.random.id("NOT", ahora)
	if err != nil {
		return orderRow{}, err
	}
	var fila orderRow
	err = s.ledger.db.Write(ctx, "dev.mercadopago", func(tx *gorm.DB) error {
		o, accion, err := loadOrder(tx, id, ahora)
		if err == nil && cambio != nil {
			accion, err = cambio(o, ahora)
		}
		if err != nil {
			return err
		}
		if accion == "" { // another call has applied the change of time already
			fila, err = o.row()
			return err
		}
		fila, err = saveOrder(tx, o, s.notice(aviso, o, accion, ahora))
		return err
	})
	if err != nil { // row may still be written to when ctx has ended
		return orderRow{}, err
	}
	s.mailer.wake()
	return fila, nil
}
