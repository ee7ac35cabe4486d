package storetest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// variasDeUnaVez: many aggregates are read by one Consultar and saved by one GuardarVarias.
func variasDeUnaVez(t testing.TB, puertos Puertos) {
	ctx, s := context.Background(), puertos.Existencias
	const cuantas = 90
	var es []*existencias.Existencia
	q := store.Cuestion{
		Existencias: []string{existencias.ID(id(2, 404), id(5, 1))},
		Claves:      []existencias.Clave{clave(1), clave(2)},
		Movimientos: []string{"a", "b", "z"},
	}
	for n := range cuantas {
		es = append(es, existencias.New(id(2, n), id(5, 1)))
		q.Existencias = append(q.Existencias, es[n].ID)
	}
	ms := []existencias.Movimiento{
		{ID: "a", Producto: id(2, 1), Cantidad: 4, En: t0},
		{ID: "b", Producto: id(2, 2), En: t0},
	}
	bien(t, s.GuardarVarias(ctx, es, ms))
	ms[0].Cantidad = 5 // the movement is published already, and stays as it was
	for range 2 {
		for _, e := range es {
			e.Lotes = []existencias.Lote{{ID: "L", Libre: e.Version}}
		}
		bien(t, s.GuardarVarias(ctx, es, ms))
		ms = append(ms, existencias.Movimiento{ID: "c", En: t0})
	}
	bien(t, s.PonerLapida(ctx, clave(2), t0))
	r := dado(s.Consultar(ctx, q))(t)
	igual(t, "aggregates", len(r.Existencias), cuantas)
	for _, e := range es {
		parecidos(t, "an aggregate", r.Existencias[e.ID], e)
		igual(t, "its version", e.Version, 3)
	}
	identicos(t, "tombstones", r.Lapidas, map[existencias.Clave]bool{clave(2): true})
	igual(t, "movements", len(r.Movimientos), 2)
	igual(t, "the first movement's quantity", r.Movimientos["a"].Cantidad, 4)
	igual(t, "of nothing", len(dado(s.Consultar(ctx, store.Cuestion{}))(t).Existencias), 0)
	bien(t, s.GuardarVarias(ctx, nil, nil))
}

// variasHastaElConflicto: of many aggregates that are saved at once one has moved on. Those behind it are not stored.
// Those before it are, unless Juntas is true. Version says which are stored.
func variasHastaElConflicto(t testing.TB, puertos Puertos) {
	ctx, s := context.Background(), puertos.Existencias
	for movida := range 4 {
		var es []*existencias.Existencia
		for n := range 4 {
			e := existencias.New(id(2, 10*movida+n), id(5, 1))
			if n != 3 { // the last aggregate is new
				bien(t, s.Guardar(ctx, e))
			}
			es = append(es, e)
		}
		otra := *es[movida]
		bien(t, s.Guardar(ctx, &otra))
		antes := make([]int64, len(es))
		for n, e := range es {
			antes[n] = e.Version
			e.Lotes = []existencias.Lote{{ID: "nuestro", Libre: 1}}
		}
		m := existencias.Movimiento{ID: id(6, movida), Producto: id(2, 1), En: t0}
		espera(
			t,
			"a save of many",
			s.GuardarVarias(ctx, es, []existencias.Movimiento{m}),
			store.ErrConflicto,
		)
		for n, e := range es {
			esta := n < movida && !s.Juntas()
			igual(t, "whether the version has grown", e.Version == antes[n]+1, esta)
			leida, err := s.Leer(ctx, e.ID)
			if err != nil && !errors.Is(err, store.ErrNoExiste) {
				t.Errorf("Leer: %v", err)
			}
			igual(t, "whether it is stored", err == nil && len(leida.Lotes) == 1, esta)
		}
		publicados := dado(s.Movimientos(ctx, []string{m.ID}))(t)
		igual(t, "movements", len(publicados), map[bool]int{true: 0, false: 1}[s.Juntas()])
	}
}

// variasEnDisputa: writers of the same aggregates, each in its order, change all of them in turn: no change is lost and
// none is done twice.
func variasEnDisputa(t testing.TB, puertos Puertos) {
	ctx, s := context.Background(), puertos.Existencias
	q := store.Cuestion{}
	for n := range 5 {
		q.Existencias = append(q.Existencias, conStock(t, puertos, n, 1000))
	}
	var hechas atomic.Int64
	aLaVez(obreros, func(w int) {
		for i := range 10 {
			c := clave(100*w + i)
			bienSiempre(t, insistir(func() error {
				r, err := s.Consultar(ctx, q)
				if err != nil {
					return err
				}
				var es []*existencias.Existencia
				for _, x := range q.Existencias {
					if err := r.Existencias[x].Reservar(c, existencias.Demanda{Cantidad: 1}); err != nil {
						return err
					}
					es = append(es, r.Existencias[x])
				}
				return s.GuardarVarias(ctx, es, nil)
			}))
			hechas.Add(1)
		}
	})
	for _, x := range q.Existencias {
		e := dado(s.Leer(ctx, x))(t)
		igual(t, "reservations", int64(len(e.Reservas)), hechas.Load())
		igual(t, "free", e.Libre(), 1000-hechas.Load())
	}
}
