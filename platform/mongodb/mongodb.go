// Package mongodb opens one database of a MongoDB server: connection, deadlines, indexes,
// and which errors mean that the server is away. Commands are written by the adapters.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"despensa/platform/breaker"
	"despensa/platform/fault"
	"despensa/platform/sqldb"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"
)

// How long one command may take, and how long a server is looked for: a request of the API
// has five seconds and is to be answered before they are over.
const (
	plazoConexion = 2 * time.Second
	plazoEleccion = 2 * time.Second // to find a server that takes writes
	plazoComando  = 3 * time.Second
	plazoIndices  = 10 * time.Minute // a new index over many documents
	conexiones    = 32
)

// ErrServidor says that the server is not there, or does not let us in.
var ErrServidor = errors.New("mongodb: the MongoDB server does not answer or refuses us")

// Opciones say which database to open.
type Opciones struct {
	// Nombre is the module's: the database's name when URL names none, and the first part
	// of the setting that error messages name.
	Nombre string
	// URL is mongodb://… or mongodb+srv://…, with the database as its path.
	URL string
	// Indices is an extended-JSON document: for each collection, the list that the command
	// createIndexes takes. One that exists already costs nothing.
	Indices []byte
	// Corte is for crash tests; nil in production.
	Corte sqldb.Corte
	// Monitor sees every command; nil: nobody does.
	Monitor *event.CommandMonitor
}

// DB is one database. Safe for concurrent use.
type DB struct {
	cliente *mongo.Client
	base    *mongo.Database
	corte   sqldb.Corte
	p       breaker.Breaker

	escrituras, confirmadas, idas atomic.Uint64
}

// Abrir connects, asks the server whether it is there, and makes the indexes that are
// missing. Errors: ErrServidor.
func Abrir(ctx context.Context, o Opciones) (*DB, error) {
	cs, err := connstring.ParseAndValidate(o.URL)
	if err != nil { // the library's text may show a password
		return nil, fmt.Errorf("%s.mongodb: a URL like mongodb://host/database expected", o.Nombre)
	}
	base := cs.Database
	if base == "" {
		base = o.Nombre
	}
	d := &DB{corte: o.Corte}
	o.Monitor = d.contar(o.Monitor)
	if d.cliente, err = mongo.Connect(ctx, opcionesDe(o)); err != nil {
		return nil, fmt.Errorf("%s.mongodb: the URL's options cannot be used", o.Nombre)
	}
	d.base = d.cliente.Database(base)
	if err := d.preparar(ctx, o.Indices); err != nil {
		return nil, errors.Join(err, d.Cerrar())
	}
	return d, nil
}

// opcionesDe is how every command is sent: confirmed by a majority, read from the
// primary, tried once more by the driver when its connection breaks (writes only where the
// server has sessions: the driver asks it), and within a time. Who waits for a connection
// waits within the time of its command.
func opcionesDe(o Opciones) *options.ClientOptions {
	return options.Client().ApplyURI(o.URL).SetAppName("despensa " + o.Nombre).
		SetConnectTimeout(plazoConexion).SetServerSelectionTimeout(plazoEleccion).SetTimeout(plazoComando).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary()).
		SetRetryWrites(true).SetRetryReads(true).
		SetMaxPoolSize(conexiones).SetMaxConnIdleTime(5 * time.Minute).SetMonitor(o.Monitor)
}

// preparar looks whether the server answers, and makes indexes.
func (d *DB) preparar(ctx context.Context, indices []byte) error {
	if err := d.Listo(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrServidor, err)
	}
	var todos bson.D
	if len(indices) > 0 {
		if err := bson.UnmarshalExtJSON(indices, false, &todos); err != nil {
			return fmt.Errorf("mongodb: indexes: %w", err)
		}
	}
	ctx, soltar := context.WithTimeout(ctx, plazoIndices)
	defer soltar()
	for _, c := range todos {
		orden := bson.D{{Key: "createIndexes", Value: c.Key}, {Key: "indexes", Value: c.Value}}
		if err := d.base.RunCommand(ctx, orden).Err(); err != nil {
			return fmt.Errorf("mongodb: indexes of %s: %w", c.Key, Fallo(err))
		}
	}
	return nil
}

// Listo asks the server for a sign of life, for a few seconds at most. Errors: fault.ErrAlmacen.
func (d *DB) Listo(ctx context.Context) error {
	err := d.Leer(ctx, "mongodb.listo", func(ctx context.Context) error { return d.cliente.Ping(ctx, readpref.Primary()) })
	if err != nil && !errors.Is(err, fault.ErrAlmacen) { // such as the time of the one who asks
		return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
	}
	return err
}

// Coleccion gives a collection.
func (d *DB) Coleccion(nombre string) *mongo.Collection { return d.base.Collection(nombre) }

// Base gives the database, for the tests that make and drop one.
func (d *DB) Base() *mongo.Database { return d.base }

// Cuenta tells how many writes were begun, how many the server confirmed, and how many
// commands it was sent in all.
func (d *DB) Cuenta() (escrituras, confirmadas, idas uint64) {
	return d.escrituras.Load(), d.confirmadas.Load(), d.idas.Load()
}

// contar counts every command, and shows it to otro.
func (d *DB) contar(otro *event.CommandMonitor) *event.CommandMonitor {
	m := &event.CommandMonitor{}
	if otro != nil {
		*m = *otro
	}
	visto := m.Started
	m.Started = func(ctx context.Context, e *event.CommandStartedEvent) {
		d.idas.Add(1)
		if visto != nil {
			visto(ctx, e)
		}
	}
	return m
}

// Escribir runs one command that changes something. It is not cut off when ctx ends, so
// that what it did is known: it has its own deadline. nombre names it for Corte and in
// errors. Errors: f's own; fault.ErrAlmacen when the server is away or too slow: the
// command may have had its effect all the same, whole, so the caller repeats it with the
// same key as after a crash.
func (d *DB) Escribir(ctx context.Context, nombre string, f func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	if err := d.cortar(nombre, sqldb.Antes); err != nil {
		return err
	}
	d.escrituras.Add(1)
	if err := d.mandar(context.WithoutCancel(ctx), f); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	d.confirmadas.Add(1)
	return d.cortar(nombre, sqldb.Despues)
}

// Leer runs one command that changes nothing. Errors: as Escribir's, and ctx's.
func (d *DB) Leer(ctx context.Context, nombre string, f func(ctx context.Context) error) error {
	if err := d.mandar(ctx, f); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	return nil
}

// mandar runs one command within its time, unless the server is known to be away, and
// notes whether it answered.
func (d *DB) mandar(ctx context.Context, f func(ctx context.Context) error) error {
	desde := time.Now()
	if err := ctx.Err(); err != nil {
		return err
	}
	if !d.p.Pasar(desde) {
		return fault.ErrAlmacen
	}
	propio, soltar := context.WithTimeout(ctx, plazoComando)
	defer soltar()
	err := f(propio)
	if err == nil {
		d.p.Responde(time.Now())
		return nil
	}
	if fin := finDe(ctx, desde, err); fin != nil {
		return fin
	}
	switch {
	case callado(err):
		d.p.Calla(desde, time.Now())
	case !roto(err): // one broken connection says nothing
		d.p.Responde(time.Now())
	}
	return Fallo(err)
}

// finDe is the end of the caller of what was begun at desde, if err comes from that. The
// driver does not send what would not be answered before the deadline, and so fails before
// it.
func finDe(ctx context.Context, desde time.Time, err error) error {
	if c := ctx.Err(); c != nil {
		return c
	}
	if limite, ok := ctx.Deadline(); ok && errors.Is(err, context.DeadlineExceeded) &&
		limite.Before(desde.Add(plazoComando)) {
		return context.DeadlineExceeded
	}
	return nil
}

func (d *DB) cortar(nombre string, m sqldb.Momento) error {
	if d.corte == nil {
		return nil
	}
	return d.corte(nombre, m)
}

// Cerrar closes the connections.
func (d *DB) Cerrar() error {
	ctx, soltar := context.WithTimeout(context.Background(), plazoConexion)
	defer soltar()
	return d.cliente.Disconnect(ctx)
}
