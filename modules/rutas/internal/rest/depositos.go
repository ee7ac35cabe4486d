package rest

import (
	"context"
	"net/http"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) depositos(api huma.API) {
	httpapi.Register(
		api,
		op("listar-depositos", http.MethodGet, "/depositos", "Depots"),
		gestores,
		a.listarDepositos,
	)
	httpapi.Register(
		api,
		crear("crear-deposito", "/depositos", "Add a depot"),
		gestores,
		a.crearDeposito,
	)
	httpapi.Register(
		api,
		op("ver-deposito", http.MethodGet, "/depositos/{id}", "One depot"),
		gestores,
		a.verDeposito,
	)
	httpapi.Register(
		api,
		op("cambiar-deposito", http.MethodPatch, "/depositos/{id}", "Edit a depot"),
		gestores,
		a.cambiarDeposito,
	)
}

// NuevoDeposito is the body that adds a depot.
type NuevoDeposito struct {
	Codigo string  `json:"codigo" pattern:"^[A-Z0-9][A-Z0-9-]{0,19}$" doc:"Its code; unique."`
	Nombre string  `json:"nombre" minLength:"1" maxLength:"80" doc:"Its name."`
	Lat    float64 `json:"lat" minimum:"-90" maximum:"90" doc:"WGS 84 degrees; inside the delivery area."`
	Lon    float64 `json:"lon" minimum:"-180" maximum:"180" doc:"WGS 84 degrees."`
	Activo *bool   `json:"activo,omitempty" doc:"true when absent."`
}

// CrearDeposito is the call that adds a depot.
type CrearDeposito struct {
	httpapi.WithKey
	Body NuevoDeposito
}

func (a *API) crearDeposito(ctx context.Context, in *CrearDeposito) (*Creado[Deposito], error) {
	l, err := in.Key(ctx, "depositos", in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	d := flota.Deposito{
		Codigo: b.Codigo,
		Nombre: b.Nombre,
		Punto:  rutas.Punto{Lat: b.Lat, Lon: b.Lon},
		Activo: true,
	}
	poner(&d.Activo, b.Activo)
	d, repetida, err := a.flota.CrearDeposito(ctx, d, l)
	if err != nil {
		return nil, claves(err)
	}
	return creado("/depositos", d.ID, d.Version, deposito(d), repetida), nil
}

// ListarDepositos is the call that lists depots.
type ListarDepositos struct{ httpapi.PageQuery }

func (a *API) listarDepositos(
	ctx context.Context,
	in *ListarDepositos,
) (*Pagina[Deposito], error) {
	p, err := pagina(in.PageQuery)
	if err != nil {
		return nil, err
	}
	d, err := a.flota.ListarDepositos(ctx, p)
	return hoja(
		d,
		err,
		p.Limite,
		deposito,
		func(d flota.Deposito) httpapi.Cursor { return httpapi.Cursor{Created: d.Creado, ID: d.ID} },
	)
}

func (a *API) verDeposito(ctx context.Context, porID *PorID) (*Cosa[Deposito], error) {
	d, err := a.flota.Deposito(ctx, porID.ID)
	return &Cosa[Deposito]{etiqueta(d.Version), deposito(d)}, err
}

// CambiarDeposito is the call that edits a depot; a member that is absent from the body stays as it is.
type CambiarDeposito struct {
	PorID
	httpapi.WithIfMatch
	Body CambioDeDeposito
}

// CambioDeDeposito is the body of CambiarDeposito.
type CambioDeDeposito struct {
	Codigo *string  `json:"codigo,omitempty" pattern:"^[A-Z0-9][A-Z0-9-]{0,19}$" doc:"Its code; unique."`
	Nombre *string  `json:"nombre,omitempty" minLength:"1" maxLength:"80" doc:"Its name."`
	Lat    *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"WGS 84 degrees; inside the delivery area."`
	Lon    *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"WGS 84 degrees."`
	Activo *bool    `json:"activo,omitempty" doc:"false: it takes no orders, its trucks do not leave; 409 visitas-firmes names firm visits."`
	// Reprogramar is as in CambioDeCamion.
	Reprogramar bool `json:"reprogramar,omitempty" doc:"true: its visits are lost; their orders wait for it until their deadline."`
}

func (a *API) cambiarDeposito(
	ctx context.Context,
	in *CambiarDeposito,
) (*Cosa[Deposito], error) {
	v, err := in.Versions(true)
	if err != nil {
		return nil, err
	}
	d, err := a.flota.CambiarDeposito(
		ctx,
		edicion(in.ID, v, in.Body.Reprogramar),
		func(d *flota.Deposito) {
			poner(&d.Codigo, in.Body.Codigo)
			poner(&d.Nombre, in.Body.Nombre)
			poner(&d.Punto.Lat, in.Body.Lat)
			poner(&d.Punto.Lon, in.Body.Lon)
			poner(&d.Activo, in.Body.Activo)
		},
	)
	return &Cosa[Deposito]{etiqueta(d.Version), deposito(d)}, err
}
