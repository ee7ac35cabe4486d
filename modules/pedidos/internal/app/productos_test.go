package app_test

import (
	"testing"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/idempotency"
	"despensa/platform/money"
)

func TestProductsAreListed(t *testing.T) {
	t.Parallel()
	b := armar()
	ps, err := b.Productos(t.Context(), app.FiltroProductos{Q: "  Leché, ENTERA", Categoria: "lácteos"}, nil, 2)
	bien(t, err)
	igual(t, "products", len(ps), 2)
	igual(t, "words", b.productos.filtro, app.FiltroProductos{Q: "leche entera", Categoria: "lácteos"})
	if ps[0].Disponible == 0 || ps[0].Disponible == ps[1].Disponible {
		t.Errorf("free units are mixed up: %d and %d", ps[0].Disponible, ps[1].Disponible)
	}
	_, err = b.Producto(t.Context(), "x")
	rechazado(t, err, app.ErrSinProducto, "")
}

// miel is a product for the catalogue.
func miel() catalogo.Producto {
	return catalogo.Producto{
		Nombre:    "Miel 1 kg",
		Categoria: "dulces",
		Precio:    900,
		IVA:       money.IVA21,
		Peso:      1_000,
		Volumen:   800,
		Activo:    true,
	}
}

func TestAProductIsCreated(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		precio money.Centavos
		llave  idempotency.Key
		repite bool
		quiero error
		campo  string
	}{
		"new":                 {900, llave("miel", "h1"), false, nil, ""},
		"again":               {900, llave(yerba, "h1"), true, nil, ""},
		"the key, other body": {900, llave(yerba, "h2"), false, pedido.ErrHuella, ""},
		"without a price":     {0, llave("miel", "h1"), false, catalogo.ErrProducto, "body.precio_centavos"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b, p := armar(), miel()
			p.Precio = tt.precio
			got, repite, err := b.CrearProducto(t.Context(), p, tt.llave)
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, tt.campo)
				igual(t, "products", len(b.productos.hay), 3)
				return
			}
			bien(t, err)
			igual(t, "repeated", repite, tt.repite)
			igual(t, "id", got.ID, tt.llave.ID)
			if !tt.repite {
				hay := b.productos.hay["miel"]
				igual(t, "found as", hay.Buscable, "miel 1 kg")
				igual(t, "version", hay.Version, 1)
				igual(t, "created", hay.Creado, ahora)
			}
		})
	}
}

func TestAProductIsEdited(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		id        string
		versiones []int64
		precio    money.Centavos
		guardar   error
		quiero    error
		campo     string
	}{
		"as it was read":          {yerba, []int64{3}, 12_000, nil, nil, ""},
		"whatever it is":          {yerba, nil, 12_000, nil, nil, ""},
		"one of a list":           {yerba, []int64{9, 3}, 12_000, nil, nil, ""},
		"none of a list":          {yerba, []int64{2, 4}, 12_000, nil, app.ErrVersion, ""},
		"after another":           {yerba, []int64{2}, 12_000, nil, app.ErrVersion, ""},
		"at the same time":        {yerba, []int64{3}, 12_000, store.ErrConflicto, app.ErrVersion, ""},
		"to nothing":              {yerba, []int64{3}, 0, nil, catalogo.ErrProducto, "body.precio_centavos"},
		"one that there is not":   {"x", []int64{3}, 12_000, nil, app.ErrSinProducto, ""},
		"in a store that is away": {yerba, []int64{3}, 12_000, errLejos, errLejos, ""},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.productos.guardar = tt.guardar
			got, err := b.EditarProducto(t.Context(), tt.id, tt.versiones, func(p *catalogo.Producto) {
				p.Precio, p.Nombre = tt.precio, "Yerba Ñandú"
			})
			if tt.quiero != nil {
				rechazado(t, err, tt.quiero, tt.campo)
				igual(t, "price", b.productos.hay[yerba].Precio, 10_000)
				return
			}
			bien(t, err)
			igual(t, "price", b.productos.hay[yerba].Precio, 12_000)
			igual(t, "found as", got.Buscable, "yerba nandu")
		})
	}
}

func TestStockByHandIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		m      app.Movimiento
		mover  error
		quiero error
		campo  string
	}{
		"nothing":       {app.Movimiento{Producto: yerba}, nil, app.ErrCantidad, "body.cantidad"},
		"of no product": {app.Movimiento{Producto: "x", Cantidad: 1}, nil, app.ErrSinProducto, ""},
		"in no depot": {
			app.Movimiento{Producto: yerba, Cantidad: 1, Deposito: "x"}, nil, app.ErrDeposito, "body.deposito_id",
		},
		"a batch too many": {
			app.Movimiento{Producto: yerba, Cantidad: 9, Lote: "l"}, existencias.ErrLotes, app.ErrLotes, "",
		},
		"more than there is": {app.Movimiento{Producto: yerba, Cantidad: -9}, errFalta, app.ErrStock, ""},
		"under the key of another": {
			app.Movimiento{Producto: yerba, Cantidad: 1}, errOtroMovimiento, pedido.ErrHuella, "",
		},
		"expired":                 {app.Movimiento{Producto: yerba, Cantidad: 1}, errVencido, app.ErrVencido, "body.vence"},
		"with another date":       {app.Movimiento{Producto: yerba, Cantidad: 1}, errFecha, app.ErrFecha, "body.vence"},
		"in a store that is away": {app.Movimiento{Producto: yerba, Cantidad: 1}, errLejos, errLejos, ""},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.stock.mover = tt.mover
			_, _, err := b.Mover(t.Context(), tt.m, llave("k", "h"))
			rechazado(t, err, tt.quiero, tt.campo)
		})
	}
	b := armar()
	b.rutas.sinDepositos = true
	_, _, err := b.Mover(t.Context(), app.Movimiento{Producto: yerba, Cantidad: 1}, llave("k", "h"))
	rechazado(t, err, app.ErrDeposito, "body.deposito_id")
}

// TestStockByHand goes to the depot that is named, or to the first by its code.
func TestStockByHand(t *testing.T) {
	t.Parallel()
	for pide, donde := range map[string]string{"": cerca, lejos: lejos} {
		t.Run(donde, func(t *testing.T) {
			t.Parallel()
			b := armar()
			vence := ahora.Add(time.Hour + time.Nanosecond)
			m := app.Movimiento{Producto: yerba, Cantidad: 5, Motivo: "compra", Deposito: pide, Vence: &vence}
			for i := range 2 {
				_, repetido, err := b.Mover(t.Context(), m, llave("k", "h"))
				bien(t, err)
				igual(t, "repeated", repetido, i == 1)
			}
			igual(t, "depot", b.stock.donde, donde)
			igual(t, "expires", b.stock.vence, ahora.Add(time.Hour))
			igual(t, "id", b.stock.movido.ID, idempotency.Derive("k", yerba)) // whatever the depot
			igual(t, "digest", b.stock.movido.Huella, "h")
		})
	}
}

// TestAMovementIsRepeated by its key, whatever has become of its depot since: published or still with the stock.
func TestAMovementIsRepeated(t *testing.T) {
	t.Parallel()
	hecho := existencias.Movimiento{ID: idempotency.Derive("k", yerba), Cantidad: 5, Huella: "h"}
	conSuyo := existencias.Nueva(yerba, lejos)
	conSuyo.Movimientos = []existencias.Movimiento{hecho}
	for nombre, poner := range map[string]func(s *stock){
		"published":       func(s *stock) { s.publicados = []existencias.Movimiento{hecho} },
		"with its stock":  func(s *stock) { s.agregados = []*existencias.Existencia{conSuyo} },
		"and refused now": func(s *stock) { s.publicados, s.mover = []existencias.Movimiento{hecho}, errVencido },
	} {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			poner(b.stock)
			b.rutas.sinDepositos = true
			m := app.Movimiento{Producto: yerba, Cantidad: 5, Deposito: "cerrado"}
			v, repetido, err := b.Mover(t.Context(), m, llave("k", "h"))
			bien(t, err)
			igual(t, "repeated", repetido, true)
			igual(t, "quantity", v.Cantidad, 5)
			_, _, err = b.Mover(t.Context(), m, llave("k", "otra"))
			rechazado(t, err, pedido.ErrHuella, "")
			igual(t, "moved", b.stock.movidos, 0)
		})
	}
}

// TestMovementsArePublishedFirst: the list lacks nothing that has happened.
func TestMovementsArePublishedFirst(t *testing.T) {
	t.Parallel()
	b := armar()
	deLote := app.FiltroMovimientos{Producto: yerba, Lote: "L"}
	_, err := b.Movimientos(t.Context(), deLote, nil, 10)
	bien(t, err)
	igual(t, "published", b.stock.publicado, yerba)
	igual(t, "asked for", b.stock.filtro, deLote)
	_, err = b.Movimientos(t.Context(), app.FiltroMovimientos{Producto: "x"}, nil, 10)
	rechazado(t, err, app.ErrSinProducto, "")
	igual(t, "published", b.stock.publicado, yerba)
}

// TestTheDemoIsSeededOnce: a second time, and after a crash in its middle, nothing doubles.
func TestTheDemoIsSeededOnce(t *testing.T) {
	t.Parallel()
	b := armar()
	for id := range b.productos.hay {
		delete(b.productos.hay, id)
	}
	demo := catalogo.Demo()
	b.productos.hay[demo[0].ID] = &demo[0] // as a crash left it
	bien(t, b.Sembrar(t.Context()))
	igual(t, "products", len(b.productos.hay), len(demo))
	igual(t, "movements", b.stock.movidos, 2*len(demo))
	bien(t, b.Sembrar(t.Context()))
	igual(t, "movements after the second time", b.stock.movidos, 2*len(demo))
}
