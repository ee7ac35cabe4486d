package store_test

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
)

// aCharge comes back as it was stored, every member of it.
func aCharge(t *testing.T, banco *banco) {
	quiero := cobroEntero(1)
	sinLlenar := map[string]bool{"Cobrado": true,
		"Reembolsado": true} // there are no refunds before money was taken
	v := reflect.ValueOf(quiero.Cobro)
	for i := range v.NumField() {
		if v.Field(i).IsZero() && !sinLlenar[v.Type().Field(i).Name] {
			t.Errorf("the example has no %s", v.Type().Field(i).Name)
		}
	}
	hecha := banco.guardar(t, 1, como)
	igual(t, "as it was made", hecha.Cobro, quiero.Cobro)
	hay, ok, err := banco.PorID(t.Context(), quiero.ID)
	bien(t, err)
	igual(t, "there", ok, true)
	igual(t, "as it is read", hay.Cobro, quiero.Cobro)

	vacia := cobroEntero(2)
	vacia.Hasta, vacia.Mirado, vacia.Debe, vacia.Vence = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	banco.guardar(t, 2, func(f *cobros.CobroEntero) { *f = vacia })
	hay, _, err = banco.PorID(t.Context(), vacia.ID)
	bien(t, err)
	igual(t, "without its times", hay.Cobro, vacia.Cobro)

	_, ok, err = banco.PorID(t.Context(), "x")
	bien(t, err)
	igual(t, "one that there is not", ok, false)
}

func aChargeBeginsOnce(t *testing.T, banco *banco) {
	banco.guardar(t, 1, como)
	otra := cobroEntero(1)
	otra.Monto = 99
	hay, nueva, err := banco.Iniciar(t.Context(), otra)
	bien(t, err)
	igual(t, "new", nueva, false)
	igual(t, "amount", hay.Monto, 20_000)
	leida, _, err := banco.PorID(t.Context(), otra.ID)
	bien(t, err)
	igual(t, "amount stored", leida.Monto, 20_000)
}

// manyBeginOneCharge: twenty at once, one of them makes it.
func manyBeginOneCharge(t *testing.T, banco *banco) {
	var nuevas atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, nueva, err := banco.Iniciar(t.Context(), cobroEntero(1))
			if err != nil {
				t.Error(err)
			}
			if nueva {
				nuevas.Add(1)
			}
		})
	}
	wg.Wait()
	igual(t, "made", nuevas.Load(), 1)
}

// aChange: a change is saved as the next version, is announced where its Estado differs, and leaves no trace when it
// is refused or changes nothing.
func aChange(t *testing.T, banco *banco) {
	cobrado := func(f *cobros.CobroEntero) error {
		f.Estado, f.Cobrado, f.Reembolsado = pagos.Cobrado, 20_000, 500
		return nil
	}
	negado := func(f *cobros.CobroEntero) error {
		f.Reembolsos = append(f.Reembolsos, cobros.Reembolso{ID: "r", Monto: 1, Orden: 1})
		return errors.Join(cobrado(f), errHacer)
	}
	tests := map[string]struct {
		hacer    func(f *cobros.CobroEntero) error
		calla    bool // the change writes no notice
		version  int64
		estado   pagos.Estado
		avisados int64
		quiero   error
	}{
		"of its state":     {hacer: cobrado, version: 2, estado: pagos.Cobrado, avisados: 1},
		"without a notice": {hacer: cobrado, calla: true, version: 2, estado: pagos.Cobrado},
		"of something else": {
			hacer:   func(f *cobros.CobroEntero) error { f.Sondeos++; return nil },
			version: 2,
			estado:  pagos.Pendiente,
		},
		"of nothing": {
			hacer:   func(*cobros.CobroEntero) error { return nil },
			version: 1,
			estado:  pagos.Pendiente,
		},
		"that is refused": {
			hacer:   negado,
			version: 1,
			estado:  pagos.Pendiente,
			quiero:  errHacer,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			banco.vaciar(t)
			banco.guardar(t, 1, como)
			c := cambio(1, tt.hacer)
			c.Anunciar = !tt.calla
			f, err := banco.Cambiar(t.Context(), c)
			hay, _, e := banco.PorID(t.Context(), c.ID)
			bien(t, e)
			igual(t, "version", hay.Version, tt.version)
			igual(t, "estado", hay.Estado, tt.estado)
			igual(t, "refunds", len(hay.Reembolsos), 0)
			igual(t, "told", banco.avisados(t), tt.avisados)
			if tt.version == 1 {
				igual(t, "as it was", hay.Cobro, cobroEntero(1).Cobro)
			} else {
				igual(t, "changed", hay.Cambiado, c.Ahora)
			}
			if tt.quiero != nil {
				falla(t, err, tt.quiero)
				igual(t, "given", f.ID, "")
				return
			}
			bien(t, err)
			igual(t, "given", f.Cobro, hay.Cobro)
		})
	}
}

func aChangeOfNothing(t *testing.T, banco *banco) {
	_, err := banco.Cambiar(
		t.Context(),
		cambio(1, func(*cobros.CobroEntero) error { t.Error("called"); return nil }),
	)
	falla(t, err, pagos.ErrSinCobro)
}

// manyChanges: twenty at once, none of them is lost.
func manyChanges(t *testing.T, banco *banco) {
	banco.guardar(t, 1, func(f *cobros.CobroEntero) { f.Sondeos = 0 })
	uno := cambio(1, func(f *cobros.CobroEntero) error { f.Sondeos++; return nil })
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := banco.Cambiar(t.Context(), uno); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	hay, _, err := banco.PorID(t.Context(), cobroEntero(1).ID)
	bien(t, err)
	igual(t, "changes", hay.Sondeos, 20)
	igual(t, "version", hay.Version, 21)
}

// anotherWriterIsFirst: the change is applied anew to the charge as the other writer left it.
// SQLite has one writer.
func anotherWriterIsFirst(t *testing.T, banco *banco) {
	if banco.motor == "SQLite" {
		t.Skip("SQLite has one writer")
	}
	banco.guardar(t, 1, func(f *cobros.CobroEntero) { f.Sondeos, f.Cuotas = 0, 0 })
	veces := 0
	f, err := banco.Cambiar(t.Context(), cambio(1, func(f *cobros.CobroEntero) error {
		if veces++; veces == 1 {
			_, err := banco.Cambiar(
				t.Context(),
				cambio(1, func(f *cobros.CobroEntero) error { f.Sondeos++; return nil }),
			)
			bien(t, err)
		}
		f.Cuotas++
		return nil
	}))
	bien(t, err)
	igual(t, "tries", veces, 2)
	igual(t, "the other's change", f.Sondeos, 1)
	igual(t, "ours", f.Cuotas, 1)
	igual(t, "version", f.Version, 3)
}
