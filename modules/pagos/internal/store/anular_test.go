package store_test

import (
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
)

func anulado(cobroEntero *cobros.CobroEntero) error {
	cobroEntero.Cierre, cobroEntero.Estado = pagos.Anulado, pagos.Anulado
	return nil
}

// aTombstone refuses its intento for ever, and no other.
func aTombstone(t *testing.T, banco *banco) {
	for range 2 {
		_, hay, err := banco.Anular(t.Context(), intento(1), cambio(1, anulado))
		bien(t, err)
		igual(t, "a charge", hay, false)
	}
	_, _, err := banco.Iniciar(t.Context(), cobroEntero(1))
	falla(t, err, pagos.ErrAnulado)
	_, hay, err := banco.PorID(t.Context(), cobroEntero(1).ID)
	bien(t, err)
	igual(t, "charge stored", hay, false)
	segundo := intento(1)
	segundo.Numero = 2
	for i, quiero := range map[pagos.Intento]bool{intento(1): true, segundo: false, intento(2): false} {
		lapida, err := banco.Lapida(t.Context(), i)
		bien(t, err)
		igual(t, "tombstone", lapida, quiero)
	}
	otra := cobroEntero(1)
	otra.ID, otra.Intento = cobros.ID(segundo), 2
	_, nueva, err := banco.Iniciar(t.Context(), otra)
	bien(t, err)
	igual(t, "the next intento", nueva, true)
}

// aTombstoneOnACharge changes it, in one transaction with the tombstone.
func aTombstoneOnACharge(t *testing.T, banco *banco) {
	banco.guardar(t, 1, como)
	_, _, err := banco.Anular(
		t.Context(),
		intento(1),
		cambio(1, func(f *cobros.CobroEntero) error {
			f.Estado = pagos.Anulado
			return errHacer
		}),
	)
	falla(t, err, errHacer)
	lapida, err := banco.Lapida(t.Context(), intento(1))
	bien(t, err)
	igual(t, "tombstone of a change that is refused", lapida, false)
	hay, _, err := banco.PorID(t.Context(), cobroEntero(1).ID)
	bien(t, err)
	igual(t, "as it was", hay.Cobro, cobroEntero(1).Cobro)
	igual(t, "told", banco.avisados(t), 0)

	f, esta, err := banco.Anular(t.Context(), intento(1), cambio(1, anulado))
	bien(t, err)
	igual(t, "a charge", esta, true)
	igual(t, "estado", f.Estado, pagos.Anulado)
	igual(t, "told", banco.avisados(t), 1)
	_, _, err = banco.Iniciar(t.Context(), cobroEntero(1)) // one that is there already as well
	falla(t, err, pagos.ErrAnulado)
}

// whatIsDue: oldest first, as many as are asked for, none before its time.
func whatIsDue(t *testing.T, banco *banco) {
	for n, debe := range []time.Duration{3, 1, 2, 4, -1} {
		banco.guardar(t, n, func(f *cobros.CobroEntero) {
			if f.Debe = alba.Add(debe * time.Minute); debe < 0 {
				f.Debe = time.Time{} // never
			}
		})
	}
	tests := map[string]struct {
		ahora time.Time
		n     int
		son   []int
	}{
		"nothing yet":    {ahora: alba.Add(time.Minute - time.Millisecond), n: 10},
		"just now":       {ahora: alba.Add(time.Minute), n: 10, son: []int{1}},
		"oldest first":   {ahora: alba.Add(3 * time.Minute), n: 10, son: []int{1, 2, 0}},
		"not more":       {ahora: alba.Add(time.Hour), n: 2, son: []int{1, 2}},
		"never is never": {ahora: alba.Add(1e6 * time.Hour), n: 10, son: []int{1, 2, 0, 3}},
	}
	for nombre, tt := range tests {
		ids, err := banco.Debidos(
			t.Context(),
			tt.ahora,
			cobros.Lejos{Abiertos: nunca, Todos: nunca},
			tt.n,
		)
		bien(t, err)
		igual(t, nombre, len(ids), len(tt.son))
		for i, n := range tt.son {
			igual(t, nombre, ids[i], cobroEntero(n).ID)
		}
	}
}

// callsAreGivenUp: those in flight, and nothing else; their version grows.
func callsAreGivenUp(t *testing.T, banco *banco) {
	tests := map[string]struct {
		con     func(f *cobros.CobroEntero)
		termina bool
	}{
		"in flight":    {como, true},
		"over already": {func(f *cobros.CobroEntero) { f.Hasta = alba }, false},
		"no call":      {func(f *cobros.CobroEntero) { f.Accion = "" }, false},
		"at rest":      {func(f *cobros.CobroEntero) { f.Debe = time.Time{} }, false},
	}
	casos := map[string]int{}
	for nombre, tt := range tests {
		casos[nombre] = len(casos)
		banco.guardar(t, casos[nombre], tt.con)
	}
	for range 2 {
		bien(t, banco.Abandonar(t.Context(), alba))
	}
	for nombre, tt := range tests {
		antes := cobroEntero(casos[nombre])
		tt.con(&antes)
		if tt.termina {
			antes.Hasta, antes.Debe, antes.Version = alba, alba, 2
		}
		hay, _, err := banco.PorID(t.Context(), antes.ID)
		bien(t, err)
		igual(t, nombre, hay.Cobro, antes.Cobro)
	}
}
