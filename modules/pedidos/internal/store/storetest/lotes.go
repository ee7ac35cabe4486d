package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
)

// disponiblesPorFecha: only batches that keep, or have the least date or a later one, count.
// Each product has a least date of its own.
func disponiblesPorFecha(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	dia := func(n int) *time.Time { v := t0.AddDate(0, 0, n); return &v }
	for deposito, lotes := range map[int][]existencias.Lote{
		1: {
			{ID: "ayer", Vence: dia(-1), Libre: 5},
			{ID: "hoy", Vence: dia(0), Libre: 7},
			{ID: "luego", Vence: dia(90), Libre: 11},
		},
		2: {
			{ID: "hoy", Vence: dia(0), Libre: 13},
			{ID: "", Libre: 17},
		},
	} {
		for producto := range 2 {
			e := existencias.New(id(2, producto), id(5, deposito))
			e.Lotes = lotes
			bien(t, puertos.Existencias.Guardar(ctx, e))
		}
	}
	for minimo, quiero := range map[time.Time]int64{
		{}:                       53,
		*dia(-1):                 53,
		*dia(0):                  48,
		t0.Add(time.Millisecond): 28,
		*dia(91):                 17,
	} {
		libres := disponibles(
			t,
			puertos,
			map[string]time.Time{id(2, 0): minimo, id(2, 1): *dia(0)},
		)
		igual(t, fmt.Sprint("free as of ", minimo), libres[id(2, 0)], quiero)
		igual(t, "free of the other", libres[id(2, 1)], 48)
	}
	// Has more batches than the beginning of a document holds.
	muchos := existencias.New(id(2, 9), id(5, 1))
	for n := range 500 {
		muchos.Lotes = append(
			muchos.Lotes,
			existencias.Lote{ID: fmt.Sprint("lote-", n), Vence: dia(n), Libre: 1},
		)
	}
	bien(t, puertos.Existencias.Guardar(ctx, muchos))
	libres := disponibles(t, puertos, map[string]time.Time{id(2, 9): *dia(200)})
	igual(t, "free of many batches", libres[id(2, 9)], 300)
}

// unaFechaPorLote: many goroutines fix the date of a batch at once; all get the date of one of them.
func unaFechaPorLote(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	const cuantos = 32
	var mu sync.Mutex
	dichas := map[time.Time]int{}
	aLaVez(cuantos, func(i int) {
		vence := t0.AddDate(0, 0, i)
		v, err := puertos.Existencias.FijarLote(ctx, id(2, 1), "L", &vence)
		if err != nil || v == nil {
			t.Errorf("FijarLote: %v, %v", v, err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		dichas[*v]++
	})
	igual(t, "dates of one batch", len(dichas), 1)

	v := dado(puertos.Existencias.FijarLote(ctx, id(2, 1), "L", nil))(t)
	if v == nil || dichas[*v] != cuantos {
		t.Errorf("the date is %v now, it was %v", v, dichas)
	}
	otra := t0.Add(1_999_999 * time.Nanosecond)
	for nombre, lote := range map[string][2]string{
		"of another product": {id(2, 2), "L"}, "in small letters": {id(2, 1), "l"}, "with a colon": {id(2, 1) + ":L", ""},
	} {
		v := dado(puertos.Existencias.FijarLote(ctx, lote[0], lote[1], &otra))(t)
		if v == nil || !v.Equal(t0.Add(time.Millisecond)) || v.Location() != time.UTC {
			t.Errorf("%s: %v", nombre, v)
		}
	}
	for range 2 {
		if v := dado(puertos.Existencias.FijarLote(ctx, id(2, 1), "guarda", nil))(t); v != nil {
			t.Errorf("goods that keep have the date %v", v)
		}
	}
	if v := dado(puertos.Existencias.FijarLote(ctx, id(2, 1), "guarda", &t0))(t); v != nil {
		t.Errorf("goods that keep got the date %v", v)
	}
}

// retiroDeLote: the movements of a batch are found among those of other batches, page by page.
func retiroDeLote(t testing.TB, puertos Puertos) {
	ctx := context.Background()
	var ms []existencias.Movimiento
	for n := range 40 {
		m := existencias.Movimiento{
			ID:       id(6, n),
			Producto: id(2, 1),
			Motivo:   "L-1",
			En:       t0.Add(time.Duration(n) * time.Second),
			Tomas: []existencias.Toma{
				{Lote: "L-10", Cantidad: 1},
				{Lote: []string{"L-1", "L-2", "", "l-1"}[n%4], Cantidad: 1},
			},
		}
		ms = append(ms, m)
	}
	ms[3].Producto = id(2, 2)
	bien(t, puertos.Existencias.GuardarMovimientos(ctx, ms))
	de := func(lote string) (ids []string) {
		var marca *store.Cursor
		for {
			f := store.FiltroMovimientos{Producto: id(2, 1), Lote: lote}
			hoja := dado(puertos.Existencias.ListarMovimientos(ctx, f, marca, 4))(t)
			for _, m := range hoja {
				ids = append(ids, m.ID)
				marca = &store.Cursor{Creado: m.En, ID: m.ID}
			}
			if len(hoja) < 4 {
				return ids
			}
		}
	}
	for lote, quiero := range map[string]int{"L-1": 10, "L-2": 10, "l-1": 9, "L-10": 39, "L-": 0, "": 39} {
		ids := de(lote)
		igual(t, "movements of "+lote, len(ids), quiero)
		vistos := map[string]bool{}
		for _, x := range ids {
			vistos[x] = true
		}
		igual(t, "each once", len(vistos), quiero)
	}
	igual(t, "the newest first", de("L-1")[0], id(6, 36))
}
