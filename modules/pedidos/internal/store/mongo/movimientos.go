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

// GuardarMovimientos is store.Existencias's.
func (s existenciasMongo) GuardarMovimientos(ctx context.Context, ms []existencias.Movimiento) error {
	if len(ms) == 0 {
		return nil
	}
	docs := make([]any, 0, len(ms))
	for i := range ms {
		docs = append(docs, &ms[i])
	}
	return s.t.db.Escribir(ctx, "pedidos.guardar_movimientos", func(ctx context.Context) error {
		_, err := s.t.movimientos.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		return soloNuevos(err)
	})
}

// Movimientos is store.Existencias's.
func (s existenciasMongo) Movimientos(ctx context.Context, ids []string) ([]existencias.Movimiento, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.leerMovimientos(ctx, "pedidos.movimientos", bson.D{es("_id", con("$in", ids))}, options.Find().SetSort(porUno("_id")))
}

// ListarMovimientos is store.Existencias's.
func (s existenciasMongo) ListarMovimientos(ctx context.Context, producto string, desde *store.Marca, limite int) ([]existencias.Movimiento, error) {
	return s.leerMovimientos(ctx, "pedidos.listar_movimientos", despuesDe(bson.D{es("producto", producto)}, desde, "en"),
		options.Find().SetSort(masNuevo("en")).SetLimit(int64(limite)))
}

func (s existenciasMongo) leerMovimientos(ctx context.Context, nombre string, f bson.D, o *options.FindOptions) (out []existencias.Movimiento, err error) {
	err = s.t.db.Leer(ctx, nombre, func(ctx context.Context) error {
		var c *mongo.Cursor
		c, err := s.t.movimientos.Find(ctx, f, o)
		ms, err := abrir(ctx, c, err, documentos.Abrir[existencias.Movimiento])
		for _, m := range ms {
			out = append(out, *m)
		}
		return err
	})
	return out, err
}
