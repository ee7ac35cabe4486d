package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) turnos(api huma.API) {
	httpapi.Register(
		api,
		op("listar-turnos", http.MethodGet, "/turnos", "Shifts"),
		gestores,
		a.listarTurnos,
	)
	httpapi.Register(
		api,
		crear("crear-turno", "/turnos", "Add a shift"),
		gestores,
		a.crearTurno,
	)
	httpapi.Register(
		api,
		op("ver-turno", http.MethodGet, "/turnos/{id}", "One shift"),
		gestores,
		a.verTurno,
	)
	httpapi.Register(api, op("cambiar-turno", http.MethodPatch, "/turnos/{id}", "Edit a shift"),
		gestores, a.cambiarTurno)
}

// NuevoTurno is the body that adds a shift.
type NuevoTurno struct {
	CamionID   string    `json:"camion_id" format:"uuid" doc:"Id of the truck."`
	Inicio     time.Time `json:"inicio" doc:"When it begins."`
	Fin        time.Time `json:"fin" doc:"After inicio, at most 24 h later."`
	MinutosMax int64     `json:"minutos_max,omitempty" minimum:"1" maximum:"1440" doc:"Working time; its length when absent."`
	VisitasMax int64     `json:"visitas_max,omitempty" minimum:"1" maximum:"500" doc:"How many visits may be booked; the house's own when absent."`
}

// CrearTurno is the call that adds a shift.
type CrearTurno struct {
	httpapi.WithKey
	Body NuevoTurno
}

func (a *API) crearTurno(ctx context.Context, in *CrearTurno) (*Creado[Turno], error) {
	l, err := in.Key(ctx, "turnos", in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	t, repetida, err := a.flota.CrearTurno(
		ctx,
		flota.SolicitudDeTurno{Camion: b.CamionID, Inicio: b.Inicio, Fin: b.Fin,
			MinutosMax: b.MinutosMax, VisitasMax: b.VisitasMax},
		l,
	)
	if err != nil {
		return nil, claves(err)
	}
	return creado("/turnos", t.ID, t.Version, turno(t), repetida), nil
}

// ListarTurnos is the call that lists shifts.
type ListarTurnos struct {
	httpapi.PageQuery
	DepositoID string `query:"deposito_id" format:"uuid" doc:"Only shifts of this depot."`
	CamionID   string `query:"camion_id" format:"uuid" doc:"Only shifts of this truck."`
	Dia        string `query:"dia" format:"date" doc:"Local calendar day that the shift touches."`
	Estado     string `query:"estado" enum:"abierto,salio,cerrado" doc:"Only shifts that stand there."`
}

func (a *API) listarTurnos(ctx context.Context, in *ListarTurnos) (*Pagina[Turno], error) {
	p, err := pagina(in.PageQuery)
	if err != nil {
		return nil, err
	}
	t, err := a.flota.ListarTurnos(
		ctx,
		flota.Filtro{
			Deposito: in.DepositoID,
			Camion:   in.CamionID,
			Dia:      in.Dia,
			Estado:   in.Estado,
		},
		p,
	)
	return hoja(
		t,
		err,
		p.Limite,
		turno,
		func(t flota.Turno) httpapi.Cursor { return httpapi.Cursor{Created: t.Creado, ID: t.ID} },
	)
}

func (a *API) verTurno(ctx context.Context, porID *PorID) (*Cosa[Turno], error) {
	t, err := a.flota.Turno(ctx, porID.ID)
	return &Cosa[Turno]{etiqueta(t.Version), turno(t)}, err
}

// CambiarTurno is the call that edits a shift; a member that is absent from the body stays as it is.
type CambiarTurno struct {
	PorID
	httpapi.WithIfMatch
	Body CambioDeTurno
}

// CambioDeTurno is the body of CambiarTurno.
type CambioDeTurno struct {
	Inicio     *time.Time `json:"inicio,omitempty" doc:"When it begins."`
	Fin        *time.Time `json:"fin,omitempty" doc:"When it ends; at most 24 h after inicio."`
	MinutosMax *int64     `json:"minutos_max,omitempty" minimum:"1" maximum:"1440" doc:"Working time that may be booked."`
	VisitasMax *int64     `json:"visitas_max,omitempty" minimum:"1" maximum:"500" doc:"How many visits may be booked."`
	// Reprogramar is as in CambioDeCamion.
	Reprogramar bool `json:"reprogramar,omitempty" doc:"true: visits that the change leaves no room for are lost, and their orders booked anew."`
}

func (a *API) cambiarTurno(ctx context.Context, in *CambiarTurno) (*Cosa[Turno], error) {
	v, err := in.Versions(true)
	if err != nil {
		return nil, err
	}
	b := in.Body
	t, err := a.flota.CambiarTurno(
		ctx,
		edicion(in.ID, v, b.Reprogramar),
		flota.CambioDeTurno{
			Inicio:     b.Inicio,
			Fin:        b.Fin,
			MinutosMax: b.MinutosMax,
			VisitasMax: b.VisitasMax,
		},
	)
	return &Cosa[Turno]{etiqueta(t.Version), turno(t)}, err
}
