package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

var cuentas = fstest.MapFS{
	"00001_inicio.sql": {
		Data: []byte(
			"-- +goose Up\ncreate table t (id integer primary key, v integer not null);\n",
		),
	},
}

// replicas opens n handles on one database, as n processes do.
func replicas(t *testing.T, n int) []*sqldb.DB {
	t.Helper()
	base := sqldbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server")
	}
	out := make([]*sqldb.DB, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			out[i], errs[i] = sqldb.Open(
				t.Context(),
				sqldb.Options{Name: "prueba", Postgres: base, Migrations: cuentas},
			)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, d := range out {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	return out
}

// TestReplicasWriteAsIfAlone: eight handles migrate at once, and then each reads a number and writes the next one,
// many times. No increment is lost.
func TestReplicasWriteAsIfAlone(t *testing.T) {
	ds := replicas(t, 8)
	if err := ds[0].Write(t.Context(), "x", ejecutar("insert into t values (1, 0)")); err != nil {
		t.Fatal(err)
	}
	const veces = 25
	errs := make([]error, len(ds))
	var wg sync.WaitGroup
	for i, d := range ds {
		wg.Go(func() {
			for range veces {
				errs[i] = errors.Join(
					errs[i],
					d.Write(t.Context(), "x", func(tx *gorm.DB) error {
						var v int
						if err := tx.Raw("select v from t where id = 1").Scan(&v).Error; err != nil {
							return err
						}
						return tx.Exec("update t set v = ? where id = 1", v+1).Error
					}),
				)
			}
		})
	}
	wg.Wait()
	var v int
	errs = append(
		errs,
		ds[3].Read(t.Context()).Raw("select v from t where id = 1").Scan(&v).Error,
	)
	if err := errors.Join(errs...); err != nil || v != veces*len(ds) {
		t.Errorf("%d, want %d: %v", v, veces*len(ds), err)
	}
}

// TestReplicasInsertOneKeyOnce: of 32 writes that insert the same key after they found it free, one succeeds and the
// other 31 find the row.
func TestReplicasInsertOneKeyOnce(t *testing.T) {
	ds := replicas(t, 4)
	var mu sync.Mutex
	nuevas, vistas := 0, 0
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			err := ds[i%len(ds)].Write(t.Context(), "x", func(tx *gorm.DB) error {
				var n int64
				if err := tx.Raw("select count(*) from t where id = 7").Scan(&n).Error; err != nil {
					return err
				}
				if n == 1 {
					return errVista
				}
				return tx.Exec("insert into t values (7, 1)").Error
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				nuevas++
			case errors.Is(err, errVista):
				vistas++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if nuevas != 1 || vistas != 31 {
		t.Errorf("%d inserted it, %d saw it", nuevas, vistas)
	}
}

var errVista = errors.New("it is there")

func TestServerOutcomes(t *testing.T) {
	d := replicas(t, 1)[0]
	roto := errors.New("broken")
	casos := map[string]struct {
		f    func(tx *gorm.DB) error
		want error
	}{
		"done": {ejecutar("insert into t values (1, 1)"), nil},
		"an error undoes": {func(tx *gorm.DB) error {
			return errors.Join(tx.Exec("insert into t values (2, 1)").Error, roto)
		}, roto},
	}
	for nombre, x := range casos {
		if err := d.Write(t.Context(), nombre, x.f); !errors.Is(err, x.want) {
			t.Errorf("%s: %v", nombre, err)
		}
	}
	err := d.Write(t.Context(), "twice", ejecutar("insert into t values (1, 2)"))
	if !errors.Is(err, gorm.ErrDuplicatedKey) {
		t.Errorf("a key that is taken: %v", err)
	}
	if err := d.Read(t.Context()).Exec("insert into t values (9, 9)").Error; err == nil {
		t.Error("the reader wrote")
	}
	var n int
	if err := d.Read(t.Context()).Raw("select count(*) from t").Scan(&n).Error; err != nil ||
		n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
	muerto, soltar := context.WithCancel(t.Context())
	soltar()
	if err := d.Write(muerto, "x", casos["done"].f); !errors.Is(err, context.Canceled) {
		t.Errorf("a dead caller: %v", err)
	}
}

// TestServerThatIsNotThere: the error of a wrong address quotes neither the address nor its password.
func TestServerThatIsNotThere(t *testing.T) {
	for nombre, direccion := range map[string]string{
		"nobody listens": "postgres://u:xyzzyplugh@127.0.0.1:1/base",
		"no address":     "postgres://u:xyzzyplugh@:::/base",
		"not a URL":      "xyzzyplugh",
	} {
		_, err := sqldb.Open(
			t.Context(),
			sqldb.Options{Name: "prueba", Postgres: direccion, Migrations: cuentas},
		)
		if err == nil || strings.Contains(fmt.Sprintf("%+v", err), "xyzzyplugh") ||
			strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", nombre, err)
		}
	}
}
