package sqldb

import (
	"errors"
	"testing"

	"gorm.io/gorm"
)

func TestOne(t *testing.T) {
	d := conValores(t)
	err := d.Escribir(t.Context(), "x", func(tx *gorm.DB) error {
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
			v, ok, err := One[valor](d.Leer(t.Context()).Where("s = ?", tt.s).Order("id"))
			if v.ID != tt.id || ok != (tt.id > 0) || Unreadable(err) != tt.unreadable || !tt.unreadable && err != nil {
				t.Errorf("got %d, %v, %v", v.ID, ok, err)
			}
		})
	}
}
