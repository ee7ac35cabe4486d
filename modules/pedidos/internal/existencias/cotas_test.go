package existencias

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// TestBatchesAreBounded: the 201st batch is not taken in. More units of a batch that is there are taken in, and so are
// units that come back.
func TestBatchesAreBounded(t *testing.T) {
	e, vence := New("p", "d"), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	entra := func(i int, lote string) error {
		return e.Mover(Movimiento{ID: fmt.Sprint(i), Cantidad: 1}, lote, &vence)
	}
	for i := range MaxLotes {
		if err := entra(i, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := entra(1_000, "otro"); !errors.Is(err, ErrLotes) || e.Libre() != MaxLotes {
		t.Errorf("one batch more: %v, %d free", err, e.Libre())
	}
	if err := entra(1_001, "7"); err != nil {
		t.Errorf("more of a batch: %v", err)
	}
	c := Clave{Pedido: "x", Intento: 1, Vuelta: 1}
	if err := e.Reservar(c, Demanda{Cantidad: 1}); err != nil {
		t.Fatal(err)
	}
	if err := entra(1_002, "otro"); err != nil {
		t.Errorf("once one is gone: %v", err)
	}
	e.Liberar(c)
	if len(e.Lotes) != MaxLotes+1 || e.Libre() != MaxLotes+2 {
		t.Errorf("%d batches, %d free after a release", len(e.Lotes), e.Libre())
	}
}
