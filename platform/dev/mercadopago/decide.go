package mercadopago

import (
	"context"
	"time"

	"despensa/platform/money"
)

// decisionNames names the decisions, for an error's details.
const decisionNames = "pagar, rechazar, vencer, devolver, contracargo"

// decisions are the changes of an order that the page and the control API offer, by name. monto is the amount that
// devolver refunds; "" is the whole remaining amount.
func (s *Simulator) decisions(monto string) map[string]func(context.Context, string) error {
	return map[string]func(context.Context, string) error{
		"pagar":       s.Pay,
		"rechazar":    s.Decline,
		"vencer":      s.Lapse,
		"contracargo": s.ChargeBack,
		"devolver": func(ctx context.Context, id string) error {
			c, err := money.ParseDecimal(monto)
			if monto != "" && (err != nil || c <= 0) {
				return errValue.about("monto")
			}
			return s.Refund(ctx, id, c)
		},
	}
}

// Pay pays a voucher or a transfer that waits for its money, or approves a card payment in process. Errors: errNoOrder
// for an unknown order; errOperation for an order that does not wait.
func (s *Simulator) Pay(ctx context.Context, id string) error {
	return s.settle(ctx, id, func(o *gatewayOrder, ahora time.Time) (string, error) {
		if !o.isUndecided() {
			return "", errOperation
		}
		o.approve(ahora)
		return "order." + o.Status, nil
	})
}

// Decline declines an order that waits for money or for a decision. Errors: as Pay's.
func (s *Simulator) Decline(ctx context.Context, id string) error {
	return s.settle(ctx, id, func(o *gatewayOrder, ahora time.Time) (string, error) {
		if !o.isUndecided() {
			return "", errOperation
		}
		o.decline("rejected_by_issuer", ahora)
		return "order." + o.Status, nil
	})
}

// Lapse ends an order that waits, or a reservation, as if its time had run out. Errors: as Pay's.
func (s *Simulator) Lapse(ctx context.Context, id string) error {
	return s.settle(ctx, id, func(o *gatewayOrder, ahora time.Time) (string, error) {
		if !o.isUndecided() && o.StatusDetail != detReserved {
			return "", errOperation
		}
		return o.lapse(ahora), nil
	})
}

// settle applies f to the order id (change).
func (s *Simulator) settle(
	ctx context.Context,
	id string,
	f func(*gatewayOrder, time.Time) (string, error),
) error {
	_, err := s.change(ctx, id, f)
	return err
}

// Refund refunds monto centavos, or the whole remaining amount when monto is 0, as the merchant can at MercadoPago's
// own panel. Errors: errNoOrder; errExceeds for more than remains; errNoRefund, errAlreadyRefunded.
func (s *Simulator) Refund(ctx context.Context, id string, monto money.Centavos) error {
	reembolso, err := s.random.id("REF", s.now())
	if err != nil {
		return err
	}
	return s.settle(ctx, id, func(o *gatewayOrder, ahora time.Time) (string, error) {
		return "order." + refunded, o.refund(reembolso, monto, ahora)
	})
}

// ChargeBack makes the cardholder's bank take the money of an order back. Errors: errNoOrder; errOperation for an order
// that was not paid.
func (s *Simulator) ChargeBack(ctx context.Context, id string) error {
	caso, err := s.random.id("CHB", s.now())
	if err != nil {
		return err
	}
	return s.settle(ctx, id, func(o *gatewayOrder, ahora time.Time) (string, error) {
		return "order." + chargedBack, o.chargeBack(caso, ahora)
	})
}
