package sqldb

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"gorm.io/gorm"
)

// filaDeT is a row of the table t.
type filaDeT struct {
	ID int `gorm:"primaryKey"`
	V  int
}

func (filaDeT) TableName() string { return "t" }

func BenchmarkEscribir(b *testing.B) {
	for _, n := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := nueva(b, filepath.Join(b.TempDir(), "a.db"), nil)
			b.ReportAllocs()
			b.SetParallelism(n)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := d.Write(context.Background(), "b", func(tx *gorm.DB) error {
						return tx.Exec("insert into t (v) values (1)").Error
					}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}

// llena opens a store with a thousand rows in the table t.
func llena(b *testing.B) *DB {
	d := nueva(b, filepath.Join(b.TempDir(), "a.db"), nil)
	if err := d.Write(b.Context(), "llenar", func(tx *gorm.DB) error {
		return tx.Exec("with recursive c(n) as (select 1 union all select n+1 from c where n < 1000) " +
			"insert into t select n, n from c").Error
	}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	return d
}

func BenchmarkLeerPorClave(b *testing.B) {
	d := llena(b)
	// A context that can end, as a request's can.
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	for i := 0; b.Loop(); i++ {
		var f filaDeT
		if err := d.Read(ctx).Take(&f, "id = ?", i%1000+1).Error; err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEscribirPorClave(b *testing.B) {
	d := llena(b)
	for i := 0; b.Loop(); i++ {
		if err := d.Write(b.Context(), "b", func(tx *gorm.DB) error {
			return tx.Model(&filaDeT{}).Where("id = ?", i%1000+1).Update("v", i).Error
		}); err != nil {
			b.Fatal(err)
		}
	}
}
