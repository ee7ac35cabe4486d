package reservas

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/guard"
)

// TestTodoOrdenConCortes runs every sequence of four deeds of one order over two
// products, ends the process at every durable effect, before it and after it, and
// repeats the deed that was cut.
func TestTodoOrdenConCortes(t *testing.T) {
	const pasos = "RVLP"
	for n := range 256 {
		orden := string([]byte{pasos[n&3], pasos[n>>2&3], pasos[n>>4&3], pasos[n>>6&3]})
		for _, despues := range []bool{false, true} {
			for _, juntas := range []bool{false, true} {
				for corte := 1; correr(t, orden, corte, despues, juntas); corte++ {
				}
			}
		}
	}
}

// correr runs the deeds and reports whether there was an effect number corte.
func correr(t *testing.T, orden string, corte int, despues, juntas bool) bool {
	t.Helper()
	f := nuevaFalsa()
	en := requerimiento(1, Linea{Producto: "q", Cantidad: 2}, Linea{Producto: "p", Cantidad: 3})
	surtir(t, f, "p", 10)
	surtir(t, f, "q", 10)
	f.juntas = juntas
	f.corte, f.despues = f.llamadas+corte, despues
	liberado := false
	caso := fmt.Sprintf(
		"%s cut at %d (after: %v, one write: %v)",
		orden,
		corte,
		despues,
		juntas,
	)
	for _, paso := range orden + "LP" {
		err := dar(f, en, paso)
		if errors.Is(err, errFin) {
			err = dar(f, en, paso)
		}
		liberado = liberado || paso == 'L'
		if quiero := esperado(paso, liberado, err); !errors.Is(err, quiero) {
			t.Fatalf("%s: %c: got %v, want %v", caso, paso, err, quiero)
		}
		revisar(t, f, caso, liberado)
	}
	return f.llamadas >= f.corte
}

// esperado is the error that paso must give.
func esperado(paso rune, liberado bool, err error) error {
	switch {
	case paso == 'L' || paso == 'P':
		return nil
	case liberado:
		return ErrLiberada
	case paso == 'V' && err != nil:
		return existencias.ErrSinReserva
	}
	return nil
}

// dar takes one step in a process of its own.
func dar(falsa *falsa, requerimiento Requerimiento, paso rune) (err error) {
	ctx, a := context.Background(), New(falsa, reloj, aires, guard.Guard{})
	switch paso {
	case 'R':
		err = a.Reservar(ctx, requerimiento)
	case 'V':
		err = a.Vender(ctx, requerimiento)
	case 'L':
		err = a.Liberar(ctx, requerimiento, t0)
	case 'P':
		_, err = a.Publicar(ctx, 10)
	}
	return err
}

func revisar(t *testing.T, falsa *falsa, caso string, liberado bool) {
	t.Helper()
	for _, p := range []string{"p", "q"} {
		venta := existencias.IDVenta("pedido1", 1, p)
		libre := cuadra(t, falsa, p, venta, existencias.IDVentaDeshecha(venta))
		if liberado && libre != 10 {
			t.Fatalf("%s: %s: %d free once released", caso, p, libre)
		}
	}
}

func TestVenderSinReserva(t *testing.T) {
	f := nuevaFalsa()
	a := surtir(t, f, "p", 5)
	es(
		t,
		a.Vender(context.Background(), requerimiento(1, Linea{Producto: "p", Cantidad: 1})),
		existencias.ErrSinReserva,
	)
	es(
		t,
		a.Vender(context.Background(), requerimiento(1, Linea{Producto: "otro", Cantidad: 1})),
		existencias.ErrSinReserva,
	)
	bien(
		t,
		a.Liberar(
			context.Background(),
			requerimiento(2, Linea{Producto: "otro", Cantidad: 1}),
			t0,
		),
	)
	es(
		t,
		a.Reservar(context.Background(), requerimiento(3, Linea{Producto: "p", Cantidad: 6})),
		existencias.ErrFalta,
	)
}

// TestOlvidadaLaLapida: a return is known even once its tombstone has been forgotten.
func TestOlvidadaLaLapida(t *testing.T) {
	ctx := context.Background()
	f := nuevaFalsa()
	en := requerimiento(1, Linea{Producto: "p", Cantidad: 2})
	a := surtir(t, f, "p", 5)
	bien(t, a.Reservar(ctx, en))
	bien(t, a.Vender(ctx, en))
	bien(t, a.Liberar(ctx, en, t0))
	_, err := a.Publicar(ctx, 9)
	bien(t, err)
	clear(f.lapidas)
	es(t, a.Reservar(ctx, en), ErrLiberada)
	es(t, a.Vender(ctx, en), ErrLiberada)
	bien(t, a.Liberar(ctx, en, t0))
	if libre := cuadra(t, f, "p", "pedido1:1:p", "pedido1:1:p:vuelta"); libre != 5 {
		t.Fatalf("%d free", libre)
	}
}

// TestAllLinesOrNone: a line that is short, or of which too much is reserved, leaves the other lines as they were.
func TestAllLinesOrNone(t *testing.T) {
	enCada(t, func(t *testing.T, s store.Existencias) {
		ctx, a := context.Background(), surtir(t, s, "p", 5)
		surtir(t, s, "q", 5)
		corta := requerimiento(
			1,
			Linea{Producto: "p", Cantidad: 2},
			Linea{Producto: "q", Cantidad: 6},
		)
		es(t, a.Reservar(ctx, corta), existencias.ErrFalta)
		if p, q := cuadra(t, s, "p"), cuadra(t, s, "q"); p != 5 || q != 5 {
			t.Fatalf("%d and %d free after a refusal", p, q)
		}
		justa := requerimiento(
			2,
			Linea{Producto: "q", Cantidad: 5},
			Linea{Producto: "p", Cantidad: 5},
		)
		bien(t, a.Reservar(ctx, justa))
		otra := requerimiento(
			2,
			Linea{Producto: "p", Cantidad: 5},
			Linea{Producto: "z", Cantidad: 1},
		)
		es(t, a.Vender(ctx, otra), existencias.ErrSinReserva)
		bien(t, a.Vender(ctx, justa))
		ventas := []string{
			existencias.IDVenta("pedido2", 1, "p"),
			existencias.IDVenta("pedido2", 1, "q"),
		}
		if p, q := cuadra(t, s, "p", ventas[0]), cuadra(t, s, "q", ventas[1]); p != 0 ||
			q != 0 {
			t.Fatalf("%d and %d free after a sale", p, q)
		}
	})
}

// TestManyLinesOneReadOneWrite: the reads and writes for the stock of an order do not grow with its lines.
func TestManyLinesOneReadOneWrite(t *testing.T) {
	f := nuevaFalsa()
	var lineas []Linea
	for i := range 20 {
		surtir(t, f, fmt.Sprint("p", i), 5)
		lineas = append(lineas, Linea{Producto: fmt.Sprint("p", i), Cantidad: 1})
	}
	ctx := context.Background()
	en := requerimiento(
		1,
		lineas...)
	a := New(f, reloj, aires, guard.Guard{})
	leidas, guardadas := f.consultas, f.guardados
	bien(t, a.Reservar(ctx, en))
	bien(t, a.Vender(ctx, en))
	bien(t, a.Liberar(ctx, en, t0))
	if leidas, guardadas = f.consultas-leidas, f.guardados-guardadas; leidas != 3 ||
		guardadas != 3 {
		t.Errorf(
			"reserve, sell and release of 20 lines: %d reads, %d writes; want 3 and 3",
			leidas,
			guardadas,
		)
	}
}

// adelantada is a store in which another process changes one aggregate before the first write.
type adelantada struct {
	*falsa
	id  string
	una sync.Once
}

func (s *adelantada) GuardarVarias(
	ctx context.Context, es []*existencias.Existencia, movimientos []existencias.Movimiento,
) error {
	s.una.Do(func() {
		e, _ := s.Leer(ctx, s.id)
		_ = s.falsa.GuardarVarias(ctx, []*existencias.Existencia{e}, nil)
	})
	return s.falsa.GuardarVarias(ctx, es, movimientos)
}

// TestConflictHalfWay: a conflict at one aggregate makes the operation anew, and each line is kept once, whether or
// not the lines before it have been saved.
func TestConflictHalfWay(t *testing.T) {
	for _, juntas := range []bool{false, true} {
		for _, id := range []string{"p:d", "q:d", "r:d"} {
			f := nuevaFalsa()
			f.juntas = juntas
			var lineas []Linea
			for _, p := range []string{"p", "q", "r"} {
				surtir(t, f, p, 5)
				lineas = append(lineas, Linea{Producto: p, Cantidad: 2})
			}
			a := New(&adelantada{falsa: f, id: id}, reloj, aires, guard.Guard{})
			bien(t, a.Reservar(context.Background(), requerimiento(1, lineas...)))
			for _, p := range []string{"p", "q", "r"} {
				if libre := cuadra(t, f, p); libre != 3 {
					t.Errorf(
						"one write: %v, conflict at %s: %d of %s free, want 3",
						juntas,
						id,
						libre,
						p,
					)
				}
			}
		}
	}
}
