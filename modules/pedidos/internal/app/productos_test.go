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
	ps, err := b.Productos(
		t.Context(),
		app.FiltroProductos{Q: "  Leché, ENTERA", Categoria: "lácteos"},
		nil,
		2,
	)
	bien(t, err)
	igual(t, "products", len(ps), 2)
	igual(
		t,
		"words",
		b.productos.filtro,
		app.FiltroProductos{Q: "leche entera", Categoria: "lácteos"},
	)
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

// TestAProductIsCreated once per key, if it is valid.
func TestAProductIsCreated(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		precio money.Centavos
		llave  idempotency.Key
		repite bool
		quiero error
		campo  string
	}{
		"new":   {precio: 900, llave: llave("miel", "h1")},
		"again": {precio: 900, llave: llave(yerba, "h1"), repite: true},
		"the key, other body": {
			precio: 900,
			llave:  llave(yerba, "h2"),
			quiero: pedido.ErrHuella,
		},
		"without a price": {
			llave:  llave("miel", "h1"),
			quiero: catalogo.ErrProducto,
			campo:  "body.precio_centavos",
		},
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

// TestAProductIsEdited, if it is valid and has one of the versions that the caller names.
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
		"as it was read": {id: yerba, versiones: []int64{3}, precio: 12_000},
		"whatever it is": {id: yerba, precio: 12_000},
		"one of a list":  {id: yerba, versiones: []int64{9, 3}, precio: 12_000},
		"none of a list": {
			id:        yerba,
			versiones: []int64{2, 4},
			precio:    12_000,
			quiero:    app.ErrVersion,
		},
		"after another": {
			id:        yerba,
			versiones: []int64{2},
			precio:    12_000,
			quiero:    app.ErrVersion,
		},
		"at the same time": {
			id:        yerba,
			versiones: []int64{3},
			precio:    12_000,
			guardar:   store.ErrConflicto,
			quiero:    app.ErrVersion,
		},
		"to nothing": {id: yerba, versiones: []int64{3},
			quiero: catalogo.ErrProducto, campo: "body.precio_centavos"},
		"one that there is not": {
			id:        "x",
			versiones: []int64{3},
			precio:    12_000,
			quiero:    app.ErrSinProducto,
		},
		"in a store that is away": {
			id:        yerba,
			versiones: []int64{3},
			precio:    12_000,
			guardar:   errLejos,
			quiero:    errLejos,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			t.Parallel()
			b := armar()
			b.productos.guardar = tt.guardar
			got, err := b.EditarProducto(
				t.Context(),
				tt.id,
				tt.versiones,
				func(p *catalogo.Producto) {
					p.Precio, p.Nombre = tt.precio, "Yerba Ñandú"
				},
			)
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

// TestStockByHandIsRefused: the refusals of a movement by hand, and the member that each names.
func TestStockByHandIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		m      app.Movimiento
		mover  error
		quiero error
		campo  string
	}{
		"nothing": {
			m:      app.Movimiento{Producto: yerba},
			quiero: app.ErrCantidad,
			campo:  "body.cantidad",
		},
		"of no product": {
			m:      app.Movimiento{Producto: "x", Cantidad: 1},
			quiero: app.ErrSinProducto,
		},
		"in no depot": {
			m:      app.Movimiento{Producto: yerba, Cantidad: 1, Deposito: "x"},
			quiero: app.ErrDeposito,
			campo:  "body.deposito_id",
		},
		"a batch too many": {
			m:      app.Movimiento{Producto: yerba, Cantidad: 9, Lote: "l"},
			mover:  existencias.ErrLotes,
			quiero: app.ErrLotes,
		},
		"more than there is": {
			m:      app.Movimiento{Producto: yerba, Cantidad: -9},
			mover:  errFalta,
			quiero: app.ErrStock,
		},
		"under the key of another": {
			m:      app.Movimiento{Producto: yerba, Cantidad: 1},
			mover:  errOtroMovimiento,
			quiero: pedido.ErrHuella,
		},
		"expired": {
			m:      app.Movimiento{Producto: yerba, Cantidad: 1},
			mover:  errVencido,
			quiero: app.ErrVencido,
			campo:  "body.vence",
		},
		"with another date": {
			m:      app.Movimiento{Producto: yerba, Cantidad: 1},
			mover:  errFecha,
			quiero: app.ErrFecha,
			campo:  "body.vence",
		},
		"in a store that is away": {
			m:      app.Movimiento{Producto: yerba, Cantidad: 1},
			mover:  errLejos,
			quiero: errLejos,
		},
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
	_, _, err := b.Mover(
		t.Context(),
		app.Movimiento{Producto: yerba, Cantidad: 1},
		llave("k", "h"),
	)
	rechazado(t, err, app.ErrDeposito, "body.deposito_id")
}

// TestStockByHand: stock goes to the depot that is named, or to the one with the first code.
func TestStockByHand(t *testing.T) {
	t.Parallel()
	for pide, donde := range map[string]string{"": cerca, lejos: lejos} {
		t.Run(donde, func(t *testing.T) {
			t.Parallel()
			b := armar()
			vence := ahora.Add(time.Hour + time.Nanosecond)
			m := app.Movimiento{
				Producto: yerba,
				Cantidad: 5,
				Motivo:   "compra",
				Deposito: pide,
				Vence:    &vence,
			}
			for i := range 2 {
				_, repetido, err := b.Mover(t.Context(), m, llave("k", "h"))
				bien(t, err)
				igual(t, "repeated", repetido, i == 1)
			}
			igual(t, "depot", b.stock.donde, donde)
			igual(t, "expires", b.stock.vence, ahora.Add(time.Hour))
			// The same for every depot.
			igual(t, "id", b.stock.movido.ID, idempotency.Derive("k", yerba))
			igual(t, "digest", b.stock.movido.Huella, "h")
		})
	}
}

// TestAMovementIsRepeated: a key finds its movement even if the depot is gone, both before and after its
// publishing.
func TestAMovementIsRepeated(t *testing.T) {
	t.Parallel()
	hecho := existencias.Movimiento{
		ID:       idempotency.Derive("k", yerba),
		Cantidad: 5,
		Huella:   "h",
	}
	conSuyo := existencias.New(yerba, lejos)
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

// TestMovementsArePublishedFirst: a list has the movements that were not published yet.
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

// TestTheDemoIsSeededOnce: a second seeding, or one after a crash in the middle, doubles nothing.
func TestTheDemoIsSeededOnce(t *testing.T) {
	t.Parallel()
	b := armar()
	for id := range b.productos.hay {
		delete(b.productos.hay, id)
	}
	demo := catalogo.Demo()
	b.productos.hay[demo[0].ID] = &demo[0] // as a crash leaves the catalogue
	bien(t, b.Sembrar(t.Context()))
	igual(t, "products", len(b.productos.hay), len(demo))
	igual(t, "movements", b.stock.movidos, 2*len(demo))
	bien(t, b.Sembrar(t.Context()))
	igual(t, "movements after the second time", b.stock.movidos, 2*len(demo))
}
