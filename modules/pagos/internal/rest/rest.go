// Package rest is the HTTP face of pagos: payments to read, and the door for the
// providers' notices.
package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/httpapi"
	"despensa/platform/money"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// ayudantes see the payments of all customers; a customer sees their own.
var (
	ayudantes = []string{"operador", "admin"}
	lectores  = httpapi.Access{Roles: []string{"cliente", "operador", "admin"}}
	publico   = httpapi.Access{Public: true}
)

// Servicio is the part of cobros.Servicio that the HTTP operations call.
type Servicio interface {
	// Listar gives at most f.Limite+1 of the payments that q may see, newest first.
	Listar(ctx context.Context, q cobros.Quien, f cobros.Filtro) ([]cobros.Cobro, error)
	// Ver shows one payment, with its refunds. Error: pagos.ErrSinCobro, also when it is not for q to see.
	Ver(ctx context.Context, q cobros.Quien, id string) (cobros.CobroEntero, error)
	// Recibir takes a notice in. Errors: cobros.ErrProveedor, ErrFirma.
	Recibir(ctx context.Context, proveedor string, n gateway.Noticia) error
}

// API serves the resources of pagos.
type API struct{ s Servicio }

// avisoMax is the largest body of a notice, in bytes. The body is read, and its content is not used.
const avisoMax = 64 << 10

// Register adds all operations of pagos to api.
func Register(api huma.API, servicio Servicio) {
	a := &API{servicio}
	httpapi.Register(api, huma.Operation{
		OperationID: "listar-pagos", Method: http.MethodGet, Path: "/pagos", Tags: []string{tema},
		Summary: "Payments; a customer sees their own",
	}, lectores, a.listar)
	httpapi.Register(api, huma.Operation{
		OperationID: "ver-pago", Method: http.MethodGet, Path: "/pagos/{id}", Tags: []string{tema},
		Summary: "One payment",
	}, lectores, a.ver)
	httpapi.Register(api, httpapi.Notice(huma.Operation{
		OperationID: "recibir-aviso", Method: http.MethodPost, Path: rutaAvisos, Tags: []string{tema},
		Summary: "Notice of a payment provider, signed by it", DefaultStatus: http.StatusOK,
		MaxBodyBytes:       avisoMax,
		SkipValidateParams: true, // a provider adds members to the query of its notices without warning
		SkipValidateBody:   true,
	}), publico, a.recibir)
	cuerpoDeAviso(api)
	describe(api)
	ejemplos(api)
}

// Pago is a payment as the API shows it.
type Pago struct {
	ID                  string         `json:"id" format:"uuid" doc:"Its id."`
	PedidoID            string         `json:"pedido_id" format:"uuid" doc:"Id of the order that it pays."`
	Intento             int            `json:"intento" minimum:"1" doc:"Pass of the order, 1 to 3."`
	Estado              pagos.Estado   `json:"estado" enum:"pendiente,reservado,cobrado,rechazado,vencido,anulado,reembolsado" doc:"Where it stands."`
	Metodo              pagos.Metodo   `json:"metodo" enum:"tarjeta_credito,tarjeta_debito,efectivo,transferencia" doc:"How it is paid."`
	MarcaDeTarjeta      string         `json:"marca,omitempty" doc:"Brand of the card, as the gateway calls it."`
	Cuotas              int            `json:"cuotas,omitempty" doc:"Instalments of a card."`
	Moneda              string         `json:"moneda" crece:"ARS" example:"ARS" doc:"Currency of all amounts."`
	MontoCentavos       money.Centavos `json:"monto_centavos" doc:"Asked for."`
	CobradoCentavos     money.Centavos `json:"cobrado_centavos" doc:"Taken."`
	ReembolsadoCentavos money.Centavos `json:"reembolsado_centavos" doc:"Given back."`
	Motivo              string         `json:"motivo,omitempty" doc:"Why it was declined, in kebab-case."`
	Instrucciones       string         `json:"instrucciones,omitempty" doc:"Where and how to pay a voucher or a transfer."`
	Desafio             string         `json:"desafio,omitempty" doc:"Address of a 3DS challenge."`
	Vence               *time.Time     `json:"vence,omitempty" doc:"Until when it may be paid."`
	Contracargo         bool           `json:"contracargo,omitempty" doc:"The cardholder's bank disputes the charge."`
	Reembolsos          []Reembolso    `json:"reembolsos,omitempty" doc:"On one payment: its refunds, oldest first."`
	Pasarela            *Pasarela      `json:"pasarela,omitempty" doc:"For operators, on one payment: how the gateway sees it."`
	Creado              time.Time      `json:"creado" doc:"When it was asked for."`
}

// Reembolso is money of a payment that went back, or was to.
type Reembolso struct {
	MontoCentavos money.Centavos         `json:"monto_centavos" doc:"How much."`
	Estado        cobros.EstadoReembolso `json:"estado" enum:"pedido,hecho,fallido" doc:"pedido: the gateway has not said; fallido: it refuses for good."`
	Motivo        string                 `json:"motivo,omitempty" doc:"Why the gateway refuses, in kebab-case."`
	DeLaPasarela  bool                   `json:"de_la_pasarela,omitempty" doc:"Made at the gateway's own panel."`
}

func reembolsos(rs []cobros.Reembolso) []Reembolso {
	var out []Reembolso
	for _, r := range rs {
		v := Reembolso{
			MontoCentavos: r.Monto,
			Estado:        r.Estado,
			Motivo:        r.Motivo,
			DeLaPasarela:  r.DeOtros(),
		}
		out = append(out, v)
	}
	return out
}

// Pasarela is a payment as the gateway last reported it.
type Pasarela struct {
	Proveedor   string         `json:"proveedor" crece:"mercadopago" doc:"Which gateway."`
	Referencia  string         `json:"referencia" doc:"How the gateway knows the payment from us."`
	Orden       string         `json:"orden,omitempty" doc:"The gateway's own id of it; absent while it is not known."`
	Transaccion string         `json:"transaccion,omitempty" doc:"The gateway's id of the money that was taken."`
	Estado      gateway.Estado `json:"estado,omitempty" enum:"en_proceso,en_espera,reservada,rechazada,cancelada,cobrada" doc:"The furthest that it was seen to be; absent when it has never been seen."`
	Llamada     cobros.Accion  `json:"llamada,omitempty" enum:"crear,capturar,cancelar,reembolsar" doc:"A call to the gateway with a result that is not known."`
	Mirado      *time.Time     `json:"mirado,omitempty" doc:"When the gateway last answered about it."`
	Mirar       *time.Time     `json:"mirar,omitempty" doc:"When it is asked again; absent: not by itself."`
}

func pasarela(cobro cobros.Cobro) *Pasarela {
	return &Pasarela{
		Proveedor:   cobro.Proveedor,
		Referencia:  cobro.Referencia(),
		Orden:       cobro.Orden,
		Transaccion: cobro.Transaccion,
		Estado:      cobro.Vista,
		Llamada:     cobro.Accion,
		Mirado:      cuando(cobro.Mirado),
		Mirar:       cuando(cobro.Debe),
	}
}

// cuando is a pointer to t; nil for the zero time, so that the member is left out.
func cuando(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// pago is cobro as the API shows it to its owner. The instructions to pay are shown only while the payment is pending.
func pago(cobro cobros.Cobro) Pago {
	p := Pago{
		ID:                  cobro.ID,
		PedidoID:            cobro.Pedido,
		Intento:             cobro.Intento,
		Estado:              cobro.Estado,
		Metodo:              cobro.Metodo,
		MarcaDeTarjeta:      cobro.MarcaDeTarjeta,
		Cuotas:              cobro.Cuotas,
		Moneda:              money.Currency,
		MontoCentavos:       cobro.Monto,
		CobradoCentavos:     cobro.Cobrado,
		ReembolsadoCentavos: cobro.Reembolsado,
		Motivo:              cobro.Motivo,
		Contracargo:         cobro.Contracargo,
		Creado:              cobro.Creado,
	}
	if cobro.Estado == pagos.Pendiente {
		p.Instrucciones, p.Desafio = cobro.Instrucciones, cobro.Desafio
	}
	if !cobro.Vence.IsZero() {
		p.Vence = &cobro.Vence
	}
	return p
}

func quien(ctx context.Context) cobros.Quien {
	p, _ := oidc.Caller(ctx)
	return cobros.Quien{Todos: p.HasRole(ayudantes...), Cliente: p.ID}
}

// Listar is the call that lists payments.
type Listar struct {
	httpapi.PageQuery
	PedidoID string       `query:"pedido_id" format:"uuid" doc:"Only the payments of this order."`
	Estado   pagos.Estado `query:"estado" enum:"pendiente,reservado,cobrado,rechazado,vencido,anulado,reembolsado" doc:"Only payments that stand there."`
}

// Hoja answers a list.
type Hoja struct {
	Body httpapi.Lista[Pago]
}

func (a *API) listar(ctx context.Context, in *Listar) (*Hoja, error) {
	f := cobros.Filtro{Pedido: in.PedidoID, Estado: in.Estado, Limite: in.Limite}
	m, err := in.After()
	if err != nil {
		return nil, err
	}
	if m != nil {
		f.Creado, f.ID = m.Created, m.ID
	}
	cs, err := a.s.Listar(ctx, quien(ctx), f)
	if err != nil {
		return nil, err
	}
	marca := func(c cobros.Cobro) httpapi.Cursor { return httpapi.Cursor{Created: c.Creado, ID: c.ID} }
	h := httpapi.PageOf(cs, in.Limite, marca)
	out := &Hoja{
		Body: httpapi.Lista[Pago]{Datos: make([]Pago, 0, len(h.Datos)), Siguiente: h.Siguiente},
	}
	for _, c := range h.Datos {
		out.Body.Datos = append(out.Body.Datos, pago(c))
	}
	return out, nil
}

// PorID is the call that reads one payment.
type PorID struct {
	ID string `path:"id" format:"uuid" doc:"Id of the payment."`
}

// Uno answers with one payment.
type Uno struct {
	Body Pago
}

func (a *API) ver(ctx context.Context, porID *PorID) (*Uno, error) {
	q := quien(ctx)
	c, err := a.s.Ver(ctx, q, porID.ID)
	if err != nil {
		return nil, err
	}
	p := pago(c.Cobro)
	p.Reembolsos = reembolsos(c.Reembolsos)
	if q.Todos {
		p.Pasarela = pasarela(c.Cobro)
	}
	return &Uno{p}, nil
}

// Aviso is a notice. Missing parts make it unsigned, not malformed.
type Aviso struct {
	Proveedor string `path:"proveedor" doc:"Which provider: mercadopago."`
	Dato      string `query:"data.id" doc:"The provider's id of the payment that the notice is about."`
	Tipo      string `query:"type" doc:"The kind of thing that the notice is about: order."`
	Firma     string `header:"X-Signature" doc:"ts=…,v1=…: the time, and the HMAC-SHA256 of the signed text, in hex."`
	Solicitud string `header:"X-Request-Id" doc:"The provider's id of its call; it is signed."`
	RawBody   []byte `contentType:"application/json"`
}

// Recibido answers a notice that has been stored.
type Recibido struct {
	Body struct{}
}

func (a *API) recibir(ctx context.Context, aviso *Aviso) (*Recibido, error) {
	n := gateway.Noticia{
		Firma:     aviso.Firma,
		Solicitud: aviso.Solicitud,
		Dato:      aviso.Dato,
		Tipo:      aviso.Tipo,
	}
	if err := a.s.Recibir(ctx, aviso.Proveedor, n); err != nil {
		return nil, err
	}
	return &Recibido{}, nil
}
