package mongo

import (
	"context"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// GuardarMovimientos implements store.Existencias.
func (s existenciasMongo) GuardarMovimientos(
	ctx context.Context,
	movimientos []existencias.Movimiento,
) error {
	if len(movimientos) == 0 {
		return nil
	}
	docs := make([]any, 0, len(movimientos))
	for i := range movimientos {
		docs = append(docs, &movimientos[i])
	}
	return s.t.db.Write(ctx, "pedidos.guardar_movimientos", func(ctx context.Context) error {
		_, err := s.t.movimientos.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		return soloNuevos(err)
	})
}

// Movimientos implements store.Existencias.
func (s existenciasMongo) Movimientos(
	ctx context.Context,
	ids []string,
) ([]existencias.Movimiento, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var out []existencias.Movimiento
	err := s.t.db.Read(ctx, "pedidos.movimientos", func(ctx context.Context) error {
		c, err := s.t.movimientos.Find(
			ctx,
			bson.D{es("_id", con("$in", ids))},
			options.Find().SetSort(porUno("_id")),
		)
		ms, err := abrir(ctx, c, err, documentos.Decode[existencias.Movimiento])
		out = sueltos(ms)
		return err
	})
	return out, err
}

// ListarMovimientos implements store.Existencias.
func (s existenciasMongo) ListarMovimientos(
	ctx context.Context,
	filtro store.FiltroMovimientos,
	desde *store.Cursor,
	limite int,
) ([]existencias.Movimiento, error) {
	var out []existencias.Movimiento
	err := s.t.db.Read(ctx, "pedidos.listar_movimientos", func(ctx context.Context) error {
		f := bson.D{es("producto", filtro.Producto)}
		if filtro.Lote != "" {
			f = append(f, es("tomas.lote", filtro.Lote))
		}
		f = despuesDe(f, desde, "en")
		ms, err := llenar(ctx, limite, func(n int) (*mongo.Cursor, error) {
			return s.t.movimientos.Find(
				ctx,
				f,
				options.Find().SetSort(masNuevo("en")).SetLimit(int64(n)),
			)
		}, documentos.Decode[existencias.Movimiento])
		out = sueltos(ms)
		return err
	})
	return out, err
}

// CambiarMotivo implements store.Existencias.
func (s existenciasMongo) CambiarMotivo(ctx context.Context, id, de, a string) error {
	return s.t.db.Write(ctx, "pedidos.cambiar_motivo", func(ctx context.Context) error {
		_, err := s.t.movimientos.UpdateOne(
			ctx,
			bson.D{es("_id", id), es("motivo", de)},
			con("$set", con("motivo", a)),
		)
		return err
	})
}

// sueltos gives the values that movimientos point to.
func sueltos(movimientos []*existencias.Movimiento) (out []existencias.Movimiento) {
	for _, m := range movimientos {
		out = append(out, *m)
	}
	return out
}
