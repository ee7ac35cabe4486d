package promesas_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// sqlTextSchema has every kind of thing that a text of SQL has to carry.
const sqlTextSchema = `
create table "odd ""name""" (
n integer primary key autoincrement, "a ""column""" text not null -- with a comment; and an end
);
create table valores (n bigint, v, primary key (n)) without rowid;
create table padres (id text primary key, x real check (x is null or x >= -1e300));
create table hijos (padre text references padres (id), n integer, doble generated always as (n * 2) virtual);
create index "hijos by n" on hijos (n) where n > 1;
create unique index valores_n on valores (n desc);
create view vista as select n from hijos;
create table huellas (cual text);
create trigger cuenta after insert on hijos begin insert into huellas values ('inserted; ' || new.n); end;
insert into "odd ""name""" values (7, 'uno'), (41, 'dos');
delete from "odd ""name""" where n = 41;
insert into hijos (padre, n) values ('nobody''s', 3), (null, 1), (null, 2);
delete from hijos where n = 1;
pragma user_version = 12;
pragma application_id = -77;
`

// sqlTextValues are values that a careless text changes.
var sqlTextValues = []any{
	nil, int64(0), int64(math.MaxInt64), int64(math.MinInt64), int64(1 << 53), 0.1, 1.0, -2.5e-300, math.MaxFloat64,
	math.SmallestNonzeroFloat64, 1.0 / 3, math.Inf(1), math.Inf(-1),
	"", "plain", "it's", `a "b" 'c' ''`, "two\nlines\r\n", "a\x00b\x00", "\x00", "12", "1.50", "null", "X'00'",
	"tab\tand ü ñ 漢字 🍞", "not \xff UTF-8", " leading and trailing ", "-- no comment; /*", `back\slash`, "\u2028",
	[]byte{}, []byte{0, 1, 2, 255}, []byte("text as a blob"),
}

// sqlTextSample makes a file with that schema and those values.
func sqlTextSample(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sample.db")
	db := sqlTextHandle(t, file)
	if _, err := db.ExecContext(t.Context(), "pragma journal_mode = wal;"+sqlTextSchema); err != nil {
		t.Fatal(err)
	}
	for i, v := range sqlTextValues {
		if _, err := db.ExecContext(t.Context(), "insert into valores values (?, ?)", i, v); err != nil {
			t.Fatal(err)
		}
	}
	return file // the handle stays open: the last rows are in the WAL
}

func sqlTextHandle(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := openSQLText(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// TestSQLTextIsExact writes a file as text, loads the text and compares two things: the text of the copy, and the
// values and settings of the copy as SQL reads them, without this text.
func TestSQLTextIsExact(t *testing.T) {
	t.Parallel()
	file, copied := sqlTextSample(t), filepath.Join(t.TempDir(), "copy.db")
	text := sqlTextMust(t, file)
	if err := loadSQLText(t.Context(), copied, text); err != nil {
		t.Fatal(err)
	}
	if again := sqlTextMust(t, copied); again != text {
		t.Errorf("the copy's text is\n%s\nthe file's was\n%s", again, text)
	}
	if n := strings.Count(text, "\ninsert into "); n != len(sqlTextValues)+7 {
		t.Errorf(
			"%d lines begin with an insert, %d rows were made:\n%s",
			n,
			len(sqlTextValues)+7,
			text,
		)
	}
	compareSQLValues(t, sqlTextHandle(t, copied))
	compareSQLFacts(t, sqlTextHandle(t, copied))
	compareSQLSequence(t, sqlTextHandle(t, copied))
	if err := loadSQLText(t.Context(), copied, text); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over a file that is there: %v", err)
	}
}

func sqlTextMust(t *testing.T, file string) string {
	t.Helper()
	text, err := sqlTextOf(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// compareSQLValues reads the table valores of a copy back.
func compareSQLValues(t *testing.T, db *sql.DB) {
	t.Helper()
	for i, want := range sqlTextValues {
		var got any
		if err := db.QueryRowContext(t.Context(), "select v from valores where n = ?", i).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if empty, isBlob := got.([]byte); isBlob && len(empty) == 0 {
			got = []byte{} // the driver gives nil for an empty blob, and an untyped nil for NULL
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("value %d is %#v, want %#v", i, got, want)
		}
	}
}

// compareSQLFacts checks, by SQL, that the schema of a copy works, and the values that a loader may lose or write
// twice.
func compareSQLFacts(t *testing.T, db *sql.DB) {
	t.Helper()
	for query, want := range map[string]string{
		"pragma user_version":   "12",
		"pragma application_id": "-77",
		"select seq from sqlite_sequence where name = 'odd \"name\"'":           "41",
		"select group_concat(doble, ' ') from hijos":                            "6 4",
		"select group_concat(cual, ' ') from huellas":                           "inserted; 3 inserted; 1 inserted; 2",
		"select count(*) from sqlite_schema where type in ('index', 'trigger')": "4",
		"select wr from pragma_table_list where name = 'valores'":               "1",
		"select n from vista limit 1":                                           "3",
	} {
		var got string
		if err := db.QueryRowContext(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", query, got, want, err)
		}
	}
}

// compareSQLSequence inserts a row: its number follows the highest one that ever was.
func compareSQLSequence(t *testing.T, db *sql.DB) {
	t.Helper()
	var n int
	insert := `insert into "odd ""name""" ("a ""column""") values ('x') returning n`
	if err := db.QueryRowContext(t.Context(), insert).Scan(&n); err != nil || n != 42 {
		t.Errorf("the next row is %d, want 42 (%v)", n, err)
	}
}

// TestSQLTextRefuses: a file that text cannot hold is an error. A text with a fault in it is an error too, and no
// statement of it stays.
func TestSQLTextRefuses(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "statistics.db")
	db := sqlTextHandle(t, file)
	const statistics = "create table a (b); create index c on a (b); insert into a values (1); analyze"
	if _, err := db.ExecContext(t.Context(), statistics); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlTextOf(t.Context(), file); err == nil ||
		!strings.Contains(err.Error(), "sqlite_stat1") {
		t.Errorf("statistics: %v", err)
	}
	broken := filepath.Join(t.TempDir(), "broken.db")
	const faulty = "begin;\ncreate table a (b);\ninsert into nowhere values (1);\ncommit;\n"
	if err := loadSQLText(t.Context(), broken, faulty); err == nil {
		t.Error("an insert into no table was taken")
	}
	if text := sqlTextMust(t, broken); strings.Contains(text, "create table") {
		t.Errorf("half a text stays:\n%s", text)
	}
}
