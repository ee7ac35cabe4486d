package reservas

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// dia is n days after t0.
func dia(n int) *time.Time {
	v := t0.AddDate(0, 0, n)
	return &v
}

// entra takes 5 of p in, under an id of its own.
func entra(reservas *Reservas, deposito, lote string, vence *time.Time) error {
	m := existencias.Movimiento{
		ID:       fmt.Sprint(deposito, lote, vence),
		Huella:   "h",
		Cantidad: 5,
		Motivo:   "compra",
		En:       t0,
	}
	_, _, err := reservas.Mover(context.Background(), m, "p", deposito, lote, vence)
	return err
}

// TestWhatComesInHasItsBatchsDate: a batch has one date, in every depot; goods that have expired do not come in.
func TestWhatComesInHasItsBatchsDate(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		a := New(s, reloj, aires, guard.Guard{})
		tarde := dia(3).Add(2 * time.Hour)
		for i, c := range []struct {
			deposito, lote string
			vence          *time.Time
			err            error
		}{
			{"d", "L", dia(3), nil},
			{"d", "L", &tarde, nil}, // another hour of that day
			{"e", "L", dia(3), nil},
			{"d", "L", dia(4), ErrFecha},
			{"e", "L", dia(2), ErrFecha},
			{"f", "L", nil, ErrFecha},
			{"d", "M", dia(4), nil},
			{"d", "guarda", nil, nil},
			{"e", "guarda", dia(9), ErrFecha},
			{"d", "", dia(5), nil}, // goods without a batch have each their own date
			{"d", "", dia(6), nil},
			{"d", "", nil, nil},
			{"d", "viejo", dia(-1), ErrVencido},
			{"d", "", dia(-1), ErrVencido},
			{"d", "viejo", dia(8), nil}, // the date of a refused call is not kept
			{"d", "hoy", dia(0), nil},
		} {
			if err := entra(a, c.deposito, c.lote, c.vence); !errors.Is(err, c.err) {
				t.Errorf("%d: %s in %s: got %v, want %v", i, c.lote, c.deposito, err, c.err)
			}
		}
		e, err := s.Leer(context.Background(), existencias.ID("p", "d"))
		bien(t, err)
		if e.Libre() != 45 || e.LibreDesde(*dia(3)) != 40 || len(e.Lotes) != 8 {
			t.Errorf("%d free in %d batches: %+v", e.Libre(), len(e.Lotes), e.Lotes)
		}
	})
}

// TestWhatHasExpiredMayBeTakenOut: goods that expire in the depot cannot be reserved and may be taken out. The call
// that took them in succeeds again.
func TestWhatHasExpiredMayBeTakenOut(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		ahora := t0
		a := New(s, func() time.Time { return ahora }, aires, guard.Guard{})
		bien(t, entra(a, "d", "L", dia(1)))
		ctx, en := context.Background(), requerimiento(1, Linea{Producto: "p", Cantidad: 1})
		bien(t, a.Reservar(ctx, en))
		ahora = t0.AddDate(0, 0, 5)
		bien(t, a.Liberar(ctx, en, ahora)) // goods that come back to a batch that has expired
		es(
			t,
			a.Reservar(ctx, requerimiento(2, Linea{Producto: "p", Cantidad: 1})),
			existencias.ErrFalta,
		)
		bien(t, entra(a, "d", "L", dia(1)))
		m := existencias.Movimiento{ID: "baja", Cantidad: -5, Motivo: "vencido", En: ahora}
		_, _, err := a.Mover(ctx, m, "p", "d", "L", nil)
		bien(t, err)
		if libre := cuadra(t, s, "p", "baja", fmt.Sprint("d", "L", dia(1))); libre != 0 {
			t.Errorf("%d left", libre)
		}
	})
}

// TestDatesRace: two processes take one batch in under many dates at once, in many depots. All goods that come in have
// one date.
func TestDatesRace(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		var entraron atomic.Int64
		var todos sync.WaitGroup
		for i := range 24 {
			a := New(s, reloj, aires, guard.Guard{})
			todos.Go(func() {
				switch err := entra(a, fmt.Sprint("d", i%4), "L", dia(i%6)); {
				case err == nil:
					entraron.Add(1)
				case !errors.Is(err, ErrFecha):
					t.Error(err)
				}
			})
		}
		todos.Wait()
		es, err := s.LeerProductos(context.Background(), []string{"p"})
		bien(t, err)
		fechas, libre := map[time.Time]bool{}, int64(0)
		for _, e := range es {
			for _, l := range e.Lotes {
				fechas[*l.Vence] = true
				libre += l.Libre
			}
		}
		// Movements of one date in one depot have one id.
		if len(fechas) != 1 || libre == 0 || libre > 5*entraron.Load() {
			t.Errorf("%d dates, %d free of %d movements", len(fechas), libre, entraron.Load())
		}
	})
}

// TestABatchOfAnEarlierReleaseHasItsEarliestDate: a batch of an earlier release that has two dates has the earlier one
// from now on.
func TestABatchOfAnEarlierReleaseHasItsEarliestDate(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		ctx, a := context.Background(), New(s, reloj, aires, guard.Guard{})
		for deposito, vence := range map[string]*time.Time{"d": dia(4), "e": dia(2)} {
			e := existencias.New("p", deposito)
			bien(
				t,
				e.Mover(existencias.Movimiento{ID: "alta" + deposito, Cantidad: 5}, "L", vence),
			)
			bien(t, s.Guardar(ctx, e))
		}
		es(t, entra(a, "d", "L", dia(4)), ErrFecha)
		bien(t, entra(a, "f", "L", dia(2)))
		m := existencias.Movimiento{ID: "baja", Cantidad: -5, Motivo: "conteo"}
		_, _, err := a.Mover(ctx, m, "p", "d", "L", nil)
		bien(t, err)
	})
}

// TestReservedGoodsLast: Duran before a reservation, after it, after the sale, and after the publication of the sale.
func TestReservedGoodsLast(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		ctx, a := context.Background(), New(s, reloj, aires, guard.Guard{})
		bien(t, entra(a, "d", "L", dia(3)))
		en := requerimiento(1, Linea{Producto: "p", Cantidad: 5, Vida: 1})
		en.Hasta = *dia(1)
		pasos := []struct {
			nombre string
			hacer  func() error
			dura   map[int]bool // until a day
		}{
			{"nothing is reserved", func() error { return nil }, map[int]bool{9: true}},
			{
				"reserved",
				func() error { return a.Reservar(ctx, en) },
				map[int]bool{2: true, 3: false},
			},
			{
				"sold",
				func() error { return a.Vender(ctx, en) },
				map[int]bool{2: true, 3: false},
			},
			{
				"published",
				func() error { _, err := a.Publicar(ctx, 9); return err },
				map[int]bool{2: true, 3: false},
			},
		}
		for _, p := range pasos {
			bien(t, p.hacer())
			for n, quiero := range p.dura {
				luego := en
				luego.Hasta = *dia(n)
				if dura, err := a.Duran(ctx, luego); dura != quiero || err != nil {
					t.Errorf("%s, until day %d: %v, %v", p.nombre, n, dura, err)
				}
			}
		}
	})
}

// vuelve is the free stock after pasos, as in the fault B3: of 10 units 4 are sold; one comes back into stock, and
// three come back into stock or, with tira, are thrown away.
func vuelve(t *testing.T, falsa *falsa, tira bool, pasos string) (libre int64) {
	t.Helper()
	ctx := context.Background()
	en := requerimiento(1, Linea{Producto: "p", Cantidad: 4, Fuera: 4})
	hacer := func(paso rune) error {
		a := New(falsa, reloj, aires, guard.Guard{})
		r := Retorno{Pedido: en.Pedido, Intento: 1, Producto: "p", Deposito: "d"}
		r.Devolucion, r.Cantidad = "d", 1
		switch paso {
		case 'L':
			return a.Liberar(ctx, en, t0)
		case 'P':
			_, err := a.Publicar(ctx, 9)
			return err
		case 'O':
			r.Numero, r.Cantidad, r.Descarte = 1, 3, tira
		}
		return a.Retornar(ctx, r)
	}
	for _, paso := range pasos {
		if err := hacer(paso); errors.Is(err, errFin) {
			bien(t, hacer(paso))
		} else {
			bien(t, err)
		}
	}
	venta := existencias.IDVenta(en.Pedido, 1, "p")
	ids := []string{venta, existencias.IDVentaDeshecha(venta)}
	for n := range 2 {
		id := existencias.IDRetorno(venta, existencias.Retorno{Devolucion: "d", Numero: n})
		ids = append(ids, id, existencias.IDDescarte(id))
	}
	return cuadra(t, falsa, "p", ids...)
}

// TestGoodsComeBackOnce ends the process before and after every effect of a return and of the undoing of its order. The
// stock is 10 if all units went back into stock, 7 if three were thrown away.
func TestGoodsComeBackOnce(t *testing.T) {
	for _, pasos := range []string{"UOL", "LUO", "ULO", "UPOPLP", "UUOOLL", "LPUPOPUL"} {
		for tira, quiero := range map[bool]int64{false: 10, true: 7} {
			for _, despues := range []bool{false, true} {
				for corte, sigue := 1, true; sigue; corte++ {
					f, en := nuevaFalsa(), requerimiento(1, Linea{Producto: "p", Cantidad: 4})
					a := surtir(t, f, "p", 10)
					bien(t, a.Reservar(context.Background(), en))
					bien(t, a.Vender(context.Background(), en))
					f.corte, f.despues = f.llamadas+corte, despues
					if libre := vuelve(t, f, tira, pasos); libre != quiero {
						t.Fatalf(
							"%s cut at %d (after: %v): %d, want %d",
							pasos,
							corte,
							despues,
							libre,
							quiero,
						)
					}
					sigue = f.llamadas >= f.corte
				}
			}
		}
	}
}

// TestOnlySoldGoodsComeBack: goods that an earlier release gave back whole do not come back a second time; goods that
// were never sold do not come back at all.
func TestOnlySoldGoodsComeBack(t *testing.T) {
	ctx := context.Background()
	f := nuevaFalsa()
	en := requerimiento(1, Linea{Producto: "p", Cantidad: 4})
	a := surtir(t, f, "p", 10)
	r := Retorno{Pedido: en.Pedido, Intento: 1, Producto: "p", Deposito: "d"}
	r.Devolucion, r.Cantidad = "d", 1
	bien(t, a.Retornar(ctx, r))
	bien(t, a.Reservar(ctx, en))
	bien(t, a.Vender(ctx, en))
	bien(t, a.Liberar(ctx, en, t0))
	bien(t, a.Retornar(ctx, r))
	venta := existencias.IDVenta(en.Pedido, 1, "p")
	ids := []string{
		venta,
		existencias.IDVentaDeshecha(venta),
		existencias.IDRetorno(venta, r.Retorno),
	}
	if libre := cuadra(t, f, "p", ids...); libre != 10 {
		t.Errorf("%d free", libre)
	}
}
