package sqldb

import (
	"errors"
	"testing"

	"gorm.io/gorm"
)

func TestOne(t *testing.T) {
	d := conValores(t)
	err := d.Write(t.Context(), "x", func(tx *gorm.DB) error {
		return errors.Join(tx.Create([]valor{{ID: 1, S: ptr("a")}, {ID: 2, S: ptr("a")}}).Error,
			tx.Exec("insert into v (id, s, n) values (3, 'b', 'siete')").Error)
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		s          string
		id         int
		unreadable bool
	}{
		"the first of two": {s: "a", id: 1},
		"none":             {s: "c"},
		"of another type":  {s: "b", unreadable: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v, ok, err := One[valor](d.Read(t.Context()).Where("s = ?", tt.s).Order("id"))
			if v.ID != tt.id || ok != (tt.id > 0) || Unreadable(err) != tt.unreadable ||
				!tt.unreadable && err != nil {
				t.Errorf("got %d, %v, %v", v.ID, ok, err)
			}
		})
	}
}

// TestScan: the columns of one row, and every error, also one that comes behind it.
func TestScan(t *testing.T) {
	d := conValores(t)
	for name, tt := range map[string]struct {
		text       string
		ok, broken bool
	}{
		"a row":                  {text: "select 7", ok: true},
		"the first of two":       {text: "select 7 union all select 8", ok: true},
		"none":                   {text: "select 7 where 1 = 2"},
		"of another type":        {text: "select 'siete'", broken: true},
		"no statement":           {text: "select", broken: true},
		"an error behind a row":  {text: "select 7 union all select abs(-9223372036854775808)", broken: true},
		"an error before a row":  {text: "select abs(-9223372036854775808)", broken: true},
		"more columns than dest": {text: "select 7, 8", broken: true},
	} {
		n := 0
		ok, err := Scan(d.Read(t.Context()).Raw(tt.text), &n)
		if ok != tt.ok || (err != nil) != tt.broken || ok && n != 7 {
			t.Errorf("%s: %d %v %v", name, n, ok, err)
		}
	}
}
