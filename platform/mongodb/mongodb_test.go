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

// servida is a database behind a TCP proxy (breakertest.Proxy) that the test can silence, close and cut.
type servida struct {
	*mongodb.DB
	paso *breakertest.Proxy
}

func tras(t *testing.T, options mongodb.Options) servida {
	t.Helper()
	base := mongodbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: " + mongodbtest.Variable + " names no server")
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	p := breakertest.New(t, u.Host)
	u.Host = p.Address
	options.Name, options.URL = "prueba", u.String()
	d, err := mongodb.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return servida{d, p}
}

func (s servida) usos() map[string]func(context.Context) error {
	c := s.Collection("cosas")
	return map[string]func(context.Context) error{
		"write": func(ctx context.Context) error {
			return s.Write(ctx, "x", func(ctx context.Context) error {
				_, err := c.InsertOne(ctx, bson.D{{Key: "v", Value: 1}})
				return err
			})
		},
		"read": func(ctx context.Context) error {
			return s.Read(ctx, "x", func(ctx context.Context) error {
				r, err := c.Find(ctx, bson.D{})
				if err != nil {
					return err
				}
				var todas []bson.Raw
				return r.All(ctx, &todas)
			})
		},
		"ready": s.Ready,
	}
}

// todos makes all calls of usos at once, each veces times, without deadlines, and compares the error of each with
// want.
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
	s.paso.Open()
	breakertest.Until(t, "it does not come back", func() bool {
		return s.usos()["write"](t.Context()) == nil && s.usos()["read"](t.Context()) == nil
	})
}

// TestAServerThatIsAwayIsSaidToBe: while the server is silent or refuses connections, each call returns
// fault.ErrStoreAway within its time limit. The calls succeed again when the server is back, and leave no goroutines
// behind.
func TestAServerThatIsAwayIsSaidToBe(t *testing.T) {
	for nombre, romper := range map[string]func(*breakertest.Proxy){
		"it is silent":            (*breakertest.Proxy).Silence,
		"it sends everybody away": (*breakertest.Proxy).Close,
	} {
		t.Run(nombre, func(t *testing.T) {
			s := tras(t, mongodb.Options{})
			s.todos(t, 20, nil)
			antes := runtime.NumGoroutine()
			romper(s.paso)
			s.todos(t, 100, fault.ErrStoreAway)
			// By now the breaker holds the server to be away.
			s.todos(t, 100, fault.ErrStoreAway)
			s.volver(t)
			s.todos(t, 1, nil)
			breakertest.Until(
				t,
				"goroutines stay behind",
				func() bool { return runtime.NumGoroutine() <= antes+20 },
			)
		})
	}
}

// TestACallersEndIsItsOwn: a read returns the context's error when the caller's deadline passes. A write ignores that
// deadline, so that its outcome is known.
func TestACallersEndIsItsOwn(t *testing.T) {
	s := tras(t, mongodb.Options{})
	s.todos(t, 1, nil)
	s.paso.Silence()
	for _, x := range []struct {
		nombre string
		want   error
	}{
		{"read", context.DeadlineExceeded}, {"ready", context.DeadlineExceeded},
		{"write", fault.ErrStoreAway}, // after this the breaker holds the server to be away
	} {
		ctx, soltar := context.WithTimeout(
			context.WithoutCancel(t.Context()),
			50*time.Millisecond,
		)
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

// TestBrokenConnections: the driver replaces broken connections, and the breaker does not hold the server to be away
// because of them.
func TestBrokenConnections(t *testing.T) {
	s := tras(t, mongodb.Options{})
	s.todos(t, 20, nil)
	s.paso.Cut()
	s.volver(t)
	s.todos(t, 1, nil)
}

// TestOutcomesOfAWrite: Write returns the error of f, and does not call f when Cut ends the program before the
// effect.
func TestOutcomesOfAWrite(t *testing.T) {
	roto := errors.New("broken")
	muerto := errors.New("the end")
	var momentos []sqldb.Moment
	var cortar error
	corte := func(_ string, m sqldb.Moment) error {
		momentos = append(momentos, m)
		return cortar
	}
	s := tras(t, mongodb.Options{Cut: corte})
	uno := bson.D{{Key: "_id", Value: 1}}
	insertar := func(ctx context.Context) error {
		_, err := s.Collection("cosas").InsertOne(ctx, uno)
		return err
	}
	if err := s.Write(t.Context(), "x", insertar); err != nil || len(momentos) != 2 {
		t.Fatalf("%v, cut at %v", err, momentos)
	}
	again := s.Write(t.Context(), "x", insertar)
	if !mongo.IsDuplicateKeyError(again) || errors.Is(again, fault.ErrStoreAway) {
		t.Errorf("a key that is taken: %v", again)
	}
	if err := s.Write(t.Context(), "x", func(context.Context) error { return roto }); !errors.Is(
		err,
		roto,
	) {
		t.Errorf("f's own error: %v", err)
	}
	if begun, done, _ := s.Counts(); begun != 3 || done != 1 {
		t.Errorf("%d begun, %d done", begun, done)
	}
	cortar = muerto
	err := s.Write(t.Context(), "x", func(context.Context) error {
		t.Error("it ran")
		return nil
	})
	if !errors.Is(err, muerto) {
		t.Errorf("cut: %v", err)
	}
}

// TestWritesAreNumberedWhereTheServerHasSessions: the driver numbers the writes for a server with sessions, and sends
// plain writes to a server without, which would refuse or ignore the numbers.
func TestWritesAreNumberedWhereTheServerHasSessions(t *testing.T) {
	var numeradas int
	contar := func(_ context.Context, e *event.CommandStartedEvent) {
		if _, err := e.Command.LookupErr("txnNumber"); err == nil && e.CommandName == "insert" {
			numeradas++
		}
	}
	s := tras(t, mongodb.Options{Monitor: &event.CommandMonitor{Started: contar}})
	var saludo struct {
		Sesiones *int64 `bson:"logicalSessionTimeoutMinutes"`
		Conjunto string `bson:"setName"`
	}
	if err := s.Database().RunCommand(t.Context(), bson.D{{Key: "hello", Value: 1}}).Decode(&saludo); err != nil {
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

// TestServerThatIsNotThere: the error of a wrong address quotes neither the address nor its password.
func TestServerThatIsNotThere(t *testing.T) {
	for nombre, direccion := range map[string]string{
		"nobody listens": "mongodb://u:xyzzyplugh@127.0.0.1:1/base",
		"not a URL":      "xyzzyplugh",
	} {
		_, err := mongodb.Open(t.Context(), mongodb.Options{Name: "prueba", URL: direccion})
		if err == nil || strings.Contains(err.Error(), "xyzzyplugh") ||
			strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", nombre, err)
		}
	}
}
