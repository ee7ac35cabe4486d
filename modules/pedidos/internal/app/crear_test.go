package app_test

import (
	"strings"
	"testing"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/money"
)

// nuevo is an order that the app takes: two units of yerba, by card, 21,000 centavos.
func nuevo() app.PedidoNuevo {
	return app.PedidoNuevo{
		Llave:     llave(uno, "h1"),
		Cliente:   ana,
		Lineas:    []app.LineaPedida{{Producto: yerba, Cantidad: 2}},
		Direccion: casa,
		Pago:      tarjeta(),
	}
}

func tarjeta() app.PagoPedido {
	return app.PagoPedido{Metodo: pagos.TarjetaCredito, Token: "tok", MarcaDeTarjeta: "visa"}
}

func transferencia() app.PagoPedido { return app.PagoPedido{Metodo: pagos.Transferencia} }

func centavos(c money.Centavos) *money.Centavos { return &c }

// negado places pedidoNuevo, which the app has to refuse without an order, a lease or a hand-over.
func (b *banco) negado(t *testing.T, pedidoNuevo app.PedidoNuevo, quiero error, campo string) {
	t.Helper()
	b.worker.lugares = 1
	_, _, err := b.Crear(t.Context(), pedidoNuevo)
	rechazado(t, err, quiero, campo)
	igual(t, "orders of its own", b.pedidos.insertados, 0)
	igual(t, "leases held", 1-b.worker.lugares-b.worker.sueltos, 0)
	igual(t, "orders handed over", len(b.worker.llevados), 0)
}

// TestAnOrderIsRefused: the reasons to refuse a new order, and the member that each names.
func TestAnOrderIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con    func(b *banco, n *app.PedidoNuevo)
		quiero error
		campo  string
	}{
		"an unknown customer": {
			con:    func(_ *banco, n *app.PedidoNuevo) { n.Cliente = berta },
			quiero: clientes.ErrNoExiste,
		},
		"another's address": {
			con:    func(_ *banco, n *app.PedidoNuevo) { n.Direccion = "x" },
			quiero: clientes.ErrDireccion,
			campo:  "body.direccion_id",
		},
		"personal data in a reference": {
			con:    func(_ *banco, n *app.PedidoNuevo) { n.Propio.Referencia = "ana@example.com" },
			quiero: pedido.ErrPersonal,
			campo:  "body.referencia",
		},
		"a higher price than shown": {
			con:    func(_ *banco, n *app.PedidoNuevo) { n.Total = centavos(20_999) },
			quiero: app.ErrPrecio,
		},
		"a lower price than shown": {
			con:    func(_ *banco, n *app.PedidoNuevo) { n.Total = centavos(21_001) },
			quiero: app.ErrPrecio,
		},
		"no e-mail": {
			con:    func(b *banco, _ *app.PedidoNuevo) { b.clientes.correo = "" },
			quiero: app.ErrCorreo,
		},
		"an erased customer": {
			con:    func(b *banco, _ *app.PedidoNuevo) { b.clientes.sellar = clientes.ErrSinClave },
			quiero: clientes.ErrSinClave,
		},
		"too many transfers that wait": {
			con:    func(b *banco, n *app.PedidoNuevo) { b.cupos.libres, n.Pago = 0, transferencia() },
			quiero: app.ErrLentos,
		},
		"too many vouchers that wait": {
			con: func(b *banco, n *app.PedidoNuevo) {
				b.cupos.libres, n.Pago.Metodo = 0, pagos.Efectivo
				sinTarjeta(n)
			},
			quiero: app.ErrLentos,
		},
		"too many refused cards": {
			con:    func(b *banco, _ *app.PedidoNuevo) { b.cupos.espera = 90 * time.Second },
			quiero: app.ErrRechazos,
		},
		"to a place out of the area": {
			con:    func(b *banco, _ *app.PedidoNuevo) { b.rutas.admite = rutas.ErrFueraDeArea },
			quiero: rutas.ErrFueraDeArea,
			campo:  "body.direccion_id",
		},
		"in a window that was never offered": {
			con: func(b *banco, n *app.PedidoNuevo) {
				b.rutas.admite = rutas.ErrVentana
				n.Ventana = ventana(8760*time.Hour, 8764*time.Hour)
			},
			quiero: app.ErrVentana,
			campo:  "body.entrega",
		},
		"while the count of places is away": {
			con:    func(b *banco, n *app.PedidoNuevo) { b.cupos.falla, n.Pago = errLejos, transferencia() },
			quiero: errLejos,
		},
		"a store that is away": {
			con:    func(b *banco, _ *app.PedidoNuevo) { b.pedidos.insertar = errLejos },
			quiero: errLejos,
		},
		"a store that cannot be read": {
			con:    func(b *banco, _ *app.PedidoNuevo) { b.pedidos.leer = errLejos },
			quiero: errLejos,
		},
		"the key of another body": {
			con: func(b *banco, n *app.PedidoNuevo) {
				b.pedidos.hay[uno] = unPedido(pedido.Creado)
				n.Llave.Fingerprint = "h2"
			},
			quiero: pedido.ErrHuella,
		},
		"the key of another body, at the same time": {
			con: func(b *banco, n *app.PedidoNuevo) {
				b.pedidos.antes = unPedido(pedido.Creado)
				n.Llave.Fingerprint = "h2"
			},
			quiero: pedido.ErrHuella,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b, n := armar(), nuevo()
			tt.con(b, &n)
			b.negado(t, n, tt.quiero, tt.campo)
		})
	}
}

func sinTarjeta(pedidoNuevo *app.PedidoNuevo) {
	pedidoNuevo.Pago.Token, pedidoNuevo.Pago.MarcaDeTarjeta = "", ""
}

// TestAnOrderIsTaken: new orders that the guards let pass, with and without a free place at the worker.
func TestAnOrderIsTaken(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con   func(b *banco, n *app.PedidoNuevo)
		lleva int // orders that the worker works on at once
	}{
		"by card": {func(*banco, *app.PedidoNuevo) {}, 1},
		"at the price shown": {
			func(_ *banco, n *app.PedidoNuevo) { n.Total = centavos(21_000) },
			1,
		},
		"one below the cap": {
			func(b *banco, n *app.PedidoNuevo) { b.cupos.libres, n.Pago = 1, transferencia() }, 1,
		},
		"a card beside the cap": {func(b *banco, _ *app.PedidoNuevo) { b.cupos.libres = 0 }, 1},
		"without a key": {
			func(_ *banco, n *app.PedidoNuevo) { n.Llave.Given = false },
			1,
		},
		"by voucher beside refused cards": {
			func(b *banco, n *app.PedidoNuevo) { b.cupos.espera, n.Pago = time.Hour, transferencia() }, 1,
		},
		"while rutas is away": {
			func(b *banco, _ *app.PedidoNuevo) { b.rutas.admite = errLejos },
			1,
		},
		"by a full worker": {func(b *banco, _ *app.PedidoNuevo) { b.worker.lugares = 0 }, 0},
		"without handing over": {
			func(b *banco, _ *app.PedidoNuevo) { b.con(func(o *app.Opciones) { o.SinManos = true }) }, 0,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b, n := armar(), nuevo()
			b.worker.lugares = 1
			tt.con(b, &n)
			p, repetido, err := b.Crear(t.Context(), n)
			bien(t, err)
			igual(t, "repeated", repetido, false)
			igual(t, "id", p.ID, uno)
			igual(t, "handed over", len(b.worker.llevados), tt.lleva)
			igual(
				t,
				"told of without a place",
				b.worker.dejados == 1,
				nombre == "by a full worker",
			)
			hay := b.pedidos.hay[uno]
			igual(t, "estado", hay.Estado, pedido.Creado)
			igual(t, "digest", hay.Huella, "h1")
			igual(t, "total", hay.Total, 21_000)
			igual(t, "net and IVA", hay.Neto+hay.IVA, 21_000)
			igual(t, "instalments", hay.Pago.Cuotas, 1)
			claro, para := strings.CutPrefix(string(hay.Destino.Sellado), "pedido."+uno+"|")
			if !para || !strings.Contains(claro, "Yatay 1") {
				t.Errorf("sealed %q", hay.Destino.Sellado)
			}
		})
	}
}

// TestWhatAnIntegratorWritesIsKept: the order keeps reference and metadata, through a retry too.
func TestWhatAnIntegratorWritesIsKept(t *testing.T) {
	t.Parallel()
	b, n := armar(), nuevo()
	n.Propio = pedido.Propio{Referencia: "PO-1", Metadatos: map[string]string{"canal": "web"}}
	p, _, err := b.Crear(t.Context(), n)
	bien(t, err)
	igual(t, "reference", p.Referencia, "PO-1")
	bien(t, b.pedidos.hay[uno].Fallar("pago-rechazado", ahora))
	b.pedidos.hay[uno].Intentos[0].Deshecho = true
	_, _, err = b.Reintentar(
		t.Context(),
		clienta,
		uno,
		app.Reintento{Pago: &app.PagoPedido{Metodo: pagos.Transferencia}},
		llave(dos, "h2"),
	)
	bien(t, err)
	hay := b.pedidos.hay[uno]
	igual(t, "intento", hay.IntentoVisible(), 2)
	igual(t, "reference afterwards", hay.Referencia, "PO-1")
	igual(t, "metadata afterwards", hay.Metadatos["canal"], "web")
}

// TestAChangedPriceComesWithItsQuote: the refusal has the present price and the free windows.
func TestAChangedPriceComesWithItsQuote(t *testing.T) {
	t.Parallel()
	b, n := armar(), nuevo()
	n.Total = centavos(1)
	_, _, err := b.Crear(t.Context(), n)
	rechazado(t, err, app.ErrPrecio, "")
	c := cotizacionDe(t, err)
	igual(t, "total", c.Total, 21_000)
	igual(t, "windows", len(c.Ventanas), 2)
}

// TestAnOrderIsRepeated: a second call with the same key finds the order of the first.
func TestAnOrderIsRepeated(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con     func(b *banco, p *pedido.Pedido)
		sueltos int // leases that were taken for no order, and given back
	}{
		"after the first":  {func(b *banco, p *pedido.Pedido) { b.pedidos.hay[uno] = p }, 0},
		"beside the first": {func(b *banco, p *pedido.Pedido) { b.pedidos.antes = p }, 1},
		"beside the first, by a full worker": {
			func(b *banco, p *pedido.Pedido) { b.pedidos.antes, b.worker.lugares = p, 0 }, 0,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.worker.lugares = 1
			tt.con(b, unPedido(pedido.Autorizado))
			p, repetido, err := b.Crear(t.Context(), nuevo())
			bien(t, err)
			igual(t, "repeated", repetido, true)
			igual(t, "estado", p.Estado, pedido.Autorizado)
			igual(t, "leases ended", b.worker.sueltos, tt.sueltos)
			igual(t, "handed over", len(b.worker.llevados), 0)
			igual(t, "orders", len(b.pedidos.hay), 1)
		})
	}
}

func ventana(desde, hasta time.Duration) *pedido.Ventana {
	return &pedido.Ventana{Desde: ahora.Add(desde), Hasta: ahora.Add(hasta)}
}
