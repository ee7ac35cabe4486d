package sqlite

import (
	"context"
	"fmt"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

// filaMovimiento is a movement as its table has it.
type filaMovimiento struct {
	id, producto string
	en           int64
	doc          []byte
}

// GuardarMovimientos is store.Existencias's.
func (s existenciasSQL) GuardarMovimientos(ctx context.Context, movimientos []existencias.Movimiento) error {
	fs := make([]filaMovimiento, 0, len(movimientos))
	for i := range movimientos {
		m := &movimientos[i]
		doc, err := bson.Marshal(m)
		if err != nil {
			return fmt.Errorf("document: %w", err)
		}
		fs = append(fs, filaMovimiento{m.ID, m.Producto, ms(m.En), doc})
	}
	if len(fs) == 0 {
		return nil
	}
	return s.t.escribir(ctx, "pedidos.guardar_movimientos", func(tx *gorm.DB) error {
		for _, f := range fs {
			if _, err := ejecutar(tx, "insert into movimientos (id, producto, en, doc) values (?, ?, ?, ?) on conflict do nothing",
				f.id, f.producto, f.en, f.doc); err != nil {
				return err
			}
		}
		return nil
	})
}

// Movimientos is store.Existencias's.
func (s existenciasSQL) Movimientos(ctx context.Context, ids []string) ([]existencias.Movimiento, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	movs, err := valores(abrirTodos(s.t.db.Leer(ctx).Raw(
		"select doc from movimientos where id in (?) order by id", ids), documentos.Abrir[existencias.Movimiento]))
	return movs, fallo(ctx, "pedidos.movimientos", err)
}

// ListarMovimientos is store.Existencias's.
func (s existenciasSQL) ListarMovimientos(ctx context.Context, producto string, desde *store.Marca, limite int) ([]existencias.Movimiento, error) {
	movs, err := valores(llenar(ctx, limite, func(n int) *gorm.DB {
		consulta, args := listaMovimientos(producto, desde, n)
		return s.t.db.Leer(ctx).Raw(consulta, args...)
	}, documentos.Abrir[existencias.Movimiento]))
	return movs, fallo(ctx, "pedidos.listar_movimientos", err)
}

func listaMovimientos(producto string, desde *store.Marca, limite int) (string, []any) {
	var d donde
	d.si(true, "producto = ?", producto)
	d.despuesDe(desde, "en")
	return "select doc from movimientos" + d.texto() + " order by en desc, id desc limit ?", append(d.args, limite)
}
