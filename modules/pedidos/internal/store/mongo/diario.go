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

// documentoEntrada is an event in the diary. Its number is its _id, which no two documents have, on a sharded
// collection either. Tipo is empty when the event could not be read.
type documentoEntrada struct {
	Numero  int64         `bson:"_id"`
	Evento  string        `bson:"evento"` // the event's id, pedido:seq
	Tipo    string        `bson:"tipo"`
	Intento int64         `bson:"intento"`
	De      pedido.Estado `bson:"de"`
	A       pedido.Estado `bson:"a"`
	En      time.Time     `bson:"en"`
}

func (d documentoEntrada) entrada() store.EntradaDelDiario {
	p, seq, _ := deIDEvento(d.Evento)
	return store.EntradaDelDiario{Numero: d.Numero, Pedido: p, Evento: pedido.Evento{
		Seq: seq, Tipo: d.Tipo, De: d.De, A: d.A, Intento: d.Intento, En: d.En.UTC(),
	}}
}

// deIDEvento takes the id of an event, pedido:seq, apart; ok is false when id is no such id.
func deIDEvento(id string) (pedido string, seq int64, ok bool) {
	i := strings.LastIndexByte(id, ':')
	if i < 0 {
		return "", 0, false
	}
	seq, err := strconv.ParseInt(id[i+1:], 10, 64)
	return id[:i], seq, err == nil && seq > 0
}

// asentado is the member of an event that says that the diary has the event. Events of earlier releases lack it.
const asentado = "asentado"

// intentosDeAsentar is how often one call begins anew because another process was faster.
const intentosDeAsentar = 5

// Asentar implements store.Pedidos. A number is the _id of its document, so one process alone can insert it, and it is
// inserted only next to the last one: the numbers have no gap. A process reads the last number first, looks for its
// events in the diary second, and inserts third. When its first insert succeeds, the diary has got no event meanwhile,
// and so has none of its events twice.
func (s pedidos) Asentar(ctx context.Context, limite int) (n int, err error) {
	as, err := s.sinAsentar(ctx, limite)
	if err != nil || len(as) == 0 {
		return 0, err
	}
	store.EnOrden(as)
	for range intentosDeAsentar {
		var hechos []string
		hechos, err = s.asentar(ctx, as)
		if !mongo.IsDuplicateKeyError(err) {
			return len(hechos), err
		}
	}
	return 0, nil // other processes number these events, and the next call looks again
}

// sinAsentar are up to limite events without the member asentado. An event that cannot be read has only its Seq.
func (s pedidos) sinAsentar(
	ctx context.Context,
	limite int,
) (as []store.EntradaDelDiario, err error) {
	var docs []bson.Raw
	err = s.t.db.Read(ctx, "pedidos.sin_asentar", func(ctx context.Context) error {
		c, err := s.t.eventos.Find(
			ctx,
			bson.D{es(asentado, nil)},
			options.Find().SetLimit(int64(limite)),
		)
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
			as = append(as, store.EntradaDelDiario{Pedido: p, Evento: e.Evento})
		}
	}
	return as, err
}

// asentar inserts the events of as that the diary does not have, and marks all events of as that it has then: hechos.
// An event waits while the event before it in its order is not in the diary. Errors: a duplicate key when another
// process has inserted an event into the diary meanwhile.
func (s pedidos) asentar(
	ctx context.Context,
	entradaDelDiarios []store.EntradaDelDiario,
) (hechos []string, err error) {
	fin, err := s.finDelDiario(ctx)
	if err != nil {
		return nil, err
	}
	estan, err := s.asentados(ctx, entradaDelDiarios)
	if err != nil {
		return nil, err
	}
	var docs []any
	for _, a := range entradaDelDiarios {
		id, seq := idEvento(a.Pedido, a.Evento.Seq), a.Evento.Seq
		switch {
		case estan[id]:
		case seq > 1 && !estan[idEvento(a.Pedido, seq-1)]:
			continue // the event before this one is not in the diary yet
		default:
			fin++
			docs = append(docs, documentoEntrada{
				Numero:  fin,
				Evento:  id,
				Tipo:    a.Evento.Tipo,
				Intento: a.Evento.Intento,
				De:      a.Evento.De,
				A:       a.Evento.A,
				En:      a.Evento.En,
			})
			estan[id] = true
		}
		hechos = append(hechos, id)
	}
	if err := s.insertarEntradas(ctx, docs); err != nil {
		return nil, err
	}
	return hechos, s.marcarAsentados(ctx, hechos)
}

// finDelDiario is the last number of the diary; 0: the diary is empty.
func (s pedidos) finDelDiario(ctx context.Context) (n int64, err error) {
	err = s.t.db.Read(ctx, "pedidos.fin_del_diario", func(ctx context.Context) error {
		var d documentoEntrada
		o := options.FindOne().
			SetSort(bson.D{es("_id", -1)}).
			SetProjection(bson.D{es("_id", 1)})
		err := s.t.diario.FindOne(ctx, bson.D{}, o).Decode(&d)
		n = d.Numero
		if errors.Is(err, mongo.ErrNoDocuments) {
			err = nil
		}
		return err
	})
	return n, err
}

// asentados has the ids of the events that the diary has, among as and the events just before those of as.
func (s pedidos) asentados(
	ctx context.Context,
	entradaDelDiarios []store.EntradaDelDiario,
) (map[string]bool, error) {
	ids := make([]string, 0, 2*len(entradaDelDiarios))
	for _, a := range entradaDelDiarios {
		ids = append(ids, idEvento(a.Pedido, a.Evento.Seq))
		if a.Evento.Seq > 1 {
			ids = append(ids, idEvento(a.Pedido, a.Evento.Seq-1))
		}
	}
	estan := make(map[string]bool, len(ids))
	err := s.t.db.Read(ctx, "pedidos.asentados", func(ctx context.Context) error {
		o := options.Find().SetProjection(bson.D{es("_id", 0), es("evento", 1)})
		c, err := s.t.diario.Find(ctx, bson.D{es("evento", con("$in", ids))}, o)
		if err != nil {
			return err
		}
		var docs []documentoEntrada
		err = c.All(ctx, &docs)
		for _, d := range docs {
			estan[d.Evento] = true
		}
		return err
	})
	return estan, err
}

// insertarEntradas inserts docs in the order of their numbers and stops at the first number that is taken.
func (s pedidos) insertarEntradas(ctx context.Context, docs []any) error {
	if len(docs) == 0 {
		return nil
	}
	return s.t.db.Write(ctx, "pedidos.asentar", func(ctx context.Context) error {
		_, err := s.t.diario.InsertMany(ctx, docs)
		return err
	})
}

// marcarAsentados marks the events ids as numbered.
func (s pedidos) marcarAsentados(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return s.t.db.Write(ctx, "pedidos.marcar_asentados", func(ctx context.Context) error {
		_, err := s.t.eventos.UpdateMany(
			ctx,
			bson.D{es("_id", con("$in", ids))},
			con("$set", bson.D{es(asentado, true)}),
		)
		return err
	})
}

// Diario implements store.Pedidos. It asks for the end of the diary first: every event with a number up to the end is
// confirmed by then, so that the second command finds all of them.
func (s pedidos) Diario(ctx context.Context, tipo string, despuesDe int64, limite int) (
	as []store.EntradaDelDiario, hasta int64, err error,
) {
	fin, err := s.finDelDiario(ctx)
	if err != nil {
		return nil, 0, err
	}
	fin = max(fin, despuesDe)
	var leidos []store.EntradaDelDiario
	err = s.t.db.Read(ctx, "pedidos.diario", func(ctx context.Context) error {
		o := options.Find().SetSort(bson.D{es("_id", 1)}).SetLimit(int64(limite))
		c, err := s.t.diario.Find(ctx, filtroDiario(tipo, despuesDe, fin), o)
		if err != nil {
			return err
		}
		var docs []bson.Raw
		err = c.All(ctx, &docs)
		leidos = entradas(docs)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	as, hasta = store.Legibles(leidos, limite, fin)
	omitted.Add(ctx, len(leidos)-len(as))
	return as, hasta, nil
}

// filtroDiario is the filter of the events of tipo, or of all with an empty tipo, with numbers above despuesDe and up
// to fin.
func filtroDiario(tipo string, despuesDe, fin int64) bson.D {
	q := bson.D{es("_id", bson.D{es("$gt", despuesDe), es("$lte", fin)})}
	if tipo != "" {
		q = append(bson.D{es("tipo", tipo)}, q...)
	}
	return q
}

// entradas decodes documents of the diary; a document that cannot be decoded gives an Asiento with its number alone.
func entradas(docs []bson.Raw) []store.EntradaDelDiario {
	out := make([]store.EntradaDelDiario, 0, len(docs))
	for _, d := range docs {
		var a documentoEntrada
		if bson.Unmarshal(d, &a) != nil {
			n, _ := d.Lookup("_id").AsInt64OK()
			a = documentoEntrada{Numero: n}
		}
		out = append(out, a.entrada())
	}
	return out
}
