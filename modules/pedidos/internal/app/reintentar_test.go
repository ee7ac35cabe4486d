package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// fallido is ana's order after its first intento, which failed and is undone.
func fallido() *pedido.Pedido {
	p := unPedido(pedido.Fallido)
	p.Motivo = "sin-stock"
	p.MarcarDeshecho(1)
	return p
}

func TestARetryIsRefused(t *testing.T) {
	t.Parallel()
	nada := func(*pedido.Pedido) {}
	malPago := app.PagoPedido{Metodo: "oro"}
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		quien  app.Quien
		r      app.Reintento
		quiero error
		campo  string
	}{
		"another's order": {nada, ajena, app.Reintento{}, app.ErrNoExiste, ""},
		"one under way": {
			func(p *pedido.Pedido) { p.Estado = pedido.Autorizado }, clienta, app.Reintento{}, pedido.ErrPaso, "",
		},
		"one given up": {
			func(p *pedido.Pedido) { p.Estado = pedido.Rechazado }, clienta, app.Reintento{}, pedido.ErrPaso, "",
		},
		"a fourth time": {
			func(p *pedido.Pedido) { p.Intento = 3 }, clienta, app.Reintento{}, pedido.ErrIntentos, "",
		},
		"asked for already": {
			func(p *pedido.Pedido) { p.Pedida = &pedido.Cambios{} }, clienta, app.Reintento{}, pedido.ErrIntentos, "",
		},
		"with a used card": {
			func(p *pedido.Pedido) { p.Pago.Marca = "visa" }, clienta, app.Reintento{}, pedido.ErrToken, "body.pago",
		},
		"paid in gold": {nada, clienta, app.Reintento{Pago: &malPago}, app.ErrPago, "body.pago.metodo"},
		"to another's address": {
			nada, clienta, app.Reintento{Direccion: "x"}, clientes.ErrDireccion, "body.direccion_id",
		},
		"for a window that is over": {
			nada, clienta, app.Reintento{Ventana: ventana(-2, -1)}, app.ErrVentana, "body.entrega.hasta",
		},
		"for its own window, too near by now": {
			func(p *pedido.Pedido) { p.Ventana = ventana(time.Hour, 2*time.Hour) }, clienta, app.Reintento{},
			app.ErrVentana, "body.entrega.desde",
		},
		"with an unknown product": {
			nada, clienta, app.Reintento{Lineas: []app.LineaPedida{{"x", 1}}},
			app.ErrProducto, "body.lineas[0].producto_id",
		},
		"at a lower price than shown": {
			nada, clienta, app.Reintento{Total: centavos(21_001)}, app.ErrPrecio, "",
		},
		"at a price that has risen since": {
			nada, clienta, app.Reintento{Lineas: []app.LineaPedida{{leche, 9}}, Total: centavos(21_000)}, app.ErrPrecio, "",
		},
		"worth too much": {
			nada, clienta, app.Reintento{Lineas: []app.LineaPedida{{yerba, int64(app.MaxTotal / 10_000)}}},
			app.ErrTotal, "body.lineas",
		},
		"with a product that is not sold any more": {
			func(p *pedido.Pedido) { p.Lineas[0].Producto = viejo }, clienta, app.Reintento{},
			app.ErrProducto, "body.lineas[0].producto_id",
		},
		"on too busy a day": {
			func(p *pedido.Pedido) { p.Acciones = acciones(50) }, clienta, app.Reintento{}, pedido.ErrAcciones, "",
		},
		"under the key of another body": {
			func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") }, clienta, app.Reintento{}, pedido.ErrHuella, "",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := fallido()
			tt.con(p)
			b := armar(p)
			_, _, err := b.Reintentar(t.Context(), tt.quien, uno, tt.r, llave("k", "h"))
			rechazado(t, err, tt.quiero, tt.campo)
			igual(t, "version", b.pedidos.hay[uno].Version, 1)
			igual(t, "handed over", len(b.worker.empujados), 0)
		})
	}
}

func TestARetryBegins(t *testing.T) {
	t.Parallel()
	pago := tarjeta()
	tests := map[string]struct {
		con    func(b *banco)
		r      app.Reintento
		espera bool // the last intento is still being undone
		total  int64
	}{
		"as it was":       {func(*banco) {}, app.Reintento{}, false, 21_000},
		"as it was shown": {func(*banco) {}, app.Reintento{Total: centavos(21_000)}, false, 21_000},
		"as it was, at the price that it had": {
			func(b *banco) { b.productos.hay[yerba].Precio = 20_000 }, app.Reintento{Total: centavos(21_000)}, false, 21_000,
		},
		"at the new price that was shown": {
			func(b *banco) { b.productos.hay[yerba].Precio = 20_000 },
			app.Reintento{Lineas: []app.LineaPedida{{yerba, 2}}, Total: centavos(41_000)}, false, 41_000,
		},
		"with other lines": {func(*banco) {}, app.Reintento{Lineas: []app.LineaPedida{{leche, 1}}}, false, 3_500},
		"at a new price": {
			func(b *banco) { b.productos.hay[yerba].Precio = 20_000 },
			app.Reintento{Lineas: []app.LineaPedida{{yerba, 2}}}, false, 41_000,
		},
		"by card":            {func(*banco) {}, app.Reintento{Pago: &pago}, false, 21_000},
		"to another address": {func(*banco) {}, app.Reintento{Direccion: casa}, false, 21_000},
		"once undone": {
			func(b *banco) { b.pedidos.hay[uno].Intentos[0].Deshecho = false }, app.Reintento{}, true, 21_000,
		},
		"after a conflict": {func(b *banco) { b.pedidos.conflictos = 2 }, app.Reintento{}, false, 21_000},
		"for another window": {
			func(*banco) {}, app.Reintento{Ventana: ventana(5*time.Hour, 9*time.Hour)}, false, 21_000,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(fallido())
			tt.con(b)
			p, repetida, err := b.Reintentar(t.Context(), quienOpe, uno, tt.r, llave("k", "h"))
			bien(t, err)
			igual(t, "repeated", repetida, false)
			igual(t, "intento", p.IntentoVisible(), 2)
			igual(t, "waits", p.Pedida != nil, tt.espera)
			igual(t, "total", int64(b.pedidos.hay[uno].Total), tt.total)
			igual(t, "handed over", len(b.worker.empujados), 1)
			if tt.r.Ventana != nil {
				igual(t, "window", p.Ventana.Desde, tt.r.Ventana.Desde)
			}
			if tt.r.Direccion != "" && !strings.Contains(string(p.Destino.Sellado), "timbre 2") {
				t.Errorf("sealed %q", p.Destino.Sellado)
			}
			if tt.r.Pago != nil {
				igual(t, "brand", p.Pago.Marca, "visa")
			}
		})
	}
}

// TestARetryHasTheGuardsOfANewOrder: what is true of the order with its changes is judged at the door, and no intento is
// lost by it.
func TestARetryHasTheGuardsOfANewOrder(t *testing.T) {
	t.Parallel()
	pago, lento := tarjeta(), transferencia()
	tests := map[string]struct {
		con    func(b *banco, p *pedido.Pedido)
		r      app.Reintento
		quiero error
		campo  string
	}{
		"a place out of the area": {
			func(b *banco, _ *pedido.Pedido) { b.rutas.admite = rutas.ErrFueraDeArea }, app.Reintento{Direccion: casa},
			rutas.ErrFueraDeArea, "body.direccion_id",
		},
		"its own place, out of the area by now": {
			func(b *banco, _ *pedido.Pedido) { b.rutas.admite = rutas.ErrFueraDeArea }, app.Reintento{},
			rutas.ErrFueraDeArea, "body.direccion_id",
		},
		"a window that was never offered": {
			func(b *banco, _ *pedido.Pedido) { b.rutas.admite = rutas.ErrVentana },
			app.Reintento{Ventana: ventana(50*time.Hour, 51*time.Hour)}, app.ErrVentana, "body.entrega",
		},
		"its own window, gone by now": {
			func(b *banco, p *pedido.Pedido) {
				b.rutas.admite, p.Ventana = rutas.ErrVentana, ventana(50*time.Hour, 51*time.Hour)
			},
			app.Reintento{}, app.ErrVentana, "body.entrega",
		},
		"too many that wait, with its own method": {
			func(b *banco, _ *pedido.Pedido) { b.cupos.libres = 0 }, app.Reintento{}, app.ErrLentos, "",
		},
		"too many that wait, with a new method": {
			func(b *banco, p *pedido.Pedido) { b.cupos.libres, p.Pago.Metodo = 0, "tarjeta_debito" },
			app.Reintento{Pago: &lento}, app.ErrLentos, "",
		},
		"too many refused cards": {
			func(b *banco, _ *pedido.Pedido) { b.cupos.espera = time.Minute }, app.Reintento{Pago: &pago}, app.ErrRechazos, "",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := fallido()
			b := armar(p)
			tt.con(b, p)
			_, _, err := b.Reintentar(t.Context(), clienta, uno, tt.r, llave("k", "h"))
			rechazado(t, err, tt.quiero, tt.campo)
			igual(t, "version", b.pedidos.hay[uno].Version, 1)
			igual(t, "places taken", len(b.cupos.tomados), 0)
		})
	}
}

// TestARetryTakesItsPlace: a slow retry takes a place of its customer, and one that is refused for another reason none.
func TestARetryTakesItsPlace(t *testing.T) {
	t.Parallel()
	b := armar(fallido())
	_, _, err := b.Reintentar(t.Context(), quienOpe, uno, app.Reintento{}, llave("k", "h"))
	bien(t, err)
	if !slices.Equal(b.cupos.tomados, []string{uno}) {
		t.Errorf("places taken: %v", b.cupos.tomados)
	}
	igual(t, "for the intento", b.cupos.intento, 2)
	p := fallido()
	p.Intento = pedido.MaxIntentos
	b = armar(p)
	_, _, err = b.Reintentar(t.Context(), clienta, uno, app.Reintento{}, llave("k", "h"))
	rechazado(t, err, pedido.ErrIntentos, "")
	igual(t, "places taken in vain", len(b.cupos.tomados), 0)
}

// TestTheAddressOfAPayerIsADigest: it is counted and kept as a keyed digest, for cards alone.
func TestTheAddressOfAPayerIsADigest(t *testing.T) {
	t.Parallel()
	const desde = "192.0.2.7"
	n, b := nuevo(), armar()
	n.Desde = desde
	_, _, err := b.Crear(t.Context(), n)
	bien(t, err)
	origen := b.pedidos.hay[uno].Pago.Origen
	if origen == "" || strings.Contains(origen, desde) || origen != b.cupos.pagadora.Origen {
		t.Errorf("kept as %q, counted under %q", origen, b.cupos.pagadora.Origen)
	}
	b.con(func(o *app.Opciones) { o.Config.ClaveOrigen = []byte("otra") })
	otra := nuevo()
	otra.Llave, otra.Desde = llave("dos", "h"), desde
	_, _, err = b.Crear(t.Context(), otra)
	bien(t, err)
	if b.pedidos.hay["dos"].Pago.Origen == origen {
		t.Error("the digest does not depend on the key")
	}

	lenta := nuevo()
	lenta.Llave, lenta.Pago, lenta.Desde = llave("tres", "h"), transferencia(), desde
	_, _, err = b.Crear(t.Context(), lenta)
	bien(t, err)
	igual(t, "kept of a transfer", b.pedidos.hay["tres"].Pago.Origen, "")

	pago, c := tarjeta(), armar(fallido())
	_, _, err = c.Reintentar(t.Context(), clienta, uno, app.Reintento{Pago: &pago, Desde: desde}, llave("k", "h"))
	bien(t, err)
	igual(t, "kept of a retry", c.pedidos.hay[uno].Pago.Origen, origen)
}

// TestARetryIsRepeated: its key is good however the order has moved on, and whatever the
// repetition would break.
func TestARetryIsRepeated(t *testing.T) {
	t.Parallel()
	p := fallido()
	p.Estado = pedido.Confirmado
	bienRecordada(p, "k", "h")
	b := armar(p)
	got, repetida, err := b.Reintentar(t.Context(), clienta, uno, app.Reintento{Direccion: "x"}, llave("k", "h"))
	bien(t, err)
	igual(t, "repeated", repetida, true)
	igual(t, "estado", got.Estado, pedido.Confirmado)
	igual(t, "version", b.pedidos.hay[uno].Version, 1)
}

// bienRecordada notes an action under llave in p.
func bienRecordada(p *pedido.Pedido, llave, huella string) {
	p.Acciones = append(p.Acciones, pedido.Accion{Llave: llave, Huella: huella, En: ahora})
}

// acciones are n actions of an hour ago.
func acciones(n int) (as []pedido.Accion) {
	for i := range n {
		as = append(as, pedido.Accion{Llave: strings.Repeat("x", i+1), En: ahora.Add(-time.Hour)})
	}
	return as
}
