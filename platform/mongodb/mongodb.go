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
	connectTimeout   = 2 * time.Second  // to connect
	selectionTimeout = 2 * time.Second  // to find a server of the replica set that takes writes
	commandTimeout   = 3 * time.Second  // for one command
	indexTimeout     = 10 * time.Minute // for new indexes over many documents
)

// maxConns is the maximum number of connections of one process to one server.
const maxConns = 32

// ErrServer says that the server does not answer or refuses the login.
var ErrServer = errors.New("mongodb: the MongoDB server does not answer or refuses us")

// Options are the settings of Open.
type Options struct {
	// Name is the module's name. It is the database's name when URL names no database, and the first part of the
	// setting's name in error messages.
	Name string
	// URL is mongodb://… or mongodb+srv://…, with the database as its path.
	URL string
	// Indexes is an extended-JSON document with the list of indexes of each collection, as the command createIndexes
	// takes it. Indexes that exist stay as they are.
	Indexes []byte
	// Cut is for crash tests; nil in production.
	Cut sqldb.Cut
	// Monitor sees each command; nil: none.
	Monitor *event.CommandMonitor
}

// DB is one database. Safe for concurrent use.
type DB struct {
	client   *mongo.Client
	database *mongo.Database
	cut      sqldb.Cut
	p        breaker.Breaker

	writes, confirmed, trips atomic.Uint64
}

// Open connects, pings the server, and makes the indexes that are missing. Errors: a URL that cannot be used, without
// its text; ErrServer; indexes that cannot be made.
func Open(ctx context.Context, o Options) (*DB, error) {
	parsed, err := connstring.ParseAndValidate(o.URL)
	if err != nil { // the driver's error is left out: its text may show the password
		return nil, fmt.Errorf(
			"%s.mongodb: a URL like mongodb://host/database expected",
			o.Name,
		)
	}
	base := parsed.Database
	if base == "" {
		base = o.Name
	}
	d := &DB{cut: o.Cut}
	o.Monitor = d.counting(o.Monitor)
	if d.client, err = mongo.Connect(ctx, clientOptions(o)); err != nil {
		return nil, fmt.Errorf("%s.mongodb: the URL's options cannot be used", o.Name)
	}
	d.database = d.client.Database(base)
	if err := d.prepare(ctx, o.Indexes); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// clientOptions are the driver's options. A command is confirmed by a majority, reads from the primary, and ends after
// commandTimeout, with the wait for a connection. The driver sends a command once more when its connection breaks; a
// write only if the server has sessions.
func clientOptions(o Options) *options.ClientOptions {
	return options.Client().ApplyURI(o.URL).SetAppName("despensa " + o.Name).
		SetConnectTimeout(connectTimeout).
		SetServerSelectionTimeout(selectionTimeout).SetTimeout(commandTimeout).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()).SetRetryWrites(true).SetRetryReads(true).
		SetMaxPoolSize(maxConns).SetMaxConnIdleTime(5 * time.Minute).SetMonitor(o.Monitor)
}

// prepare pings the server and makes the indexes. Errors: ErrServer; those of the indexes.
func (d *DB) prepare(ctx context.Context, indices []byte) error {
	if err := d.Ready(ctx); err != nil {
		return fmt.Errorf("%w: %w", ErrServer, err)
	}
	var todos bson.D
	if len(indices) > 0 {
		if err := bson.UnmarshalExtJSON(indices, false, &todos); err != nil {
			return fmt.Errorf("mongodb: indexes: %w", err)
		}
	}
	ctx, soltar := context.WithTimeout(ctx, indexTimeout)
	defer soltar()
	for _, c := range todos {
		orden := bson.D{{Key: "createIndexes", Value: c.Key}, {Key: "indexes", Value: c.Value}}
		if err := d.database.RunCommand(ctx, orden).Err(); err != nil {
			return fmt.Errorf("mongodb: indexes of %s: %w", c.Key, AsFault(err))
		}
	}
	return nil
}

// Ready pings the server, for a few seconds at most. Errors: fault.ErrStoreAway.
func (d *DB) Ready(ctx context.Context) error {
	err := d.Read(ctx, "mongodb.listo", func(ctx context.Context) error {
		return d.client.Ping(ctx, readpref.Primary())
	})
	if err != nil &&
		!errors.Is(err, fault.ErrStoreAway) { // such as the deadline of the caller's ctx
		return fmt.Errorf("%w: %w", fault.ErrStoreAway, err)
	}
	return err
}

// Collection gives the collection nombre of the database.
func (d *DB) Collection(
	nombre string,
) *mongo.Collection {
	return d.database.Collection(nombre)
}

// Database gives the database itself, for tests that fill and drop it.
func (d *DB) Database() *mongo.Database { return d.database }

// Counts gives, since Open, the number of writes begun, of writes that the server confirmed, and of all commands
// sent.
func (d *DB) Counts() (escrituras, confirmadas, idas uint64) {
	return d.writes.Load(), d.confirmed.Load(), d.trips.Load()
}

// counting gives a monitor that counts each command and passes it on to otro.
func (d *DB) counting(otro *event.CommandMonitor) *event.CommandMonitor {
	m := &event.CommandMonitor{}
	if otro != nil {
		*m = *otro
	}
	visto := m.Started
	m.Started = func(ctx context.Context, e *event.CommandStartedEvent) {
		d.trips.Add(1)
		if visto != nil {
			visto(ctx, e)
		}
	}
	return m
}

// Write runs command, which sends one command that changes documents. nombre names the effect for Cut and in errors.
// The command has a deadline of its own and goes on when ctx ends, so that its outcome is known. Errors: command's own;
// fault.ErrStoreAway when the server is away or too slow. The command may have had its whole effect then, so the caller
// repeats it with the same key, as after a crash.
func (d *DB) Write(
	ctx context.Context,
	nombre string,
	command func(ctx context.Context) error,
) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	if err := d.cutAt(nombre, sqldb.Before); err != nil {
		return err
	}
	d.writes.Add(1)
	if err := d.send(context.WithoutCancel(ctx), command); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	d.confirmed.Add(1)
	return d.cutAt(nombre, sqldb.After)
}

// Read runs command, which sends one command that reads. Errors: as Write's; ctx's when ctx ends.
func (d *DB) Read(
	ctx context.Context,
	nombre string,
	command func(ctx context.Context) error,
) error {
	if err := d.send(ctx, command); err != nil {
		return fmt.Errorf("%s: %w", nombre, err)
	}
	return nil
}

// send runs one command within commandTimeout, and tells the breaker whether the server answered. Errors: ctx's;
// fault.ErrStoreAway, at once while the breaker holds the server to be away; command's.
func (d *DB) send(ctx context.Context, command func(ctx context.Context) error) error {
	desde := time.Now()
	if err := ctx.Err(); err != nil {
		return err
	}
	if !d.p.Allow(desde) {
		return fault.ErrStoreAway
	}
	propio, soltar := context.WithTimeout(ctx, commandTimeout)
	defer soltar()
	err := command(propio)
	if err == nil {
		d.p.Answered(time.Now())
		return nil
	}
	if fin := endOf(ctx, desde, err); fin != nil {
		return fin
	}
	switch {
	case isSilent(err):
		d.p.Silent(desde, time.Now())
	case !isBroken(err): // one broken connection says nothing about the server
		d.p.Answered(time.Now())
	}
	return AsFault(err)
}

// endOf returns the error of the caller's context if err, of a command begun at desde, comes from the end of that
// context; nil otherwise. It also knows the case in which the context has not ended yet: the driver does not send a
// command that cannot be answered before the caller's deadline, and so fails before it.
func endOf(ctx context.Context, desde time.Time, err error) error {
	if c := ctx.Err(); c != nil {
		return c
	}
	limite, ok := ctx.Deadline()
	if ok && errors.Is(err, context.DeadlineExceeded) &&
		limite.Before(desde.Add(commandTimeout)) {
		return context.DeadlineExceeded
	}
	return nil
}

// cutAt calls Cut, if a crash test has set it.
func (d *DB) cutAt(nombre string, moment sqldb.Moment) error {
	if d.cut == nil {
		return nil
	}
	return d.cut(nombre, moment)
}

// Close closes the connections.
func (d *DB) Close() error {
	ctx, soltar := context.WithTimeout(context.Background(), connectTimeout)
	defer soltar()
	return d.client.Disconnect(ctx)
}
