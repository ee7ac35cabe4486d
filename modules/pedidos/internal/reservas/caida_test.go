package reservas

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// TestAMutationThatPanics: an operation that panics is answered with an error. The operations of the same pass happen,
// once, and so do later ones.
func TestAMutationThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caidas := 0
		f := &falsa{
			es:      map[string]existencias.Existencia{},
			movs:    map[string]existencias.Movimiento{},
			lapidas: map[existencias.Clave]bool{},
		}
		a := New(
			f,
			time.Now,
			aires,
			guard.Guard{Log: slog.New(slog.DiscardHandler), Caught: func(string) { caidas++ }},
		)
		veces := map[string]int{}
		pedir := func(nombre string, aplicar func(d *documento) error) <-chan error {
			fin := make(chan error, 1)
			go func() {
				contada := func(ds []*documento) error { veces[nombre]++; return aplicar(ds[0]) }
				o := &operacion{partes: []parte{nuevaParte("p", "d")}, aplicar: contada}
				fin <- a.cola.pedir(context.Background(), o)
			}()
			return fin
		}
		lider := make(chan struct{})
		primera := pedir("first", func(*documento) error { <-lider; return nil })
		synctest.Wait()
		buena := pedir("good", func(*documento) error { return nil })
		mala := pedir("bad", func(d *documento) error { d.cambiado = true; panic("a rule") })
		synctest.Wait()
		close(lider)
		caida := new(guard.Panic)
		if err := <-mala; !errors.As(err, &caida) {
			t.Errorf("the panic was answered with %v", err)
		}
		for _, fin := range []<-chan error{primera, buena, pedir("later", func(*documento) error { return nil })} {
			if err := <-fin; err != nil {
				t.Error(err)
			}
		}
		if veces["bad"] != 1 || caidas != 1 || f.guardados != 0 {
			t.Errorf("applied %v, %d panics counted, %d saves", veces, caidas, f.guardados)
		}
	})
}

// lapidario has quedan tombstones that may be removed.
type lapidario struct {
	store.Existencias
	quedan int
}

func (l *lapidario) LimpiarLapidas(_ context.Context, _ time.Time, limite int) (int, error) {
	n := min(limite, l.quedan)
	l.quedan -= n
	return n, nil
}

// TestEveryTombstoneGoes: tombstones go as fast as they come: one call of Limpiar removes all that may be removed.
func TestEveryTombstoneGoes(t *testing.T) {
	for _, hay := range []int{0, 1, limpiarDeUna, 17*limpiarDeUna + 1} {
		l := &lapidario{quedan: hay}
		n, err := New(l, time.Now, aires, guard.Guard{}).Limpiar(t.Context())
		if n != hay || l.quedan != 0 || err != nil {
			t.Errorf("of %d tombstones %d went and %d stay: %v", hay, n, l.quedan, err)
		}
	}
}
