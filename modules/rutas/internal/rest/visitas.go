package rest

import (
	"context"
	"net/http"

	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) visitas(api huma.API) {
	listar := op(
		"listar-visitas",
		http.MethodGet,
		"/visitas",
		"Visits; a driver sees those of their own truck",
	)
	httpapi.Register(api, listar, enCalle, a.listarVisitas)
	httpapi.Register(
		api,
		op("ver-visita", http.MethodGet, "/visitas/{id}", "One visit"),
		enCalle,
		a.verVisita,
	)
	httpapi.Register(
		api,
		op("llegada", http.MethodPost, "/visitas/{id}/llegada", "The truck is at the door"),
		enCalle,
		a.llegada,
	)
	httpapi.Register(
		api,
		op("entrega", http.MethodPost, "/visitas/{id}/entrega", "The order was handed over"),
		enCalle,
		a.entrega,
	)
	httpapi.Register(
		api,
		op(
			"fallo",
			http.MethodPost,
			"/visitas/{id}/fallo",
			"The order could not be handed over",
		),
		enCalle,
		a.fallo,
	)
}

// ListarVisitas is the call that lists visits.
type ListarVisitas struct {
	httpapi.PageQuery
	DepositoID string `query:"deposito_id" format:"uuid" doc:"Only visits from this depot."`
	CamionID   string `query:"camion_id" format:"uuid" doc:"Only visits of this truck."`
	TurnoID    string `query:"turno_id" format:"uuid" doc:"Only visits of this shift."`
	PedidoID   string `query:"pedido_id" format:"uuid" doc:"Only visits of this order."`
	Dia        string `query:"dia" format:"date" doc:"Local calendar day that the shift touches."`
	Estado     string `query:"estado" enum:"provisional,firme,en_camino,entregada,fallida,liberada,perdida" doc:"Only visits that stand there."`
}

func (a *API) listarVisitas(ctx context.Context, in *ListarVisitas) (*Pagina[Visita], error) {
	p, err := pagina(in.PageQuery)
	if err != nil {
		return nil, err
	}
	v, err := a.flota.ListarVisitas(
		ctx,
		flota.Filtro{Deposito: in.DepositoID, Camion: in.CamionID, Turno: in.TurnoID,
			Pedido: in.PedidoID, Dia: in.Dia, Estado: in.Estado},
		quien(ctx),
		p,
	)
	return hoja(
		v,
		err,
		p.Limite,
		visita,
		func(v flota.Visita) httpapi.Cursor { return httpapi.Cursor{Created: v.Creado, ID: v.ID} },
	)
}

func (a *API) verVisita(ctx context.Context, porID *PorID) (*Cosa[Visita], error) {
	v, err := a.flota.Ver(ctx, porID.ID, quien(ctx))
	return &Cosa[Visita]{etiqueta(v.Version), visita(v)}, err
}

// Paso is the call by which a driver reports an arrival or a delivery.
type Paso struct {
	PorID
	httpapi.WithKey
}

// Fallo is the call by which a driver reports a delivery that failed.
type Fallo struct {
	Paso
	Body CuerpoFallo
}

// CuerpoFallo is the body of Fallo: the reason.
type CuerpoFallo struct {
	Motivo string `json:"motivo" minLength:"1" maxLength:"200" doc:"Why, without anybody's personal data."`
}

// Marcada answers with the visit as it now stands.
type Marcada struct {
	httpapi.Repeatable
	httpapi.WithETag
	Body Visita
}

func (a *API) llegada(ctx context.Context, paso *Paso) (*Marcada, error) {
	return a.darParte(ctx, *paso, flota.Llegada, CuerpoFallo{})
}

func (a *API) entrega(ctx context.Context, paso *Paso) (*Marcada, error) {
	return a.darParte(ctx, *paso, flota.Entrega, CuerpoFallo{})
}

func (a *API) fallo(ctx context.Context, in *Fallo) (*Marcada, error) {
	return a.darParte(ctx, in.Paso, flota.Fallo, in.Body)
}

func (a *API) darParte(
	ctx context.Context,
	paso Paso,
	claseDeParte flota.ClaseDeParte,
	cuerpo CuerpoFallo,
) (*Marcada, error) {
	l, err := paso.Key(ctx, string(claseDeParte)+"."+paso.ID, cuerpo)
	if err != nil {
		return nil, err
	}
	v, repetida, err := a.flota.DarParte(
		ctx,
		flota.ParteDeVisita{
			Visita: paso.ID,
			Clase:  claseDeParte,
			Motivo: cuerpo.Motivo,
			Quien:  quien(ctx),
			Llave:  l,
		},
	)
	if err != nil {
		return nil, claves(err)
	}
	return &Marcada{
		Repeatable: httpapi.AsRepeated(repetida),
		WithETag:   etiqueta(v.Version),
		Body:       visita(v),
	}, nil
}
