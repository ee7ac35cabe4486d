package mercadopago

import (
	"context"
	"time"

	"despensa/platform/money"
)

// loDecidible names the decisions, for an error's details.
const loDecidible = "pagar, rechazar, vencer, devolver, contracargo"

// decisiones are the changes of an order that the page and the control API offer, by name. monto is the amount that
// devolver refunds; "" is the whole remaining amount.
func (s *Simulador) decisiones(monto string) map[string]func(context.Context, string) error {
	return map[string]func(context.Context, string) error{
		"pagar":       s.Pagar,
		"rechazar":    s.Rechazar,
		"vencer":      s.Vencer,
		"contracargo": s.Contracargo,
		"devolver": func(ctx context.Context, id string) error {
			c, err := money.LeerDecimal(monto)
			if monto != "" && (err != nil || c <= 0) {
				return errValor.de("monto")
			}
			return s.Devolver(ctx, id, c)
		},
	}
}

// Pagar pays a voucher or a transfer that waits for its money, or approves a card payment in process. Errors: errNoHay
// for an unknown order; errOperacion for an order that does not wait.
func (s *Simulador) Pagar(ctx context.Context, id string) error {
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		if !o.indecisa() {
			return "", errOperacion
		}
		o.aprobar(ahora)
		return "order." + o.Status, nil
	})
}

// Rechazar declines an order that waits for money or for a decision. Errors: as Pagar's.
func (s *Simulador) Rechazar(ctx context.Context, id string) error {
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		if !o.indecisa() {
			return "", errOperacion
		}
		o.rechazar("rejected_by_issuer", ahora)
		return "order." + o.Status, nil
	})
}

// Vencer ends an order that waits, or a reservation, as if its time had run out. Errors: as Pagar's.
func (s *Simulador) Vencer(ctx context.Context, id string) error {
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		if !o.indecisa() && o.StatusDetail != detReservado {
			return "", errOperacion
		}
		return o.vencer(ahora), nil
	})
}

// zanjar applies f to the order id (mudar).
func (s *Simulador) zanjar(ctx context.Context, id string, f func(*orden, time.Time) (string, error)) error {
	_, err := s.mudar(ctx, id, f)
	return err
}

// Devolver refunds monto centavos, or the whole remaining amount when monto is 0, as the merchant can at MercadoPago's
// own panel. Errors: errNoHay; errExcede for more than remains; errNoReembolsar, errYaReembolsada.
func (s *Simulador) Devolver(ctx context.Context, id string, monto money.Centavos) error {
	reembolso, err := s.azar.id("REF", s.ahora())
	if err != nil {
		return err
	}
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		return "order." + reembolsada, o.reembolsar(reembolso, monto, ahora)
	})
}

// Contracargo makes the cardholder's bank take the money of an order back. Errors: errNoHay; errOperacion for an order
// that was not paid.
func (s *Simulador) Contracargo(ctx context.Context, id string) error {
	caso, err := s.azar.id("CHB", s.ahora())
	if err != nil {
		return err
	}
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		return "order." + contracargada, o.disputar(caso, ahora)
	})
}
