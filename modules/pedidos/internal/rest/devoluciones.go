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
	httpapi.Registrar(api, accion("aceptar-devolucion", una+"/aceptacion", "Accept a return; its money goes back behind the answer"), reembolsan, a.aceptar)
	httpapi.Registrar(api, accion("rechazar-devolucion", una+"/rechazo", "Refuse a return"), reembolsan, a.rechazar)
}

// Devolucion is goods that come back after their delivery.
type Devolucion struct {
	ID            string          `json:"id" format:"uuid"`
	Estado        string          `json:"estado" enum:"pedida,aceptada,rechazada"`
	Lineas        []LineaDevuelta `json:"lineas"`
	Motivo        string          `json:"motivo"`
	Rechazo       string          `json:"rechazo,omitempty" doc:"Why it was refused."`
	MontoCentavos money.Centavos  `json:"monto_centavos" doc:"What goes back for these lines; an estimate while pedida. With the last goods everything goes back that is left, the delivery fee too."`
	Reembolso     *Vuelto         `json:"reembolso,omitempty" doc:"How its money goes back, once it is accepted."`
	Creado        time.Time       `json:"creado"`
	Resuelta      *time.Time      `json:"resuelta,omitempty" doc:"When it was accepted or refused."`
}

// LineaDevuelta is a quantity of one product that comes back.
type LineaDevuelta struct {
	ProductoID string `json:"producto_id" format:"uuid"`
	Cantidad   int64  `json:"cantidad" minimum:"1" maximum:"10000"`
}

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
	for _, l := range d.Lineas {
		v.Lineas = append(v.Lineas, LineaDevuelta{l.Producto, l.Cantidad})
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
	Lineas []LineaDevuelta `json:"lineas" minItems:"1" maxItems:"200" nullable:"false"`
	Motivo string          `json:"motivo" minLength:"1" maxLength:"300"`
}

// Devuelto answers a return that has been noted.
type Devuelto struct {
	httpapi.Repetible
	Location string `header:"Location"`
	Body     Devolucion
}

func (a *API) devolver(ctx context.Context, in *Devolver) (*Devuelto, error) {
	l, err := in.Llave(ctx, "devoluciones."+in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	d := pedido.Devolucion{Motivo: in.Body.Motivo}
	for _, x := range in.Body.Lineas {
		d.Lineas = append(d.Lineas, pedido.LineaDevuelta{Producto: x.ProductoID, Cantidad: x.Cantidad})
	}
	p, repetida, err := a.app.Devolver(ctx, quien(ctx), in.ID, d, l)
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
	DevolucionID string `path:"devolucion_id" format:"uuid"`
}

// Resolver is the call that accepts a return.
type Resolver struct {
	PorDevolucion
	httpapi.ConClave
}

// Rechazar is the call that refuses a return.
type Rechazar struct {
	Resolver
	Body Rechazo
}

// Rechazo says why.
type Rechazo struct {
	Motivo string `json:"motivo" minLength:"1" maxLength:"300"`
}

// Resuelta answers with the return as it now stands.
type Resuelta struct {
	httpapi.Repetible
	Body Devolucion
}

func (a *API) aceptar(ctx context.Context, in *Resolver) (*Resuelta, error) {
	l, err := in.Llave(ctx, "aceptacion."+in.DevolucionID, in.ID)
	if err != nil {
		return nil, err
	}
	p, repetida, err := a.app.AceptarDevolucion(ctx, quien(ctx), in.ID, in.DevolucionID, l)
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
