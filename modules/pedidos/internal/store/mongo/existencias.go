package mongo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/documentos"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// existenciasMongo is the store.Existencias of a Tienda.
type existenciasMongo struct{ t *Tienda }

var _ store.Existencias = existenciasMongo{}

// Members of the indice of an aggregate.
const (
	indLibre      = indice + ".libre"      // free units
	indPendientes = indice + ".pendientes" // movements that are not published; negative: set aside
)

// Consultar implements store.Existencias. Three commands: no command over several collections promises in which order
// it reads them.
func (s existenciasMongo) Consultar(
	ctx context.Context,
	cuestion store.Cuestion,
) (store.Respuesta, error) {
	r := store.NewRespuesta()
	err := hallar(ctx, s.t, "existencias", cuestion.Existencias, func(d bson.Raw) error {
		e, err := deDocumento(d, documentos.Descodificar)
		if err == nil {
			r.Existencias[e.ID] = e
		}
		return err
	}, r)
	if err != nil {
		return r, err
	}
	lapidas := make(map[string]existencias.Clave, len(cuestion.Claves))
	for _, c := range cuestion.Claves {
		lapidas[lapida(c)] = c
	}
	err = hallar(
		ctx,
		s.t,
		"lapidas",
		slices.Collect(maps.Keys(lapidas)),
		func(d bson.Raw) error {
			id, _ := d.Lookup("_id").StringValueOK()
			r.Lapidas[lapidas[id]] = true
			return nil
		},
		r,
	)
	if err != nil {
		return r, err
	}
	return r, hallar(ctx, s.t, "movimientos", cuestion.Movimientos, func(d bson.Raw) error {
		m, err := deDocumento(d, documentos.Decode[existencias.Movimiento])
		if err == nil {
			r.Movimientos[m.ID] = *m
		}
		return err
	}, r)
}

// hallar reads the documents of ids that a collection has. A document that leer cannot read is noted in
// respuesta.Rotos.
func hallar(
	ctx context.Context,
	tienda *Tienda,
	coleccion string,
	ids []string,
	leer func(d bson.Raw) error,
	respuesta store.Respuesta,
) error {
	if len(ids) == 0 {
		return nil
	}
	return tienda.db.Read(ctx, "pedidos."+coleccion, func(ctx context.Context) error {
		c, err := tienda.db.Collection(coleccion).Find(ctx, porIDs(ids))
		if err != nil {
			return err
		}
		var docs []bson.Raw
		err = c.All(ctx, &docs)
		for _, d := range docs {
			if mal := leer(d); mal != nil {
				i := roto{d, mal}.ilegible()
				respuesta.Rotos[i.ID] = i
			}
		}
		return err
	})
}

// Leer implements store.Existencias.
func (s existenciasMongo) Leer(
	ctx context.Context,
	id string,
) (*existencias.Existencia, error) {
	r, err := s.Consultar(ctx, store.Cuestion{Existencias: []string{id}})
	if err != nil {
		return nil, err
	}
	return r.Existencia(id)
}

// LeerProductos implements store.Existencias.
func (s existenciasMongo) LeerProductos(
	ctx context.Context, productos []string,
) (es []*existencias.Existencia, err error) {
	if len(productos) == 0 {
		return nil, nil
	}
	err = s.t.db.Read(ctx, "pedidos.existencias", func(ctx context.Context) (err error) {
		c, err := s.t.existencias.Find(
			ctx,
			deProductos(productos),
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}),
		)
		es, _, err = abrirSanos(ctx, c, err, documentos.Descodificar)
		return err
	})
	return es, err
}

// deProductos is the filter of the stock of these products in every depot.
func deProductos(ids []string) bson.D { return bson.D{es("producto", con("$in", ids))} }

// Lotes implements store.Existencias. The server sends the batches alone.
func (s existenciasMongo) Lotes(
	ctx context.Context,
	productos []string,
) (out []existencias.EnDeposito, err error) {
	if len(productos) == 0 {
		return nil, nil
	}
	err = s.t.db.Read(ctx, "pedidos.lotes", func(ctx context.Context) error {
		c, err := s.t.existencias.Find(
			ctx,
			deProductos(productos),
			options.Find().
				SetProjection(bson.D{es("producto", 1), es("deposito", 1), es("lotes", 1)}),
		)
		if err != nil {
			return err
		}
		var docs []bson.Raw
		if err := c.All(ctx, &docs); err != nil {
			return err
		}
		out = make([]existencias.EnDeposito, len(docs))
		for i, d := range docs {
			lotes, _ := documentos.Lotes(d) // stock that cannot be read has no batches
			producto, _ := d.Lookup("producto").StringValueOK()
			deposito, _ := d.Lookup("deposito").StringValueOK()
			out[i] = existencias.EnDeposito{
				Producto: producto,
				Deposito: deposito,
				Lotes:    lotes,
			}
		}
		return nil
	})
	return out, err
}

// loteFijo is the date of a batch as it is stored.
type loteFijo struct {
	Vence *time.Time `bson:"vence"`
}

// FijarLote implements store.Existencias.
func (s existenciasMongo) FijarLote(
	ctx context.Context,
	producto, lote string,
	vence *time.Time,
) (*time.Time, error) {
	var l loteFijo
	err := s.t.db.Write(ctx, "pedidos.fijar_lote", func(ctx context.Context) error {
		id := bson.D{es("_id", bson.D{es("producto", producto), es("lote", lote)})}
		o := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
		fijar := func() error {
			return s.t.lotes.FindOneAndUpdate(ctx, id, con("$setOnInsert", loteFijo{vence}), o).
				Decode(&l)
		}
		err := fijar()
		if mongo.IsDuplicateKeyError(err) { // another call was sooner, and its date stands now
			err = fijar()
		}
		return err
	})
	return l.Vence, err
}

// Guardar implements store.Existencias.
func (s existenciasMongo) Guardar(
	ctx context.Context,
	existencia *existencias.Existencia,
) error {
	return s.GuardarVarias(ctx, []*existencias.Existencia{existencia}, nil)
}

// Juntas implements store.Existencias.
func (s existenciasMongo) Juntas() bool { return false }

// GuardarVarias implements store.Existencias: one command for the movements, if any, and one for the aggregates, in
// their order. A replacement that meets no version tries to insert, and meets the key of the stored aggregate: only
// this makes the server say which aggregate has moved on, and stop there.
func (s existenciasMongo) GuardarVarias(
	ctx context.Context, es []*existencias.Existencia, movimientos []existencias.Movimiento,
) error {
	cambios := make([]mongo.WriteModel, 0, len(es))
	for _, e := range es {
		c, err := cambioExistencia(e)
		if err != nil {
			return err
		}
		cambios = append(cambios, c)
	}
	if err := s.GuardarMovimientos(ctx, movimientos); err != nil || len(es) == 0 {
		return err
	}
	guardadas := len(es)
	err := s.t.db.Write(ctx, "pedidos.guardar_existencia", func(ctx context.Context) error {
		_, err := s.t.existencias.BulkWrite(ctx, cambios)
		if err != nil {
			guardadas = 0
		}
		var b mongo.BulkWriteException
		if errors.As(err, &b) && b.WriteConcernError == nil && mongo.IsDuplicateKeyError(err) {
			guardadas = b.WriteErrors[0].Index
			return store.ErrConflicto
		}
		return err
	})
	if err == nil || errors.Is(err, store.ErrConflicto) {
		for _, e := range es[:guardadas] {
			e.Version++
		}
	}
	return err
}

// cambioExistencia is the command that stores e if the stored version still is existencia.Version.
func cambioExistencia(existencia *existencias.Existencia) (mongo.WriteModel, error) {
	c := *existencia
	c.Version++
	doc, err := documentos.Codificar(&c)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	con, err := conIndice(
		doc,
		bson.D{es("libre", c.Libre()), es("pendientes", int64(len(c.Movimientos)))},
	)
	if err != nil {
		return nil, err
	}
	if existencia.Version == 0 {
		return mongo.NewInsertOneModel().SetDocument(con), nil
	}
	return mongo.NewReplaceOneModel().
			SetFilter(bson.D{es("_id", existencia.ID), es("version", existencia.Version)}).
			SetReplacement(con).
			SetUpsert(true),
		nil
}

// ConMovimientos implements store.Existencias.
func (s existenciasMongo) ConMovimientos(
	ctx context.Context,
	limite int,
) (ids []string, err error) {
	err = s.t.db.Read(ctx, "pedidos.con_movimientos", func(ctx context.Context) (err error) {
		o := options.Find().
			SetSort(bson.D{es(indPendientes, 1), es("_id", 1)}).
			SetLimit(int64(limite)).
			SetProjection(porUno("_id"))
		c, err := s.t.existencias.Find(ctx, bson.D{es(indPendientes, con("$gt", int64(0)))}, o)
		ids, err = losIDs(ctx, c, err)
		return err
	})
	return ids, err
}

// Apartar implements store.Existencias: it makes indice.pendientes negative. Every release publishes only aggregates
// with indice.pendientes above 0.
func (s existenciasMongo) Apartar(ctx context.Context, id string) error {
	return s.t.db.Write(ctx, "pedidos.apartar_existencia", func(ctx context.Context) error {
		pendiente := bson.D{es("_id", id), es(indPendientes, con("$gt", int64(0)))}
		_, err := s.t.existencias.UpdateOne(ctx, pendiente, cambiarSigno)
		return err
	})
}

// cambiarSigno sets an aggregate aside, or takes it up again.
var cambiarSigno = con("$mul", bson.D{es(indPendientes, int64(-1))})

// Apartadas implements store.Existencias.
func (s existenciasMongo) Apartadas(ctx context.Context) (n int64, err error) {
	err = s.t.db.Read(ctx, "pedidos.apartadas", func(ctx context.Context) (err error) {
		n, err = s.t.existencias.CountDocuments(ctx, apartadas)
		return err
	})
	return n, err
}

// apartadas is the filter of the aggregates that have been set aside. It repeats the partial filter of its index, so
// that the index answers it.
var apartadas = bson.D{es(indPendientes, con("$lt", int64(0)))}

// Retomar implements store.Existencias.
func (s existenciasMongo) Retomar(ctx context.Context) (n int64, err error) {
	err = s.t.db.Write(ctx, "pedidos.retomar_existencias", func(ctx context.Context) error {
		r, err := s.t.existencias.UpdateMany(ctx, apartadas, cambiarSigno)
		if err == nil {
			n = r.MatchedCount
		}
		return err
	})
	return n, err
}

// porUno is a projection on one member.
func porUno(campo string) bson.D { return bson.D{es(campo, 1)} }

// lapida is the _id of the tombstone of clave.
func lapida(clave existencias.Clave) string {
	return fmt.Sprintf("%s:%d:%d", clave.Pedido, clave.Intento, clave.Vuelta)
}

// PonerLapida implements store.Existencias.
func (s existenciasMongo) PonerLapida(
	ctx context.Context,
	clave existencias.Clave,
	hasta time.Time,
) error {
	return s.t.db.Write(ctx, "pedidos.poner_lapida", func(ctx context.Context) error {
		cambio := con("$max", bson.D{es("hasta", hasta)})
		_, err := s.t.lapidas.UpdateOne(
			ctx,
			porID(lapida(clave)),
			cambio,
			options.Update().SetUpsert(true),
		)
		return err
	})
}

// HayLapida implements store.Existencias.
func (s existenciasMongo) HayLapida(
	ctx context.Context,
	clave existencias.Clave,
) (bool, error) {
	r, err := s.Consultar(ctx, store.Cuestion{Claves: []existencias.Clave{clave}})
	return r.Lapidas[clave], err
}

// LimpiarLapidas implements store.Existencias. It takes two commands, because a delete has no limit. The
// delete looks at hasta again, which PonerLapida may have moved meanwhile.
func (s existenciasMongo) LimpiarLapidas(
	ctx context.Context,
	ahora time.Time,
	limite int,
) (n int, err error) {
	vencidas := bson.D{es("hasta", con("$lt", ahora))}
	err = s.t.db.Write(ctx, "pedidos.limpiar_lapidas", func(ctx context.Context) error {
		o := options.Find().
			SetSort(porUno("hasta")).
			SetLimit(int64(limite)).
			SetProjection(porUno("_id"))
		c, err := s.t.lapidas.Find(ctx, vencidas, o)
		ids, err := losIDs(ctx, c, err)
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		_, err = s.t.lapidas.DeleteMany(
			ctx,
			append(bson.D{es("_id", con("$in", ids))}, vencidas...),
		)
		return err
	})
	return n, err
}
