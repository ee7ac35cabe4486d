package sqlite

import (
	"context"
	"fmt"
	"slices"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"gorm.io/gorm"
)

// sqlNuevosMovimientos publishes a movement for each row of arguments, but for ids that are published already.
var sqlNuevosMovimientos = porTandas(
	"insert into movimientos (id, producto, en, doc) select * from (values ",
	"(?, ?, ?, ?)",
	") where column1 is not null on conflict do nothing",
)

// filasMovimiento are the rows of arguments of sqlNuevosMovimientos for movimientos.
func filasMovimiento(movimientos []existencias.Movimiento) ([][]any, error) {
	fs := make([][]any, 0, len(movimientos))
	for i := range movimientos {
		doc, err := bson.Marshal(&movimientos[i])
		if err != nil {
			return nil, fmt.Errorf("document: %w", err)
		}
		fs = append(
			fs,
			[]any{
				movimientos[i].ID,
				movimientos[i].Producto,
				movimientos[i].En.UnixMilli(),
				doc,
			},
		)
	}
	return fs, nil
}

// GuardarMovimientos implements store.Existencias.
func (s existenciasSQL) GuardarMovimientos(
	ctx context.Context,
	movimientos []existencias.Movimiento,
) error {
	fs, err := filasMovimiento(movimientos)
	if err != nil || len(fs) == 0 {
		return err
	}
	return s.t.escribir(ctx, "pedidos.guardar_movimientos", func(tx *gorm.DB) error {
		_, err := sqlNuevosMovimientos.ejecutar(tx, fs)
		return err
	})
}

// Movimientos implements store.Existencias.
func (s existenciasSQL) Movimientos(
	ctx context.Context,
	ids []string,
) ([]existencias.Movimiento, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	movs, err := valores(abrirTodos(s.t.db.Read(ctx).Raw(
		"select doc from movimientos where id in (select value from json_each(?)) order by id", lista(ids)),
		documentos.Decode[existencias.Movimiento]))
	return movs, fallo(ctx, "pedidos.movimientos", err)
}

// ListarMovimientos implements store.Existencias.
func (s existenciasSQL) ListarMovimientos(
	ctx context.Context,
	filtroMovimientos store.FiltroMovimientos,
	desde *store.Cursor,
	limite int,
) ([]existencias.Movimiento, error) {
	movs, err := valores(llenar(ctx, limite, func(n int) *gorm.DB {
		consulta, args := listaMovimientos(filtroMovimientos, desde, n)
		return s.t.db.Read(ctx).Raw(consulta, args...)
	}, documentos.Decode[existencias.Movimiento]))
	return movs, fallo(ctx, "pedidos.listar_movimientos", err)
}

// listaMovimientos looks for a batch in the documents of the product's movements: a recall is
// rare, and no column holds the batches of movements that earlier releases stored.
func listaMovimientos(
	filtroMovimientos store.FiltroMovimientos,
	desde *store.Cursor,
	limite int,
) (string, []any) {
	var d donde
	d.si(true, "producto = ?", filtroMovimientos.Producto)
	d.si(
		filtroMovimientos.Lote != "",
		"instr(doc, ?) > 0",
		documentos.BytesDeLote(filtroMovimientos.Lote),
	)
	d.despuesDe(desde, "en")
	return "select doc from movimientos" + d.texto() + " order by en desc, id desc limit ?", append(
		d.args,
		limite,
	)
}

// CambiarMotivo implements store.Existencias. Members that this release does not know stay.
func (s existenciasSQL) CambiarMotivo(ctx context.Context, id, de, a string) error {
	return s.t.escribir(ctx, "pedidos.cambiar_motivo", func(tx *gorm.DB) error {
		var docs [][]byte
		if err := tx.Raw("select doc from movimientos where id = ?", id).Scan(&docs).Error; err != nil ||
			len(docs) == 0 {
			return err
		}
		var d bson.D
		if err := bson.Unmarshal(docs[0], &d); err != nil {
			return fmt.Errorf("document: %w", err)
		}
		i := slices.IndexFunc(
			d,
			func(e bson.E) bool { return e.Key == "motivo" && e.Value == any(de) },
		)
		if i < 0 {
			return nil
		}
		d[i].Value = a
		doc, err := bson.Marshal(d)
		if err != nil {
			return fmt.Errorf("document: %w", err)
		}
		_, err = ejecutar(tx, "update movimientos set doc = ? where id = ?", doc, id)
		return err
	})
}
