package store

import (
	"context"
	"fmt"

	"despensa/modules/pagos"
	"despensa/platform/money"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// filaSituacion has the columns of a cobro that Situaciones reads.
type filaSituacion struct {
	Pedido      string
	Intento     int
	Estado      pagos.Estado
	Reembolsado money.Centavos
	Contracargo bool
}

// TableName is gorm's.
func (filaSituacion) TableName() string { return "cobros" }

// Situaciones implements pagos.Repaso.
func (s *Store) Situaciones(
	ctx context.Context,
	pedidos []string,
) (map[string]pagos.Situacion, error) {
	filas, _, err := sqldb.Readable[filaSituacion](cobrosDe(s.db.Read(ctx), pedidos))
	if err != nil {
		return nil, fmt.Errorf("pagos: store: %w", err)
	}
	out := make(map[string]pagos.Situacion, len(pedidos))
	for _, f := range filas {
		if f.Intento > out[f.Pedido].Intento {
			out[f.Pedido] = pagos.Situacion{
				Intento:     f.Intento,
				Estado:      f.Estado,
				Reembolsado: f.Reembolsado,
				Contracargo: f.Contracargo,
			}
		}
	}
	return out, nil
}

// cobrosDe asks for the cobros of these orders.
func cobrosDe(tx *gorm.DB, pedidos []string) *gorm.DB {
	return tx.Select("pedido, intento, estado, reembolsado, contracargo").
		Where("pedido in ?", pedidos)
}
