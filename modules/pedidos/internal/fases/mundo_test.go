package fases

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/money"
)

var (
	t0      = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	errCaso = errors.New("an error that no contract names")
)

const total = money.Centavos(4_900_00)

var tiempos = Tiempos{
	MirarPago:       10 * time.Minute,
	MirarVisita:     30 * time.Minute,
	EsperaMinima:    time.Second,
	EsperaMaxima:    time.Minute,
	Efectivo:        72 * time.Hour,
	Transferencia:   48 * time.Hour,
	Tarjeta:         time.Hour,
	Pasarela:        30 * time.Minute,
	SinCamion:       30 * time.Minute,
	Reintento:       24 * time.Hour,
	Salida:          24 * time.Hour,
	Reparto:         48 * time.Hour,
	IntentosEntrega: 3,
}

// mundo is the neighbours of one order. They keep books, and live on a fake clock.
type mundo struct {
	t        testing.TB
	ahora    time.Time
	llamadas []string // the calls since the last phase began
	// dice is asked before each call. Its error is the call's answer; nil: the neighbour does the call.
	dice func(llamada string) error
	// pierde: the neighbour does the call even if dice has an error, which is still the answer.
	pierde   bool
	sinVenta bool // no product is sold any more

	pagos *pagosFalsa
	rutas *rutasFalsa
	stock *stockFalso
	freno int // cards that are still let through; negative: all

	dentro     int            // cards that are being tried
	rechazados map[string]int // refused payments counted, by order and intento
	fases      *Fases
}

func nuevoMundo(t testing.TB) *mundo {
	m := &mundo{t: t, ahora: t0, freno: -1, rechazados: map[string]int{}}
	m.pagos, m.rutas, m.stock = nuevaPagos(m), nuevaRutas(m), nuevoStock(m)
	m.fases = New(Vecinos{Pagos: m.pagos, Rutas: m.rutas, Clientes: abridor{m}, Stock: m.stock,
		Productos: productos{m}, Rechazos: rechazos{m}}, tiempos)
	return m
}

// llaman notes a call. With hecha, err is its answer, and the neighbour does nothing more.
func (m *mundo) llaman(llamada string) (hecha bool, err error) {
	m.llamadas = append(m.llamadas, llamada)
	if m.dice != nil {
		err = m.dice(llamada)
	}
	return err != nil && !m.pierde, err
}

// responde answers each call with its error in con, from now on.
func (m *mundo) responde(con map[string]error) {
	m.dice = func(llamada string) error { return con[llamada] }
}

type abridor struct{ m *mundo }

func (a abridor) Abrir(context.Context, string, string, []byte) ([]byte, error) {
	_, err := a.m.llaman("clientes.Abrir")
	return []byte(`{"correo":"ana@example.com"}`), err
}

// rechazos is the counter of refused cards. It lets freno cards of the world through.
type rechazos struct{ m *mundo }

func (r rechazos) Entrar(
	context.Context,
	cupos.Pagador,
) (salir func(), espera time.Duration, err error) {
	r.m.dentro++
	salir = func() { r.m.dentro-- }
	_, err = r.m.llaman("Rechazos.Entrar")
	if err == nil && r.m.freno >= 0 && len(r.m.rechazados) >= r.m.freno {
		espera = time.Minute
	}
	return salir, espera, err
}

func (r rechazos) Rechazado(
	_ context.Context,
	pagador cupos.Pagador,
	id string,
	intento int64,
) error {
	hecha, err := r.m.llaman("Rechazos.Rechazado")
	if !hecha {
		r.m.rechazados[fmt.Sprintf("%s %s %s:%d", pagador.Cliente, pagador.Origen, id, intento)]++
	}
	return err
}

type productos struct{ m *mundo }

func (x productos) Leer(_ context.Context, ids []string) (ps []*catalogo.Producto, err error) {
	_, err = x.m.llaman("Productos.Leer")
	for _, id := range ids {
		ps = append(ps, &catalogo.Producto{ID: id, Activo: !x.m.sinVenta})
	}
	return ps, err
}

// pedidoNuevo is an order of two units, by card, for the first free window.
func pedidoNuevo() *pedido.Pedido {
	return pedido.Crear(pedido.Nuevo{
		ID: "0198c0de-0000-7000-8000-000000000001", Cliente: "c", Ahora: t0,
		Lineas: []pedido.Linea{{Producto: "yerba", Cantidad: 2, Total: total}},
		Pago: pedido.Pago{
			Metodo:         "tarjeta_credito",
			Token:          "tok",
			MarcaDeTarjeta: "visa",
			Cuotas:         1,
		},
	})
}

// enVale is an order of two units, by voucher, for the window of the second day.
func enVale() *pedido.Pedido {
	p := pedidoNuevo()
	p.Pago = pedido.Pago{Metodo: "efectivo"}
	v := ventanaDe(t0.Add(30 * time.Hour))
	p.Ventana = &pedido.Ventana{Desde: v.Desde, Hasta: v.Hasta}
	return p
}

// paso does one phase and applies its result, as the worker does. The phase takes 2 ms.
func (m *mundo) paso(ped *pedido.Pedido) error {
	m.t.Helper()
	r, err := m.hacer(ped)
	m.ahora = m.ahora.Add(2 * time.Millisecond)
	if e := r(ped, m.ahora); e != nil {
		m.t.Fatalf("the result of %s is refused: %v", ped.Estado, e)
	}
	return err
}

// hacer recovers a panic as the worker does: it puts the order off.
func (m *mundo) hacer(ped *pedido.Pedido) (r Resultado, err error) {
	defer func() {
		if v := recover(); v != nil {
			r, err = tiempos.Despues, fmt.Errorf("panic: %v", v)
		}
	}()
	m.llamadas = nil
	m.rutas.mover()
	return m.fases.Hacer(context.Background(), ped, m.ahora)
}

// hasta carries ped on by its own timers until ya holds, or until the order rests.
func (m *mundo) hasta(ped *pedido.Pedido, ya func() bool) {
	m.t.Helper()
	for n, seguidos := 0, 0; ped.Debe != nil && !ya(); n++ {
		if seguidos++; ped.Debe.After(m.ahora) {
			m.ahora, seguidos = *ped.Debe, 0
		}
		if seguidos > 40 || n > 5_000 {
			m.t.Fatalf("%s: it goes round and round: %v", ped.Estado, m.llamadas)
		}
		_ = m.paso(ped)
	}
}

// llegar carries the new order ped to the estado e.
func (m *mundo) llegar(ped *pedido.Pedido, estado pedido.Estado) *pedido.Pedido {
	m.t.Helper()
	m.hasta(ped, func() bool { return ped.Estado == estado })
	if ped.Estado != estado {
		m.t.Fatalf("the order came to %s (%s), not to %s", ped.Estado, ped.Motivo, estado)
	}
	return ped
}
