package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"
	"despensa/platform/money"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) devoluciones(api huma.API) {
	const todas, una = "/pedidos/{id}/devoluciones", "/pedidos/{id}/devoluciones/{devolucion_id}"
	devolver := op("devolver-pedido", http.MethodPost, todas,
		"Return goods of a delivered order; an operator's own return is accepted at once")
	devolver.DefaultStatus = httpapi.Created
	devolver.MaxBodyBytes = cuerpoPedido
	httpapi.Register(api, devolver, devuelven, a.devolver)
	listar := op("listar-devoluciones", http.MethodGet, todas, "Returns of an order")
	httpapi.Register(api, listar, leen, a.listarDevoluciones)
	aceptar := accion("aceptar-devolucion", una+"/aceptacion",
		"Accept a return; its money and its goods go back behind the answer")
	aceptar.MaxBodyBytes = cuerpoPedido
	httpapi.Register(api, aceptar, reembolsan, a.aceptar)
	httpapi.Register(
		api,
		accion("rechazar-devolucion", una+"/rechazo", "Refuse a return"),
		reembolsan,
		a.rechazar,
	)
}

// Devolucion is a return: goods of a delivered order that come back, with the state of its acceptance and of
// its money.
type Devolucion struct {
	ID            string          `json:"id" format:"uuid" doc:"Its id."`
	Estado        string          `json:"estado" enum:"pedida,aceptada,rechazada" doc:"pedida waits for an operator."`
	Lineas        []LineaDevuelta `json:"lineas" doc:"What comes back."`
	Motivo        string          `json:"motivo" doc:"Why, in the words of who returns it."`
	Rechazo       string          `json:"rechazo,omitempty" doc:"Why it was refused."`
	MontoCentavos money.Centavos  `json:"monto_centavos" doc:"What goes back for these lines; an estimate while pedida. With the last goods everything goes back that is left, the delivery fee too."`
	Reembolso     *Vuelto         `json:"reembolso,omitempty" doc:"How its money goes back, once it is accepted."`
	Creado        time.Time       `json:"creado" doc:"When it was asked for."`
	Resuelta      *time.Time      `json:"resuelta,omitempty" doc:"When it was accepted or refused."`
}

// LineaDevuelta is a quantity of one product that comes back. An accepted return has one for
// each batch and each place to which its goods went.
type LineaDevuelta struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of the product."`
	Cantidad   int64  `json:"cantidad" doc:"How many units."`
	Destino    string `json:"destino,omitempty" enum:"existencias,descarte" doc:"Where the goods went, once the return is accepted: they are sold again, or thrown away."`
	Lote       string `json:"lote,omitempty" doc:"The batch that they are of."`
}

// devolucion shows d, a return of ped. An accepted return is shown by the batches and places of ped.Retornos, a
// return that waits or was refused by its own lines.
func devolucion(ped *pedido.Pedido, d pedido.Devolucion) Devolucion {
	v := Devolucion{
		ID:            d.ID,
		Estado:        d.Estado,
		Lineas:        make([]LineaDevuelta, 0, len(d.Lineas)),
		Motivo:        d.Motivo,
		Rechazo:       d.Rechazo,
		MontoCentavos: d.Monto,
		Reembolso:     vueltoDe(ped, d),
		Creado:        d.En,
		Resuelta:      cuando(d.Resuelta),
	}
	for _, r := range ped.Retornos {
		if r.Devolucion == d.ID {
			l := LineaDevuelta{
				ProductoID: r.Producto,
				Cantidad:   r.Cantidad,
				Destino:    r.Destino,
				Lote:       r.Lote,
			}
			v.Lineas = append(v.Lineas, l)
		}
	}
	if len(v.Lineas) > 0 {
		return v
	}
	for _, l := range d.Lineas {
		v.Lineas = append(v.Lineas, LineaDevuelta{ProductoID: l.Producto, Cantidad: l.Cantidad})
	}
	return v
}

// Devolver is the call that returns goods of an order.
type Devolver struct {
	PorID
	httpapi.WithKey
	Body NuevaDevolucion
}

// NuevaDevolucion is the goods to return, and the reason.
type NuevaDevolucion struct {
	Lineas []LineaADevolver `json:"lineas" minItems:"1" maxItems:"200" nullable:"false" doc:"What comes back."`
	Motivo string           `json:"motivo" minLength:"1" maxLength:"300" doc:"Why."`
}

// LineaADevolver is a quantity of one product to return. An operator alone may fill in Destino and Lote.
type LineaADevolver struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of a product of the order."`
	Cantidad   int64  `json:"cantidad" minimum:"1" maximum:"10000" doc:"How many units."`
	Destino    string `json:"destino,omitempty" enum:"existencias,descarte" doc:"Of an operator alone: whether the goods are sold again or thrown away; absent: thrown away."`
	Lote       string `json:"lote,omitempty" maxLength:"60" doc:"Of an operator alone: the batch that stands on them; absent: of those that the order got, the one that expires first."`
}

// Devuelto answers with a return that the order keeps.
type Devuelto struct {
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where the order's returns are."`
	Body     Devolucion
}

// devolver notes a return of the order, under the id of its idempotency key. A customer's return waits for an
// operator; an operator's own is accepted in the same call.
func (a *API) devolver(ctx context.Context, in *Devolver) (*Devuelto, error) {
	llave, err := in.Key(ctx, "devoluciones."+in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	d := pedido.Devolucion{Motivo: in.Body.Motivo}
	var destinados []pedido.Destinado
	for _, x := range in.Body.Lineas {
		d.Lineas = append(
			d.Lineas,
			pedido.LineaDevuelta{Producto: x.ProductoID, Cantidad: x.Cantidad},
		)
		destinados = append(destinados, pedido.Destinado{
			Producto: x.ProductoID,
			Cantidad: x.Cantidad,
			Destino:  x.Destino,
			Lote:     x.Lote,
		})
	}
	p, repetida, err := a.app.Devolver(ctx, quien(ctx), in.ID, d, destinados, llave)
	if err != nil {
		return nil, err
	}
	return &Devuelto{
		Repeatable: httpapi.AsRepeated(repetida),
		Location:   httpapi.Prefix + "/pedidos/" + in.ID + "/devoluciones",
		Body:       una(p, llave.ID),
	}, nil
}

// una shows the return of ped under id; the zero Devolucion if ped has none under it.
func una(ped *pedido.Pedido, id string) Devolucion {
	for _, d := range ped.Devoluciones {
		if d.ID == id {
			return devolucion(ped, d)
		}
	}
	return Devolucion{}
}

// PorDevolucion is the path of a call about one return of one order.
type PorDevolucion struct {
	PorID
	DevolucionID string `path:"devolucion_id" format:"uuid" doc:"Id of the return."`
}

// Aceptar is the call that accepts a return.
type Aceptar struct {
	PorDevolucion
	httpapi.WithKey
	Body *CuerpoAceptacion
}

// CuerpoAceptacion says where the goods of a return go. A call without a body throws all of them away, and
// goods that no line names are thrown away too.
type CuerpoAceptacion struct {
	Lineas []LineaConDestino `json:"lineas,omitempty" maxItems:"400" nullable:"false" doc:"Where the goods go; what no line names is thrown away."`
}

// LineaConDestino says where goods of a return go. Several lines may be about one product, for its batches.
type LineaConDestino struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of a product of the return."`
	Cantidad   int64  `json:"cantidad,omitempty" minimum:"1" maximum:"10000" doc:"Absent: all of this product that no other line says anything of."`
	Destino    string `json:"destino" enum:"existencias,descarte" doc:"They are sold again, or thrown away."`
	Lote       string `json:"lote,omitempty" maxLength:"60" doc:"The batch that stands on them; absent: of those that the order got, the one that expires first."`
}

// Rechazar is the call that refuses a return.
type Rechazar struct {
	PorDevolucion
	httpapi.WithKey
	Body Rechazo
}

// Rechazo says why the operator refuses the return.
type Rechazo struct {
	Motivo string `json:"motivo" minLength:"1" maxLength:"300" doc:"Why; the customer reads it."`
}

// Resuelta answers with the return as it stands after it was accepted or refused.
type Resuelta struct {
	httpapi.Repeatable
	Body Devolucion
}

// aceptar accepts a return for the operator who calls. The lines of the body say where its goods go.
func (a *API) aceptar(ctx context.Context, in *Aceptar) (*Resuelta, error) {
	var b CuerpoAceptacion
	poner(&b, in.Body)
	var cuerpo any = in.ID // the digest of a call without lines, the same as in earlier releases
	var destinados []pedido.Destinado
	for _, x := range b.Lineas {
		destinados = append(destinados, pedido.Destinado{
			Producto: x.ProductoID,
			Cantidad: x.Cantidad,
			Destino:  x.Destino,
			Lote:     x.Lote,
		})
		cuerpo = b
	}
	llave, err := in.Key(ctx, "aceptacion."+in.DevolucionID, cuerpo)
	if err != nil {
		return nil, err
	}
	p, repetida, err := a.app.AceptarDevolucion(
		ctx,
		quien(ctx),
		in.ID,
		in.DevolucionID,
		destinados,
		llave,
	)
	if err != nil {
		return nil, err
	}
	return &Resuelta{httpapi.AsRepeated(repetida), una(p, in.DevolucionID)}, nil
}

func (a *API) rechazar(ctx context.Context, in *Rechazar) (*Resuelta, error) {
	llave, err := in.Key(ctx, "rechazo."+in.DevolucionID, in.Body)
	if err != nil {
		return nil, err
	}
	p, repetida, err := a.app.RechazarDevolucion(
		ctx,
		quien(ctx),
		in.ID,
		in.DevolucionID,
		in.Body.Motivo,
		llave,
	)
	if err != nil {
		return nil, err
	}
	return &Resuelta{httpapi.AsRepeated(repetida), una(p, in.DevolucionID)}, nil
}

// Devoluciones is the call that lists an order's returns.
type Devoluciones struct {
	PorID
	httpapi.PageQuery
}

// HojaDevoluciones answers with one page of an order's returns, newest first.
type HojaDevoluciones struct {
	Body httpapi.Lista[Devolucion]
}

func (a *API) listarDevoluciones(
	ctx context.Context,
	devoluciones *Devoluciones,
) (*HojaDevoluciones, error) {
	m, err := cursorDe(devoluciones.PageQuery)
	if err != nil {
		return nil, err
	}
	p, err := a.app.Leer(ctx, quien(ctx), devoluciones.ID)
	if err != nil {
		return nil, err
	}
	ds := hacia(
		p.Devoluciones,
		m,
		devoluciones.Limite,
		func(d pedido.Devolucion) string { return d.ID },
	)
	verlo := func(d pedido.Devolucion) httpapi.Cursor { return httpapi.Cursor{Created: d.En, ID: d.ID} }
	ver := func(d pedido.Devolucion) Devolucion { return devolucion(p, d) }
	return &HojaDevoluciones{hoja(ds, devoluciones.Limite, ver, verlo)}, nil
}
