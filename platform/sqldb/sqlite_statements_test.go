package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
)

// reader reserves one of the reading connections for the test, and gives the connection and its kept statements.
func reader(t *testing.T, d *DB) (*sql.Conn, *statementCache) {
	t.Helper()
	c, err := d.engine.(*sqliteDB).rs.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	var kept *statementCache
	if err := c.Raw(func(dc any) error { kept = dc.(*fileConn).kept; return nil }); err != nil {
		t.Fatal(err)
	}
	return c, kept
}

// ask runs a statement that returns one row with one number, and gives the number.
func ask(t *testing.T, conn *sql.Conn, text string, args ...any) (n int) {
	t.Helper()
	if err := conn.QueryRowContext(t.Context(), text, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestStatementsThatAreKept(t *testing.T) {
	long := func(i int) string { return fmt.Sprintf("select %d%s", i, strings.Repeat(" ", keptBytes)) }
	changing := func(i int) string { return fmt.Sprintf("select %d", i) }
	tests := map[string]struct {
		text func(i int) string
		runs int
		kept int
	}{
		"one that is run once is not": {changing, 1, 0},
		"one that is run again is":    {func(int) string { return "select 1" }, 2, 1},
		"and is kept once":            {func(int) string { return "select 1" }, 20, 1},
		"changing ones are not":       {changing, 3 * keptMax, 0},
		"as many as there is room for": {
			func(i int) string { return changing(i / 2) },
			4 * keptMax,
			keptMax,
		},
		"a long one is not": {func(int) string { return long(1) }, 3, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, kept := reader(t, nueva(t, filepath.Join(t.TempDir(), "a.db"), nil))
			for i := range tt.runs {
				ask(t, c, tt.text(i))
			}
			if n := kept.order.Len(); n != tt.kept || len(kept.byText) != n {
				t.Errorf(
					"%d statements are kept (%d by their text), want %d",
					n,
					len(kept.byText),
					tt.kept,
				)
			}
		})
	}
}

// TestChangingStatementsLeaveTheKeptOnes: a statement that runs often stays kept while many others run once.
func TestChangingStatementsLeaveTheKeptOnes(t *testing.T) {
	c, kept := reader(t, nueva(t, filepath.Join(t.TempDir(), "a.db"), nil))
	ask(t, c, "select 1")
	ask(t, c, "select 1")
	before := kept.byText["select 1"]
	for i := range 5 * keptMax {
		ask(t, c, "select 1 where 1 in ("+strings.Repeat("1,", i)+"1)")
	}
	if kept.byText["select 1"] != before || before == nil {
		t.Error("the statement was thrown out by others that were run once")
	}
}

func TestOneTextTwiceAtOnce(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	for i := range 3 {
		if err := poner(t.Context(), d, i); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Write(t.Context(), "anidada", func(tx *gorm.DB) error {
		for range 3 { // unkept, prepared, kept
			if got := pairs(tx); got != "00 01 02 10 11 12 20 21 22 " {
				return errors.New(got)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// pairs reads the table t while the rows of another run of the same statement are open on the same connection.
func pairs(tx *gorm.DB) (out string) {
	each := func(f func(id int)) {
		rows, err := tx.Raw("select id from t where v = ? order by id", 1).Rows()
		if err != nil {
			panic(err) // the writer's goroutine turns it into the error of the write
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() && len(out) < 100 { // two runs that shared a statement would never end
			var id int
			if err := rows.Scan(&id); err != nil {
				panic(err)
			}
			f(id)
		}
		if err := rows.Err(); err != nil {
			panic(err)
		}
	}
	each(func(a int) { each(func(b int) { out += fmt.Sprintf("%d%d ", a, b) }) })
	return out
}

// TestKeptStatementsSeeANewSchema runs statements until they are kept, changes the schema on another connection, and
// runs them again.
func TestKeptStatementsSeeANewSchema(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	c, kept := reader(t, d)
	columns := func() int {
		rows, err := c.QueryContext(t.Context(), "select * from t")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		names, err := rows.Columns()
		if err != nil || rows.Next() != true || rows.Err() != nil {
			t.Fatal(err, rows.Err())
		}
		return len(names)
	}
	if err := poner(t.Context(), d, 1); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ask(t, c, "select v from t where v = ?", 1)
		columns()
	}
	err := d.Write(t.Context(), "migrar", func(tx *gorm.DB) error {
		return errors.Join(
			tx.Exec("alter table t add column w integer not null default 7").Error,
			tx.Exec("create index t_v on t (v)").Error,
		)
	})
	if err != nil || kept.order.Len() != 2 {
		t.Fatalf("%v, %d statements are kept", err, kept.order.Len())
	}
	if n := ask(t, c, "select v from t where v = ?", 1); n != 1 || columns() != 3 {
		t.Errorf("value %d, %d columns", n, columns())
	}
	for range 3 {
		if err := poner(t.Context(), d, 2); err == nil {
			t.Fatal("two values for three columns")
		}
	}
}

// endless is a statement that ends only when it is interrupted.
const endless = "with recursive c(n) as (select 1 union all select n + 1 from c) select max(n) from c"

func TestAReadEndsWithItsContext(t *testing.T) {
	d := nueva(t, filepath.Join(t.TempDir(), "a.db"), nil)
	for range 3 { // unkept, prepared, kept
		ctx, stop := context.WithCancel(t.Context())
		var h heard
		d.engine.(*sqliteDB).seen.tell = h.hear
		time.AfterFunc(time.Millisecond, stop)
		var n int
		if err := d.Read(ctx).Raw(endless).Scan(&n).Error; !errors.Is(err, context.Canceled) {
			t.Fatalf("got %d, %v", n, err)
		}
		if got := contar(t, d); got != 0 {
			t.Fatalf("%d rows after it", got)
		}
	}
}
