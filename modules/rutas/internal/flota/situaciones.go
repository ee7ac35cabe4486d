package flota

import (
	"context"

	"despensa/modules/rutas"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// filaSituacion is the part of a visit that Situaciones reads.
type filaSituacion struct {
	Pedido string
	Numero int
	Estado rutas.EstadoVisita
}

func (filaSituacion) TableName() string { return "visitas" }

// Situaciones implements rutas.Repaso.
func (f *Flota) Situaciones(
	ctx context.Context,
	pedidos []string,
) (map[string]rutas.EstadoVisita, error) {
	filas, _, err := sqldb.Readable[filaSituacion](visitasDe(f.db.Read(ctx), pedidos))
	if err != nil {
		return nil, err
	}
	ultimo := make(map[string]int, len(pedidos))
	out := make(map[string]rutas.EstadoVisita, len(pedidos))
	for _, v := range filas {
		if n, hay := ultimo[v.Pedido]; !hay || v.Numero > n {
			ultimo[v.Pedido], out[v.Pedido] = v.Numero, v.Estado
		}
	}
	return out, nil
}

// visitasDe selects the visits of these orders.
func visitasDe(tx *gorm.DB, pedidos []string) *gorm.DB {
	return tx.Select("pedido, numero, estado").Where("pedido in ?", pedidos)
}
