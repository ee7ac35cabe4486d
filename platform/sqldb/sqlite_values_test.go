package sqldb

import (
	"errors"
	"math"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
)

var valores = fstest.MapFS{"00001_inicio.sql": {Data: []byte(
	"-- +goose Up\ncreate table v (id integer primary key, cuando {{.TS}}, si {{.Bool}}, b {{.Blob}},\n" +
		"n integer, s text, k text unique);\n",
)}}

// valor is a row of the table v.
type valor struct {
	ID     int `gorm:"primaryKey"`
	Cuando *time.Time
	Si     *bool
	B      []byte
	N      *int64
	S      *string
	K      *string
}

func (valor) TableName() string { return "v" }

func conValores(t *testing.T) *DB {
	t.Helper()
	archivo := filepath.Join(t.TempDir(), "v.db")
	d, err := Open(t.Context(), Options{Name: "prueba", File: archivo, Migrations: valores})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// TestTimesOfOlderFiles reads times in the text forms that the drivers of earlier releases, and SQLite itself, wrote.
func TestTimesOfOlderFiles(t *testing.T) {
	moment := time.Date(2026, 3, 3, 12, 4, 5, 678_900_000, time.UTC)
	tests := map[string]time.Time{
		"2026-03-03 12:04:05.6789+00:00":            moment,
		"2026-03-03 09:04:05.6789-03:00":            moment,
		"2026-03-03T12:04:05.6789+00:00":            moment,
		"2026-03-03 12:04:05.6789Z":                 moment,
		"2026-03-03 12:04:05":                       moment.Truncate(time.Second),
		"2026-03-03 12:04":                          moment.Truncate(time.Minute),
		"2026-03-03":                                moment.Truncate(24 * time.Hour),
		"2026-03-03 12:04:05.6789 +0000 UTC":        moment,
		"2026-03-03 12:04:05.6789 +0000 UTC m=+1.5": moment,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			d := conValores(t)
			err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
				return tx.Exec("insert into v (id, cuando) values (1, ?)", text).Error
			})
			var got valor
			if err = errors.Join(err, d.Read(t.Context()).Take(&got).Error); err != nil {
				t.Fatal(err)
			}
			if !got.Cuando.Equal(want) || got.Cuando.Location() != time.UTC {
				t.Errorf("got %v, want %v", got.Cuando, want)
			}
		})
	}
}

func TestTimesAreWrittenAsBefore(t *testing.T) {
	d := conValores(t)
	lejos := time.Date(2026, 3, 3, 9, 4, 5, 678_900_000, time.FixedZone("", -3*3600))
	var text string
	err := d.Write(
		t.Context(),
		"x",
		func(tx *gorm.DB) error { return tx.Create(&valor{ID: 1, Cuando: &lejos}).Error },
	)
	err = errors.Join(
		err,
		d.Read(t.Context()).Raw("select cast(cuando as text) from v").Scan(&text).Error,
	)
	if want := "2026-03-03 12:04:05.6789+00:00"; err != nil || text != want {
		t.Errorf("got %q, %v, want %q", text, err, want)
	}
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	tests := map[string]valor{
		"nothing": {},
		"zeroes":  {Si: new(bool), N: new(int64), S: new(string), K: new(string)},
		"limits": {
			Si: ptr(true),
			N:  ptr(int64(math.MinInt64)),
			S:  ptr("a\x00ñ日\xff"),
			B:  []byte{1, 0, 255},
		},
		"most": {N: ptr(int64(math.MaxInt64)), S: ptr("'\"`?")},
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			d := conValores(t)
			want.ID = 1
			for range 3 { // unkept, prepared, kept
				err := d.Write(
					t.Context(),
					"x",
					func(tx *gorm.DB) error { return tx.Save(&want).Error },
				)
				var got valor
				if err = errors.Join(err, d.Read(t.Context()).Take(&got, 1).Error); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

// TestBlobsKeepTheirType: a []byte is stored as a blob, an empty one too; the checks of encrypted columns require it.
func TestBlobsKeepTheirType(t *testing.T) {
	for want, b := range map[string][]byte{"null": nil, "blob 0": {}, "blob 1": {7}} {
		d := conValores(t)
		err := d.Write(
			t.Context(),
			"x",
			func(tx *gorm.DB) error { return tx.Create(&valor{B: b}).Error },
		)
		var got string
		const tipo = "select typeof(b) || coalesce(' ' || length(b), '') from v"
		err = errors.Join(err, d.Read(t.Context()).Raw(tipo).Scan(&got).Error)
		if err != nil || got != want {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}

func TestErrorsOfAKey(t *testing.T) {
	tests := map[string]struct {
		orden string
		want  error
	}{
		"primary key": {"insert into v (id) values (1)", gorm.ErrDuplicatedKey},
		"unique":      {"insert into v (k) values ('k')", gorm.ErrDuplicatedKey},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := conValores(t)
			poner := func(orden string) error {
				return d.Write(
					t.Context(),
					"x",
					func(tx *gorm.DB) error { return tx.Exec(orden).Error },
				)
			}
			if err := poner("insert into v (id, k) values (1, 'k')"); err != nil {
				t.Fatal(err)
			}
			if err := poner(tt.orden); !errors.Is(err, tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestARowOfAnotherType: SQLite stores a text in an integer column; Readable reports the row as broken, and Take fails
// with an error that Unreadable knows.
func TestARowOfAnotherType(t *testing.T) {
	d := conValores(t)
	err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		return tx.Exec("insert into v (n) values ('siete')").Error
	})
	if err != nil {
		t.Fatal(err)
	}
	rows, broken, err := Readable[valor](d.Read(t.Context()))
	if err != nil || len(rows) != 0 || len(broken) != 1 || broken[0]["n"] != "siete" {
		t.Errorf("%v, %v, %v", rows, broken, err)
	}
	var v valor
	if err := d.Read(t.Context()).Take(&v).Error; !Unreadable(err) {
		t.Errorf("got %v", err)
	}
}

func TestLimits(t *testing.T) {
	d := conValores(t)
	err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		return tx.Create([]valor{{ID: 1}, {ID: 2}, {ID: 3}, {ID: 4}}).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		limit, offset int
		want          []int
	}{
		"one":         {1, -1, []int{1}},
		"none":        {0, -1, nil},
		"two":         {2, -1, []int{1, 2}},
		"all":         {-1, -1, []int{1, 2, 3, 4}},
		"two further": {2, 1, []int{2, 3}},
		"rest":        {-1, 2, []int{3, 4}},
		"one further": {1, 3, []int{4}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []int
			pagina := d.Read(t.Context()).
				Model(&valor{}).
				Order("id").
				Limit(tt.limit).
				Offset(tt.offset)
			if err := pagina.Pluck("id", &got).Error; err != nil {
				t.Fatal(err)
			}
			if len(got) != len(tt.want) || len(got) > 0 && !cmp.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
