package mongo

import (
	"context"
	"errors"
	"time"

	"despensa/platform/joblease"
	"despensa/platform/skew"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// Trabajos is the registry of the leases of background jobs: the collection trabajos, a document
// a job. It implements joblease.Registry.
type Trabajos struct{ t *Tienda }

// Trabajos gives the registry of the leases of background jobs.
func (t *Tienda) Trabajos() Trabajos { return Trabajos{t} }

// trabajo is the lease of one job.
type trabajo struct {
	Quien string    `bson:"quien"` // the process that holds the lease
	Hasta time.Time `bson:"hasta"`
}

// Take implements joblease.Registry. A look comes first, so that waiting costs no write.
func (s Trabajos) Take(
	ctx context.Context,
	nombre, quien string,
	ahora, hasta time.Time,
) (time.Time, error) {
	for {
		libre, err := s.ajeno(ctx, nombre, quien, ahora)
		if err != nil || !libre.IsZero() {
			return libre, err
		}
		mio, err := s.poner(ctx, nombre, quien, ahora, hasta)
		if err != nil || mio {
			return time.Time{}, err
		}
	}
}

// ajeno is the end of the lease that another process holds; zero when quien may take the job.
func (s Trabajos) ajeno(
	ctx context.Context,
	nombre, quien string,
	ahora time.Time,
) (libre time.Time, err error) {
	err = s.t.db.Read(ctx, "turno.leer", func(ctx context.Context) error {
		var x trabajo
		err := s.t.trabajos.FindOne(ctx, porID(nombre)).Decode(&x)
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil
		}
		if x.Quien != quien && joblease.Running(x.Hasta, ahora) {
			libre = x.Hasta
		}
		return err
	})
	return libre, err
}

// poner takes the lease for quien if no other process was first. mio is false when another process was: the
// update meets no document then, and its insert meets the key of the stored one.
func (s Trabajos) poner(
	ctx context.Context,
	nombre, quien string,
	ahora, hasta time.Time,
) (mio bool, err error) {
	libre := con("$or", bson.A{
		bson.D{es("quien", quien)},
		bson.D{es("hasta", con("$lte", ahora))},
		bson.D{es("hasta", con("$gt", skew.LeaseLimit(ahora)))},
	})
	err = s.t.db.Write(ctx, "turno.tomar", func(ctx context.Context) error {
		cambio := con("$set", trabajo{quien, hasta})
		_, err := s.t.trabajos.UpdateOne(
			ctx,
			append(porID(nombre), libre...),
			cambio,
			options.Update().SetUpsert(true),
		)
		mio = err == nil
		if mongo.IsDuplicateKeyError(err) {
			return nil
		}
		return err
	})
	return mio && err == nil, err
}

// Release implements joblease.Registry.
func (s Trabajos) Release(ctx context.Context, nombre, quien string) error {
	return s.t.db.Write(ctx, "turno.soltar", func(ctx context.Context) error {
		_, err := s.t.trabajos.DeleteOne(ctx, bson.D{es("_id", nombre), es("quien", quien)})
		return err
	})
}
