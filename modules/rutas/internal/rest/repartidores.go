package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) repartidores(api huma.API) {
	httpapi.Register(api, op("listar-repartidores", http.MethodGet, "/repartidores", "Drivers"),
		gestores, a.listarRepartidores)
	httpapi.Register(
		api,
		crear("crear-repartidor", "/repartidores", "Add a driver"),
		gestores,
		a.crearRepartidor,
	)
	httpapi.Register(
		api,
		op("ver-repartidor", http.MethodGet, "/repartidores/{id}", "One driver"),
		gestores,
		a.verRepartidor,
	)
	httpapi.Register(
		api,
		op("cambiar-repartidor", http.MethodPatch, "/repartidores/{id}", "Edit a driver"),
		gestores,
		a.cambiarRepartidor,
	)
}

// Repartidor is a driver as the API shows them.
type Repartidor struct {
	ID       string    `json:"id" format:"uuid" doc:"House id of the login; what repartidor_id of a truck names."`
	Nombre   string    `json:"nombre" doc:"Name."`
	Legajo   string    `json:"legajo,omitempty" doc:"The company's number of them."`
	Activo   bool      `json:"activo" doc:"No truck is given to who does not drive any more."`
	Camiones []string  `json:"camiones" doc:"Ids of the trucks that name them."`
	Creado   time.Time `json:"creado" doc:"When they were added."`
}

func repartidor(r flota.Repartidor) Repartidor {
	v := Repartidor{
		ID: r.ID, Nombre: r.Nombre, Legajo: r.Legajo, Activo: r.Activo, Camiones: r.Camiones, Creado: r.Creado,
	}
	if v.Camiones == nil {
		v.Camiones = []string{}
	}
	return v
}

// NuevoRepartidor is the body that adds a driver.
type NuevoRepartidor struct {
	Sujeto string `json:"sujeto" minLength:"1" maxLength:"255" pattern:"^[!-~]+$" doc:"Subject (sub) of their login at the identity provider."`
	Nombre string `json:"nombre" minLength:"1" maxLength:"80" pattern:"^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$" patternDescription:"one line that is not blank" doc:"Name."`
	Legajo string `json:"legajo,omitempty" maxLength:"20" pattern:"^[A-Za-z0-9-]*$" doc:"The company's number of them."`
	Activo *bool  `json:"activo,omitempty" doc:"true when absent."`
}

// CrearRepartidor is the call that adds a driver.
type CrearRepartidor struct {
	httpapi.WithKey
	Body NuevoRepartidor
}

func (a *API) crearRepartidor(
	ctx context.Context,
	in *CrearRepartidor,
) (*Creado[Repartidor], error) {
	l, err := in.Key(ctx, "repartidores", in.Body)
	if err != nil {
		return nil, err
	}
	r := flota.Repartidor{
		ID:     oidc.IDOf(in.Body.Sujeto),
		Nombre: in.Body.Nombre,
		Legajo: in.Body.Legajo,
		Activo: true,
	}
	poner(&r.Activo, in.Body.Activo)
	r, repetida, err := a.flota.CrearRepartidor(ctx, r, l)
	if err != nil {
		return nil, claves(err)
	}
	return creado("/repartidores", r.ID, r.Version, repartidor(r), repetida), nil
}

// ListarRepartidores is the call that lists drivers.
type ListarRepartidores struct{ httpapi.PageQuery }

func (a *API) listarRepartidores(
	ctx context.Context,
	in *ListarRepartidores,
) (*Pagina[Repartidor], error) {
	p, err := pagina(in.PageQuery)
	if err != nil {
		return nil, err
	}
	rs, err := a.flota.ListarRepartidores(ctx, p)
	return hoja(
		rs,
		err,
		p.Limite,
		repartidor,
		func(r flota.Repartidor) httpapi.Cursor { return httpapi.Cursor{Created: r.Creado, ID: r.ID} },
	)
}

func (a *API) verRepartidor(ctx context.Context, porID *PorID) (*Cosa[Repartidor], error) {
	r, err := a.flota.Repartidor(ctx, porID.ID)
	return &Cosa[Repartidor]{etiqueta(r.Version), repartidor(r)}, err
}

// CambiarRepartidor is the call that edits a driver; a member that is absent from the body stays as it is.
type CambiarRepartidor struct {
	PorID
	httpapi.WithIfMatch
	Body CambioDeRepartidor
}

// CambioDeRepartidor is the body of CambiarRepartidor.
type CambioDeRepartidor struct {
	Nombre *string `json:"nombre,omitempty" minLength:"1" maxLength:"80" pattern:"^[^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f][^\\x00-\\x1f\\x7f]*$" patternDescription:"one line that is not blank" doc:"Name."`
	Legajo *string `json:"legajo,omitempty" maxLength:"20" pattern:"^[A-Za-z0-9-]*$" doc:"Empty: none."`
	Activo *bool   `json:"activo,omitempty" doc:"false: they do not drive any more."`
}

func (a *API) cambiarRepartidor(
	ctx context.Context,
	in *CambiarRepartidor,
) (*Cosa[Repartidor], error) {
	v, err := in.Versions(true)
	if err != nil {
		return nil, err
	}
	r, err := a.flota.CambiarRepartidor(ctx, in.ID, v, func(r *flota.Repartidor) {
		poner(&r.Nombre, in.Body.Nombre)
		poner(&r.Legajo, in.Body.Legajo)
		poner(&r.Activo, in.Body.Activo)
	})
	return &Cosa[Repartidor]{etiqueta(r.Version), repartidor(r)}, err
}
