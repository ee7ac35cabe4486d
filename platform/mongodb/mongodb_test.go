package mongodb_test

import (
	"context"
	"errors"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/platform/breaker/breakertest"
	"despensa/platform/fault"
	"despensa/platform/mongodb"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	"go.mongodb.org/mongo-driver/mongo"
)

// servida is a database behind a door.
type servida struct {
	*mongodb.DB
	paso *breakertest.Paso
}

func tras(t *testing.T, o mongodb.Opciones) servida {
	t.Helper()
	base := mongodbtest.Base(t)
	if base == "" {
		t.Skip("SKIPPED: " + mongodbtest.Variable + " names no server")
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	p := breakertest.Nuevo(t, u.Host)
	u.Host = p.Direccion
	o.Nombre, o.URL = "prueba", u.String()
	d, err := mongodb.Abrir(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Cerrar(); err != nil {
			t.Error(err)
		}
	})
	return servida{d, p}
}

func (s servida) usos() map[string]func(context.Context) error {
	c := s.Coleccion("cosas")
	return map[string]func(context.Context) error{
		"write": func(ctx context.Context) error {
			return s.Escribir(ctx, "x", func(ctx context.Context) error {
				_, err := c.InsertOne(ctx, bson.D{{Key: "v", Value: 1}})
				return err
			})
		},
		"read": func(ctx context.Context) error {
			return s.Leer(ctx, "x", func(ctx context.Context) error {
				r, err := c.Find(ctx, bson.D{})
				if err != nil {
					return err
				}
				var todas []bson.Raw
				return r.All(ctx, &todas)
			})
		},
		"ready": s.Listo,
	}
}

// todos uses the database in all ways, veces times at once, without any deadline of the
// callers, and looks at what they are told.
func (s servida) todos(t *testing.T, veces int, want error) {
	t.Helper()
	var wg sync.WaitGroup
	for range veces {
		for nombre, uso := range s.usos() {
			wg.Go(func() {
				err := uso(context.WithoutCancel(t.Context()))
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", nombre, err, want)
				}
				if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
					t.Errorf("%s shows the address: %v", nombre, err)
				}
			})
		}
	}
	wg.Wait()
}

func (s servida) volver(t *testing.T) {
	t.Helper()
	s.paso.Abrir()
	breakertest.Hasta(t, "it does not come back", func() bool {
		return s.usos()["write"](t.Context()) == nil && s.usos()["read"](t.Context()) == nil
	})
}

// Whatever is wrong with the server, everything that needs it says so within its time, and
// works again by itself when the server is back; nobody stays behind.
func TestAServerThatIsAwayIsSaidToBe(t *testing.T) {
	for nombre, romper := range map[string]func(*breakertest.Paso){
		"it is silent":            (*breakertest.Paso).Callar,
		"it sends everybody away": (*breakertest.Paso).Cerrar,
	} {
		t.Run(nombre, func(t *testing.T) {
			s := tras(t, mongodb.Opciones{})
			s.todos(t, 20, nil)
			antes := runtime.NumGoroutine()
			romper(s.paso)
			s.todos(t, 100, fault.ErrAlmacen)
			s.todos(t, 100, fault.ErrAlmacen) // known by now
			s.volver(t)
			s.todos(t, 1, nil)
			breakertest.Hasta(t, "goroutines stay behind", func() bool { return runtime.NumGoroutine() <= antes+20 })
		})
	}
}

// A reader whose own time is over hears that; a write has its own time, so that what it
// did is known.
func TestACallersEndIsItsOwn(t *testing.T) {
	s := tras(t, mongodb.Opciones{})
	s.todos(t, 1, nil)
	s.paso.Callar()
	for _, x := range []struct {
		nombre string
		want   error
	}{
		{"read", context.DeadlineExceeded}, {"ready", context.DeadlineExceeded},
		{"write", fault.ErrAlmacen}, // from here on the server is known to be away
	} {
		ctx, soltar := context.WithTimeout(context.WithoutCancel(t.Context()), 50*time.Millisecond)
		if err := s.usos()[x.nombre](ctx); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", x.nombre, err, x.want)
		}
		soltar()
	}
	muerto, soltar := context.WithCancel(t.Context())
	soltar()
	for nombre, uso := range s.usos() {
		if err := uso(muerto); !errors.Is(err, context.Canceled) {
			t.Errorf("%s of a caller who has gone: %v", nombre, err)
		}
	}
	s.volver(t)
}

// Connections that broke are made anew; the server is not held to be away for that.
func TestBrokenConnections(t *testing.T) {
	s := tras(t, mongodb.Opciones{})
	s.todos(t, 20, nil)
	s.paso.Cortar()
	s.volver(t)
	s.todos(t, 1, nil)
}

// What f says is what the caller hears, and what the program's end cuts has no effect.
func TestOutcomesOfAWrite(t *testing.T) {
	roto := errors.New("broken")
	muerto := errors.New("the end")
	var momentos []sqldb.Momento
	var cortar error
	s := tras(
		t,
		mongodb.Opciones{Corte: func(_ string, m sqldb.Momento) error { momentos = append(momentos, m); return cortar }},
	)
	uno := bson.D{{Key: "_id", Value: 1}}
	insertar := func(ctx context.Context) error {
		_, err := s.Coleccion("cosas").InsertOne(ctx, uno)
		return err
	}
	if err := s.Escribir(t.Context(), "x", insertar); err != nil || len(momentos) != 2 {
		t.Fatalf("%v, cut at %v", err, momentos)
	}
	if err := s.Escribir(t.Context(), "x", insertar); !mongo.IsDuplicateKeyError(err) || errors.Is(err, fault.ErrAlmacen) {
		t.Errorf("a key that is taken: %v", err)
	}
	if err := s.Escribir(t.Context(), "x", func(context.Context) error { return roto }); !errors.Is(err, roto) {
		t.Errorf("f's own error: %v", err)
	}
	if begun, done, _ := s.Cuenta(); begun != 3 || done != 1 {
		t.Errorf("%d begun, %d done", begun, done)
	}
	cortar = muerto
	if err := s.Escribir(t.Context(), "x", func(context.Context) error { t.Error("it ran"); return nil }); !errors.Is(
		err,
		muerto,
	) {
		t.Errorf("cut: %v", err)
	}
}

// A server without sessions gets no numbered writes, which it would refuse or ignore; one
// with sessions gets them.
func TestWritesAreNumberedWhereTheServerHasSessions(t *testing.T) {
	var numeradas int
	s := tras(
		t,
		mongodb.Opciones{Monitor: &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
			if _, err := e.Command.LookupErr("txnNumber"); err == nil && e.CommandName == "insert" {
				numeradas++
			}
		}}},
	)
	var saludo struct {
		Sesiones *int64 `bson:"logicalSessionTimeoutMinutes"`
		Conjunto string `bson:"setName"`
	}
	if err := s.Base().RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&saludo); err != nil {
		t.Fatal(err)
	}
	want := 0
	if saludo.Sesiones != nil && saludo.Conjunto != "" {
		want = 1
	}
	if err := s.usos()["write"](t.Context()); err != nil || numeradas != want {
		t.Errorf("%d numbered writes, want %d: %v", numeradas, want, err)
	}
}

// What is wrong with an address is said without the address.
func TestServerThatIsNotThere(t *testing.T) {
	for nombre, direccion := range map[string]string{
		"nobody listens": "mongodb://u:xyzzyplugh@127.0.0.1:1/base",
		"not a URL":      "xyzzyplugh",
	} {
		_, err := mongodb.Abrir(t.Context(), mongodb.Opciones{Nombre: "prueba", URL: direccion})
		if err == nil || strings.Contains(err.Error(), "xyzzyplugh") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", nombre, err)
		}
	}
}
