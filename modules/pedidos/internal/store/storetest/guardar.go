package storetest

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// guardarSoloLoLeido: of 800 saves after a read as many succeed as the version has grown by.
func guardarSoloLoLeido(t testing.TB, puertos Puertos) {
	insertar(t, puertos, nuevo(1))
	var hechos atomic.Int64
	aLaVez(obreros, func(int) {
		for range 100 {
			v, err := puertos.Pedidos.Leer(context.Background(), id(1, 1))
			if err != nil {
				t.Errorf("Leer: %v", err)
				return
			}
			antes := v.Version
			v.Esperas++
			switch err := puertos.Pedidos.Guardar(context.Background(), v); {
			case err == nil:
				hechos.Add(1)
				igual(t, "version after Guardar", v.Version, antes+1)
			case errors.Is(err, store.ErrConflicto):
				igual(t, "version after a conflict", v.Version, antes)
			default:
				t.Errorf("Guardar: %v", err)
			}
		}
	})
	v := leer(t, puertos, id(1, 1))
	igual(t, "the version moved by", v.Version-1, hechos.Load())
	igual(t, "the counter moved by", v.Esperas, hechos.Load())
	espera(
		t,
		"saving what is not there",
		puertos.Pedidos.Guardar(context.Background(), nuevo(2)),
		store.ErrConflicto,
	)
}

// cerosEscritos: a member that has become empty is empty in the store too.
func cerosEscritos(t testing.TB, puertos Puertos) {
	lleno := nuevo(1)
	lleno.Motivo = "motivo"
	lleno.Esperas = 7
	lleno.Duenio = "yo"
	lleno.Lease = t0.Add(time.Hour)
	lleno.Nota = &pedido.Nota{Motivo: "x", Quien: "y", En: t0}
	lleno.Deber(t0)
	insertar(t, puertos, lleno)
	bien(t, cambiar(puertos, lleno.ID, func(v *pedido.Pedido) {
		v.Motivo, v.Esperas, v.Duenio, v.Lease, v.Nota, v.Pago = "", 0, "", time.Time{}, nil, pedido.Pago{}
		v.Lineas = nil
		v.Descansar()
	}))
	v := leer(t, puertos, lleno.ID)
	if v.Motivo != "" || v.Esperas != 0 || v.Duenio != "" || !v.Lease.IsZero() ||
		v.Nota != nil ||
		v.Debe != nil ||
		v.Pago != (pedido.Pago{}) ||
		len(v.Lineas) != 0 {
		t.Errorf("zero values were not written: %+v", v)
	}
	_, err := puertos.Pedidos.Reclamar(
		context.Background(),
		"yo",
		t0.Add(time.Hour),
		t0.Add(2*time.Hour),
	)
	espera(t, "claiming an order that owes nothing", err, store.ErrNadaQueHacer)
}

// dosPartes: two writers change different parts of 300 orders; no part is lost.
func dosPartes(t testing.TB, puertos Puertos) {
	const cuantos = 300
	insertar(t, puertos, pedidos(0, cuantos)...)
	partes := []func(*pedido.Pedido){
		func(v *pedido.Pedido) { v.Motivo = "uno" },
		func(v *pedido.Pedido) { v.Fallidas = 2 },
	}
	var conflictos atomic.Int64
	aLaVez(32, func(w int) {
		for i := w; i < cuantos; i += 32 {
			bienSiempre(t, aLaPar(puertos, id(1, i), partes, &conflictos))
		}
	})
	igual(t, "conflicts", conflictos.Load(), cuantos)
	for i := range cuantos {
		if v := leer(t, puertos, id(1, i)); v.Motivo != "uno" || v.Fallidas != 2 ||
			v.Version != 3 {
			t.Errorf(
				"order %d has lost a part: motivo %q, fallidas %d, version %d",
				i,
				v.Motivo,
				v.Fallidas,
				v.Version,
			)
		}
	}
}

// aLaPar reads an order for each part before any of them is saved.
func aLaPar(
	puertos Puertos,
	id string,
	partes []func(*pedido.Pedido),
	conflictos *atomic.Int64,
) error {
	var leidos []*pedido.Pedido
	for range partes {
		v, err := puertos.Pedidos.Leer(context.Background(), id)
		if err != nil {
			return err
		}
		leidos = append(leidos, v)
	}
	errs := make([]error, len(partes))
	aLaVez(len(partes), func(i int) {
		partes[i](leidos[i])
		err := puertos.Pedidos.Guardar(context.Background(), leidos[i])
		if errors.Is(err, store.ErrConflicto) {
			conflictos.Add(1)
			err = cambiar(puertos, id, partes[i])
		}
		errs[i] = err
	})
	return errors.Join(errs...)
}

// bienSiempre is bien for goroutines, which may not end the case.
func bienSiempre(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("unexpected error: %v", err)
	}
}
