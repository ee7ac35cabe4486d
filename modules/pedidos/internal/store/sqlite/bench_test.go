package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/storetest"
)

var inicio = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

func idPedido(n int) string { return fmt.Sprintf("0198c0de-0001-7000-8000-%012d", n) }

// unPedidoDe is the n-th order, of one line.
func unPedidoDe(n int) *pedido.Pedido {
	linea := pedido.Linea{
		Producto: idPedido(n % 40),
		Nombre:   "Ñoquis de papa 500 g",
		Cantidad: 2,
		Precio:   121_00,
		Tasa:     "21",
		Neto:     200_00,
		IVA:      42_00,
		Total:    242_00,
		Peso:     500,
		Volumen:  800,
		Frio:     true,
	}
	p := pedido.Crear(pedido.Nuevo{
		ID:      idPedido(n),
		Cliente: fmt.Sprint("cliente", n%500),
		Huella:  "huella",
		Lineas:  []pedido.Linea{linea},
		Destino: pedido.Destino{
			Direccion: "d",
			Lat:       -31.4,
			Lon:       -64.2,
			Sellado:   make([]byte, 250),
		},
		Pago:  pedido.Pago{Metodo: "tarjeta_credito", MarcaDeTarjeta: "visa", Cuotas: 1},
		Ahora: inicio.Add(time.Duration(n) * time.Second),
	})
	for len(p.Eventos) < 8 {
		p.Anotar("nota", "", inicio)
	}
	p.Publicados = 8
	return p
}

// BenchmarkPedidos measures the port at 10,000 orders and, with DESPENSA_TEST_GRANDE=1, at 1,000,000.
func BenchmarkPedidos(b *testing.B) {
	tamanios := []int{10_000}
	if os.Getenv("DESPENSA_TEST_GRANDE") == "1" {
		tamanios = append(tamanios, 1_000_000)
	}
	for _, n := range tamanios {
		b.Run(fmt.Sprint(n), func(b *testing.B) { medir(b, n) })
	}
}

// medir loads n orders, of which one in a hundred is due, and measures each method, with one
// caller and with 32 callers at once.
func medir(b *testing.B, n int) {
	tienda := llena(b, n)
	s, ctx := tienda.Pedidos(), context.Background()
	ahora, otro := inicio.Add(20_000*time.Hour), n
	b.Run("insertar", func(b *testing.B) {
		for b.Loop() {
			otro++
			bien(b, s.Insertar(ctx, unPedidoDe(otro)))
		}
	})
	b.Run("insertar a 32", func(b *testing.B) {
		aLaVez(b, func(i int) error { return s.Insertar(ctx, unPedidoDe(otro+b.N*1000+i)) })
	})
	b.Run("leer", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			_, err := s.Leer(ctx, idPedido(i*7919%n))
			bien(b, err)
		}
	})
	b.Run("leer y guardar", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			bien(b, guardarUno(ctx, s, i*7919%n))
		}
	})
	b.Run("leer y guardar a 32", func(b *testing.B) {
		aLaVez(b, func(i int) error { return guardarUno(ctx, s, i*7919%n) })
	})
	b.Run("reclamar", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			cuando := ahora.Add(time.Duration(i) * 2 * time.Minute)
			_, err := s.Reclamar(ctx, "yo", cuando, cuando.Add(time.Minute))
			bien(b, err)
		}
	})
	b.Run("nada que reclamar", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Reclamar(ctx, "yo", inicio.Add(-time.Hour), inicio); err == nil {
				b.Fatal("something was due")
			}
		}
	})
	listar(b, s, n)
}

// listar measures pages of 50 orders from the middle of a list, by each filter.
func listar(b *testing.B, pedidos store.Pedidos, n int) {
	medio := &store.Cursor{
		Creado: inicio.Add(time.Duration(n/2) * time.Second),
		ID:     idPedido(n / 2),
	}
	filtros := map[string]store.Filtro{
		"todos":         {},
		"de un cliente": {Cliente: "cliente7"},
		"por estado":    {Estado: pedido.Entregado},
	}
	for nombre, f := range filtros {
		b.Run("listar 50 "+nombre, func(b *testing.B) {
			for b.Loop() {
				_, err := pedidos.Listar(context.Background(), f, medio, 50)
				bien(b, err)
			}
		})
	}
	b.Run("una página del repaso", func(b *testing.B) {
		for b.Loop() {
			_, err := pedidos.EnEstado(context.Background(), pedido.Confirmado, medio, 500)
			bien(b, err)
		}
	})
	b.Run("resumir", func(b *testing.B) {
		for b.Loop() {
			_, err := pedidos.Resumir(context.Background(), inicio)
			bien(b, err)
		}
	})
}

func guardarUno(ctx context.Context, pedidos store.Pedidos, n int) error {
	p, err := pedidos.Leer(ctx, idPedido(n))
	if err != nil {
		return err
	}
	p.Esperas++
	err = pedidos.Guardar(ctx, p)
	if errors.Is(err, store.ErrConflicto) {
		return nil
	}
	return err
}

// llena opens a store with n orders in it.
func llena(b *testing.B, n int) *Tienda {
	b.Helper()
	tienda, err := Open(
		context.Background(),
		Opciones{Archivo: filepath.Join(b.TempDir(), "pedidos.db")},
	)
	bien(b, err)
	b.Cleanup(func() { _ = tienda.Cerrar() })
	estados := pedido.Estados()
	for desde := 0; desde < n; desde += 10_000 {
		var ps []*pedido.Pedido
		for i := desde; i < min(desde+10_000, n); i++ {
			p := unPedidoDe(i)
			p.Estado = estados[i%len(estados)]
			if i%100 != 0 {
				p.Descansar()
			}
			ps = append(ps, p)
		}
		cargar(b, tienda, ps)
	}
	return tienda
}

// aLaVez runs f from 32 callers.
func aLaVez(b *testing.B, f func(i int) error) {
	b.SetParallelism(16)
	numeros := make(chan int)
	listo := make(chan struct{})
	defer close(listo)
	go func() {
		for i := 0; ; i++ {
			select {
			case numeros <- i:
			case <-listo:
				return
			}
		}
	}()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := f(<-numeros); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkReservar reads, changes and saves an aggregate for a reserve and for a release, beside many open
// reservations.
func BenchmarkReservar(b *testing.B) {
	for _, n := range []int{10, 100, 999} {
		b.Run(fmt.Sprint(n, " abiertas"), func(b *testing.B) {
			tienda := llena(b, 0)
			s, ctx, e := tienda.Existencias(), context.Background(), storetest.Existencia(n)
			bien(b, s.Guardar(ctx, e))
			c := existencias.Clave{Pedido: "p", Intento: 1, Vuelta: 1}
			for i := 0; b.Loop(); i++ {
				leida, err := s.Leer(ctx, e.ID)
				bien(b, err)
				if i%2 == 0 {
					bien(b, leida.Reservar(c, existencias.Demanda{Cantidad: 2}))
				} else {
					leida.Liberar(c)
				}
				bien(b, s.Guardar(ctx, leida))
			}
		})
	}
}

func bien(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
