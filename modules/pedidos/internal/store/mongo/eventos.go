package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// PorPublicar implements store.Pedidos.
func (s pedidos) PorPublicar(ctx context.Context, limite int) (ps []*pedido.Pedido, err error) {
	var rotos []roto
	err = s.t.db.Read(ctx, "pedidos.por_publicar", func(ctx context.Context) (err error) {
		o := options.Find().SetSort(bson.D{es("_id", 1)}).SetLimit(int64(limite))
		c, err := s.t.pedidos.Find(ctx, bson.D{es(indPublicar, true)}, o)
		ps, rotos, err = abrirSanos(ctx, c, err, leerPedido)
		return err
	})
	for _, r := range rotos {
		if e := s.apartar(ctx, r); !errors.As(e, new(*store.Ilegible)) {
			err = errors.Join(err, e)
		}
	}
	return ps, err
}

// documentoEvento is an event as it is stored.
type documentoEvento struct {
	ID     string        `bson:"_id"` // pedido:seq
	Pedido string        `bson:"pedido"`
	Seq    int64         `bson:"seq"`
	Evento pedido.Evento `bson:"evento"`
}

// Publicar implements store.Pedidos: one command for the events and, once they are stored, one for the marks.
func (s pedidos) Publicar(
	ctx context.Context,
	eventos map[string][]pedido.Evento,
	marcas ...store.Publicacion,
) error {
	if err := s.insertarEventos(ctx, documentosDe(eventos)); err != nil {
		return err
	}
	return s.Publicadas(ctx, marcas)
}

// insertarEventos inserts docs into the event store, but for events that it has already.
func (s pedidos) insertarEventos(ctx context.Context, docs []any) error {
	if len(docs) == 0 {
		return nil
	}
	return s.t.db.Write(ctx, "pedidos.publicar", func(ctx context.Context) error {
		_, err := s.t.eventos.InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		return soloNuevos(err)
	})
}

// idEvento is the id of an event in the event store and in the diary.
func idEvento(pedido string, seq int64) string { return fmt.Sprintf("%s:%d", pedido, seq) }

// documentosDe gives the documents of the events of all orders: those of one order together, in their sequence.
func documentosDe(eventos map[string][]pedido.Evento) []any {
	var ids []string
	for id := range eventos {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out []any
	for _, id := range ids {
		for _, e := range eventos[id] {
			out = append(
				out,
				documentoEvento{ID: idEvento(id, e.Seq), Pedido: id, Seq: e.Seq, Evento: e},
			)
		}
	}
	return out
}

// Publicadas implements store.Pedidos. An order that has got further events in between
// keeps its mark, and PorPublicar gives it again.
func (s pedidos) Publicadas(ctx context.Context, marcas []store.Publicacion) error {
	if len(marcas) == 0 {
		return nil
	}
	cambios := make([]mongo.WriteModel, 0, 2*len(marcas))
	for _, m := range marcas {
		todos := bson.D{es("_id", m.Pedido), es(indEventos, con("$lte", m.Hasta))}
		cambios = append(
			cambios,
			mongo.NewUpdateOneModel().
				SetFilter(porID(m.Pedido)).
				SetUpdate(con("$max", bson.D{es("publicados", m.Hasta)})),
			mongo.NewUpdateOneModel().
				SetFilter(todos).
				SetUpdate(con("$unset", bson.D{es(indPublicar, "")})),
		)
	}
	return s.t.db.Write(ctx, "pedidos.publicadas", func(ctx context.Context) error {
		_, err := s.t.pedidos.BulkWrite(ctx, cambios)
		return err
	})
}

// Eventos implements store.Pedidos.
func (s pedidos) Eventos(
	ctx context.Context,
	id string,
	despuesDe int64,
	limite int,
) (out []pedido.Evento, err error) {
	err = s.t.db.Read(ctx, "pedidos.eventos", func(ctx context.Context) error {
		c, err := s.t.eventos.Find(
			ctx,
			bson.D{es("pedido", id), es("seq", con("$gt", despuesDe))},
			options.Find().SetSort(bson.D{es("seq", 1)}).SetLimit(int64(limite)),
		)
		if err != nil {
			return err
		}
		var docs []bson.Raw
		if err := c.All(ctx, &docs); err != nil {
			return err
		}
		out = make([]pedido.Evento, 0, len(docs))
		for _, d := range docs {
			var e documentoEvento
			if bson.Unmarshal(d, &e) == nil {
				out = append(out, e.Evento)
			}
		}
		return nil
	})
	return out, err
}
