package reservas

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"despensa/modules/pedidos/internal/existencias"
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
			for corte := 1; correr(t, orden, corte, despues); corte++ {
			}
		}
	}
}

// correr tells whether there was an effect number corte.
func correr(t *testing.T, orden string, corte int, despues bool) bool {
	t.Helper()
	f, en := nuevaFalsa(), encargo(1, Linea{Producto: "q", Cantidad: 2}, Linea{Producto: "p", Cantidad: 3})
	surtir(t, f, "p", 10)
	surtir(t, f, "q", 10)
	f.corte, f.despues = f.llamadas+corte, despues
	liberado := false
	caso := fmt.Sprintf("%s cut at %d (after: %v)", orden, corte, despues)
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
func dar(f *falsa, en Encargo, paso rune) (err error) {
	ctx, a := context.Background(), Nuevo(f, reloj, aires, guard.Guard{})
	switch paso {
	case 'R':
		err = a.Reservar(ctx, en)
	case 'V':
		err = a.Vender(ctx, en)
	case 'L':
		err = a.Liberar(ctx, en, t0)
	case 'P':
		_, err = a.Publicar(ctx, 10)
	}
	return err
}

func revisar(t *testing.T, f *falsa, caso string, liberado bool) {
	t.Helper()
	for _, p := range []string{"p", "q"} {
		venta := existencias.IDVenta("pedido1", 1, p)
		libre := cuadra(t, f, p, venta, existencias.IDVuelta(venta))
		if liberado && libre != 10 {
			t.Fatalf("%s: %s: %d free once released", caso, p, libre)
		}
	}
}

func TestVenderSinReserva(t *testing.T) {
	f := nuevaFalsa()
	a := surtir(t, f, "p", 5)
	es(t, a.Vender(context.Background(), encargo(1, Linea{Producto: "p", Cantidad: 1})), existencias.ErrSinReserva)
	es(t, a.Vender(context.Background(), encargo(1, Linea{Producto: "otro", Cantidad: 1})), existencias.ErrSinReserva)
	bien(t, a.Liberar(context.Background(), encargo(2, Linea{Producto: "otro", Cantidad: 1}), t0))
	es(t, a.Reservar(context.Background(), encargo(3, Linea{Producto: "p", Cantidad: 6})), existencias.ErrFalta)
}

// TestOlvidadaLaLapida: a return is known even once its tombstone has been forgotten.
func TestOlvidadaLaLapida(t *testing.T) {
	ctx, f, en := context.Background(), nuevaFalsa(), encargo(1, Linea{Producto: "p", Cantidad: 2})
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
