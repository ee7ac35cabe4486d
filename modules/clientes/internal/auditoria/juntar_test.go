package auditoria

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/fault"
)

// libreta writes rows; a write takes a second.
type libreta struct {
	mu      sync.Mutex
	tandas  []int // rows of each write
	escrita []string
	falla   func(filas []fila) error
}

func (l *libreta) escribir(ctx context.Context, filas []fila) error {
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tandas = append(l.tandas, len(filas))
	if l.falla != nil {
		if err := l.falla(filas); err != nil {
			return err
		}
	}
	for _, f := range filas {
		l.escrita = append(l.escrita, f.ID)
	}
	return nil
}

var errFila = errors.New("this row cannot be written")

func conID(id string) func(fila) bool { return func(f fila) bool { return f.ID == id } }

// TestThoseWhoWaitAreWrittenTogether: callers that come while a write is under way share the next write. No caller is
// answered before the write that covers its rows. Rows that cannot be written fail for their own caller alone.
func TestThoseWhoWaitAreWrittenTogether(t *testing.T) {
	tests := map[string]struct {
		porUno   int // rows of each caller
		falla    func([]fila) error
		tandas   []int
		fallidos map[int]error         // by caller
		fin      map[int]time.Duration // when some callers are answered
	}{
		"five": {porUno: 1, tandas: []int{1, 4},
			fin: map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 4: 2 * time.Second}},
		"more rows than one write takes": {porUno: 300, tandas: []int{300, 300, 300, 300, 300},
			fin: map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 4: 5 * time.Second}},
		"one of them cannot be written": {porUno: 1, falla: func(fs []fila) error {
			if slices.ContainsFunc(fs, conID("2.0")) {
				return errFila
			}
			return nil
		}, tandas: []int{1, 4, 1, 1, 1, 1}, fallidos: map[int]error{2: errFila},
			fin: map[int]time.Duration{1: 3 * time.Second}},
		"one of them is a panic": {porUno: 1, falla: func(fs []fila) error {
			if slices.ContainsFunc(fs, conID("2.0")) {
				panic(errFila)
			}
			return nil
		}, tandas: []int{1, 4, 1, 1, 1, 1}, fallidos: map[int]error{2: nil}},
		"the store is away": {porUno: 1, falla: func(fs []fila) error {
			if fs[0].ID != "0.0" {
				return fault.ErrStoreAway
			}
			return nil
		}, tandas: []int{1, 4}, fallidos: map[int]error{
			1: fault.ErrStoreAway, 2: fault.ErrStoreAway, 3: fault.ErrStoreAway, 4: fault.ErrStoreAway,
		},
			fin: map[int]time.Duration{4: 2 * time.Second}},
	}
	for nombre, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			l, j, inicio := &libreta{falla: tt.falla}, &junta{}, time.Now()
			var wg sync.WaitGroup
			for n := range 5 {
				filas := make([]fila, tt.porUno)
				for i := range filas {
					filas[i].ID = fmt.Sprintf("%d.%d", n, i)
				}
				wg.Go(func() {
					err := j.anexar(t.Context(), filas, l.escribir)
					if quiere, falla := tt.fallidos[n]; (err != nil) != falla ||
						quiere != nil && !errors.Is(err, quiere) {
						t.Errorf("%s: caller %d got %v, want %v", nombre, n, err, quiere)
					}
					l.mu.Lock()
					escrita := slices.Contains(l.escrita, filas[0].ID)
					l.mu.Unlock()
					if escrita != (err == nil) {
						t.Errorf(
							"%s: caller %d was answered %v, and is written: %v",
							nombre,
							n,
							err,
							escrita,
						)
					}
					if d, hay := tt.fin[n]; hay && time.Since(inicio) != d {
						t.Errorf(
							"%s: caller %d was answered after %s, want %s",
							nombre,
							n,
							time.Since(inicio),
							d,
						)
					}
				})
				synctest.Wait() // one after another
			}
			wg.Wait()
			synctest.Wait()
			if !slices.Equal(l.tandas, tt.tandas) {
				t.Errorf("%s: writes of %v rows, want %v", nombre, l.tandas, tt.tandas)
			}
			l.falla = nil
			if err := j.anexar(t.Context(), []fila{{ID: "last"}}, l.escribir); err != nil ||
				j.ocupada {
				t.Errorf("%s: the next one: %v, still busy: %v", nombre, err, j.ocupada)
			}
		})
	}
}

// TestWhoGivesUpCostsNobody: a caller that gives up does not end the write of the others, whether it was the first or
// not.
func TestWhoGivesUpCostsNobody(t *testing.T) {
	for deja := range 3 {
		synctest.Test(t, func(t *testing.T) {
			l, j := &libreta{}, &junta{}
			var wg sync.WaitGroup
			for n := range 3 {
				ctx, soltar := context.WithCancel(t.Context())
				defer soltar()
				wg.Go(func() {
					err := j.anexar(ctx, []fila{{ID: fmt.Sprint(n)}}, l.escribir)
					if quiere := map[bool]error{true: context.Canceled}[n == deja]; !errors.Is(
						err,
						quiere,
					) {
						t.Errorf("%d gives up: caller %d got %v", deja, n, err)
					}
				})
				synctest.Wait()
				if n == deja {
					soltar()
					synctest.Wait()
				}
			}
			wg.Wait()
			synctest.Wait()
		})
	}
}
