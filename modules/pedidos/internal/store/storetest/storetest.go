// Package storetest is the suite that every adapter of the ports of pedidos must pass, whatever its
// database is. The test of an adapter opens the adapter and calls Probar.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
)

// Puertos is an adapter that has been opened on data of its own.
type Puertos struct {
	Pedidos     store.Pedidos
	Existencias store.Existencias
	Productos   store.Productos
	Cupos       store.Cupos

	// Reabrir closes the adapter and opens it on the same data.
	Reabrir func(t testing.TB) Puertos
	// Cargar stores many orders at once, in the fastest way of the database.
	Cargar func(t testing.TB, ps []*pedido.Pedido)
	// Romper makes a stored document unreadable, in one of the ways (modo) that the adapter knows; 0 is a document as a
	// file that was cut short leaves it. reparar repairs the document. clase is the name of a table: pedidos,
	// existencias, productos, movimientos, cupos or eventos, where id is the order of which the first event is broken.
	Romper func(t testing.TB, clase, id string, modo int) (reparar func())
	// Planes fails t when a query of the port would read more than it answers. It is
	// called with 100,000 orders stored.
	Planes func(t testing.TB)
}

// Caso is one case of the suite.
type Caso struct {
	Nombre string
	// Probar runs the case on an adapter that holds no documents yet. Only the goroutine of Probar ends t.
	Probar func(t testing.TB, p Puertos)
}

// Casos is the whole suite. Cases that check the same promise of the stores have the same number at the beginning of
// their names.
func Casos() []Caso {
	return []Caso{
		{"01 stock under contention", existenciasEnDisputa},
		{"01 a reserve among 1,000", reservarEntreMil},
		{"01 many at once", variasDeUnaVez},
		{"01 many up to a conflict", variasHastaElConflicto},
		{"01 many under contention", variasEnDisputa},
		{"02 save only what was read", guardarSoloLoLeido},
		{"02 zero values are written", cerosEscritos},
		{"03 each job claimed once", reclamarUnaVez},
		{"03 oldest due first", elMasVencidoPrimero},
		{"04 a lease runs out", leaseVencido},
		{"04 one order is taken", tomarUno},
		{"04 what was taken is due", tomadoQuedaDebido},
		{"04 leases are ended", soltarLeases},
		{"04 an estado of a later release", estadoDespues},
		{"04 a clock that was ahead", lejanos},
		{"05 two writers, two parts", dosPartes},
		{"06 events are appended", eventosSinHueco},
		{"06 events are published", eventosPublicados},
		{"06 the publication mark", marcaDePublicacion},
		{"06 events are published with their marks", publicadosConMarca},
		{"06 the diary is numbered", diarioNumerado},
		{"06 the diary while others write", diarioMientrasEscriben},
		{"06 the diary waits for what is missing", diarioDesordenado},
		{"06 the diary of an unreadable event", diarioIlegible},
		{"07 one id, one winner", unaAlta},
		{"07 one version, one winner", unCambio},
		{"08 lists while others insert", listasMientrasInsertan},
		{"08 other lists go on", otrasListas},
		{"08 a cancelled context", contextoCancelado},
		{"08 cancelled half way", canceladoAMitad},
		{"09 round trip", escribirYLeer},
		{"09 after reopening", trasReabrir},
		{"10 cost does not grow", sinCrecer},
		{"11 lost answers, orders", respuestasPerdidas},
		{"11 lost answers, stock", respuestasPerdidasExistencias},
		{"12 filters and counts", filtrosYCuentas},
		{"12 counts go with what is written", cuentasAlDia},
		{"12 stock is found", existenciasHalladas},
		{"12 movements and tombstones", movimientosYLapidas},
		{"12 the catalogue is searched", catalogoBuscado},
		{"12 stock by its date", disponiblesPorFecha},
		{"12 one date per batch", unaFechaPorLote},
		{"12 a recall", retiroDeLote},
		{"12 places are kept", puestosGuardados},
		{"12 places in a race", puestosEnDisputa},
		{"13 an unreadable order is set aside", pedidoIlegible},
		{"13 an unreadable order that is leased", arrendadoIlegible},
		{"13 an unreadable order is published", publicarIlegible},
		{"13 lists leave out what is unreadable", listasConIlegibles},
		{"13 unreadable stock", existenciaIlegible},
	}
}

// Probar runs the suite, each case on an adapter that abrir has opened anew.
func Probar(t *testing.T, abrir func(t testing.TB) Puertos) {
	for _, c := range Casos() {
		t.Run(c.Nombre, func(t *testing.T) { c.Probar(t, abrir(t)) })
	}
}

// t0 is the time from which the cases count.
var t0 = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

const (
	obreros = 8
	minuto  = time.Minute
)

// id is the n-th id of a kind.
func id(clase, n int) string { return fmt.Sprintf("0198c0de-%04d-7000-8000-%012d", clase, n) }

// nuevo is the n-th order: due since t0, created n seconds after it.
func nuevo(n int) *pedido.Pedido {
	lineas := []pedido.Linea{
		{Producto: id(2, n%40), Nombre: "Ñoquis de papa 500 g", Cantidad: 2, Precio: 121_00,
			Tasa: "21", Neto: 200_00, IVA: 42_00, Total: 242_00, Peso: 500, Volumen: 800, Frio: true},
	}
	return pedido.Crear(
		pedido.Nuevo{ID: id(1, n), Cliente: id(3, n%5), Huella: "huella", Lineas: lineas,
			Destino: pedido.Destino{
				Direccion: id(4, n),
				Lat:       -31.41,
				Lon:       -64.18,
				Sellado:   []byte{1, 2, 3},
			},
			Pago: pedido.Pago{
				Metodo:         "tarjeta_credito",
				Token:          "tok",
				MarcaDeTarjeta: "visa",
				Cuotas:         1,
			},
			Ahora: t0.Add(time.Duration(n) * time.Second)},
	)
}

func producto(n int) *catalogo.Producto {
	return &catalogo.Producto{
		ID:        id(2, n),
		Nombre:    "Dulce de leche",
		Buscable:  "dulce de leche",
		Categoria: "dulces",
		Precio:    1_500_00,
		IVA:       "21",
		Peso:      400,
		Volumen:   350,
		Activo:    true,
		Version:   1,
		Creado:    t0.Add(time.Duration(n) * time.Second),
	}
}

func clave(n int) existencias.Clave {
	return existencias.Clave{Pedido: id(1, n), Intento: 1, Vuelta: 1}
}

// bien ends the case when err is an error.
func bien(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

// dado gives v, or ends the case.
func dado[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		bien(t, err)
		return v
	}
}

// soloError leaves the value out.
func soloError[T any](_ T, err error) error { return err }

// espera notes an error that is not the one wanted.
func espera(t testing.TB, que string, err, quiero error) {
	t.Helper()
	if !errors.Is(err, quiero) {
		t.Errorf("%s: got error %v, want %v", que, err, quiero)
	}
}

// igual notes two values that differ.
func igual[T comparable](t testing.TB, que string, tengo, quiero T) {
	t.Helper()
	if tengo != quiero {
		t.Errorf("%s: got %v, want %v", que, tengo, quiero)
	}
}

// aLaVez runs f on n goroutines and waits for them.
func aLaVez(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// insertar stores orders, many at once so that they share commits.
func insertar(t testing.TB, puertos Puertos, pedidos ...*pedido.Pedido) {
	t.Helper()
	aLaVez(32, func(w int) {
		for i := w; i < len(pedidos); i += 32 {
			if err := puertos.Pedidos.Insertar(context.Background(), pedidos[i]); err != nil {
				t.Errorf("Insertar: %v", err)
			}
		}
	})
}

// pedidos makes the orders desde to hasta, the last one excluded.
func pedidos(desde, hasta int) []*pedido.Pedido {
	out := make([]*pedido.Pedido, 0, hasta-desde)
	for i := desde; i < hasta; i++ {
		out = append(out, nuevo(i))
	}
	return out
}

// leer reads an order, or ends the case.
func leer(t testing.TB, puertos Puertos, id string) *pedido.Pedido {
	t.Helper()
	return dado(puertos.Pedidos.Leer(context.Background(), id))(t)
}

// cambiar reads an order, changes it and saves it, again after each conflict.
func cambiar(puertos Puertos, id string, f func(*pedido.Pedido)) error {
	return insistir(func() error {
		v, err := puertos.Pedidos.Leer(context.Background(), id)
		if err != nil {
			return err
		}
		f(v)
		return puertos.Pedidos.Guardar(context.Background(), v)
	})
}

// insistir repeats f while it gives store.ErrConflicto.
func insistir(f func() error) error {
	for range 10_000 {
		if err := f(); !errors.Is(err, store.ErrConflicto) {
			return err
		}
	}
	return errors.New("storetest: 10,000 conflicts in a row")
}
