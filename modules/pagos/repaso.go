package pagos

import (
	"context"

	"despensa/platform/money"
)

// MaxSituaciones is how many orders one call of Repaso may name.
const MaxSituaciones = 500

// Situacion is how the payment of an order's newest intento stands.
type Situacion struct {
	Intento     int
	Estado      Estado
	Reembolsado money.Centavos
	Contracargo bool // the cardholder's bank disputes the charge
}

// Repaso makes up for notices that were lost: it tells of many orders at once where a notice tells of one.
type Repaso interface {
	// Situaciones gives the newest payment of each order of pedidos as it was last known; pedidos has at most
	// MaxSituaciones ids. An order without a payment, or with a payment that cannot be read, is left out. It asks no
	// gateway and writes nothing. Errors: none of its own.
	Situaciones(ctx context.Context, pedidos []string) (map[string]Situacion, error)
}
