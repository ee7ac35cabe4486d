// Package mongodbtest gives each test a database of its own on the server with the URL in DESPENSA_TEST_MONGODB.
package mongodbtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"despensa/platform/mongodb"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// Variable is the environment variable with the server's URL, which names no database.
const Variable = "DESPENSA_TEST_MONGODB"

// Database gives the URL of an empty database and drops the database at the end of the test; "" when Variable is not
// set.
func Database(t testing.TB) string {
	t.Helper()
	u, soltar, err := Create("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := soltar(); err != nil {
			t.Error(err)
		}
	})
	return u
}

// Create gives the URL of a new database, empty or with the documents of the database at the URL plantilla, and a
// function that drops the database. The URL is "" when Variable is not set. Errors: a URL that cannot be read; those
// of the server.
func Create(plantilla string) (direccion string, soltar func() error, err error) {
	servidor := os.Getenv(Variable)
	if servidor == "" {
		return "", func() error { return nil }, nil
	}
	u, err := url.Parse(servidor)
	if err != nil {
		return "", nil, fmt.Errorf("%s is no URL", Variable)
	}
	u.Path = "/prueba_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	direccion = u.String()
	if plantilla != "" {
		if err := copyAll(plantilla, direccion); err != nil {
			return "", nil, err
		}
	}
	return direccion, func() error {
		return with(
			direccion,
			func(ctx context.Context, b *mongo.Database) error { return b.Drop(ctx) },
		)
	}, nil
}

// with opens the database at direccion, calls f with it and closes it.
func with(direccion string, f func(ctx context.Context, b *mongo.Database) error) error {
	// A test's context ends before its cleanups.
	ctx, fin := context.WithTimeout(context.Background(), time.Minute)
	defer fin()
	d, err := mongodb.Open(ctx, mongodb.Options{Name: "prueba", URL: direccion})
	if err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	if err := errors.Join(f(ctx, d.Database()), d.Close()); err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	return nil
}

// copyAll copies all documents of the database at desde into the database at hacia.
func copyAll(desde, hacia string) error {
	return with(desde, func(ctx context.Context, origen *mongo.Database) error {
		return with(hacia, func(_ context.Context, destino *mongo.Database) error {
			nombres, err := origen.ListCollectionNames(ctx, bson.D{})
			for _, n := range nombres {
				if err == nil {
					err = copyCollection(ctx, origen.Collection(n), destino.Collection(n))
				}
			}
			return err
		})
	})
}

func copyCollection(ctx context.Context, origen, destino *mongo.Collection) error {
	cursor, err := origen.Find(ctx, bson.D{})
	if err != nil {
		return err
	}
	var docs []any
	for cursor.Next(ctx) {
		docs = append(docs, append(bson.Raw{}, cursor.Current...))
	}
	if err := cursor.Err(); err != nil || len(docs) == 0 {
		return err
	}
	_, err = destino.InsertMany(ctx, docs)
	return err
}

// IsMongoDB reports whether the server is MongoDB itself, and not another program with its protocol: MongoDB alone
// knows the command explain.
func IsMongoDB(t testing.TB, direccion string) bool {
	t.Helper()
	entero := false
	err := with(direccion, func(ctx context.Context, b *mongo.Database) error {
		orden := bson.D{{Key: "explain", Value: bson.D{{Key: "find", Value: "nada"}}}}
		entero = b.RunCommand(ctx, orden).Err() == nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return entero
}

// Read gives the documents of a collection in which the member campo is valor.
func Read[T any](direccion, coleccion, campo, valor string) (out []T, err error) {
	err = with(direccion, func(ctx context.Context, b *mongo.Database) error {
		c, err := b.Collection(coleccion).Find(ctx, bson.D{{Key: campo, Value: valor}})
		if err != nil {
			return err
		}
		return c.All(ctx, &out)
	})
	return out, err
}
