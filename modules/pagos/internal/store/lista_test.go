package store_test

import (
	"slices"
	"testing"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
)

// surtido stores six charges: 4 and 5 of another customer, 2 and 3 of one instant.
func (b *banco) surtido(t *testing.T) {
	t.Helper()
	for n := range 6 {
		b.guardar(t, n, func(f *cobros.CobroEntero) {
			if n == 3 {
				f.Creado = alba.Add(2 * time.Minute)
			}
			if n >= 4 {
				f.Cliente = "cliente-2"
			}
			f.Estado = []pagos.Estado{pagos.Pendiente, pagos.Cobrado}[n%2]
		})
	}
}

// ids are those of charges, by the number of their order.
func ids(cs []cobros.Cobro) (ns []int) {
	for _, c := range cs {
		for n := range 6 {
			if cobroEntero(n).ID == c.ID {
				ns = append(ns, n)
			}
		}
	}
	return ns
}

// mellizos are the orders of one instant, as their charges' ids sort, last first.
func mellizos() (primero, segundo int) {
	if cobroEntero(2).ID > cobroEntero(3).ID {
		return 2, 3
	}
	return 3, 2
}

// chargesAreListed: the filters narrow the list, and its order is newest first.
func chargesAreListed(t *testing.T, banco *banco) {
	a, z := mellizos()
	tests := map[string]struct {
		f   cobros.Filtro
		son []int
	}{
		"all, newest first":   {cobros.Filtro{Limite: 10}, []int{5, 4, a, z, 1, 0}},
		"one more than asked": {cobros.Filtro{Limite: 2}, []int{5, 4, a}},
		"of an order":         {cobros.Filtro{Limite: 10, Pedido: intento(3).Pedido}, []int{3}},
		"of a customer":       {cobros.Filtro{Limite: 10, Cliente: "cliente-2"}, []int{5, 4}},
		"of a state": {
			cobros.Filtro{Limite: 10, Estado: pagos.Cobrado},
			[]int{5, 3, 1},
		},
		"of both": {
			cobros.Filtro{Limite: 10, Estado: pagos.Cobrado, Cliente: "cliente-1"},
			[]int{3, 1},
		},
		"of nobody": {cobros.Filtro{Limite: 10, Cliente: "x"}, nil},
		"behind one of an instant": {
			cobros.Filtro{
				Limite: 10,
				Creado: alba.Add(2 * time.Minute),
				ID:     cobroEntero(a).ID,
			}, []int{z, 1, 0},
		},
		"behind the last": {
			cobros.Filtro{Limite: 10, Creado: alba, ID: cobroEntero(0).ID},
			nil,
		},
	}
	banco.surtido(t)
	for nombre, tt := range tests {
		cs, err := banco.Listar(t.Context(), tt.f)
		bien(t, err)
		if got := ids(cs); !slices.Equal(got, tt.son) {
			t.Errorf("%s: %v, want %v", nombre, got, tt.son)
		}
	}
}

// pagesLeaveNothingOut: page after page gives each charge once.
func pagesLeaveNothingOut(t *testing.T, banco *banco) {
	banco.surtido(t)
	for limite := 1; limite <= 4; limite++ {
		f := cobros.Filtro{Limite: limite}
		var todos []cobros.Cobro
		for range 10 {
			cs, err := banco.Listar(t.Context(), f)
			bien(t, err)
			n := min(len(cs), limite)
			todos = append(todos, cs[:n]...)
			if len(cs) <= limite {
				break
			}
			f.Creado, f.ID = cs[n-1].Creado, cs[n-1].ID
		}
		a, z := mellizos()
		if got := ids(todos); !slices.Equal(got, []int{5, 4, a, z, 1, 0}) {
			t.Errorf("pages of %d: %v", limite, got)
		}
	}
}

func charges(t *testing.T, banco *banco) {
	banco.surtido(t) // all of them are closed and due; three wait
	_, err := banco.Cambiar(
		t.Context(),
		cambio(0, func(f *cobros.CobroEntero) error { f.Cierre = ""; return nil }),
	)
	bien(t, err)
	hecho := webhook(2, 0)
	hecho.Debe = time.Time{}
	banco.recibir(t, webhook(1, 0), hecho)
	pendientes, porDeshacer, avisos, err := banco.Contar(t.Context())
	bien(t, err)
	igual(t, "waiting", pendientes, 3)
	igual(t, "to be undone", porDeshacer, 5)
	igual(t, "notices", avisos, 1)
}
