package auditoria

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/platform/fault"
)

// buscadorDe answers every call with one error, and counts searches.
type buscadorDe struct {
	err       error
	busquedas int
}

func (d *buscadorDe) Enviar(context.Context, []Asiento) error { return d.err }
func (d *buscadorDe) Buscar(context.Context, Consulta) ([]Asiento, error) {
	d.busquedas++
	return nil, d.err
}
func (d *buscadorDe) Borrar(context.Context, string) error { return d.err }
func (d *buscadorDe) Cerrar() error                        { return nil }

func TestTheTrailIsReadyByItsLastCall(t *testing.T) {
	cae := fmt.Errorf("send: %w", ErrBuscador)
	tests := map[string]struct {
		llamada   error         // how the last call ended
		ahora     error         // how a call ends now
		pasan     time.Duration // since the last call
		veces     int           // how often it is asked whether it is ready
		falla     bool
		busquedas int
	}{
		"nothing was asked": {veces: 3},
		"it answered":       {pasan: time.Hour, veces: 3},
		"it did not": {
			llamada: cae,
			ahora:   cae,
			pasan:   9 * time.Second,
			veces:   50,
			falla:   true,
		},
		"one try after ten seconds": {
			llamada:   cae,
			ahora:     cae,
			pasan:     10 * time.Second,
			veces:     50,
			falla:     true,
			busquedas: 1,
		},
		"it is back, and nobody knows": {
			llamada: cae,
			pasan:   9 * time.Second,
			veces:   3,
			falla:   true,
		},
		"it is back, as the try says": {
			llamada:   cae,
			pasan:     10 * time.Second,
			veces:     3,
			busquedas: 1,
		},
		"an error of the records' own": {llamada: errors.New("no such record"), veces: 3},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			reloj := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
			d := &buscadorDe{err: tt.llamada}
			o := Observar(d, func() time.Time { return reloj })
			if tt.llamada != nil {
				if err := o.Enviar(t.Context(), nil); !errors.Is(err, tt.llamada) {
					t.Fatal(err)
				}
			}
			d.err, reloj = tt.ahora, reloj.Add(tt.pasan)
			var err error
			for range tt.veces {
				err = o.Listo(t.Context())
			}
			if errors.Is(err, fault.ErrStoreAway) != tt.falla || err != nil && !tt.falla ||
				d.busquedas != tt.busquedas {
				t.Errorf("%v after %d searches", err, d.busquedas)
			}
		})
	}
}
