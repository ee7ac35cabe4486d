package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"
	"despensa/platform/money"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) acciones(api huma.API) {
	const uno = "/pedidos/{id}"
	reintentar := accion(
		"reintentar-pedido",
		uno+"/reintento",
		"Try a failed order again, with the members that the customer corrects",
	)
	reintentar.MaxBodyBytes = cuerpoPedido
	reembolsar := op("reembolsar-pedido", http.MethodPost, uno+"/reembolsos",
		"Give money back; the gateway is asked behind the answer")
	reembolsar.DefaultStatus = httpapi.Created
	httpapi.Register(api, reintentar, actuan, a.reintentar)
	httpapi.Register(
		api,
		accion("cancelar-pedido", uno+"/cancelacion", "Cancel"),
		actuan,
		a.cancelar,
	)
	httpapi.Register(api, reembolsar, reembolsan, a.reembolsar)
	listar := op("listar-reembolsos", http.MethodGet, uno+"/reembolsos", "Money given back")
	httpapi.Register(api, listar, venReembolso, a.reembolsos)
}

// Accionado answers a retry or a cancel with the order as it stands after the call.
type Accionado struct {
	httpapi.Repeatable
	httpapi.WithETag
	Body Pedido
}

func (a *API) accionado(
	ped *pedido.Pedido,
	quien app.Quien,
	repetida bool,
	err error,
) (*Accionado, error) {
	if err != nil {
		return nil, conCotizacion(err)
	}
	return &Accionado{
		Repeatable: httpapi.AsRepeated(repetida),
		WithETag:   etiqueta(ped),
		Body:       a.ver(ped, quien),
	}, nil
}

// Reintentar is the call that tries a failed order again. A member that is absent from its body keeps the
// order's value.
type Reintentar struct {
	PorID
	httpapi.WithKey
	Body *CuerpoReintento
}

// CuerpoReintento is the customer's changes to the order for its next intento. A call without a body changes
// nothing.
type CuerpoReintento struct {
	Lineas      []LineaPedida  `json:"lineas,omitempty" minItems:"1" maxItems:"200" nullable:"false" doc:"Other lines; absent: the same."`
	DireccionID string         `json:"direccion_id,omitempty" format:"uuid" doc:"Another address; absent: the same."`
	Entrega     *VentanaPedida `json:"entrega,omitempty" doc:"Another window; absent: the same, or the first that is free."`
	Pago        *PagoPedido    `json:"pago,omitempty" doc:"A card needs a new token for each intento."`
	// TotalCentavos is compared with the total of the order as it would be retried, as Crear compares that of a
	// new order.
	TotalCentavos *money.Centavos `json:"total_centavos,omitempty" minimum:"0" doc:"The total that the customer was shown; another price is refused with the new quote."`
}

func (a *API) reintentar(ctx context.Context, in *Reintentar) (*Accionado, error) {
	var b CuerpoReintento
	poner(&b, in.Body)
	llave, err := in.Key(ctx, "reintento."+in.ID, b)
	if err != nil {
		return nil, err
	}
	r := app.Reintento{
		Lineas:    pedidas(b.Lineas),
		Direccion: b.DireccionID,
		Ventana:   b.Entrega.ventana(),
		Total:     b.TotalCentavos,
		Desde:     httpapi.ClientNetwork(ctx),
	}
	if b.Pago != nil {
		p := b.Pago.pago()
		r.Pago = &p
	}
	q := quien(ctx)
	p, repetida, err := a.app.Reintentar(ctx, q, in.ID, r, llave)
	return a.accionado(p, q, repetida, err)
}

// Cancelar is the call that cancels an order.
type Cancelar struct {
	PorID
	httpapi.WithKey
	Body Cancelacion
}

// Cancelacion says why the caller cancels the order.
type Cancelacion struct {
	Motivo string `json:"motivo" minLength:"1" maxLength:"200" doc:"Why, in the caller's words; they are sealed."`
}

func (a *API) cancelar(ctx context.Context, in *Cancelar) (*Accionado, error) {
	llave, err := in.Key(ctx, "cancelacion."+in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	q := quien(ctx)
	p, repetida, err := a.app.Cancelar(ctx, q, in.ID, in.Body.Motivo, llave)
	return a.accionado(p, q, repetida, err)
}

// Reembolso is a refund of an order, as operators see it: money that goes back because an operator asked for
// it, or because goods came back, or because the order was undone.
type Reembolso struct {
	ID            string         `json:"id" format:"uuid" doc:"Its id."`
	MontoCentavos money.Centavos `json:"monto_centavos,omitempty" doc:"Absent while it is all that is left, and the gateway has not said how much that is."`
	Motivo        string         `json:"motivo" doc:"Why, in the operator's words."`
	Estado        string         `json:"estado" enum:"pedido,hecho,absorbido,rechazado" doc:"pedido: not yet; absorbido: the whole payment was given back meanwhile; rechazado: refused for good."`
	Rechazo       string         `json:"rechazo,omitempty" crece:"no-reembolsable,monto-excesivo,peticion-rechazada,sin-cobro,otro" doc:"Why it was refused."`
	Creado        time.Time      `json:"creado" doc:"When it was asked for."`
}

func reembolso(r pedido.Reembolso) Reembolso {
	return Reembolso{
		ID:            r.ID,
		MontoCentavos: r.Monto,
		Motivo:        r.Motivo,
		Estado:        r.Estado,
		Rechazo:       r.Rechazo,
		Creado:        r.En,
	}
}

// Reembolsar is the call by which an operator gives money of an order back.
type Reembolsar struct {
	PorID
	httpapi.WithKey
	Body NuevoReembolso
}

// NuevoReembolso is the amount to give back, in centavos, and the operator's reason.
type NuevoReembolso struct {
	MontoCentavos money.Centavos `json:"monto_centavos,omitempty" minimum:"1" maximum:"1000000000000" doc:"Absent: all that is left."`
	Motivo        string         `json:"motivo" minLength:"1" maxLength:"200" doc:"Why, for the company's own people."`
}

// Reembolsado answers with a refund that the order keeps. The gateway is asked for it after this answer.
type Reembolsado struct {
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where the order's refunds are."`
	Body     Reembolso
}

func (a *API) reembolsar(ctx context.Context, in *Reembolsar) (*Reembolsado, error) {
	llave, err := in.Key(ctx, "reembolsos."+in.ID, in.Body)
	if err != nil {
		return nil, err
	}
	p, repetido, err := a.app.Reembolsar(
		ctx,
		quien(ctx),
		in.ID,
		in.Body.MontoCentavos,
		in.Body.Motivo,
		llave,
	)
	if err != nil {
		return nil, err
	}
	out := &Reembolsado{
		Repeatable: httpapi.AsRepeated(repetido),
		Location:   httpapi.Prefix + "/pedidos/" + in.ID + "/reembolsos",
	}
	for _, r := range p.Reembolsos {
		if r.ID == llave.ID {
			out.Body = reembolso(r)
		}
	}
	return out, nil
}

// Reembolsos is the call that lists an order's refunds.
type Reembolsos struct {
	PorID
	httpapi.PageQuery
}

// HojaReembolsos answers with one page of an order's refunds, newest first.
type HojaReembolsos struct {
	Body httpapi.Lista[Reembolso]
}

func (a *API) reembolsos(ctx context.Context, in *Reembolsos) (*HojaReembolsos, error) {
	m, err := cursorDe(in.PageQuery)
	if err != nil {
		return nil, err
	}
	p, err := a.app.Leer(ctx, quien(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	rs := hacia(p.Reembolsos, m, in.Limite, func(r pedido.Reembolso) string { return r.ID })
	verlo := func(r pedido.Reembolso) httpapi.Cursor { return httpapi.Cursor{Created: r.En, ID: r.ID} }
	return &HojaReembolsos{hoja(rs, in.Limite, reembolso, verlo)}, nil
}

// cursorDeEvento is the cursor that follows e in a page of an order's history: its time and its sequence number.
func cursorDeEvento(evento pedido.Evento) httpapi.Cursor {
	return httpapi.NumberCursor(evento.En, evento.Seq)
}
