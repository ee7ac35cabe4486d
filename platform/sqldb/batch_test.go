package sqldb_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

// ejecutar gives the function of a write that runs one statement.
func ejecutar(texto string, args ...any) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error { return tx.Exec(texto, args...).Error }
}

// motores opens an empty schema on SQLite, and on PostgreSQL when the tests have a server.
func motores(t *testing.T, corte sqldb.Cut) map[string]*sqldb.DB {
	t.Helper()
	casos := map[string]sqldb.Options{"SQLite": {File: filepath.Join(t.TempDir(), "a.db")}}
	if base := sqldbtest.Database(t); base != "" {
		casos["PostgreSQL"] = sqldb.Options{Postgres: base}
	}
	out := map[string]*sqldb.DB{}
	for nombre, o := range casos {
		o.Name, o.Migrations, o.Cut = "prueba", cuentas, corte
		d, err := sqldb.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		out[nombre] = d
	}
	return out
}

// filas gives the rows of the table t as one list: id, v, id, v, …
func filas(t *testing.T, d *sqldb.DB) (out []int) {
	t.Helper()
	var fs []struct{ ID, V int }
	if err := d.Read(context.Background()).Raw("select id, v from t order by id").Scan(&fs).Error; err != nil {
		t.Fatal(err)
	}
	for _, f := range fs {
		out = append(out, f.ID, f.V)
	}
	return out
}

func orden(filas int64, sql string, args ...any) sqldb.Statement {
	return sqldb.Statement{SQL: sql, Args: args, Rows: filas}
}

// cuenta is a row of the table t, for the tests of statements that gorm generates.
type cuenta struct{ ID, V int }

func (cuenta) TableName() string { return "t" }

func diferida(tx *gorm.DB, filas int64, sql string, args ...any) error {
	return sqldb.Defer(tx, filas, func(tx *gorm.DB) *gorm.DB { return tx.Exec(sql, args...) })
}

// escrituras are writes on a table that holds the row (1, 1): want is the error, queda the rows afterwards (as filas
// gives them), and trips the round trips to a server that has prepared the statements.
var escrituras = map[string]struct {
	hacer func(ctx context.Context, d *sqldb.DB) error
	want  error
	queda []int
	idas  uint64 // 0: not compared
}{
	"one": {func(ctx context.Context, d *sqldb.DB) error {
		n, err := d.WriteStatement(ctx, "x", "update t set v = v + ? where id = ?", 4, 1)
		return errors.Join(err, esperar(n, 1))
	}, nil, []int{1, 5}, 1},
	"one that finds nothing": {func(ctx context.Context, d *sqldb.DB) error {
		n, err := d.WriteStatement(ctx, "x", "update t set v = 5 where id = ?", 8)
		return errors.Join(err, esperar(n, 0))
	}, nil, []int{1, 1}, 1},
	"one whose key is taken": {func(ctx context.Context, d *sqldb.DB) error {
		_, err := d.WriteStatement(ctx, "x", "insert into t values (?, ?)", 1, 1)
		return err
	}, gorm.ErrDuplicatedKey, []int{1, 1}, 0},
	"sole, and what it gives back": {func(ctx context.Context, d *sqldb.DB) error {
		var vs []int64
		err := d.WriteSingle(ctx, "x", func(tx *gorm.DB) error {
			return tx.Raw("update t set v = v + ? where id = ? returning v", 4, 1).
				Scan(&vs).
				Error
		})
		return errors.Join(err, esperar(int64(len(vs)), 1), esperar(vs[0], 5))
	}, nil, []int{1, 5}, 1},
	"sole, that gorm makes": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteSingle(
			ctx,
			"x",
			func(tx *gorm.DB) error { return tx.Create([]cuenta{{2, 2}, {3, 3}}).Error },
		)
	}, nil, []int{1, 1, 2, 2, 3, 3}, 1},
	"sole, whose key is taken": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteSingle(
			ctx,
			"x",
			func(tx *gorm.DB) error { return tx.Create(&cuenta{1, 2}).Error },
		)
	}, gorm.ErrDuplicatedKey, []int{1, 1}, 0},
	"sole, that makes none": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteSingle(ctx, "x", func(*gorm.DB) error { return errRoto })
	}, errRoto, []int{1, 1}, 0},
	"sole, that panics": {func(ctx context.Context, d *sqldb.DB) error {
		if d.WriteSingle(ctx, "x", func(*gorm.DB) error { panic(errRoto) }) == nil {
			return errors.New("no error")
		}
		return nil
	}, nil, []int{1, 1}, 0},
	"a lot": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(ctx, "x",
			orden(1, "update t set v = ? where id = ? and v = ?", 5, 1, 1),
			orden(sqldb.AnyNumber, "insert into t values (?, ?)", 2, 2),
			orden(2, "update t set v = v + ?", 1),
			orden(0, "delete from t where id = ?", 9))
	}, nil, []int{1, 6, 2, 3}, 1},
	"a lot of one": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(
			ctx,
			"x",
			orden(
				1,
				"insert into t values (?, ?) on conflict (id) do update set v = excluded.v",
				1,
				9,
			),
		)
	}, nil, []int{1, 9}, 1},
	"an empty lot": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(ctx, "x")
	}, nil, []int{1, 1}, 0},
	"a lot whose first does not fit": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(
			ctx,
			"x",
			orden(1, "update t set v = ? where id = ? and v = ?", 5, 1, 7),
			orden(1, "insert into t values (?, ?)", 2, 2),
		)
	}, sqldb.ErrRows, []int{1, 1}, 0},
	"a lot whose last does not fit": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(
			ctx,
			"x",
			orden(1, "insert into t values (?, ?)", 2, 2),
			orden(1, "update t set v = ? where v > ?", 5, 0),
		)
	}, sqldb.ErrRows, []int{1, 1}, 0},
	"a lot whose key is taken": {func(ctx context.Context, d *sqldb.DB) error {
		return d.WriteBatch(
			ctx,
			"x",
			orden(1, "insert into t values (?, ?)", 2, 2),
			orden(1, "insert into t values (?, ?)", 1, 2),
		)
	}, gorm.ErrDuplicatedKey, []int{1, 1}, 0},
	"a read, and the rest with the commit": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			var v int
			err := tx.Raw("select v from t where id = ?", 1).Scan(&v).Error
			return errors.Join(
				err,
				diferida(tx, 1, "update t set v = ? where id = ? and v = ?", v+4, 1, v),
				diferida(tx, sqldb.AnyNumber, "insert into t values (?, ?)", 2, 2),
			)
		})
	}, nil, []int{1, 5, 2, 2}, 2},
	"what waits is seen by what follows": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			var v int64
			err := errors.Join(diferida(tx, 1, "insert into t values (?, ?)", 2, 2),
				tx.Raw("select sum(v) from t where id > ?", 0).Scan(&v).Error)
			return errors.Join(err, esperar(v, 3), tx.Exec("update t set v = v + ?", 1).Error)
		})
	}, nil, []int{1, 2, 2, 3}, 4},
	"what waits fails before what follows": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			if err := diferida(tx, 1, "update t set v = ? where id = ?", 2, 2); err != nil {
				return err
			}
			return tx.Exec("insert into t values (?, ?)", 3, 3).Error
		})
	}, sqldb.ErrRows, []int{1, 1}, 0},
	"a read, and what waits does not fit": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			return errors.Join(tx.Exec("update t set v = ? where id = ?", 3, 1).Error,
				diferida(tx, 1, "delete from t where id = ?", 4))
		})
	}, sqldb.ErrRows, []int{1, 1}, 4},
	"an error drops what waits": {func(ctx context.Context, d *sqldb.DB) error {
		err := d.Write(ctx, "x", func(tx *gorm.DB) error {
			return errors.Join(diferida(tx, 1, "insert into t values (?, ?)", 2, 2), errRoto)
		})
		// On the same connection.
		_, otro := d.WriteStatement(ctx, "x", "delete from t where id = ?", 9)
		return errors.Join(err, otro)
	}, errRoto, []int{1, 1}, 0},
	"an error after a statement": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			return errors.Join(tx.Exec("insert into t values (?, ?)", 2, 2).Error,
				diferida(tx, 1, "insert into t values (?, ?)", 3, 3), errRoto)
		})
	}, errRoto, []int{1, 1}, 2},
	"statements of gorm's": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			return errors.Join(
				sqldb.Defer(tx, 1, func(tx *gorm.DB) *gorm.DB {
					return tx.Table("t").Create(map[string]any{"id": 2, "v": 2})
				}),
				sqldb.Defer(tx, 1, func(tx *gorm.DB) *gorm.DB {
					return tx.Model(&cuenta{}).Where("id = ? and v = ?", 1, 1).Update("v", 7)
				}),
				sqldb.Defer(
					tx,
					1,
					func(tx *gorm.DB) *gorm.DB { return tx.Where("id = ?", 2).Delete(&cuenta{}) },
				),
			)
		})
	}, nil, []int{1, 7}, 1},
	"as it always was": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(tx *gorm.DB) error {
			return errors.Join(tx.Exec("insert into t values (?, ?)", 2, 2).Error,
				tx.Exec("update t set v = v + ?", 1).Error)
		})
	}, nil, []int{1, 2, 2, 3}, 3},
	"nothing at all": {func(ctx context.Context, d *sqldb.DB) error {
		return d.Write(ctx, "x", func(*gorm.DB) error { return nil })
	}, nil, []int{1, 1}, 0},
}

var errRoto = errors.New("broken")

func esperar(n, want int64) error {
	if n != want {
		return errors.New("another number than expected")
	}
	return nil
}

// empezar makes (1, 1) the only row of the table t.
func empezar(t *testing.T, d *sqldb.DB) {
	t.Helper()
	err := d.Write(t.Context(), "y", func(tx *gorm.DB) error {
		return errors.Join(
			tx.Exec("delete from t").Error,
			tx.Exec("insert into t values (1, 1)").Error,
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWritesOfEveryKind(t *testing.T) {
	for motor, d := range motores(t, nil) {
		for nombre, x := range escrituras {
			t.Run(motor+": "+nombre, func(t *testing.T) {
				// The lowest count of five runs is compared: the first one prepares the statements, and a connection
				// that has been idle is pinged.
				idas := uint64(math.MaxUint64)
				for range 5 {
					empezar(t, d)
					_, _, antes := d.Counts()
					err := x.hacer(t.Context(), d)
					_, _, despues := d.Counts()
					idas = min(idas, despues-antes)
					if !errors.Is(err, x.want) || x.want == nil && err != nil {
						t.Errorf("%v, want %v", err, x.want)
					}
					if got := filas(t, d); !slices.Equal(got, x.queda) {
						t.Errorf("%v, want %v", got, x.queda)
					}
				}
				if motor == "PostgreSQL" && x.idas > 0 && idas != x.idas {
					t.Errorf("%d round trips, want %d", idas, x.idas)
				}
			})
		}
	}
}

// TestCutsAroundWritesOfEveryKind: a write that Cut ends before its effect changes no row, and one that Cut ends
// after its effect has changed all its rows.
func TestCutsAroundWritesOfEveryKind(t *testing.T) {
	for momento, hay := range map[sqldb.Moment]int{sqldb.Before: 2, sqldb.After: 4} {
		corte := func(nombre string, m sqldb.Moment) error {
			if nombre == "x" && m == momento {
				return errRoto
			}
			return nil
		}
		for motor, d := range motores(t, corte) {
			for nombre, f := range map[string]func() error{
				"one": func() error { _, err := d.WriteStatement(t.Context(), "x", "insert into t values (2, 2)"); return err },
				"sole": func() error {
					return d.WriteSingle(t.Context(), "x", ejecutar("insert into t values (2, 2)"))
				},
				"lot": func() error { return d.WriteBatch(t.Context(), "x", orden(1, "insert into t values (?, 2)", 2)) },
			} {
				empezar(t, d)
				if err := f(); !errors.Is(err, errRoto) || len(filas(t, d)) != hay {
					t.Errorf("%s, %s, %v: %v, %v", motor, nombre, momento, err, filas(t, d))
				}
			}
		}
	}
}

// TestOneOfManyWinsAVersion: of many concurrent updates that compare the same version exactly one succeeds, from one
// process and from four.
func TestOneOfManyWinsAVersion(t *testing.T) {
	ds := motores(t, nil)
	handles := map[string][]*sqldb.DB{"SQLite": {ds["SQLite"]}}
	if ds["PostgreSQL"] != nil {
		handles["PostgreSQL"] = replicas(t, 4)
	}
	ganar := map[string]func(d *sqldb.DB, v int) (bool, error){
		"one": func(d *sqldb.DB, v int) (bool, error) {
			n, err := d.WriteStatement(
				t.Context(),
				"x",
				"update t set v = ? where id = 1 and v = ?",
				v+1,
				v,
			)
			return n == 1, err
		},
		"sole": func(d *sqldb.DB, v int) (gano bool, err error) {
			err = d.WriteSingle(t.Context(), "x", func(tx *gorm.DB) error {
				var vs []int
				err := tx.Raw("update t set v = ? where id = 1 and v = ? returning v", v+1, v).
					Scan(&vs).
					Error
				gano = len(vs) == 1
				return err
			})
			return gano, err
		},
		"lot": func(d *sqldb.DB, v int) (bool, error) {
			err := d.WriteBatch(
				t.Context(),
				"x",
				orden(1, "update t set v = ? where id = 1 and v = ?", v+1, v),
				orden(sqldb.AnyNumber, "insert into t values (?, 0)", v+10),
			)
			if errors.Is(err, sqldb.ErrRows) {
				return false, nil
			}
			return err == nil, err
		},
	}
	for motor, ds := range handles {
		for nombre, f := range ganar {
			t.Run(motor+": "+nombre, func(t *testing.T) {
				empezar(t, ds[0])
				for v := 1; v <= 5; v++ {
					var wg sync.WaitGroup
					var mu sync.Mutex
					ganan := 0
					for i := range 8 {
						wg.Go(func() {
							gano, err := f(ds[i%len(ds)], v)
							mu.Lock()
							defer mu.Unlock()
							if err != nil {
								t.Error(err)
							}
							if gano {
								ganan++
							}
						})
					}
					wg.Wait()
					if ganan != 1 {
						t.Errorf("version %d: %d won", v, ganan)
					}
				}
			})
		}
	}
}

// TestDeferredOutsideOfAWrite: Defer fails outside of a write, because no later statement would send its statement.
func TestDeferredOutsideOfAWrite(t *testing.T) {
	for motor, d := range motores(t, nil) {
		if err := diferida(d.Read(t.Context()), 1, "update t set v = ?", 3); err == nil {
			t.Errorf("%s: taken", motor)
		}
		if got := filas(t, d); len(got) != 0 {
			t.Errorf("%s: %v", motor, got)
		}
	}
}

// TestSoleRefusesASecondStatement: on a server a second statement of WriteSingle would be a write of its own, so it
// fails.
func TestSoleRefusesASecondStatement(t *testing.T) {
	d, ok := motores(t, nil)["PostgreSQL"]
	if !ok {
		t.Skip("SKIPPED: a file makes one transaction of both")
	}
	empezar(t, d)
	err := d.WriteSingle(t.Context(), "x", func(tx *gorm.DB) error {
		return errors.Join(
			tx.Exec("update t set v = 2").Error,
			tx.Exec("insert into t values (2, 2)").Error,
			tx.Raw("delete from t returning v").Scan(new([]int)).Error,
		)
	})
	if got := filas(t, d); err == nil || !slices.Equal(got, []int{1, 2}) {
		t.Errorf("%v, %v", got, err)
	}
}

// TestSoleStatementsAreSerializable: the rows that concurrent calls of WriteSingle return are those of some serial
// order, although the server reports a conflict after the last row.
func TestSoleStatementsAreSerializable(t *testing.T) {
	if sqldbtest.Database(t) == "" {
		t.Skip("SKIPPED: " + sqldbtest.Variable + " names no PostgreSQL server")
	}
	ds := replicas(t, 4)
	empezar(t, ds[0])
	dados := make([][]int, 8)
	var wg sync.WaitGroup
	for i := range dados {
		wg.Go(func() {
			for n := range 10 {
				var vs []int
				err := ds[i%len(ds)].WriteSingle(t.Context(), "x", func(tx *gorm.DB) error {
					return tx.Raw("insert into t select ?, max(v) + 1 from t returning v", 100*i+n+2).
						Scan(&vs).
						Error
				})
				if err != nil {
					t.Error(err)
				}
				dados[i] = append(dados[i], vs...)
			}
		})
	}
	wg.Wait()
	todos := slices.Sorted(slices.Values(slices.Concat(dados...)))
	for i, v := range todos {
		if v != i+2 {
			t.Fatalf("given back %v", todos)
		}
	}
	if got := filas(t, ds[0]); len(got) != 2*81 || len(todos) != 80 {
		t.Errorf("%d values given, %d rows", len(todos), len(got)/2)
	}
}
