package sqldb

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"despensa/platform/omitted"
	"testing/fstest"

	"gorm.io/gorm"
)

// cosa is a row of the tests below.
type cosa struct {
	ID string
	N  int64
}

// TableName implements gorm's Tabler.
func (cosa) TableName() string { return "cosas" }

func TestReadable(t *testing.T) {
	pasos := fstest.MapFS{
		"00001_x.sql": {
			Data: []byte(
				"-- +goose Up\ncreate table cosas (id text not null, n bigint not null);\n",
			),
		},
	}
	archivo := filepath.Join(t.TempDir(), "x.db")
	d, err := Open(t.Context(), Options{Name: "prueba", File: archivo, Migrations: pasos})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	err = d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		return tx.Exec(
			"insert into cosas (id, n) values ('a', 1), ('b', 'uno'), ('c', 3), ('d', x'00ff'), ('e', 5)",
		).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	buenas, rotas, err := Readable[cosa](d.Read(t.Context()).Order("id"))
	if err != nil || !slices.Equal(buenas, []cosa{{"a", 1}, {"c", 3}, {"e", 5}}) {
		t.Errorf("read %v: %v", buenas, err)
	}
	if len(rotas) != 2 || rotas[0]["id"] != "b" || rotas[1]["id"] != "d" {
		t.Errorf("broken: %v", rotas)
	}
	if n := d.Unreadable(); n != 2 {
		t.Errorf("%d counted", n)
	}
	var todas []cosa
	err = d.Read(t.Context()).Find(&todas).Error
	if !Unreadable(err) {
		t.Fatalf("read at once: %v", err)
	}
	r := Redact(fmt.Errorf("cosas: %w", err))
	if !Unreadable(r) || strings.Contains(r.Error(), "uno") ||
		!strings.Contains(r.Error(), `"n"`) {
		t.Errorf("redacted: %v", r)
	}
	if roto := errors.New("no"); !errors.Is(Redact(roto), roto) || Redact(nil) != nil {
		t.Error("other errors are changed")
	}
	if _, _, err := Readable[cosa](d.Read(t.Context()).Where("nada = 1")); err == nil ||
		Unreadable(err) {
		t.Errorf("a wrong query: %v", err)
	}
}

// TestFill: a page has as many rows as asked for although unreadable rows before its end are left out, unless the
// table has fewer.
func TestFill(t *testing.T) {
	for _, tt := range []struct {
		filas   string // one letter a row; x: unreadable
		limite  int
		got     string
		omitted int
	}{
		{"abc", 2, "ab", 0},
		{"xxabc", 2, "ab", 2},
		{"axbxc", 3, "abc", 2},
		{"xxx", 2, "", 3},
		{"", 2, "", 0},
		{"abx", 2, "ab", 0},
	} {
		ctx := omitted.With(t.Context())
		got, omitidas, err := Fill(
			ctx,
			tt.limite,
			func(n int) (buenas []byte, rotas int, err error) {
				for _, c := range []byte(tt.filas)[:min(n, len(tt.filas))] {
					if c == 'x' {
						rotas++
						continue
					}
					buenas = append(buenas, c)
				}
				return buenas, rotas, nil
			},
		)
		if string(got) != tt.got || omitidas != tt.omitted ||
			omitted.Count(ctx) != tt.omitted ||
			err != nil {
			t.Errorf("%d of %q: %q, %d left out, %v", tt.limite, tt.filas, got, omitidas, err)
		}
	}
	roto := errors.New("no")
	_, _, err := Fill(
		t.Context(),
		1,
		func(int) ([]byte, int, error) { return nil, 0, fmt.Errorf("%w", roto) },
	)
	if !errors.Is(err, roto) {
		t.Error(err)
	}
}
