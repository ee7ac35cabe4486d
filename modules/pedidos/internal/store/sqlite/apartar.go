package sqlite

import (
	"context"
	"errors"

	"despensa/modules/pedidos/internal/store"

	"gorm.io/gorm"
)

// An order is set aside by a row of apartados. Its own row then has no debe, no lease and no events to publish.
// Retomar gives the row its debe and its events back, unless the order has been saved since.
const (
	sqlApartar = `insert into apartados (pedido, debe, eventos)
select id, coalesce(debe, creado), eventos from pedidos where id = ? on conflict do nothing`
	sqlCallar  = "update pedidos set debe = null, lease = 0, eventos = publicados where id = ?"
	sqlRetomar = `update pedidos set debe = coalesce(debe, (select a.debe from apartados a where a.pedido = id)),
eventos = max(eventos, (select a.eventos from apartados a where a.pedido = id))
where id in (select pedido from apartados)`
	sqlApartados = "select pedido from apartados order by pedido limit ?"
)

// apartar sets unreadable orders aside.
func apartar(tx *gorm.DB, rotos ...*store.Ilegible) error {
	for _, r := range rotos {
		if err := errors.Join(tx.Exec(sqlApartar, r.ID).Error, tx.Exec(sqlCallar, r.ID).Error); err != nil {
			return err
		}
	}
	return nil
}

// Apartados implements store.Pedidos.
func (s pedidos) Apartados(ctx context.Context, limite int) ([]string, error) {
	ids, err := filas(s.t.db.Read(ctx).Raw(sqlApartados, limite), columna[string])
	return ids, fallo(ctx, "pedidos.apartados", err)
}

// Retomar implements store.Pedidos.
func (s pedidos) Retomar(ctx context.Context) (int64, error) {
	var n int64 // read only after the effect has been acknowledged
	err := s.t.escribir(ctx, "pedidos.retomar", func(tx *gorm.DB) (err error) {
		if _, err = ejecutar(tx, sqlRetomar); err == nil {
			n, err = ejecutar(tx, "delete from apartados")
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
