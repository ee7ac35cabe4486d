package mongo

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/skew"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// arriendo is a lease to be given.
type arriendo struct {
	quien string
	hasta time.Time
	debe  *time.Time // since when the order is due; nil: debe stays as it was
}

// cambio is the update that gives the lease.
func (a arriendo) cambio() bson.D {
	puesto := bson.D{es("duenio", a.quien), es("lease", pedido.Instante(a.hasta))}
	if a.debe != nil {
		puesto = append(puesto, es("debe", pedido.Instante(*a.debe)))
	}
	return bson.D{es("$set", puesto), es("$inc", bson.D{es("version", int64(1))})}
}

// dado makes ped, the order as it was before the lease, into the order as the lease left it.
func (a arriendo) dado(ped *pedido.Pedido) *pedido.Pedido {
	ped.Anterior = ped.Duenio
	ped.Duenio, ped.Lease, ped.Version = a.quien, pedido.Instante(a.hasta), ped.Version+1
	if a.debe != nil {
		ped.Deber(*a.debe)
	}
	return ped
}

// reclamable is the filter of the orders that can be claimed at ahora; its members are in the order of its index.
func reclamable(ahora time.Time) bson.D {
	return bson.D{
		es("debe", bson.D{es("$gt", desdeSiempre), es("$lte", ahora)}),
		es("lease", con("$lt", ahora)),
		conocidos,
	}
}

// conocidos leaves out the orders in an estado that only a later release knows.
var conocidos = es("estado", con("$in", pedido.Estados()))

// filtro is the filter of the orders that may be claimed, and the sort that says which of them comes first.
type filtro struct{ que, primero bson.D }

// masVencido sorts the orders that have been due longest first.
var masVencido = bson.D{es("debe", 1), es("_id", 1)}

// Reclamar implements store.Pedidos. The server finds and leases in one step, so that no two
// workers get the same order. Its answer is the order from before the lease, which names the former holder.
func (s pedidos) Reclamar(
	ctx context.Context,
	quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	a := arriendo{quien: quien, hasta: hasta}
	if !s.t.repartida.Load() {
		p, err := s.arrendar(ctx, "pedidos.reclamar", reclamable(ahora), a)
		switch {
		case sinNumero(err):
			return nil, s.apartarSinNumero(ctx, reclamable(ahora))
		case !pideClave(err):
			return p, err
		}
		s.t.repartida.Store(true)
	}
	return s.reclamarPorID(ctx, a, filtro{reclamable(ahora), masVencido})
}

// ReclamarLejano implements store.Pedidos. It looks for orders and leases one by its id: that works on every cluster.
func (s pedidos) ReclamarLejano(
	ctx context.Context, lejos []store.Lejos, quien string, ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	fs := []filtro{retenido(ahora)}
	for _, l := range lejos {
		fs = append(fs, lejano(l, ahora))
	}
	for _, f := range fs {
		p, err := s.reclamarPorID(ctx, arriendo{quien: quien, hasta: hasta}, f)
		if !errors.Is(err, store.ErrNadaQueHacer) {
			return p, err
		}
	}
	return nil, store.ErrNadaQueHacer
}

// retenido is the filter of orders that are due and kept by a lease that a worker with a clock that was ahead has
// taken.
func retenido(ahora time.Time) filtro {
	debido := bson.D{es("$gt", desdeSiempre), es("$lte", ahora)}
	return filtro{
		bson.D{es("lease", con("$gt", skew.LeaseLimit(ahora))), es("debe", debido), conocidos},
		porUno("lease"),
	}
}

// lejano is the filter of orders that are due further away than lejos says.
func lejano(lejos store.Lejos, ahora time.Time) filtro {
	libre := bson.A{
		bson.D{es("lease", con("$lt", ahora))},
		bson.D{es("lease", con("$gt", skew.LeaseLimit(ahora)))},
	}
	return filtro{
		bson.D{
			es("debe", con("$gt", lejos.Hasta)),
			es("$or", libre),
			es("estado", con("$in", lejos.Estados)),
		},
		masVencido,
	}
}

// pideClave says that the server is a cluster of a release before 7.1, which changes one
// document of a sharded collection only by its shard key (ShardKeyNotFound).
func pideClave(err error) bool {
	var s mongo.ServerError
	return errors.As(err, &s) && s.HasErrorCode(61)
}

// Bounds of a claim by id, in which other workers may be faster.
const (
	candidatos = 8 // ids that one look takes
	miradas    = 4 // looks that one claim takes
)

// reclamarPorID is Reclamar where the update must name the document: it looks for ids of orders that filtro
// meets and leases the first order that filtro still meets.
func (s pedidos) reclamarPorID(
	ctx context.Context,
	arriendo arriendo,
	filtro filtro,
) (*pedido.Pedido, error) {
	for range miradas {
		ids, err := s.reclamables(ctx, filtro)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			uno := append(porID(id), filtro.que...)
			p, err := s.arrendar(ctx, "pedidos.reclamar", uno, arriendo)
			if sinNumero(err) {
				return nil, s.apartarSinNumero(ctx, uno)
			}
			if !errors.Is(err, store.ErrNadaQueHacer) {
				return p, err
			}
		}
		if len(ids) < candidatos {
			break
		}
	}
	return nil, store.ErrNadaQueHacer
}

// reclamables are the ids of up to candidatos orders that filtro meets, in the order of filtro.primero.
func (s pedidos) reclamables(ctx context.Context, filtro filtro) (ids []string, err error) {
	err = s.t.db.Read(ctx, "pedidos.reclamables", func(ctx context.Context) (err error) {
		o := options.Find().
			SetSort(filtro.primero).
			SetLimit(candidatos).
			SetProjection(porUno("_id"))
		c, err := s.t.pedidos.Find(ctx, filtro.que, o)
		ids, err = losIDs(ctx, c, err)
		return err
	})
	return ids, err
}

// Take implements store.Pedidos. The worker that holds the lease already may take it again.
func (s pedidos) Tomar(
	ctx context.Context,
	id, quien string,
	ahora, hasta time.Time,
) (*pedido.Pedido, error) {
	libre := con("$or", bson.A{
		bson.D{es("duenio", quien)},
		bson.D{es("lease", con("$lt", ahora))},
		bson.D{es("lease", con("$gt", skew.LeaseLimit(ahora)))},
	})
	a := arriendo{quien: quien, hasta: hasta, debe: &ahora}
	p, err := s.arrendar(
		ctx,
		"pedidos.tomar",
		append(append(porID(id), libre...), conocidos),
		a,
	)
	switch {
	case sinNumero(err):
		return nil, s.apartarSinNumero(ctx, porID(id))
	case !errors.Is(err, store.ErrNadaQueHacer):
		return p, err
	}
	if _, e := s.Leer(ctx, id); e != nil { // is the order leased, or does it not exist?
		return nil, e
	}
	return nil, err
}

// arrendar leases the first order that f meets, or sets it aside when it is unreadable. Errors: store.ErrNadaQueHacer,
// *store.Ilegible.
func (s pedidos) arrendar(
	ctx context.Context,
	nombre string,
	f bson.D,
	arriendo arriendo,
) (p *pedido.Pedido, err error) {
	err = s.t.db.Write(ctx, nombre, func(ctx context.Context) (err error) {
		o := options.FindOneAndUpdate().SetReturnDocument(options.Before)
		if f[0].Key != "_id" {
			o.SetSort(masVencido)
		}
		p, err = unDocumento(
			s.t.pedidos.FindOneAndUpdate(ctx, f, arriendo.cambio(), o),
			store.ErrNadaQueHacer,
			leerPedido,
		)
		return err
	})
	if r := new(errRoto); errors.As(err, &r) {
		return nil, s.apartar(ctx, r.roto)
	}
	if err != nil {
		return nil, err
	}
	return arriendo.dado(p), nil
}

// SoltarLeases implements store.Pedidos. Versions grow, so that no former holder can save.
func (s pedidos) SoltarLeases(ctx context.Context, ahora time.Time) (n int64, err error) {
	err = s.t.db.Write(ctx, "pedidos.soltar", func(ctx context.Context) error {
		vigentes := bson.D{es("lease", bson.D{es("$gt", desdeSiempre), es("$gte", ahora)})}
		r, err := s.t.pedidos.UpdateMany(ctx, vigentes, arriendo{}.cambio())
		if err == nil {
			n = r.MatchedCount
		}
		return err
	})
	return n, err
}
