package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/platform/breaker/breakertest"
	"despensa/platform/fault"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

// tras opens a schema through a TCP proxy (breakertest.Proxy) that the test can silence, close and cut.
func tras(t *testing.T) (*sqldb.DB, *breakertest.Proxy) {
	t.Helper()
	base := sqldbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server")
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	p := breakertest.New(t, u.Host)
	u.Host = p.Address
	d, err := sqldb.Open(
		t.Context(),
		sqldb.Options{Name: "prueba", Postgres: u.String(), Migrations: cuentas},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, p
}

// usos are the kinds of calls that modules make on a schema.
var usos = map[string]func(ctx context.Context, d *sqldb.DB) error{
	"write": func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", ejecutar("insert into t (id, v) select count(*), 1 from t"))
	},
	"one": func(ctx context.Context, d *sqldb.DB) error {
		_, err := d.WriteStatement(ctx, "x", "update t set v = v + 1 where id > ?", 2)
		return err
	},
	"sole": func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteSingle(ctx, "x", func(tx *gorm.DB) error {
			return tx.Raw("update t set v = v + 1 where id > ? returning v", 2).
				Scan(new([]int)).
				Error
		})
	},
	"lot": func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(
			ctx,
			"x",
			sqldb.Statement{SQL: "delete from t where id = ?", Args: []any{-1}, Rows: 0},
			sqldb.Statement{
				SQL:  "update t set v = v + 1 where id < ?",
				Args: []any{2},
				Rows: sqldb.AnyNumber,
			},
		)
	},
	"exec": func(ctx context.Context, d *sqldb.DB) error { return d.Read(ctx).Exec("select 1").Error },
	"scan": func(ctx context.Context, d *sqldb.DB) error {
		var n int
		return d.Read(ctx).Raw("select count(*) from t").Scan(&n).Error
	},
	"find": func(ctx context.Context, d *sqldb.DB) error {
		var vs []int
		return d.Read(ctx).Table("t").Where("v > ?", 0).Pluck("v", &vs).Error
	},
	"rows": func(ctx context.Context, d *sqldb.DB) error {
		rs, err := d.Read(ctx).Raw("select v from t").Rows()
		if err != nil {
			return err
		}
		defer rs.Close()
		for rs.Next() {
			if err := rs.Scan(new(int)); err != nil {
				return err
			}
		}
		return rs.Err()
	},
	"take": func(ctx context.Context, d *sqldb.DB) error {
		var v int
		err := d.Read(ctx).Table("t").Select("v").Take(&v).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return nil
		}
		return err
	},
}

// TestAServerThatIsAwayIsSaidToBe: while the server is silent or refuses connections, each call returns
// fault.ErrStoreAway within its time limit, without the server's address. The calls succeed again when the server is
// back.
func TestAServerThatIsAwayIsSaidToBe(t *testing.T) {
	casos := map[string]func(*breakertest.Proxy){
		"it is silent":                  (*breakertest.Proxy).Silence,
		"it sends everybody away":       (*breakertest.Proxy).Close,
		"it is silent and then is gone": func(p *breakertest.Proxy) { p.Silence(); p.Close() },
	}
	for nombre, romper := range casos {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			d, p := tras(t)
			todos(t, d, nil)
			romper(p)
			todos(t, d, fault.ErrStoreAway)
			todos(t, d, fault.ErrStoreAway) // by now the breaker holds the server to be away
			p.Open()
			volver(t, d)
			todos(t, d, nil)
		})
	}
}

// todos makes all calls of usos at once, without deadlines, and compares the error of each with want.
func todos(t *testing.T, d *sqldb.DB, want error) {
	t.Helper()
	var wg sync.WaitGroup
	for nombre, uso := range usos {
		wg.Go(func() {
			err := uso(context.WithoutCancel(t.Context()), d)
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", nombre, err, want)
			}
			if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("%s shows the address: %v", nombre, err)
			}
		})
	}
	wg.Wait()
}

// volver waits until a write and a read of the schema succeed.
func volver(t *testing.T, d *sqldb.DB) {
	t.Helper()
	breakertest.Until(t, "it does not come back", func() bool {
		return usos["write"](t.Context(), d) == nil && usos["scan"](t.Context(), d) == nil
	})
}

// TestACallersEndIsItsOwn: a caller with a context that has ended gets the context's error, not fault.ErrStoreAway.
func TestACallersEndIsItsOwn(t *testing.T) {
	for nombre, x := range map[string]struct {
		con  func(context.Context) (context.Context, context.CancelFunc)
		want error
	}{
		"its time is over": {func(c context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(c, 100*time.Millisecond)
		}, context.DeadlineExceeded},
		"it has gone": {func(c context.Context) (context.Context, context.CancelFunc) {
			c, soltar := context.WithCancel(c)
			time.AfterFunc(100*time.Millisecond, soltar)
			return c, soltar
		}, context.Canceled},
	} {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			d, p := tras(t)
			todos(t, d, nil)
			p.Silence()
			for uso, f := range usos {
				ctx, soltar := x.con(context.WithoutCancel(t.Context()))
				if err := f(ctx, d); !errors.Is(err, x.want) ||
					errors.Is(err, fault.ErrStoreAway) {
					t.Errorf("%s: %v", uso, err)
				}
				soltar()
			}
			p.Open()
			volver(t, d)
		})
	}
}

// TestBrokenConnections: no call fails because an idle connection broke. A connection that breaks during a write fails
// that write alone, and the breaker does not hold the server to be away.
func TestBrokenConnections(t *testing.T) {
	d, p := tras(t)
	todos(t, d, nil)
	p.Cut()
	_ = usos["write"](t.Context(), d) // it may use a connection that is broken
	_ = usos["scan"](t.Context(), d)
	volver(t, d)
	err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		p.Cut()
		return tx.Exec("insert into t values (77, 1)").Error
	})
	if !errors.Is(err, fault.ErrStoreAway) {
		t.Errorf("broken under a write: %v", err)
	}
	todos(t, d, nil)
}

// TestWhichAnswersMeanAway: the SQLSTATEs of a server that cannot serve become fault.ErrStoreAway; those of a wrong
// statement do not (nil: any other error).
func TestWhichAnswersMeanAway(t *testing.T) {
	d, _ := tras(t)
	for codigo, want := range map[string]error{
		"57P01": fault.ErrStoreAway, "57P02": fault.ErrStoreAway, "57P03": fault.ErrStoreAway,
		"53300": fault.ErrStoreAway, "53100": fault.ErrStoreAway, "58030": fault.ErrStoreAway,
		"08006": fault.ErrStoreAway, "57014": fault.ErrStoreAway, "55P03": fault.ErrStoreAway,
		"23505": gorm.ErrDuplicatedKey, "23503": gorm.ErrForeignKeyViolated, "22012": nil, "42601": nil,
	} {
		orden := "do $$ begin raise exception using errcode = '" + codigo + "', message = 'xyzzyplugh'; end $$"
		for donde, err := range map[string]error{
			"read":  d.Read(t.Context()).Exec(orden).Error,
			"write": d.Write(t.Context(), "x", func(tx *gorm.DB) error { return tx.Exec(orden).Error }),
		} {
			if err == nil || want != nil && !errors.Is(err, want) ||
				want == nil && errors.Is(err, fault.ErrStoreAway) {
				t.Errorf("%s in a %s: %v, want %v", codigo, donde, err, want)
			}
			if errors.Is(err, fault.ErrStoreAway) &&
				strings.Contains(err.Error(), "xyzzyplugh") {
				t.Errorf("%s in a %s quotes the server: %v", codigo, donde, err)
			}
		}
	}
	err := d.Read(t.Context()).Raw("select v from t where id = -1").Row().Scan(new(int))
	if !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no row: %v", err)
	}
}

// TestNothingPilesUp: of thousands of calls that begin while the server is silent none leaves a goroutine behind.
func TestNothingPilesUp(t *testing.T) {
	d, p := tras(t)
	todos(t, d, nil)
	antes := runtime.NumGoroutine()
	p.Silence()
	var wg sync.WaitGroup
	for range 500 {
		for _, uso := range usos {
			wg.Go(func() {
				if err := uso(context.WithoutCancel(t.Context()), d); !errors.Is(err, fault.ErrStoreAway) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	p.Open()
	volver(t, d)
	breakertest.Until(
		t,
		"goroutines stay behind",
		func() bool { return runtime.NumGoroutine() <= antes+20 },
	)
}
