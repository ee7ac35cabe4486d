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
	devolver := op("devolver-pedido", http.MethodPost, todas, "Return goods of a delivered order; an operator's own return is accepted at once")
	devolver.DefaultStatus, devolver.MaxBodyBytes = httpapi.Creada, cuerpoPedido
	httpapi.Registrar(api, devolver, devuelven, a.devolver)
	httpapi.Registrar(api, op("listar-devoluciones", http.MethodGet, todas, "Returns of an order"), leen, a.listarDevoluciones)
	aceptar := accion("aceptar-devolucion", una+"/aceptacion",
		"Accept a return; its money and its goods go back behind the answer")
	aceptar.MaxBodyBytes = cuerpoPedido
	httpapi.Registrar(api, aceptar, reembolsan, a.aceptar)
	httpapi.Registrar(api, accion("rechazar-devolucion", una+"/rechazo", "Refuse a return"), reembolsan, a.rechazar)
}

// Devolucion is goods that come back after their delivery.
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

// devolucion shows d, a return of p.
func devolucion(p *pedido.Pedido, d pedido.Devolucion) Devolucion {
	v := Devolucion{
		ID:            d.ID,
		Estado:        d.Estado,
		Lineas:        make([]LineaDevuelta, 0, len(d.Lineas)),
		Motivo:        d.Motivo,
		Rechazo:       d.Rechazo,
		MontoCentavos: d.Monto,
		Reembolso:     vueltoDe(p, d),
		Creado:        d.En,
		Resuelta:      cuando(d.Resuelta),
	}
	for _, r := range p.Retornos {
		if r.Devolucion == d.ID {
			l := LineaDevuelta{ProductoID: r.Producto, Cantidad: r.Cantidad, Destino: r.Destino, Lote: r.Lote}
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

// Devolver is the call that returns goods.
type Devolver struct {
	PorID
	httpapi.ConClave
	Body NuevaDevolucion
}

// NuevaDevolucion is goods to return.
type NuevaDevolucion struct {
	Lineas []LineaADevolver `json:"lineas" minItems:"1" maxItems:"200" nullable:"false" doc:"What comes back."`
	Motivo string           `json:"motivo" minLength:"1" maxLength:"300" doc:"Why."`
}

// LineaADevolver is a quantity of one product to return. Where it goes is the operator's to say.
type LineaADevolver struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of a product of the order."`
	Cantidad   int64  `json:"cantidad" minimum:"1" maximum:"10000" doc:"How many units."`
	Destino    string `json:"destino,omitempty" enum:"existencias,descarte" doc:"Of an operator alone: whether the goods are sold again or thrown away; absent: thrown away."`
	Lote       string `json:"lote,omitempty" maxLength:"60" doc:"Of an operator alone: the batch that stands on them; absent: of those that the order got, the one that expires first."`
}

// Devuelto answers a return that has been noted.
type Devuelto struct {
	httpapi.Repetible
	Location string `header:"Location" doc:"Where the order's returns are."`
	Body     Devolucion
}

func (a *API) devolver(ctx context.Context, in *Devolver) (*Devuelto, error) {
	l, err := in.Llave(ctx, "devoluciones."+in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	d := pedido.Devolucion{Motivo: in.Body.Motivo}
	var di []pedido.Destinado
	for _, x := range in.Body.Lineas {
		d.Lineas = append(d.Lineas, pedido.LineaDevuelta{Producto: x.ProductoID, Cantidad: x.Cantidad})
		di = append(di, pedido.Destinado{
			Producto: x.ProductoID,
			Cantidad: x.Cantidad,
			Destino:  x.Destino,
			Lote:     x.Lote,
		})
	}
	p, repetida, err := a.app.Devolver(ctx, quien(ctx), in.ID, d, di, l)
	if err != nil {
		return nil, err
	}
	return &Devuelto{httpapi.ComoRepetida(repetida), httpapi.Prefijo + "/pedidos/" + in.ID + "/devoluciones", una(p, l.ID)}, nil
}

// una shows one return of p.
func una(p *pedido.Pedido, id string) Devolucion {
	for _, d := range p.Devoluciones {
		if d.ID == id {
			return devolucion(p, d)
		}
	}
	return Devolucion{}
}

// PorDevolucion is the input of what concerns one return.
type PorDevolucion struct {
	PorID
	DevolucionID string `path:"devolucion_id" format:"uuid" doc:"Id of the return."`
}

// Aceptar is the call that accepts a return.
type Aceptar struct {
	PorDevolucion
	httpapi.ConClave
	Body *CuerpoAceptacion
}

// CuerpoAceptacion says where the goods of a return go; it may be left out. What it says
// nothing of is thrown away.
type CuerpoAceptacion struct {
	Lineas []LineaConDestino `json:"lineas,omitempty" maxItems:"400" nullable:"false" doc:"Where the goods go; what no line names is thrown away."`
}

// LineaConDestino says where goods of a return go. Several may be about one product.
type LineaConDestino struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of a product of the return."`
	Cantidad   int64  `json:"cantidad,omitempty" minimum:"1" maximum:"10000" doc:"Absent: all of this product that no other line says anything of."`
	Destino    string `json:"destino" enum:"existencias,descarte" doc:"They are sold again, or thrown away."`
	Lote       string `json:"lote,omitempty" maxLength:"60" doc:"The batch that stands on them; absent: of those that the order got, the one that expires first."`
}

// Rechazar is the call that refuses a return.
type Rechazar struct {
	PorDevolucion
	httpapi.ConClave
	Body Rechazo
}

// Rechazo says why.
type Rechazo struct {
	Motivo string `json:"motivo" minLength:"1" maxLength:"300" doc:"Why; the customer reads it."`
}

// Resuelta answers with the return as it now stands.
type Resuelta struct {
	httpapi.Repetible
	Body Devolucion
}

func (a *API) aceptar(ctx context.Context, in *Aceptar) (*Resuelta, error) {
	var b CuerpoAceptacion
	poner(&b, in.Body)
	var cuerpo any = in.ID // as it is digested without lines, in earlier releases too
	var di []pedido.Destinado
	for _, x := range b.Lineas {
		di = append(di, pedido.Destinado{
			Producto: x.ProductoID,
			Cantidad: x.Cantidad,
			Destino:  x.Destino,
			Lote:     x.Lote,
		})
		cuerpo = b
	}
	l, err := in.Llave(ctx, "aceptacion."+in.DevolucionID, cuerpo)
	if err != nil {
		return nil, err
	}
	p, repetida, err := a.app.AceptarDevolucion(ctx, quien(ctx), in.ID, in.DevolucionID, di, l)
	if err != nil {
		return nil, err
	}
	return &Resuelta{httpapi.ComoRepetida(repetida), una(p, in.DevolucionID)}, nil
}

func (a *API) rechazar(ctx context.Context, in *Rechazar) (*Resuelta, error) {
	l, err := in.Llave(ctx, "rechazo."+in.DevolucionID, in.Body)
	if err != nil {
		return nil, err
	}
	p, repetida, err := a.app.RechazarDevolucion(ctx, quien(ctx), in.ID, in.DevolucionID, in.Body.Motivo, l)
	if err != nil {
		return nil, err
	}
	return &Resuelta{httpapi.ComoRepetida(repetida), una(p, in.DevolucionID)}, nil
}

// Devoluciones is the call that lists an order's returns.
type Devoluciones struct {
	PorID
	httpapi.Pagina
}

// HojaDevoluciones answers a list, newest first.
type HojaDevoluciones struct {
	Body httpapi.Lista[Devolucion]
}

func (a *API) listarDevoluciones(ctx context.Context, in *Devoluciones) (*HojaDevoluciones, error) {
	m, err := marca(in.Pagina)
	if err != nil {
		return nil, err
	}
	p, err := a.app.Leer(ctx, quien(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	ds := hacia(p.Devoluciones, m, in.Limite, func(d pedido.Devolucion) string { return d.ID })
	verlo := func(d pedido.Devolucion) httpapi.Marca { return httpapi.Marca{Creado: d.En, ID: d.ID} }
	ver := func(d pedido.Devolucion) Devolucion { return devolucion(p, d) }
	return &HojaDevoluciones{hoja(ds, in.Limite, ver, verlo)}, nil
}
