package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/money"

	"github.com/danielgtaylor/huma/v2"
)

// ErrCodigo: the last character of an order's code, a check character, does not match the ones before it.
var ErrCodigo = fault.New(fault.Invalid, "codigo-invalido", "The code was misread.").
	WithField("query.codigo", "the check character does not match")

// sinCliente is the status of the operations that name a customer in their body, when there is no such
// customer.
var sinCliente = []int{http.StatusNotFound}

func (a *API) pedidos(api huma.API) {
	const todos, uno = "/pedidos", "/pedidos/{id}"
	crear := op("crear-pedido", http.MethodPost, todos, "Order")
	crear.DefaultStatus = httpapi.Created
	crear.MaxBodyBytes = cuerpoPedido
	cotizar := accion(
		"cotizar",
		"/pedidos/cotizacion",
		"What an order would cost and when it could come; no effect",
	)
	cotizar.MaxBodyBytes = cuerpoPedido
	crear.Errors, cotizar.Errors = sinCliente, sinCliente
	httpapi.Register(api, cotizar, piden, a.cotizar)
	httpapi.Register(api, crear, piden, a.crear)
	listar := op("listar-pedidos", http.MethodGet, todos, "Orders; a customer sees their own")
	historia := op(
		"listar-eventos",
		http.MethodGet,
		uno+"/eventos",
		"What happened to an order",
	)
	seguir := op("seguir-pedido", http.MethodGet, uno+"/vivo",
		"What happens to an order, as it happens; begins with what has happened")
	httpapi.Register(api, listar, leen, a.listar)
	httpapi.Register(api, op("ver-pedido", http.MethodGet, uno, "One order"), leen, a.uno)
	httpapi.Register(api, historia, leen, a.eventos)
	httpapi.RegisterStream(api, seguir, leen, map[string]any{tipoEvento: Evento{}}, a.vivo)
}

// LineaPedida is a product to order, and how many units of it.
type LineaPedida struct {
	ProductoID string `json:"producto_id" format:"uuid" doc:"Id of a product that is sold. Each product stands in one line."`
	Cantidad   int64  `json:"cantidad" minimum:"1" maximum:"10000" doc:"How many units."`
}

func pedidas(lineaPedidas []LineaPedida) []app.LineaPedida {
	var out []app.LineaPedida
	for _, l := range lineaPedidas {
		out = append(out, app.LineaPedida{Producto: l.ProductoID, Cantidad: l.Cantidad})
	}
	return out
}

// Cotizar is the call that asks for the price of an order.
type Cotizar struct {
	Body NuevaCotizacion
}

// NuevaCotizacion is the lines and the address that a customer asks the price of.
type NuevaCotizacion struct {
	Lineas      []LineaPedida `json:"lineas" minItems:"1" maxItems:"200" nullable:"false" doc:"What is wanted."`
	DireccionID string        `json:"direccion_id" format:"uuid" doc:"Where it is to go: id of one of the customer's addresses."`
	ClienteID   string        `json:"cliente_id,omitempty" format:"uuid" doc:"Whom an operator asks for."`
}

// Cotizacion is the price of an order, and the windows in which it could be delivered. Amounts are in centavos.
type Cotizacion struct {
	Lineas        []Linea        `json:"lineas" doc:"The lines with their prices."`
	NetoCentavos  money.Centavos `json:"neto_centavos" doc:"Sum of the lines and of the delivery fee, without IVA."`
	IVACentavos   money.Centavos `json:"iva_centavos" doc:"IVA in the total."`
	EnvioCentavos money.Centavos `json:"envio_centavos" doc:"Delivery fee, IVA included; it is part of the sums."`
	TotalCentavos money.Centavos `json:"total_centavos" doc:"What the customer would pay, IVA and delivery included."`
	Moneda        string         `json:"moneda" crece:"ARS" example:"ARS" doc:"Currency of all amounts."`
	Ventanas      []Ventana      `json:"ventanas" doc:"Free to choose, soonest first."`
	Faltan        []string       `json:"faltan" doc:"Ids of products of which no depot has enough."`
	FueraDeArea   bool           `json:"fuera_de_area" doc:"No truck of ours gets to the address: the order would be refused."`
}

func cotizacion(c app.Cotizacion) Cotizacion {
	v := Cotizacion{
		Lineas:        lineas(c.Lineas),
		NetoCentavos:  c.Neto,
		IVACentavos:   c.IVA,
		EnvioCentavos: c.Envio,
		TotalCentavos: c.Total,
		Moneda:        money.Currency,
		Ventanas:      make([]Ventana, 0, len(c.Ventanas)),
		Faltan:        c.Faltan,
		FueraDeArea:   c.FueraDeArea,
	}
	for _, x := range c.Ventanas {
		v.Ventanas = append(v.Ventanas, Ventana{x.Desde, x.Hasta})
	}
	if v.Faltan == nil {
		v.Faltan = []string{}
	}
	return v
}

// Cotizado answers with a quote.
type Cotizado struct{ Body Cotizacion }

func (a *API) cotizar(ctx context.Context, in *Cotizar) (*Cotizado, error) {
	cliente, err := quien(ctx).Para(in.Body.ClienteID)
	if err != nil {
		return nil, err
	}
	c, err := a.app.Cotizar(ctx, cliente, in.Body.DireccionID, pedidas(in.Body.Lineas))
	if err != nil {
		return nil, err
	}
	return &Cotizado{cotizacion(c)}, nil
}

// VentanaPedida is the delivery window that the customer chooses.
type VentanaPedida struct {
	Desde time.Time `json:"desde" doc:"Begin of the window, as a quote offered it."`
	Hasta time.Time `json:"hasta" doc:"End of the window."`
}

func (v *VentanaPedida) ventana() *pedido.Ventana {
	if v == nil {
		return nil
	}
	return &pedido.Ventana{Desde: v.Desde, Hasta: v.Hasta}
}

// PagoPedido is the way to pay that the customer chooses.
type PagoPedido struct {
	Metodo         pagos.Metodo `json:"metodo" enum:"tarjeta_credito,tarjeta_debito,efectivo,transferencia" doc:"Cards need token and marca; efectivo is a voucher."`
	Token          string       `json:"token,omitempty" maxLength:"64" doc:"Of a card, made by the gateway for the browser; good for one intento. The beginning of this document says where it comes from."`
	MarcaDeTarjeta string       `json:"marca,omitempty" maxLength:"32" pattern:"^[a-z0-9_]*$" doc:"Brand of the card, as the gateway calls it: visa, master."`
	Cuotas         int64        `json:"cuotas,omitempty" minimum:"0" maximum:"24" doc:"Instalments; 1 when absent."`
}

func (p PagoPedido) pago() app.PagoPedido {
	return app.PagoPedido{
		Metodo:         p.Metodo,
		Token:          p.Token,
		MarcaDeTarjeta: p.MarcaDeTarjeta,
		Cuotas:         p.Cuotas,
	}
}

// Crear is the call that places an order.
type Crear struct {
	httpapi.WithKey
	Body NuevoPedido
}

// NuevoPedido is an order as the caller asks for it.
type NuevoPedido struct {
	Lineas        []LineaPedida   `json:"lineas" minItems:"1" maxItems:"200" nullable:"false" doc:"What is ordered."`
	DireccionID   string          `json:"direccion_id" format:"uuid" doc:"Where it is to go: id of one of the customer's addresses."`
	Entrega       *VentanaPedida  `json:"entrega,omitempty" doc:"Absent: the first window that is free."`
	Pago          PagoPedido      `json:"pago" doc:"How it is to be paid."`
	TotalCentavos *money.Centavos `json:"total_centavos,omitempty" minimum:"0" doc:"What the customer was shown; another price is refused with the new quote."`
	ClienteID     string          `json:"cliente_id,omitempty" format:"uuid" doc:"For whom an operator orders."`
	Referencia    string          `json:"referencia,omitempty" minLength:"1" maxLength:"64" pattern:"^\\S(.*\\S)?$" doc:"The integrator's own name for the order, to find it by; need not be unique, never changes. Never personal data: what looks like an e-mail address, a telephone or card number is refused (dato-personal)."`
	Metadatos     Metadatos       `json:"metadatos,omitempty"`
}

// Creado answers with the new order.
type Creado struct {
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where the order is."`
	httpapi.WithETag
	Body Pedido
}

// crear places an order for the caller, or for the customer that an operator or a machine names in the body.
// The id of the order is that of the idempotency key, so that a repeated call answers with the same order.
func (a *API) crear(ctx context.Context, in *Crear) (*Creado, error) {
	llave, err := in.Key(ctx, "pedidos", in.Body)
	if err != nil {
		return nil, err
	}
	q := quien(ctx)
	b := in.Body
	cliente, err := q.Para(b.ClienteID)
	if err != nil {
		return nil, err
	}
	p, repetido, err := a.app.Crear(ctx, app.PedidoNuevo{
		Llave:     llave,
		Cliente:   cliente,
		Lineas:    pedidas(b.Lineas),
		Direccion: b.DireccionID,
		Ventana:   b.Entrega.ventana(),
		Pago:      b.Pago.pago(),
		Total:     b.TotalCentavos,
		Propio:    b.propio(),
		Desde:     httpapi.ClientNetwork(ctx),
	})
	if err != nil {
		return nil, conCotizacion(err)
	}
	return &Creado{
		Repeatable: httpapi.AsRepeated(repetido),
		Location:   httpapi.Prefix + "/pedidos/" + p.ID,
		WithETag:   etiqueta(p),
		Body:       a.ver(p, q),
	}, nil
}

func etiqueta(ped *pedido.Pedido) httpapi.WithETag {
	return httpapi.WithETag{ETag: httpapi.ETag(ped.Version)}
}

// conCotizacion replaces the app's quote in a precio-cambiado error by the quote as the API shows it. Every
// other error is returned as it is.
func conCotizacion(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	if c, ok := f.Extra["cotizacion"].(app.Cotizacion); ok {
		return f.WithExtra("cotizacion", cotizacion(c))
	}
	return err
}

// Listar is the call that lists orders, newest first.
type Listar struct {
	httpapi.PageQuery
	httpapi.Days
	Estado    Estado `query:"estado" doc:"Only orders that stand there."`
	ClienteID string `query:"cliente_id" format:"uuid" doc:"Only this customer's orders; a customer sees their own anyway."`
	Codigo    string `query:"codigo" maxLength:"10" doc:"The code of an order, as it is read out on the phone."`
	// Referencia is compared in Unicode normal form C, the form in which orders keep their references.
	Referencia string `query:"referencia" minLength:"1" maxLength:"64" doc:"The whole of an integrator's own name, as it was given."`
}

// Hoja answers with one page of orders.
type Hoja struct{ Body httpapi.Lista[Pedido] }

func (a *API) listar(ctx context.Context, in *Listar) (*Hoja, error) {
	// Codes have capitals only, and people type small letters.
	codigo := strings.ToUpper(in.Codigo)
	if codigo != "" && !pedido.CodigoValido(codigo) {
		return nil, ErrCodigo
	}
	filtro := app.Filtro{
		Cliente:    in.ClienteID,
		Codigo:     codigo,
		Referencia: pedido.BuscarReferencia(in.Referencia),
		Estado:     pedido.Estado(in.Estado),
	}
	var err error
	if filtro.Desde, filtro.Hasta, err = in.Range(); err != nil {
		return nil, err
	}
	m, err := cursorDe(in.PageQuery)
	if err != nil {
		return nil, err
	}
	q := quien(ctx)
	ps, err := a.app.Listar(ctx, q, filtro, m, in.Limite+1)
	if err != nil {
		return nil, err
	}
	verlo := func(p *pedido.Pedido) Pedido { return a.ver(p, q) }
	donde := func(p *pedido.Pedido) httpapi.Cursor { return httpapi.Cursor{Created: p.Creado, ID: p.ID} }
	return &Hoja{hoja(ps, in.Limite, verlo, donde)}, nil
}

// Uno answers with one order.
type Uno struct {
	httpapi.WithETag
	Body Pedido
}

func (a *API) uno(ctx context.Context, porID *PorID) (*Uno, error) {
	q := quien(ctx)
	p, err := a.app.Leer(ctx, q, porID.ID)
	if err != nil {
		return nil, err
	}
	return &Uno{etiqueta(p), a.ver(p, q)}, nil
}

// Evento is one event of an order: a step of the machine, or an event that moves no estado.
type Evento struct {
	Seq     int64         `json:"seq" doc:"From 1, without gaps."`
	Tipo    string        `json:"tipo" crece:"creado,preprocesar,esperar_pago,autorizar,aceptar,confirmar,despachar,entregar,reprogramar,fallar,reintentar,rechazar,cancelar,devolver,visita_asignada,cancelacion_tarde,marca,reembolso_hecho,reembolso_absorbido,reembolso_rechazado,reembolso_ajeno,devolucion_pedida,devolucion_aceptada,devolucion_rechazada" doc:"What happened: a step of the machine, or what moves no estado."`
	De      pedido.Estado `json:"de,omitempty" enum:"creado,preprocesado,pago_pendiente,autorizado,aceptado,confirmado,en_reparto,entregado,fallido,rechazado,cancelado,devuelto" doc:"Where the order stood; absent of the first event."`
	A       pedido.Estado `json:"a" enum:"creado,preprocesado,pago_pendiente,autorizado,aceptado,confirmado,en_reparto,entregado,fallido,rechazado,cancelado,devuelto" doc:"Where it stood from then on."`
	Intento int64         `json:"intento" doc:"Which try it was, from 1."`
	Motivo  string        `json:"motivo,omitempty" doc:"Why, where there is a reason: a code, or what somebody said."`
	En      time.Time     `json:"en" doc:"When."`
}

// Eventos is the call that reads the history of an order.
type Eventos struct {
	PorID
	httpapi.PageQuery
}

// HojaEventos answers with one page of an order's history, newest first.
type HojaEventos struct{ Body httpapi.Lista[Evento] }

// eventos pages by the sequence number of the events, which the cursor carries as its id.
func (a *API) eventos(ctx context.Context, in *Eventos) (*HojaEventos, error) {
	hasta, err := in.AfterNumber()
	if err != nil {
		return nil, err
	}
	p, err := a.app.Leer(ctx, quien(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	var es []pedido.Evento
	for i := len(p.Eventos) - 1; i >= 0 && len(es) <= in.Limite; i-- {
		if hasta == 0 || p.Eventos[i].Seq < hasta {
			es = append(es, p.Eventos[i])
		}
	}
	verlo := func(e pedido.Evento) Evento { return Evento(e) }
	return &HojaEventos{hoja(es, in.Limite, verlo, cursorDeEvento)}, nil
}
