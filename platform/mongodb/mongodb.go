// Package mongodb opens one database of a MongoDB server: connection, deadlines, indexes,
// and which errors mean that the server is away. Commands are written by the adapters.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

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
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"
)

// How long one command may take, and how long a server is looked for.
const (
	plazoConexion = 5 * time.Second
	plazoEleccion = 5 * time.Second // to find a server that takes writes
	plazoComando  = 10 * time.Second
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
// primary, tried once more by the driver when its connection breaks, and within a time.
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

// Listo asks the server for a sign of life, for a few seconds at most.
func (d *DB) Listo(ctx context.Context) error {
	ctx, soltar := context.WithTimeout(ctx, plazoConexion)
	defer soltar()
	return Fallo(d.cliente.Ping(ctx, readpref.Primary()))
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
// errors. Errors: f's own; fault.ErrAlmacen when the server is away.
func (d *DB) Escribir(ctx context.Context, nombre string, f func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	if err := d.cortar(nombre, sqldb.Antes); err != nil {
		return err
	}
	d.escrituras.Add(1)
	propio, soltar := context.WithTimeout(context.WithoutCancel(ctx), plazoComando)
	defer soltar()
	if err := f(propio); err != nil {
		return fmt.Errorf("%s: %w", nombre, Fallo(err))
	}
	d.confirmadas.Add(1)
	return d.cortar(nombre, sqldb.Despues)
}

// Leer runs one command that changes nothing. Errors: as Escribir's, and ctx's.
func (d *DB) Leer(ctx context.Context, nombre string, f func(ctx context.Context) error) error {
	propio, soltar := context.WithTimeout(ctx, plazoComando)
	defer soltar()
	err := f(propio)
	if err == nil {
		return nil
	}
	if c := ctx.Err(); c != nil {
		return fmt.Errorf("%s: %w", nombre, c)
	}
	return fmt.Errorf("%s: %w", nombre, Fallo(err))
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

// What servers answer while they change their roles or go away (MongoDB's error codes,
// "not primary" and "node is recovering"), and what a majority that is not there looks like.
var ausencias = []int{91, 189, 10058, 10107, 11600, 11602, 13435, 13436, 64, 100}

// Fallo says fault.ErrAlmacen of an error that means that the server is away or too slow;
// the rest stays as it is.
func Fallo(err error) error {
	if err == nil || !ausente(err) {
		return err
	}
	return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
}

func ausente(err error) bool {
	var seleccion topology.ServerSelectionError
	if mongo.IsTimeout(err) || mongo.IsNetworkError(err) || errors.As(err, &seleccion) || errors.Is(err, mongo.ErrClientDisconnected) {
		return true
	}
	var s mongo.ServerError
	return errors.As(err, &s) && (s.HasErrorLabel("RetryableWriteError") || slices.ContainsFunc(ausencias, s.HasErrorCode))
}
