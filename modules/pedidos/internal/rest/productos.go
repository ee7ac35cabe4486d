package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/platform/httpapi"
	"despensa/platform/money"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) productos(api huma.API) {
	const todos, uno = "/productos", "/productos/{id}"
	crear := op("crear-producto", http.MethodPost, todos, "Put a product into the catalogue")
	mover := op(
		"mover-stock",
		http.MethodPost,
		uno+"/movimientos",
		"Take stock in or out by hand",
	)
	crear.DefaultStatus, mover.DefaultStatus = httpapi.Created, httpapi.Created
	ver := op("listar-productos", http.MethodGet, todos, "Products that are sold")
	httpapi.Register(api, ver, publico, a.listarProductos)
	httpapi.Register(
		api,
		op("ver-producto", http.MethodGet, uno, "One product"),
		publico,
		a.verProducto,
	)
	httpapi.Register(api, crear, administran, a.crearProducto)
	cambiar := op("cambiar-producto", http.MethodPatch, uno, "Edit a product")
	httpapi.Register(api, cambiar, administran, a.cambiarProducto)
	httpapi.Register(api, mover, administran, a.mover)
	listar := op("listar-movimientos", http.MethodGet, uno+"/movimientos",
		"What came and went for good; with lote, which orders a batch went to")
	httpapi.Register(api, listar, retiran, a.listarMovimientos)
}

// Producto is a product as the API shows it.
type Producto struct {
	ID             string         `json:"id" format:"uuid" doc:"Its id."`
	Nombre         string         `json:"nombre" doc:"Its name."`
	Categoria      string         `json:"categoria" doc:"Its category."`
	PrecioCentavos money.Centavos `json:"precio_centavos" doc:"What the customer pays for one, IVA included."`
	Moneda         string         `json:"moneda" crece:"ARS" example:"ARS" doc:"Currency of the price."`
	IVA            money.IVA      `json:"iva" enum:"21,10.5,27,0,exento" doc:"Its rate of IVA, in percent."`
	PesoGramos     int64          `json:"peso_gramos" doc:"Weight of one unit."`
	VolumenML      int64          `json:"volumen_ml" doc:"Volume of one unit."`
	Frio           bool           `json:"frio" doc:"Needs a refrigerated truck."`
	Activo         bool           `json:"activo" doc:"Inactive products are not sold."`
	Disponible     int64          `json:"disponible" doc:"Free units, over all depots, that are good until the end of the earliest delivery window and vida_minima_dias beyond."`
	VidaMinimaDias int64          `json:"vida_minima_dias" doc:"For how many days beyond its delivery window a unit is good, at least, to be sold."`
	Creado         time.Time      `json:"creado" doc:"When it was put into the catalogue."`
}

func producto(p app.Producto) Producto {
	return Producto{
		ID:             p.ID,
		Nombre:         p.Nombre,
		Categoria:      p.Categoria,
		PrecioCentavos: p.Precio,
		Moneda:         money.Currency,
		IVA:            p.IVA,
		PesoGramos:     p.Peso,
		VolumenML:      p.Volumen,
		Frio:           p.Frio,
		Activo:         p.Activo,
		Disponible:     p.Disponible,
		VidaMinimaDias: p.Vida,
		Creado:         p.Creado,
	}
}

// ListarProductos is the call that lists the products that are sold, newest first.
type ListarProductos struct {
	httpapi.PageQuery
	Q         string `query:"q" maxLength:"100" doc:"Words of the name; accents and capitals do not matter."`
	Categoria string `query:"categoria" maxLength:"60" doc:"Only products of this category, as it is written."`
}

// HojaProductos answers with one page of products.
type HojaProductos struct{ Body httpapi.Lista[Producto] }

func (a *API) listarProductos(
	ctx context.Context,
	in *ListarProductos,
) (*HojaProductos, error) {
	m, err := cursorDe(in.PageQuery)
	if err != nil {
		return nil, err
	}
	ps, err := a.app.Productos(
		ctx,
		app.FiltroProductos{Q: in.Q, Categoria: in.Categoria},
		m,
		in.Limite+1,
	)
	if err != nil {
		return nil, err
	}
	donde := func(p app.Producto) httpapi.Cursor { return httpapi.Cursor{Created: p.Creado, ID: p.ID} }
	return &HojaProductos{hoja(ps, in.Limite, producto, donde)}, nil
}

// UnProducto answers with one product.
type UnProducto struct {
	httpapi.WithETag
	Body Producto
}

func unProducto(p app.Producto) *UnProducto {
	return &UnProducto{httpapi.WithETag{ETag: httpapi.ETag(p.Version)}, producto(p)}
}

func (a *API) verProducto(ctx context.Context, porID *PorID) (*UnProducto, error) {
	p, err := a.app.Producto(ctx, porID.ID)
	if err != nil {
		return nil, err
	}
	return unProducto(p), nil
}

// CrearProducto is the call that puts a product into the catalogue.
type CrearProducto struct {
	httpapi.WithKey
	Body NuevoProducto
}

// NuevoProducto is a product for the catalogue.
type NuevoProducto struct {
	Nombre         string         `json:"nombre" minLength:"1" maxLength:"120" doc:"Its name."`
	Categoria      string         `json:"categoria" minLength:"1" maxLength:"60" doc:"Its category."`
	PrecioCentavos money.Centavos `json:"precio_centavos" minimum:"1" maximum:"1000000000" doc:"What the customer pays for one, IVA included."`
	IVA            money.IVA      `json:"iva" enum:"21,10.5,27,0,exento" doc:"Its rate of IVA, in percent."`
	PesoGramos     int64          `json:"peso_gramos" minimum:"1" maximum:"50000" doc:"Weight of one unit."`
	VolumenML      int64          `json:"volumen_ml" minimum:"1" maximum:"200000" doc:"Volume of one unit."`
	Frio           bool           `json:"frio,omitempty" doc:"It needs a refrigerated truck."`
	Activo         *bool          `json:"activo,omitempty" doc:"true when absent."`
	VidaMinimaDias *int64         `json:"vida_minima_dias,omitempty" minimum:"0" maximum:"365" doc:"For how many days beyond its delivery window a unit is good, at least, to be sold; the house's own when absent."`
}

// ProductoCreado answers with the new product.
type ProductoCreado struct {
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where the product is."`
	httpapi.WithETag
	Body Producto
}

// crearProducto puts a product into the catalogue. Its id is that of the idempotency key.
func (a *API) crearProducto(ctx context.Context, in *CrearProducto) (*ProductoCreado, error) {
	llave, err := in.Key(ctx, "productos", in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	c := catalogo.Producto{
		Nombre:     b.Nombre,
		Categoria:  b.Categoria,
		Precio:     b.PrecioCentavos,
		IVA:        b.IVA,
		Peso:       b.PesoGramos,
		Volumen:    b.VolumenML,
		Frio:       b.Frio,
		Activo:     true,
		VidaMinima: b.VidaMinimaDias,
	}
	poner(&c.Activo, b.Activo)
	p, repetida, err := a.app.CrearProducto(ctx, c, llave)
	if err != nil {
		return nil, err
	}
	u := unProducto(p)
	return &ProductoCreado{
		Repeatable: httpapi.AsRepeated(repetida),
		Location:   httpapi.Prefix + "/productos/" + p.ID,
		WithETag:   u.WithETag,
		Body:       u.Body,
	}, nil
}

// CambiarProducto is the call that edits a product. A member that is absent from its body keeps the product's
// value.
type CambiarProducto struct {
	PorID
	httpapi.WithIfMatch
	Body CambioDeProducto
}

// CambioDeProducto is the new values of some members of a product.
type CambioDeProducto struct {
	Nombre         *string         `json:"nombre,omitempty" minLength:"1" maxLength:"120" doc:"Its name."`
	Categoria      *string         `json:"categoria,omitempty" minLength:"1" maxLength:"60" doc:"Its category."`
	PrecioCentavos *money.Centavos `json:"precio_centavos,omitempty" minimum:"1" maximum:"1000000000" doc:"What the customer pays for one, IVA included."`
	IVA            *money.IVA      `json:"iva,omitempty" enum:"21,10.5,27,0,exento" doc:"Its rate of IVA, in percent."`
	PesoGramos     *int64          `json:"peso_gramos,omitempty" minimum:"1" maximum:"50000" doc:"Weight of one unit."`
	VolumenML      *int64          `json:"volumen_ml,omitempty" minimum:"1" maximum:"200000" doc:"Volume of one unit."`
	Frio           *bool           `json:"frio,omitempty" doc:"It needs a refrigerated truck."`
	Activo         *bool           `json:"activo,omitempty" doc:"false: it is not sold any more."`
	VidaMinimaDias *int64          `json:"vida_minima_dias,omitempty" minimum:"0" maximum:"365" doc:"For how many days beyond its delivery window a unit is good, at least, to be sold."`
}

// cambiarProducto edits a product of the version that If-Match names. Errors: app.ErrVersion when the product
// has changed since.
func (a *API) cambiarProducto(ctx context.Context, in *CambiarProducto) (*UnProducto, error) {
	versiones, err := in.Versions(true)
	if err != nil {
		return nil, err
	}
	b := in.Body
	p, err := a.app.EditarProducto(ctx, in.ID, versiones, func(p *catalogo.Producto) {
		poner(&p.Nombre, b.Nombre)
		poner(&p.Categoria, b.Categoria)
		poner(&p.Precio, b.PrecioCentavos)
		poner(&p.IVA, b.IVA)
		poner(&p.Peso, b.PesoGramos)
		poner(&p.Volumen, b.VolumenML)
		poner(&p.Frio, b.Frio)
		poner(&p.Activo, b.Activo)
		if b.VidaMinimaDias != nil {
			p.VidaMinima = b.VidaMinimaDias
		}
	})
	if err != nil {
		return nil, err
	}
	return unProducto(p), nil
}

// Movimiento is stock that came into a depot or left it for good, as the API shows it.
type Movimiento struct {
	ID         string    `json:"id" doc:"Its id."`
	ProductoID string    `json:"producto_id" format:"uuid" doc:"Id of the product."`
	DepositoID string    `json:"deposito_id" format:"uuid" doc:"Id of the depot."`
	Cantidad   int64     `json:"cantidad" doc:"Units; in is positive, out is negative."`
	Motivo     string    `json:"motivo" doc:"Why: venta, devolucion, descarte, or what was said."`
	PedidoID   string    `json:"pedido_id,omitempty" doc:"The order that was sold to, or gave it back."`
	Lotes      []Toma    `json:"lotes" doc:"The batches it came from or went to."`
	Creado     time.Time `json:"creado" doc:"When."`
}

// Toma is the part of a movement that one batch has, in units.
type Toma struct {
	Lote     string     `json:"lote,omitempty" doc:"The batch; absent: goods without one."`
	Vence    *time.Time `json:"vence,omitempty" doc:"Until when it is good; absent: it keeps."`
	Cantidad int64      `json:"cantidad" doc:"How many units."`
}

func movimiento(m existencias.Movimiento) Movimiento {
	v := Movimiento{
		ID:         m.ID,
		ProductoID: m.Producto,
		DepositoID: m.Deposito,
		Cantidad:   m.Cantidad,
		Motivo:     m.Motivo,
		PedidoID:   m.Pedido,
		Lotes:      make([]Toma, 0, len(m.Tomas)),
		Creado:     m.En,
	}
	for _, t := range m.Tomas {
		v.Lotes = append(v.Lotes, Toma{Lote: t.Lote, Vence: t.Vence, Cantidad: t.Cantidad})
	}
	return v
}

// Mover is the call that takes stock into a depot or out of it by hand.
type Mover struct {
	PorID
	httpapi.WithKey
	Body NuevoMovimiento
}

// NuevoMovimiento is stock that comes into a depot (a positive quantity) or leaves it (a negative one).
type NuevoMovimiento struct {
	Cantidad   int64      `json:"cantidad" minimum:"-1000000" maximum:"1000000" doc:"Units; in is positive, out is negative, 0 is refused."`
	Motivo     string     `json:"motivo" minLength:"1" maxLength:"100" doc:"Why: compra, recuento, rotura…"`
	DepositoID string     `json:"deposito_id,omitempty" format:"uuid" doc:"Absent: the first by code."`
	Lote       string     `json:"lote,omitempty" maxLength:"60" doc:"What stands on the batch. One batch has one date over all depots."`
	Vence      *time.Time `json:"vence,omitempty" doc:"The batch is good until the end of this day in Buenos Aires; absent: it keeps. What has expired does not come in. It is not looked at of what goes out."`
}

// Movido answers with the movement.
type Movido struct {
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where the product's movements are."`
	Body     Movimiento
}

// mover takes stock in or out by hand, once per idempotency key.
func (a *API) mover(ctx context.Context, in *Mover) (*Movido, error) {
	llave, err := in.Key(ctx, "movimientos."+in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	m, repetida, err := a.app.Mover(ctx, app.Movimiento{
		Producto: in.ID,
		Cantidad: b.Cantidad,
		Motivo:   b.Motivo,
		Deposito: b.DepositoID,
		Lote:     b.Lote,
		Vence:    b.Vence,
	}, llave)
	if err != nil {
		return nil, err
	}
	return &Movido{
		Repeatable: httpapi.AsRepeated(repetida),
		Location:   httpapi.Prefix + "/productos/" + in.ID + "/movimientos",
		Body:       movimiento(m),
	}, nil
}

// ListarMovimientos is the call that lists the movements of a product's stock, newest first.
type ListarMovimientos struct {
	PorID
	httpapi.PageQuery
	Lote string `query:"lote" maxLength:"60" doc:"Only what came into or went out of this batch: a recall. An operador has to give it."`
}

// HojaMovimientos answers with one page of movements.
type HojaMovimientos struct{ Body httpapi.Lista[Movimiento] }

func (a *API) listarMovimientos(
	ctx context.Context,
	in *ListarMovimientos,
) (*HojaMovimientos, error) {
	m, err := cursorDe(in.PageQuery)
	if err != nil {
		return nil, err
	}
	if in.Lote == "" && !administra(ctx) {
		return nil, httpapi.ErrForbidden
	}
	ms, err := a.app.Movimientos(
		ctx,
		app.FiltroMovimientos{Producto: in.ID, Lote: in.Lote},
		m,
		in.Limite+1,
	)
	if err != nil {
		return nil, err
	}
	donde := func(m existencias.Movimiento) httpapi.Cursor { return httpapi.Cursor{Created: m.En, ID: m.ID} }
	return &HojaMovimientos{hoja(ms, in.Limite, movimiento, donde)}, nil
}
