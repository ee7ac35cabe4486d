package mongo

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// cupos is the store.Cupos of a Tienda.
type cupos struct{ t *Tienda }

var _ store.Cupos = cupos{}

// Cupos gives the store of the places that orders take.
func (t *Tienda) Cupos() store.Cupos { return cupos{t} }

// Leer implements store.Cupos.
func (s cupos) Leer(ctx context.Context, id string) (*pedido.Cupo, error) {
	cs, err := s.LeerVarios(ctx, []string{id})
	if err != nil {
		return nil, err
	}
	return cs[0], nil
}

// LeerVarios implements store.Cupos.
func (s cupos) LeerVarios(ctx context.Context, ids []string) ([]*pedido.Cupo, error) {
	hay := make(map[string]*pedido.Cupo, len(ids))
	err := s.t.db.Read(ctx, "pedidos.leer_cupo", func(ctx context.Context) error {
		c, err := s.t.cupos.Find(ctx, porIDs(ids))
		cs, err := abrir(ctx, c, err, documentos.Decode[pedido.Cupo])
		for _, x := range cs {
			hay[x.ID] = x
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return store.CuposDe(ids, hay), nil
}

// Guardar implements store.Cupos.
func (s cupos) Guardar(ctx context.Context, cupo *pedido.Cupo) error {
	nuevo := *cupo
	nuevo.Version++
	err := s.t.db.Write(ctx, "pedidos.guardar_cupo", func(ctx context.Context) error {
		if cupo.Version == 0 {
			_, err := s.t.cupos.InsertOne(ctx, &nuevo)
			return repetido(err, store.ErrConflicto)
		}
		r, err := s.t.cupos.ReplaceOne(
			ctx,
			bson.D{es("_id", cupo.ID), es("version", cupo.Version)},
			&nuevo,
		)
		return tocado(r, err, store.ErrConflicto)
	})
	if err == nil {
		cupo.Version = nuevo.Version
	}
	return err
}

// Limpiar implements store.Cupos. It takes two commands, as LimpiarLapidas does.
func (s cupos) Limpiar(ctx context.Context, ahora time.Time, limite int) (n int, err error) {
	vencidos := bson.D{es("vence", con("$lt", ahora))}
	err = s.t.db.Write(ctx, "pedidos.limpiar_cupos", func(ctx context.Context) error {
		c, err := s.t.cupos.Find(
			ctx,
			vencidos,
			options.Find().
				SetSort(porUno("vence")).
				SetLimit(int64(limite)).
				SetProjection(porUno("_id")),
		)
		ids, err := losIDs(ctx, c, err)
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		_, err = s.t.cupos.DeleteMany(
			ctx,
			append(bson.D{es("_id", con("$in", ids))}, vencidos...),
		)
		return err
	})
	return n, err
}
