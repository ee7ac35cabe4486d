package app_test

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
)

// medianoche is the beginning of a day in Buenos Aires: dias after the day of ahora.
func medianoche(dias int) time.Time {
	return time.Date(2026, 11, 30+dias, 3, 0, 0, 0, time.UTC)
}

// TestWhatIsFreeIsGoodUntilTheEarliestWindow: free units have to be good until the end of the earliest window,
// and beyond it for the product's own minimum.
func TestWhatIsFreeIsGoodUntilTheEarliestWindow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		primera time.Time
		falla   error
		vida    map[string]int64 // by product; every other product has 2 days
		quiero  map[string]time.Time
	}{
		"tomorrow": {
			primera: ahora.Add(24 * time.Hour),
			quiero:  map[string]time.Time{yerba: medianoche(3), leche: medianoche(3)},
		},
		"tomorrow, with minimums of their own": {
			primera: ahora.Add(24 * time.Hour),
			vida:    map[string]int64{yerba: 0, leche: 30},
			quiero:  map[string]time.Time{yerba: medianoche(1), leche: medianoche(31)},
		},
		"until midnight": {
			primera: medianoche(1),
			quiero:  map[string]time.Time{yerba: medianoche(2)},
		},
		"no window": {quiero: map[string]time.Time{yerba: medianoche(2)}},
		"a window that went": {
			primera: ahora.Add(-time.Hour),
			quiero:  map[string]time.Time{yerba: medianoche(2)},
		},
		"rutas is away": {
			falla:  errLejos,
			quiero: map[string]time.Time{yerba: medianoche(2)},
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.rutas.primera, b.rutas.sinPrimera = tt.primera, tt.falla
			for id, dias := range tt.vida {
				b.productos.hay[id].VidaMinima = &dias
			}
			for id, minimo := range tt.quiero {
				p, err := b.Producto(t.Context(), id)
				bien(t, err)
				igual(t, "least date", menorFecha(p.Disponible), minimo)
				if dias, dicho := tt.vida[id]; dicho {
					igual(t, "minimum", p.Vida, dias)
				} else {
					igual(t, "minimum", p.Vida, 2)
				}
			}
		})
	}
}

// The earliest window is asked of rutas every five seconds at most. While rutas is away its last answer holds.
func TestTheEarliestWindowIsRemembered(t *testing.T) {
	t.Parallel()
	b, reloj := armar(), ahora
	b.rutas.primera = ahora.Add(24 * time.Hour)
	b.con(func(o *app.Opciones) { o.Ahora = func() time.Time { return reloj } })
	mirar := func(pasan time.Duration, preguntas int, minimo time.Time) {
		t.Helper()
		reloj = reloj.Add(pasan)
		p, err := b.Producto(t.Context(), yerba)
		bien(t, err)
		igual(t, "asked", b.rutas.preguntas, preguntas)
		igual(t, "least date", menorFecha(p.Disponible), minimo)
	}
	mirar(0, 1, medianoche(3))
	b.rutas.primera = ahora.Add(48 * time.Hour)
	mirar(4*time.Second, 1, medianoche(3))
	mirar(time.Second, 2, medianoche(4))
	b.rutas.sinPrimera = errLejos
	mirar(time.Minute, 3, medianoche(4))
	mirar(-time.Hour, 4, medianoche(4)) // a clock that was set back
}

// A quote offers the windows until the end of which the goods are good. Goods that are not good for the
// earliest window are short.
func TestAQuoteLooksAtDates(t *testing.T) {
	t.Parallel()
	dia := func(n int) rutas.Ventana {
		return rutas.Ventana{
			Desde: ahora.AddDate(0, 0, n),
			Hasta: ahora.AddDate(0, 0, n).Add(2 * time.Hour),
		}
	}
	tests := map[string]struct {
		buenos   int // days after today for which the goods are good
		ventanas int // windows offered, of those of days 1, 2 and 3
		faltan   int
	}{
		"good for all": {buenos: 5, ventanas: 3},
		"good for two": {buenos: 4, ventanas: 2}, // until day 2, and two days beyond
		"good for one": {buenos: 3, ventanas: 1},
		"for none":     {buenos: 2, faltan: 1},
		"expired":      {buenos: -1, faltan: 1},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			vence := ahora.AddDate(0, 0, tt.buenos)
			b.stock.bueno, b.stock.enLejos = &vence, true
			b.rutas.deLejos = []rutas.Ventana{
				dia(1),
				dia(2),
				dia(3),
			}
			b.rutas.deCerca = []rutas.Ventana{
				dia(1),
				dia(3),
			}
			c, err := b.Cotizar(
				t.Context(),
				ana,
				casa,
				[]app.LineaPedida{{Producto: yerba, Cantidad: 5}},
			)
			bien(t, err)
			igual(t, "windows", len(c.Ventanas), tt.ventanas)
			igual(t, "short", len(c.Faltan), tt.faltan)
			igual(t, "minimum of the line", c.Lineas[0].Vida, 2)
		})
	}
}

// TestTheOrderKeepsTheMinimum: a line has the minimum of its product, or else the house's.
func TestTheOrderKeepsTheMinimum(t *testing.T) {
	t.Parallel()
	b, dias := armar(), int64(9)
	_, err := b.EditarProducto(
		t.Context(),
		yerba,
		nil,
		func(p *catalogo.Producto) { p.VidaMinima = &dias },
	)
	bien(t, err)
	c, err := b.Cotizar(t.Context(), ana, casa,
		[]app.LineaPedida{{Producto: yerba, Cantidad: 1}, {Producto: leche, Cantidad: 1}})
	bien(t, err)
	igual(t, "of its own", c.Lineas[0].Vida, 9)
	igual(t, "of the house", c.Lineas[1].Vida, 2)
	dias = 366
	_, err = b.EditarProducto(
		t.Context(),
		leche,
		nil,
		func(p *catalogo.Producto) { p.VidaMinima = &dias },
	)
	rechazado(t, err, catalogo.ErrProducto, "body.vida_minima_dias")
}

// vendida is stock from which the order of the tests got two units of yerba, of two batches.
func vendida(publicada bool) *stock {
	a, b := ahora.AddDate(0, 0, 9), ahora.AddDate(0, 0, 10)
	m := existencias.Movimiento{
		ID:       existencias.IDVenta(uno, 1, yerba),
		Producto: yerba,
		Cantidad: -2,
		Pedido:   uno,
		Tomas: []existencias.Toma{
			{Lote: "L1", Vence: &a, Cantidad: 1},
			{Lote: "L2", Vence: &b, Cantidad: 1},
		},
	}
	if publicada {
		return &stock{publicados: []existencias.Movimiento{m}}
	}
	e := &existencias.Existencia{
		Producto:    yerba,
		Deposito:    cerca,
		Movimientos: []existencias.Movimiento{m},
	}
	return &stock{agregados: []*existencias.Existencia{e}}
}

// TestWhereReturnedGoodsGo: an operator alone says where returned goods go, and names batches that the order
// got.
func TestWhereReturnedGoodsGo(t *testing.T) {
	t.Parallel()
	a := func(destino, lote string) []pedido.Destinado {
		return []pedido.Destinado{{Producto: yerba, Destino: destino, Lote: lote}}
	}
	tests := map[string]struct {
		quien  app.Quien
		di     []pedido.Destinado
		quiero string // destino and batch of the returned unit
		err    error
		campo  string
	}{
		"nothing is said": {quien: quienOpe, quiero: "descarte L1"},
		"by a customer":   {quien: clienta, quiero: ""},
		"into stock": {
			quien:  quienOpe,
			di:     a("existencias", "L2"),
			quiero: "existencias L2",
		},
		"into stock, no batch": {
			quien:  quienOpe,
			di:     a("existencias", ""),
			quiero: "existencias L1",
		},
		"thrown away, of a batch": {quien: quienOpe, di: a("", "L2"), quiero: "descarte L2"},
		"a batch of others": {
			quien: quienOpe,
			di:    a("existencias", "L3"),
			err:   pedido.ErrDevolucion,
			campo: "body.lineas[0].lote",
		},
		"said by a customer": {
			quien: clienta,
			di:    a("existencias", "L2"),
			err:   pedido.ErrDevolucion,
			campo: "body.lineas[0].destino",
		},
		"thrown away, by a customer": {
			quien: clienta,
			di:    a("descarte", ""),
			err:   pedido.ErrDevolucion,
			campo: "body.lineas[0].destino",
		},
		"a batch, said by a customer": {
			quien: clienta,
			di:    a("", "L2"),
			err:   pedido.ErrDevolucion,
			campo: "body.lineas[0].lote",
		},
	}
	for nombre, tt := range tests {
		for _, publicada := range []bool{true, false} {
			t.Run(nombre, func(t *testing.T) {
				t.Parallel()
				b := armar(unPedido(pedido.Entregado))
				b.conStock(vendida(publicada))
				_, _, err := b.Devolver(
					t.Context(),
					tt.quien,
					uno,
					deYerba(1),
					tt.di,
					llave("k", "h"),
				)
				rs := b.pedidos.hay[uno].Retornos
				if tt.err != nil {
					rechazado(t, err, tt.err, tt.campo)
					igual(t, "goods", len(rs), 0)
					return
				}
				bien(t, err)
				if tt.quiero == "" {
					igual(t, "goods", len(rs), 0)
					return
				}
				if len(rs) != 1 || rs[0].Destino+" "+rs[0].Lote != tt.quiero ||
					rs[0].Vence == nil ||
					rs[0].Devolucion != "k" {
					t.Errorf("noted %+v", rs)
				}
			})
		}
	}
}

// The operator says where a customer's returned goods go when accepting the return. A repeated call changes
// nothing.
func TestWhereAcceptedGoodsGo(t *testing.T) {
	t.Parallel()
	b := armar(unPedido(pedido.Entregado))
	b.conStock(vendida(true))
	_, _, err := b.Devolver(t.Context(), clienta, uno, deYerba(2), nil, llave("d", "h"))
	bien(t, err)
	for range 2 {
		di := []pedido.Destinado{
			{Producto: yerba, Cantidad: 1, Destino: pedido.AExistencias, Lote: "L2"},
		}
		_, _, err = b.AceptarDevolucion(t.Context(), quienOpe, uno, "d", di, llave("k", "h"))
		bien(t, err)
	}
	rs := b.pedidos.hay[uno].Retornos
	if len(rs) != 2 || rs[0].Destino != pedido.AExistencias || rs[0].Lote != "L2" ||
		rs[1].Destino != pedido.ADescarte ||
		rs[1].Lote != "L1" {
		t.Errorf("noted %+v", rs)
	}
	igual(t, "estado", b.pedidos.hay[uno].Estado, pedido.Devuelto)
}

// TestAReturnWithoutALedger: the money of a return goes back although the order's ledger cannot be read. The
// goods are thrown away.
func TestAReturnWithoutALedger(t *testing.T) {
	t.Parallel()
	tests := map[string]error{
		"":                  nil,
		pedido.ADescarte:    nil,
		pedido.AExistencias: &store.Ilegible{},
	}
	for destino, quiero := range tests {
		b := armar(unPedido(pedido.Entregado))
		s := vendida(true)
		s.ilegible = &store.Ilegible{ID: "m", Err: errLejos}
		b.conStock(s)
		di := []pedido.Destinado{{Producto: yerba, Destino: destino}}
		_, _, err := b.Devolver(t.Context(), quienOpe, uno, deYerba(1), di, llave("k", "h"))
		if (err != nil) != (quiero != nil) {
			t.Errorf("%q: %v", destino, err)
		}
		igual(
			t,
			"returns of "+destino,
			len(b.pedidos.hay[uno].Reembolsos),
			map[bool]int{true: 1, false: 0}[quiero == nil],
		)
	}
}
