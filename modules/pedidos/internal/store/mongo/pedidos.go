package mongo

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// pedidos is the store.Pedidos of a Tienda.
type pedidos struct{ t *Tienda }

var _ store.Pedidos = pedidos{}

// Members of the indice of an order.
const (
	indEventos  = indice + ".eventos"  // how many events the order has
	indPublicar = indice + ".publicar" // true: some events may not be published; else absent
)

func leerPedido(
	doc []byte,
) (*pedido.Pedido, error) {
	return documentos.Decode[pedido.Pedido](doc)
}

// Insertar implements store.Pedidos.
func (s pedidos) Insertar(ctx context.Context, ped *pedido.Pedido) error {
	doc, err := documentoDe(ped)
	if err != nil {
		return err
	}
	return s.t.db.Write(ctx, "pedidos.insertar", func(ctx context.Context) error {
		_, err := s.t.pedidos.InsertOne(ctx, doc)
		return repetido(err, store.ErrRepetido)
	})
}

// documentoDe is a new order as it is stored.
func documentoDe(ped *pedido.Pedido) (bson.Raw, error) {
	doc, err := bson.Marshal(ped)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	i := bson.D{es("eventos", int64(len(ped.Eventos)))}
	if int64(len(ped.Eventos)) > ped.Publicados {
		i = append(i, es("publicar", true))
	}
	return conIndice(doc, i)
}

// Leer implements store.Pedidos.
func (s pedidos) Leer(ctx context.Context, id string) (p *pedido.Pedido, err error) {
	err = s.t.db.Read(ctx, "pedidos.leer", func(ctx context.Context) (err error) {
		p, err = unDocumento(s.t.pedidos.FindOne(ctx, porID(id)), store.ErrNoExiste, leerPedido)
		return err
	})
	return p, err
}

// Guardar implements store.Pedidos. Guardar never moves the mark of publication back:
// Publicadas may have moved the mark since ped was read, and that is no conflict.
func (s pedidos) Guardar(ctx context.Context, ped *pedido.Pedido) error {
	c := *ped
	c.Version++
	cambio, err := cambioDe(&c)
	if err != nil {
		return err
	}
	err = s.t.db.Write(ctx, "pedidos.guardar", func(ctx context.Context) error {
		r, err := s.t.pedidos.UpdateOne(
			ctx,
			bson.D{es("_id", ped.ID), es("version", ped.Version)},
			cambio,
		)
		return tocado(r, err, store.ErrConflicto)
	})
	if err != nil {
		return err
	}
	ped.Version = c.Version
	return nil
}

// miembros are the names of all members of an order.
var miembros = func() []string {
	var out []string
	for f := range reflect.TypeFor[pedido.Pedido]().Fields() {
		nombre, _, _ := strings.Cut(f.Tag.Get("bson"), ",")
		if nombre != "" && nombre != "-" {
			out = append(out, nombre)
		}
	}
	return out
}()

// cambioDe is the update that makes the stored order equal to ped: it sets every member, and takes away
// the members for which ped has no value. Members that only a later release knows are in ped.Resto, and are set
// like the rest.
func cambioDe(ped *pedido.Pedido) (bson.D, error) {
	doc, err := bson.Marshal(ped)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	els, err := bson.Raw(doc).Elements()
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	poner, hay := make(bson.D, 0, len(els)+2), make(map[string]bool, len(els))
	for _, e := range els {
		k := e.Key()
		hay[k] = true
		if k != "_id" && k != "publicados" {
			poner = append(poner, es(k, e.Value()))
		}
	}
	n := int64(len(ped.Eventos))
	poner = append(poner, es(indEventos, n))
	var quitar bson.D
	if n > ped.Publicados {
		poner = append(poner, es(indPublicar, true))
	} else {
		quitar = append(quitar, es(indPublicar, ""))
	}
	for _, m := range miembros {
		if !hay[m] {
			quitar = append(quitar, es(m, ""))
		}
	}
	out := bson.D{es("$set", poner), es("$max", bson.D{es("publicados", ped.Publicados)})}
	if quitar != nil {
		out = append(out, es("$unset", quitar))
	}
	return out, nil
}

// Listar implements store.Pedidos.
func (s pedidos) Listar(
	ctx context.Context, filtro store.Filtro, desde *store.Cursor, limite int,
) (ps []*pedido.Pedido, err error) {
	err = s.t.db.Read(ctx, "pedidos.listar", func(ctx context.Context) (err error) {
		ps, err = llenar(ctx, limite, func(n int) (*mongo.Cursor, error) {
			return s.t.pedidos.Find(
				ctx,
				filtroDe(filtro, desde),
				options.Find().SetSort(masNuevo("creado")).SetLimit(int64(n)),
			)
		}, leerPedido)
		return err
	})
	return ps, err
}

// filtroDe is the filter of Listar.
func filtroDe(filtro store.Filtro, desde *store.Cursor) bson.D {
	q := bson.D{}
	igual := func(campo, valor string) {
		if valor != "" {
			q = append(q, es(campo, valor))
		}
	}
	igual("codigo", filtro.Codigo)
	igual("referencia", filtro.Referencia)
	igual("cliente", filtro.Cliente)
	igual("estado", string(filtro.Estado))
	dias := bson.D{}
	if !filtro.Desde.IsZero() {
		dias = append(dias, es("$gte", filtro.Desde))
	}
	if !filtro.Hasta.IsZero() {
		dias = append(dias, es("$lt", filtro.Hasta))
	}
	if len(dias) > 0 {
		q = append(q, es("creado", dias))
	}
	return despuesDe(q, desde, "creado")
}

// EnEstado implements store.Pedidos. The index estado alone answers it.
func (s pedidos) EnEstado(
	ctx context.Context, estado pedido.Estado, desde *store.Cursor, limite int,
) (out []store.Cursor, err error) {
	err = s.t.db.Read(ctx, "pedidos.en_estado", func(ctx context.Context) error {
		o := options.Find().SetSort(masNuevo("creado")).SetLimit(int64(limite)).
			SetProjection(bson.D{es("_id", 1), es("creado", 1)})
		c, err := s.t.pedidos.Find(
			ctx,
			despuesDe(bson.D{es("estado", estado)}, desde, "creado"),
			o,
		)
		if err != nil {
			return err
		}
		var filas []struct {
			ID     string    `bson:"_id"`
			Creado time.Time `bson:"creado"`
		}
		err = c.All(ctx, &filas)
		out = make([]store.Cursor, 0, len(filas))
		for _, f := range filas {
			out = append(out, store.Cursor{Creado: f.Creado.UTC(), ID: f.ID})
		}
		return err
	})
	return out, err
}

// Alcances implements store.Pedidos.
func (s pedidos) Alcances(ctx context.Context, ids []string) (map[string]int64, error) {
	out := make(map[string]int64, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	err := s.t.db.Read(ctx, "pedidos.alcances", func(ctx context.Context) error {
		c, err := s.t.pedidos.Find(
			ctx,
			porIDs(ids),
			options.Find().SetProjection(bson.D{es(indEventos, 1)}),
		)
		if err != nil {
			return err
		}
		var filas []struct {
			ID     string `bson:"_id"`
			Indice struct {
				Eventos int64 `bson:"eventos"`
			} `bson:"indice"`
		}
		err = c.All(ctx, &filas)
		for _, f := range filas {
			out[f.ID] = f.Indice.Eventos
		}
		return err
	})
	return out, err
}

// desdeSiempre lets a filter on debe imply the filter of its index, which leaves out
// orders that owe nothing.
var desdeSiempre = time.UnixMilli(0).UTC()

// Resumir implements store.Pedidos.
func (s pedidos) Resumir(
	ctx context.Context,
	ahora time.Time,
) (out []store.Resumen, err error) {
	err = s.t.db.Read(ctx, "pedidos.resumir", func(ctx context.Context) error {
		c, err := s.t.pedidos.Aggregate(ctx, resumenDe(ahora))
		if err != nil {
			return err
		}
		var filas []struct {
			Estado  pedido.Estado `bson:"_id"`
			Pedidos int64         `bson:"pedidos"`
			Debidos int64         `bson:"debidos"`
			Vencido *time.Time    `bson:"vencido"`
		}
		if err := c.All(ctx, &filas); err != nil {
			return err
		}
		out = make([]store.Resumen, 0, len(filas))
		for _, f := range filas {
			out = append(
				out,
				store.Resumen{
					Estado:  f.Estado,
					Pedidos: f.Pedidos,
					Vencido: f.Vencido,
					Debidos: f.Debidos,
				},
			)
		}
		return nil
	})
	return out, err
}

// resumenDe is the pipeline that counts the orders of each estado. The sort makes the
// planner walk the index estado_debe and read no document.
func resumenDe(ahora time.Time) bson.A {
	debe := con(
		"$and",
		bson.A{con("$gt", bson.A{"$debe", desdeSiempre}), con("$lte", bson.A{"$debe", ahora})},
	)
	return bson.A{
		con("$sort", bson.D{es("estado", 1), es("debe", 1)}),
		con("$project", bson.D{es("_id", 0), es("estado", 1), es("debe", 1)}),
		con("$group", bson.D{es("_id", "$estado"), es("pedidos", con("$sum", 1)),
			es("debidos", con("$sum", con("$cond", bson.A{debe, 1, 0}))),
			es("vencido", con("$min", con("$cond", bson.A{debe, "$debe", nil})))}),
	}
}
