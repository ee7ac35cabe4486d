package store_test

import (
	"testing"
	"time"

	"despensa/modules/pagos/internal/cobros"

	"gorm.io/gorm"
)

// aChangeOfWhatIsInHand: it is applied to the version in hand where the row still has it, and to the row as it stands
// where it does not; either way once, and it loses nothing that another writer did.
func aChangeOfWhatIsInHand(t *testing.T, b *banco) {
	tests := map[string]struct {
		otro    bool // another writer is first
		hacer   func(f *cobros.Ficha) error
		veces   int // that the change is tried
		version int64
		quiero  error
	}{
		"as the row is":         {false, func(f *cobros.Ficha) error { f.Sondeos++; return nil }, 1, 2, nil},
		"after another":         {true, func(f *cobros.Ficha) error { f.Sondeos++; return nil }, 2, 3, nil},
		"that changes nothing":  {false, func(*cobros.Ficha) error { return nil }, 2, 1, nil},
		"that is refused":       {true, func(*cobros.Ficha) error { return errHacer }, 2, 2, errHacer},
		"with a refund":         {false, devolver, 1, 2, nil},
		"with a refund, second": {true, devolver, 2, 3, nil},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			b.vaciar(t)
			enMano := b.guardar(t, 1, func(f *cobros.Ficha) { f.Sondeos, f.Cuotas = 0, 1 })
			if tt.otro {
				_, err := b.Cambiar(t.Context(), cambio(1, func(f *cobros.Ficha) error { f.Cuotas = 7; return nil }))
				bien(t, err)
			}
			veces := 0
			c := cambio(1, func(f *cobros.Ficha) error { veces++; return tt.hacer(f) })
			c.Desde = &enMano
			f, err := b.Cambiar(t.Context(), c)
			igual(t, "tries", veces, tt.veces)
			hay, _, e := b.Ficha(t.Context(), c.ID)
			bien(t, e)
			igual(t, "version", hay.Version, tt.version)
			igual(t, "the other's change", hay.Cuotas == 7, tt.otro)
			igual(t, "in hand", enMano.Version, 1)
			if falla(t, err, tt.quiero); err == nil {
				igual(t, "given", f.Cobro, hay.Cobro)
				igual(t, "refunds", len(hay.Reembolsos), len(f.Reembolsos))
			}
		})
	}
}

// devolver takes the money and asks for a refund of a part.
func devolver(f *cobros.Ficha) error {
	f.Cobrado = f.Monto
	f.Reembolsos = append(f.Reembolsos, cobros.Reembolso{ID: "r", Monto: 1, Estado: cobros.Pedido, Orden: 1})
	return nil
}

// refundsThatNobodyNoted: a writer that does not know of sin_reembolsos, such as an earlier release, changes the row and
// its refunds: they are read.
func refundsThatNobodyNoted(t *testing.T, b *banco) {
	cobrado := b.guardar(t, 1, func(f *cobros.Ficha) { f.Cobrado = f.Monto })
	bien(t, b.db.Escribir(t.Context(), "viejo", func(tx *gorm.DB) error {
		err := tx.Exec("insert into reembolsos (cobro, id, orden, monto, estado, ajeno) values (?, 'r', 1, 5, 'pedido', '')",
			cobrado.ID).Error
		if err == nil {
			err = tx.Exec("update cobros set version = version + 1, cambiado = ? where id = ?", time.Now().UnixMilli(), cobrado.ID).Error
		}
		return err
	}))
	hay, _, err := b.Ficha(t.Context(), cobrado.ID)
	bien(t, err)
	igual(t, "refunds", len(hay.Reembolsos), 1)
}
