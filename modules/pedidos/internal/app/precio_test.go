package app_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/fault"
)

// TestAWayToPayIsRefused: a way to pay with a member missing, or one too many.
func TestAWayToPayIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pago  func(p *app.PagoPedido)
		campo string
	}{
		"a method that there is not": {
			func(p *app.PagoPedido) { p.Metodo = "oro" },
			"body.pago.metodo",
		},
		"a card without a token": {
			func(p *app.PagoPedido) { p.Token = "" },
			"body.pago.token",
		},
		"a card without a brand": {
			func(p *app.PagoPedido) { p.MarcaDeTarjeta = "" },
			"body.pago.marca",
		},
		"too many instalments": {
			func(p *app.PagoPedido) { p.Cuotas = app.MaxCuotas + 1 },
			"body.pago.cuotas",
		},
		"instalments below none": {
			func(p *app.PagoPedido) { p.Cuotas = -1 },
			"body.pago.cuotas",
		},
		"a transfer with a token": {
			func(p *app.PagoPedido) { p.Metodo, p.MarcaDeTarjeta = pagos.Transferencia, "" }, "body.pago",
		},
		"a transfer with a brand": {
			func(p *app.PagoPedido) { p.Metodo, p.Token = pagos.Transferencia, "" }, "body.pago",
		},
		"a voucher in instalments": {
			func(p *app.PagoPedido) { *p = app.PagoPedido{Metodo: pagos.Efectivo, Cuotas: 2} }, "body.pago",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			n := nuevo()
			tt.pago(&n.Pago)
			armar().negado(t, n, app.ErrPago, tt.campo)
		})
	}
}

func TestTheMostInstalments(t *testing.T) {
	t.Parallel()
	b, n := armar(), nuevo()
	n.Pago.Cuotas = app.MaxCuotas
	_, _, err := b.Crear(t.Context(), n)
	bien(t, err)
	igual(t, "instalments", b.pedidos.hay[uno].Pago.Cuotas, app.MaxCuotas)
}

// TestAWindow: the windows that a new order may ask for, by its way to pay.
func TestAWindow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ventana *pedido.Ventana
		pago    app.PagoPedido
		campo   string // "": taken
	}{
		"upside down": {
			ventana: ventana(2, 1),
			pago:    tarjeta(),
			campo:   "body.entrega.hasta",
		},
		"without a length": {
			ventana: ventana(2, 2),
			pago:    tarjeta(),
			campo:   "body.entrega.hasta",
		},
		"that is over": {
			ventana: ventana(-2, 0),
			pago:    tarjeta(),
			campo:   "body.entrega.hasta",
		},
		"of now, by card": {ventana: ventana(-time.Hour, time.Hour), pago: tarjeta()},
		"too soon for transfers": {
			ventana: ventana(4*time.Hour-1, 8*time.Hour),
			pago:    transferencia(),
			campo:   "body.entrega.desde",
		},
		"just in time for them": {
			ventana: ventana(4*time.Hour, 8*time.Hour),
			pago:    transferencia(),
		},
		"finer than a millisecond": {
			ventana: ventana(time.Hour+time.Nanosecond, 2*time.Hour+time.Nanosecond),
			pago:    tarjeta(),
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b, n := armar(), nuevo()
			n.Ventana, n.Pago = tt.ventana, tt.pago
			if tt.campo != "" {
				b.negado(t, n, app.ErrVentana, tt.campo)
				return
			}
			_, _, err := b.Crear(t.Context(), n)
			bien(t, err)
			v := b.pedidos.hay[uno].Ventana
			igual(t, "from", v.Desde, pedido.Instante(tt.ventana.Desde))
			igual(t, "to", v.Hasta, pedido.Instante(tt.ventana.Hasta))
		})
	}
}

// TestLinesAreRefused: lines that a quote and a new order refuse, naming the line.
func TestLinesAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lineas []app.LineaPedida
		quiero error
		campo  string
	}{
		"a product twice": {
			lineas: []app.LineaPedida{{yerba, 1}, {leche, 1}, {yerba, 1}},
			quiero: app.ErrRepetido,
			campo:  "body.lineas[2].producto_id",
		},
		"an unknown product": {
			lineas: []app.LineaPedida{{yerba, 1}, {"x", 1}},
			quiero: app.ErrProducto,
			campo:  "body.lineas[1].producto_id",
		},
		"one that is not sold": {
			lineas: []app.LineaPedida{{viejo, 1}},
			quiero: app.ErrProducto,
			campo:  "body.lineas[0].producto_id",
		},
		"a line too dear": {
			lineas: []app.LineaPedida{{yerba, 100_000_001}},
			quiero: app.ErrTotal,
			campo:  "body.lineas[0].cantidad",
		},
		"one beyond int64": {
			lineas: []app.LineaPedida{{leche, 1}, {yerba, 1e18}},
			quiero: app.ErrTotal,
			campo:  "body.lineas[1].cantidad",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b, n := armar(), nuevo()
			_, err := b.Cotizar(t.Context(), ana, casa, tt.lineas)
			rechazado(t, err, tt.quiero, tt.campo)
			n.Lineas = tt.lineas
			b.negado(t, n, tt.quiero, tt.campo)
		})
	}
}

// TestASumTooDear: an order over MaxTotal is refused, although each of its lines is below it.
func TestASumTooDear(t *testing.T) {
	t.Parallel()
	b, n := armar(), nuevo()
	n.Lineas = []app.LineaPedida{{yerba, 100_000_000}}
	b.negado(t, n, app.ErrTotal, "body.lineas")
}

// TestAQuote: the sums of a quote, its windows, and the products that are short.
func TestAQuote(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		con      func(b *banco)
		cliente  string
		ventanas []rutas.Ventana
		faltan   []string
		lejos    bool
		quiero   error
	}{
		// The windows are those of the depot that has all the goods, soonest first.
		"all there": {con: func(*banco) {}, ventanas: ventanas(1, 2)},
		"nowhere enough": {
			con:    func(b *banco) { b.stock.faltan = []string{yerba} },
			faltan: []string{yerba},
		},
		"out of the area": {
			con:   func(b *banco) { b.rutas.ofrecer = rutas.ErrFueraDeArea },
			lejos: true,
		},
		"rutas is away": {
			con:    func(b *banco) { b.rutas.ofrecer = errLejos },
			quiero: errLejos,
		},
		"an unknown customer": {
			con:     func(*banco) {},
			cliente: berta,
			quiero:  clientes.ErrNoExiste,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			tt.con(b)
			if tt.cliente == "" {
				tt.cliente = ana
			}
			c, err := b.Cotizar(
				t.Context(),
				tt.cliente,
				casa,
				[]app.LineaPedida{{yerba, 2}, {leche, 1}},
			)
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, "")
				return
			}
			bien(t, err)
			igual(t, "total", c.Total, 23_500)
			igual(t, "net and IVA", c.Neto+c.IVA, c.Total)
			igual(t, "fee", c.Envio, 1_000)
			igual(t, "out of the area", c.FueraDeArea, tt.lejos)
			if !slices.Equal(c.Ventanas, tt.ventanas) || !slices.Equal(c.Faltan, tt.faltan) {
				t.Errorf("windows %v, short %v", c.Ventanas, c.Faltan)
			}
			igual(t, "orders stored", len(b.pedidos.hay), 0)
		})
	}
	_, err := armar().Cotizar(t.Context(), ana, "x", []app.LineaPedida{{yerba, 1}})
	rechazado(t, err, clientes.ErrDireccion, "body.direccion_id")
}

// TestWindowsOfTwoDepots: the windows of both are offered soonest first, each once.
func TestWindowsOfTwoDepots(t *testing.T) {
	t.Parallel()
	b := armar()
	b.stock.enLejos = true
	larga := rutas.Ventana{Desde: ahora.Add(time.Hour), Hasta: ahora.Add(9 * time.Hour)}
	b.rutas.deLejos = append(ventanas(1, 3), larga)
	c, err := b.Cotizar(t.Context(), ana, casa, []app.LineaPedida{{yerba, 2}})
	bien(t, err)
	quiero := slices.Concat(ventanas(1), []rutas.Ventana{larga}, ventanas(2, 3))
	if !slices.Equal(c.Ventanas, quiero) {
		t.Errorf("got %v, want %v", c.Ventanas, quiero)
	}
}

// cotizacionDe is the quote in a precio-cambiado error.
func cotizacionDe(t *testing.T, err error) app.Cotizacion {
	t.Helper()
	f, ok := fault.As(err)
	if !ok {
		t.Fatal(errors.Unwrap(err))
	}
	c, ok := f.Extra["cotizacion"].(app.Cotizacion)
	if !ok {
		t.Fatalf("carries %v", f.Extra)
	}
	return c
}
