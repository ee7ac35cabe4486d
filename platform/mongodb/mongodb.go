// Package mongodb opens one database of a MongoDB server. It sets connections and deadlines, makes indexes, and tells
// which errors mean that the server is away. The modules' adapters write the commands.
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

// Time limits. A request of the API has five seconds, and its commands must end before those are over.
const (
	plazoConexion = 2 * time.Second  // to connect
	plazoEleccion = 2 * time.Second  // to find a server of the replica set that takes writes
	plazoComando  = 3 * time.Second  // for one command
	plazoIndices  = 10 * time.Minute // for new indexes over many documents
)

// conexiones is the maximum number of connections of one process to one server.
const conexiones = 32

// ErrServidor says that the server does not answer or refuses the login.
var ErrServidor = errors.New("mongodb: the MongoDB server does not answer or refuses us")

// Opciones are the settings of Abrir.
type Opciones struct {
	// Nombre is the module's name. It is the database's name when URL names no database, and the first part of the
	// setting's name in error messages.
	Nombre string
	// URL is mongodb://… or mongodb+srv://…, with the database as its path.
	URL string
	// Indices is an extended-JSON document with the list of indexes of each collection, as the command createIndexes
	// takes it. Indexes that exist stay as they are.
	Indices []byte
	// Corte is for crash tests; nil in production.
	Corte sqldb.Corte
	// Monitor sees each command; nil: none.
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

// Abrir connects, pings the server, and makes the indexes that are missing. Errors: a URL that cannot be used, without
// its text; ErrServidor; indexes that cannot be made.
func Abrir(ctx context.Context, o Opciones) (*DB, error) {
	parsed, err := connstring.ParseAndValidate(o.URL)
	if err != nil { // the driver's error is left out: its text may show the password
		return nil, fmt.Errorf("%s.mongodb: a URL like mongodb://host/database expected", o.Nombre)
	}
	base := parsed.Database
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

// opcionesDe are the driver's options. A command is confirmed by a majority, reads from the primary, and ends after
// plazoComando, with the wait for a connection. The driver sends a command once more when its connection breaks; a
// write only if the server has sessions.
func opcionesDe(o Opciones) *options.ClientOptions {
	return options.Client().ApplyURI(o.URL).SetAppName("despensa " + o.Nombre).
		SetConnectTimeout(plazoConexion).SetServerSelectionTimeout(plazoEleccion).SetTimeout(plazoComando).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()).SetRetryWrites(true).SetRetryReads(true).
		SetMaxPoolSize(conexiones).SetMaxConnIdleTime(5 * time.Minute).SetMonitor(o.Monitor)
}

// preparar pings the server and makes the indexes. Errors: ErrServidor; those of the indexes.
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

// Listo pings the server, for a few seconds at most. Errors: fault.ErrAlmacen.
func (d *DB) Listo(ctx context.Context) error {
	err := d.Leer(ctx, "mongodb.listo", func(ctx context.Context) error {
		return d.cliente.Ping(ctx, readpref.Primary())
	})
	if err != nil && !errors.Is(err, fault.ErrAlmacen) { // such as the deadline of the caller's ctx
		return fmt.Errorf("%w: %w", fault.ErrAlmacen, err)
	}
	return err
}

// Coleccion gives the collection nombre of the database.
func (d *DB) Coleccion(nombre string) *mongo.Collection { return d.base.Collection(nombre) }

// Base gives the database itself, for tests that fill and drop it.
func (d *DB) Base() *mongo.Database { return d.base }

// Cuenta gives, since Abrir, the number of writes begun, of writes that the server confirmed, and of all commands
// sent.
func (d *DB) Cuenta() (escrituras, confirmadas, idas uint64) {
	return d.escrituras.Load(), d.confirmadas.Load(), d.idas.Load()
}

// contar gives a monitor that counts each command and passes it on to otro.
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

// Escribir runs command, which sends one command that changes documents. nombre names the effect for Corte and in
// errors. The command has a deadline of its own and goes on when ctx ends, so that its outcome is known. Errors:
// command's own; fault.ErrAlmacen when the server is away or too slow. The command may have had its whole effect then,
// so the caller repeats it with the same key, as after a crash.
func (d *DB) Escribir(ctx context.Context, nombre string, command func(ctx context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	if err := d.cortar(nombre, sqldb.Antes); err != nil {
		return err
	}
	d.escrituras.Add(1)
	if err := d.mandar(context.WithoutCancel(ctx), command); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	d.confirmadas.Add(1)
	return d.cortar(nombre, sqldb.Despues)
}

// Leer runs command, which sends one command that reads. Errors: as Escribir's; ctx's when ctx ends.
func (d *DB) Leer(ctx context.Context, nombre string, command func(ctx context.Context) error) error {
	if err := d.mandar(ctx, command); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	return nil
}

// mandar runs one command within plazoComando, and tells the breaker whether the server answered. Errors: ctx's;
// fault.ErrAlmacen, at once while the breaker holds the server to be away; command's.
func (d *DB) mandar(ctx context.Context, command func(ctx context.Context) error) error {
	desde := time.Now()
	if err := ctx.Err(); err != nil {
		return err
	}
	if !d.p.Pasar(desde) {
		return fault.ErrAlmacen
	}
	propio, soltar := context.WithTimeout(ctx, plazoComando)
	defer soltar()
	err := command(propio)
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
	case !roto(err): // one broken connection says nothing about the server
		d.p.Responde(time.Now())
	}
	return Fallo(err)
}

// finDe returns the error of the caller's context if err, of a command begun at desde, comes from the end of that
// context; nil otherwise. It also knows the case in which the context has not ended yet: the driver does not send a
// command that cannot be answered before the caller's deadline, and so fails before it.
func finDe(ctx context.Context, desde time.Time, err error) error {
	if c := ctx.Err(); c != nil {
		return c
	}
	limite, ok := ctx.Deadline()
	if ok && errors.Is(err, context.DeadlineExceeded) && limite.Before(desde.Add(plazoComando)) {
		return context.DeadlineExceeded
	}
	return nil
}

// cortar calls Corte, if a crash test has set it.
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
