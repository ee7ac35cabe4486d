package mercadopago

import (
	"context"
	"time"

	"despensa/platform/money"
)

// loDecidible names what may be done with an order from outside.
const loDecidible = "pagar, rechazar, vencer, devolver, contracargo"

// decisiones are what may be done with an order, by name. monto is what devolver gives
// back, "" all that is left.
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

// Pagar decides an order that waits, in the customer's favour: a voucher or
// transfer is paid, a card in process approved. Errors: an unknown order, one that
// does not wait.
func (s *Simulador) Pagar(ctx context.Context, id string) error {
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		if !o.indecisa() {
			return "", errOperacion
		}
		o.aprobar(ahora)
		return "order." + o.Status, nil
	})
}

// Rechazar declines an order that waits. Errors: as Pagar.
func (s *Simulador) Rechazar(ctx context.Context, id string) error {
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		if !o.indecisa() {
			return "", errOperacion
		}
		o.rechazar("rejected_by_issuer", ahora)
		return "order." + o.Status, nil
	})
}

// Vencer ends an order that waits, or a reservation, as if its time had run out.
// Errors: as Pagar.
func (s *Simulador) Vencer(ctx context.Context, id string) error {
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		if !o.indecisa() && o.StatusDetail != detReservado {
			return "", errOperacion
		}
		return o.vencer(ahora), nil
	})
}

func (s *Simulador) zanjar(ctx context.Context, id string, f func(*orden, time.Time) (string, error)) error {
	_, err := s.mudar(ctx, id, f)
	return err
}

// Devolver gives money back as somebody would at the gateway's own panel: monto centavos,
// or all that is left when it is zero. Errors: an unknown order, one without so much.
func (s *Simulador) Devolver(ctx context.Context, id string, monto money.Centavos) error {
	reembolso, err := s.azar.id("REF", s.ahora())
	if err != nil {
		return err
	}
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		return "order." + reembolsada, o.reembolsar(reembolso, monto, ahora)
	})
}

// Contracargo lets the cardholder's bank take the money of an order back. Errors: an
// unknown order, one that was not paid.
func (s *Simulador) Contracargo(ctx context.Context, id string) error {
	caso, err := s.azar.id("CHB", s.ahora())
	if err != nil {
		return err
	}
	return s.zanjar(ctx, id, func(o *orden, ahora time.Time) (string, error) {
		return "order." + contracargada, o.disputar(caso, ahora)
	})
}
