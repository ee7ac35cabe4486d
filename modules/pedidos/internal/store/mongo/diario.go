package mongo

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/omitted"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// documentoAsiento is an event in the diary. Its number is its _id, which no two documents have, on a sharded
// collection either. Tipo is empty when the event could not be read.
type documentoAsiento struct {
	Numero  int64         `bson:"_id"`
	Evento  string        `bson:"evento"` // the event's id, pedido:seq
	Tipo    string        `bson:"tipo"`
	Intento int64         `bson:"intento"`
	De      pedido.Estado `bson:"de"`
	A       pedido.Estado `bson:"a"`
	En      time.Time     `bson:"en"`
}

func (d documentoAsiento) asiento() store.Asiento {
	p, seq, _ := deIDEvento(d.Evento)
	return store.Asiento{Numero: d.Numero, Pedido: p, Evento: pedido.Evento{
		Seq: seq, Tipo: d.Tipo, De: d.De, A: d.A, Intento: d.Intento, En: d.En.UTC(),
	}}
}

// deIDEvento takes pedido:seq apart; false: it is none.
func deIDEvento(id string) (pedido string, seq int64, ok bool) {
	i := strings.LastIndexByte(id, ':')
	if i < 0 {
		return "", 0, false
	}
	seq, err := strconv.ParseInt(id[i+1:], 10, 64)
	return id[:i], seq, err == nil && seq > 0
}

// asentado is the member of an event that says that the diary has it. An event of an earlier release has none.
const asentado = "asentado"

// vueltasDeAsentar is how often one call begins anew because another process was faster.
const vueltasDeAsentar = 5

// Asentar is store.Pedidos's. The diary is a list with one end: a number is inserted only behind the last one, under an
// _id that one process alone can have. So the numbers have no gap; and who gets the number behind the last one that it
// saw knows that the diary, in which it looked for its events after that, has got no event meanwhile.
func (s pedidos) Asentar(ctx context.Context, limite int) (n int, err error) {
	as, err := s.sinAsentar(ctx, limite)
	if err != nil || len(as) == 0 {
		return 0, err
	}
	store.EnOrden(as)
	for range vueltasDeAsentar {
		var hechos []string
		hechos, err = s.asentar(ctx, as)
		if !mongo.IsDuplicateKeyError(err) {
			return len(hechos), err
		}
	}
	return 0, nil // the others go on, and the next call looks again
}

// sinAsentar are events that have no mark of the diary's.
func (s pedidos) sinAsentar(ctx context.Context, limite int) (as []store.Asiento, err error) {
	var docs []bson.Raw
	err = s.t.db.Leer(ctx, "pedidos.sin_asentar", func(ctx context.Context) error {
		c, err := s.t.eventos.Find(ctx, bson.D{es(asentado, nil)}, options.Find().SetLimit(int64(limite)))
		if err != nil {
			return err
		}
		return c.All(ctx, &docs)
	})
	for _, d := range docs {
		var e documentoEvento
		if bson.Unmarshal(d, &e) != nil {
			e = documentoEvento{}
			e.ID, _ = d.Lookup("_id").StringValueOK()
		}
		p, seq, ok := deIDEvento(e.ID)
		if ok {
			e.Evento.Seq = seq
			as = append(as, store.Asiento{Pedido: p, Evento: e.Evento})
		}
	}
	return as, err
}

// asentar puts those of as into the diary that are not there, and marks all that are there then: hechos. Errors: a
// duplicate key when another process has put something there meanwhile.
func (s pedidos) asentar(ctx context.Context, as []store.Asiento) (hechos []string, err error) {
	fin, err := s.finDelDiario(ctx)
	if err != nil {
		return nil, err
	}
	estan, err := s.asentados(ctx, as)
	if err != nil {
		return nil, err
	}
	var docs []any
	for _, a := range as {
		id, seq := idEvento(a.Pedido, a.Evento.Seq), a.Evento.Seq
		switch {
		case estan[id]:
		case seq > 1 && !estan[idEvento(a.Pedido, seq-1)]:
			continue // the one before it is on its way
		default:
			fin++
			docs = append(docs, documentoAsiento{Numero: fin, Evento: id, Tipo: a.Evento.Tipo, Intento: a.Evento.Intento,
				De: a.Evento.De, A: a.Evento.A, En: a.Evento.En})
			estan[id] = true
		}
		hechos = append(hechos, id)
	}
	if err := s.insertarAsientos(ctx, docs); err != nil {
		return nil, err
	}
	return hechos, s.marcarAsentados(ctx, hechos)
}

// finDelDiario is the last number that was given; 0: none was.
func (s pedidos) finDelDiario(ctx context.Context) (n int64, err error) {
	err = s.t.db.Leer(ctx, "pedidos.fin_del_diario", func(ctx context.Context) error {
		var d documentoAsiento
		err := s.t.diario.FindOne(ctx, bson.D{}, options.FindOne().SetSort(bson.D{es("_id", -1)}).SetProjection(bson.D{es("_id", 1)})).
			Decode(&d)
		n = d.Numero
		if errors.Is(err, mongo.ErrNoDocuments) {
			err = nil
		}
		return err
	})
	return n, err
}

// asentados tells which of as, and of those before them, the diary has.
func (s pedidos) asentados(ctx context.Context, as []store.Asiento) (map[string]bool, error) {
	ids := make([]string, 0, 2*len(as))
	for _, a := range as {
		ids = append(ids, idEvento(a.Pedido, a.Evento.Seq))
		if a.Evento.Seq > 1 {
			ids = append(ids, idEvento(a.Pedido, a.Evento.Seq-1))
		}
	}
	estan := make(map[string]bool, len(ids))
	err := s.t.db.Leer(ctx, "pedidos.asentados", func(ctx context.Context) error {
		c, err := s.t.diario.Find(
			ctx,
			bson.D{es("evento", con("$in", ids))},
			options.Find().SetProjection(bson.D{es("_id", 0), es("evento", 1)}),
		)
		if err != nil {
			return err
		}
		var docs []documentoAsiento
		err = c.All(ctx, &docs)
		for _, d := range docs {
			estan[d.Evento] = true
		}
		return err
	})
	return estan, err
}

// insertarAsientos inserts in the order of the numbers and stops at the first that is taken.
func (s pedidos) insertarAsientos(ctx context.Context, docs []any) error {
	if len(docs) == 0 {
		return nil
	}
	return s.t.db.Escribir(ctx, "pedidos.asentar", func(ctx context.Context) error {
		_, err := s.t.diario.InsertMany(ctx, docs)
		return err
	})
}

func (s pedidos) marcarAsentados(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.t.db.Escribir(ctx, "pedidos.marcar_asentados", func(ctx context.Context) error {
		_, err := s.t.eventos.UpdateMany(ctx, bson.D{es("_id", con("$in", ids))}, con("$set", bson.D{es(asentado, true)}))
		return err
	})
}

// Diario is store.Pedidos's. It asks for the end first: what is numbered up to there is confirmed by then, so that the
// second look finds all of it.
func (s pedidos) Diario(ctx context.Context, tipo string, despuesDe int64, limite int) (
	as []store.Asiento, hasta int64, err error,
) {
	fin, err := s.finDelDiario(ctx)
	if err != nil {
		return nil, 0, err
	}
	fin = max(fin, despuesDe)
	var leidos []store.Asiento
	err = s.t.db.Leer(ctx, "pedidos.diario", func(ctx context.Context) error {
		c, err := s.t.diario.Find(
			ctx,
			filtroDiario(tipo, despuesDe, fin),
			options.Find().SetSort(bson.D{es("_id", 1)}).SetLimit(int64(limite)),
		)
		if err != nil {
			return err
		}
		var docs []bson.Raw
		err = c.All(ctx, &docs)
		leidos = asientos(docs)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	as, hasta = store.Legibles(leidos, limite, fin)
	omitted.Add(ctx, len(leidos)-len(as))
	return as, hasta, nil
}

func filtroDiario(tipo string, despuesDe, fin int64) bson.D {
	q := bson.D{es("_id", bson.D{es("$gt", despuesDe), es("$lte", fin)})}
	if tipo != "" {
		q = append(bson.D{es("tipo", tipo)}, q...)
	}
	return q
}

// asientos decodes what was read of the diary; of what cannot be read the number alone is given.
func asientos(docs []bson.Raw) []store.Asiento {
	out := make([]store.Asiento, 0, len(docs))
	for _, d := range docs {
		var a documentoAsiento
		if bson.Unmarshal(d, &a) != nil {
			n, _ := d.Lookup("_id").AsInt64OK()
			a = documentoAsiento{Numero: n}
		}
		out = append(out, a.asiento())
	}
	return out
}
