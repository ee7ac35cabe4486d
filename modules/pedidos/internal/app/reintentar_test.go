package app_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// fallido is ana's order after its first intento, which failed and has been undone.
func fallido() *pedido.Pedido {
	p := unPedido(pedido.Fallido)
	p.Motivo = "sin-stock"
	p.MarcarDeshecho(1)
	return p
}

// TestARetryIsRefused: the reasons to refuse a retry, and the member that each names. The order stays as it
// was.
func TestARetryIsRefused(t *testing.T) {
	t.Parallel()
	malPago := app.PagoPedido{Metodo: "oro"}
	tests := map[string]struct {
		con    func(p *pedido.Pedido)
		quien  app.Quien // zero: clienta
		r      app.Reintento
		quiero error
		campo  string
	}{
		"another's order": {quien: ajena, quiero: app.ErrNoExiste},
		"one under way": {
			con:    func(p *pedido.Pedido) { p.Estado = pedido.Autorizado },
			quiero: pedido.ErrPaso,
		},
		"one given up": {
			con:    func(p *pedido.Pedido) { p.Estado = pedido.Rechazado },
			quiero: pedido.ErrPaso,
		},
		"a fourth time": {
			con:    func(p *pedido.Pedido) { p.Intento = 3 },
			quiero: pedido.ErrIntentos,
		},
		"asked for already": {
			con:    func(p *pedido.Pedido) { p.Pedida = &pedido.Cambios{} },
			quiero: pedido.ErrIntentos,
		},
		"with a used card": {
			con:    func(p *pedido.Pedido) { p.Pago.MarcaDeTarjeta = "visa" },
			quiero: pedido.ErrToken,
			campo:  "body.pago",
		},
		"paid in gold": {
			r:      app.Reintento{Pago: &malPago},
			quiero: app.ErrPago,
			campo:  "body.pago.metodo",
		},
		"to another's address": {
			r:      app.Reintento{Direccion: "x"},
			quiero: clientes.ErrDireccion,
			campo:  "body.direccion_id",
		},
		"for a window that is over": {
			r:      app.Reintento{Ventana: ventana(-2, -1)},
			quiero: app.ErrVentana,
			campo:  "body.entrega.hasta",
		},
		"for its own window, too near by now": {
			con:    func(p *pedido.Pedido) { p.Ventana = ventana(time.Hour, 2*time.Hour) },
			quiero: app.ErrVentana,
			campo:  "body.entrega.desde",
		},
		"with an unknown product": {
			r:      app.Reintento{Lineas: []app.LineaPedida{{"x", 1}}},
			quiero: app.ErrProducto,
			campo:  "body.lineas[0].producto_id",
		},
		"at a lower price than shown": {
			r:      app.Reintento{Total: centavos(21_001)},
			quiero: app.ErrPrecio,
		},
		"at a price that has risen since": {
			r: app.Reintento{
				Lineas: []app.LineaPedida{{leche, 9}},
				Total:  centavos(21_000),
			},
			quiero: app.ErrPrecio,
		},
		"worth too much": {
			r: app.Reintento{
				Lineas: []app.LineaPedida{{yerba, int64(app.MaxTotal / 10_000)}},
			},
			quiero: app.ErrTotal,
			campo:  "body.lineas",
		},
		"with a product that is not sold any more": {
			con:    func(p *pedido.Pedido) { p.Lineas[0].Producto = viejo },
			quiero: app.ErrProducto,
			campo:  "body.lineas[0].producto_id",
		},
		"on too busy a day": {
			con:    func(p *pedido.Pedido) { p.Acciones = acciones(50) },
			quiero: pedido.ErrAcciones,
		},
		"under the key of another body": {
			con:    func(p *pedido.Pedido) { bienRecordada(p, "k", "otra") },
			quiero: pedido.ErrHuella,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			p := fallido()
			if tt.con != nil {
				tt.con(p)
			}
			b := armar(p)
			_, _, err := b.Reintentar(
				t.Context(),
				cmp.Or(tt.quien, clienta),
				uno,
				tt.r,
				llave("k", "h"),
			)
			rechazado(t, err, tt.quiero, tt.campo)
			igual(t, "version", b.pedidos.hay[uno].Version, 1)
			igual(t, "handed over", len(b.worker.empujados), 0)
		})
	}
}

// TestARetryBegins: a retry with each kind of change, and the total of the next intento.
func TestARetryBegins(t *testing.T) {
	t.Parallel()
	pago := tarjeta()
	tests := map[string]struct {
		con    func(b *banco)
		r      app.Reintento
		espera bool // the last intento is still being undone
		total  int64
	}{
		"as it was":       {total: 21_000},
		"as it was shown": {r: app.Reintento{Total: centavos(21_000)}, total: 21_000},
		"as it was, at the price that it had": {
			con:   func(b *banco) { b.productos.hay[yerba].Precio = 20_000 },
			r:     app.Reintento{Total: centavos(21_000)},
			total: 21_000,
		},
		"at the new price that was shown": {
			con: func(b *banco) { b.productos.hay[yerba].Precio = 20_000 },
			r: app.Reintento{
				Lineas: []app.LineaPedida{{yerba, 2}},
				Total:  centavos(41_000),
			},
			total: 41_000,
		},
		"with other lines": {
			r:     app.Reintento{Lineas: []app.LineaPedida{{leche, 1}}},
			total: 3_500,
		},
		"at a new price": {
			con:   func(b *banco) { b.productos.hay[yerba].Precio = 20_000 },
			r:     app.Reintento{Lineas: []app.LineaPedida{{yerba, 2}}},
			total: 41_000,
		},
		"by card":            {r: app.Reintento{Pago: &pago}, total: 21_000},
		"to another address": {r: app.Reintento{Direccion: casa}, total: 21_000},
		"once undone": {
			con:    func(b *banco) { b.pedidos.hay[uno].Intentos[0].Deshecho = false },
			espera: true,
			total:  21_000,
		},
		"after a conflict": {con: func(b *banco) { b.pedidos.conflictos = 2 }, total: 21_000},
		"for another window": {
			r:     app.Reintento{Ventana: ventana(5*time.Hour, 9*time.Hour)},
			total: 21_000,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar(fallido())
			if tt.con != nil {
				tt.con(b)
			}
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
			if tt.r.Direccion != "" &&
				!strings.Contains(string(p.Destino.Sellado), "timbre 2") {
				t.Errorf("sealed %q", p.Destino.Sellado)
			}
			if tt.r.Pago != nil {
				igual(t, "brand", p.Pago.MarcaDeTarjeta, "visa")
			}
		})
	}
}

// TestARetryHasTheGuardsOfANewOrder: the guards judge the order with its changes. A refused retry costs no
// intento.
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
			con:    func(b *banco, _ *pedido.Pedido) { b.rutas.admite = rutas.ErrFueraDeArea },
			r:      app.Reintento{Direccion: casa},
			quiero: rutas.ErrFueraDeArea,
			campo:  "body.direccion_id",
		},
		"its own place, out of the area by now": {
			con:    func(b *banco, _ *pedido.Pedido) { b.rutas.admite = rutas.ErrFueraDeArea },
			quiero: rutas.ErrFueraDeArea,
			campo:  "body.direccion_id",
		},
		"a window that was never offered": {
			con:    func(b *banco, _ *pedido.Pedido) { b.rutas.admite = rutas.ErrVentana },
			r:      app.Reintento{Ventana: ventana(50*time.Hour, 51*time.Hour)},
			quiero: app.ErrVentana,
			campo:  "body.entrega",
		},
		"its own window, gone by now": {
			con: func(b *banco, p *pedido.Pedido) {
				b.rutas.admite = rutas.ErrVentana
				p.Ventana = ventana(50*time.Hour, 51*time.Hour)
			},
			quiero: app.ErrVentana,
			campo:  "body.entrega",
		},
		"too many that wait, with its own method": {
			con:    func(b *banco, _ *pedido.Pedido) { b.cupos.libres = 0 },
			quiero: app.ErrLentos,
		},
		"too many that wait, with a new method": {
			con:    func(b *banco, p *pedido.Pedido) { b.cupos.libres, p.Pago.Metodo = 0, "tarjeta_debito" },
			r:      app.Reintento{Pago: &lento},
			quiero: app.ErrLentos,
		},
		"too many refused cards": {
			con:    func(b *banco, _ *pedido.Pedido) { b.cupos.espera = time.Minute },
			r:      app.Reintento{Pago: &pago},
			quiero: app.ErrRechazos,
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

// TestARetryTakesItsPlace: a retry with a slow payment takes a place of its customer. A retry that another
// guard refuses takes none.
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

// TestTheAddressOfAPayerIsADigest: the payer's IP address is counted and stored as a keyed digest, and for
// cards alone.
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
	_, _, err = c.Reintentar(
		t.Context(),
		clienta,
		uno,
		app.Reintento{Pago: &pago, Desde: desde},
		llave("k", "h"),
	)
	bien(t, err)
	igual(t, "kept of a retry", c.pedidos.hay[uno].Pago.Origen, origen)
}

// TestARetryIsRepeated: a second call with the same key succeeds, even if the order has moved on, or could not
// be retried any more.
func TestARetryIsRepeated(t *testing.T) {
	t.Parallel()
	p := fallido()
	p.Estado = pedido.Confirmado
	bienRecordada(p, "k", "h")
	b := armar(p)
	got, repetida, err := b.Reintentar(
		t.Context(),
		clienta,
		uno,
		app.Reintento{Direccion: "x"},
		llave("k", "h"),
	)
	bien(t, err)
	igual(t, "repeated", repetida, true)
	igual(t, "estado", got.Estado, pedido.Confirmado)
	igual(t, "version", b.pedidos.hay[uno].Version, 1)
}

// bienRecordada notes in ped an action under the key llave with the digest huella.
func bienRecordada(ped *pedido.Pedido, llave, huella string) {
	ped.Acciones = append(ped.Acciones, pedido.Accion{Llave: llave, Huella: huella, En: ahora})
}

// acciones are n actions of an hour ago.
func acciones(n int) (as []pedido.Accion) {
	for i := range n {
		as = append(
			as,
			pedido.Accion{Llave: strings.Repeat("x", i+1), En: ahora.Add(-time.Hour)},
		)
	}
	return as
}
