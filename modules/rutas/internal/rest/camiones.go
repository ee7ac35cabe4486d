package rest

import (
	"context"
	"net/http"

	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

func (a *API) camiones(api huma.API) {
	httpapi.Register(
		api,
		op("listar-camiones", http.MethodGet, "/camiones", "Trucks"),
		gestores,
		a.listarCamiones,
	)
	httpapi.Register(
		api,
		crear("crear-camion", "/camiones", "Add a truck"),
		gestores,
		a.crearCamion,
	)
	httpapi.Register(
		api,
		op("ver-camion", http.MethodGet, "/camiones/{id}", "One truck"),
		gestores,
		a.verCamion,
	)
	httpapi.Register(
		api,
		op("cambiar-camion", http.MethodPatch, "/camiones/{id}", "Edit a truck"),
		gestores,
		a.cambiarCamion,
	)
	httpapi.Register(api, op("salida", http.MethodPost, "/camiones/{id}/salida",
		"The truck leaves with all firm visits of one shift, or with none"), enCalle, a.salida)
	httpapi.Register(api, op("regreso", http.MethodPost, "/camiones/{id}/regreso",
		"The truck's run ends: its visits without an outcome have failed"), gestores, a.regreso)
}

// NuevoCamion is the body that adds a truck.
type NuevoCamion struct {
	Patente       string   `json:"patente" pattern:"^([A-Z]{3}[0-9]{3}|[A-Z]{2}[0-9]{3}[A-Z]{2})$" doc:"Its plate: AB123CD or ABC123; unique."`
	DepositoID    string   `json:"deposito_id" format:"uuid" doc:"Id of the depot that it leaves from."`
	PesoMaxGramos int64    `json:"peso_max_gramos" minimum:"1" maximum:"40000000" doc:"What it may carry."`
	VolumenMaxML  int64    `json:"volumen_max_ml" minimum:"1" maximum:"100000000" doc:"What goes into it."`
	Frio          bool     `json:"frio,omitempty" doc:"Refrigerated."`
	Activo        *bool    `json:"activo,omitempty" doc:"true when absent."`
	RepartidorID  string   `json:"repartidor_id,omitempty" format:"uuid" doc:"Its driver, one of /repartidores."`
	Dispositivo   string   `json:"dispositivo,omitempty" maxLength:"255" pattern:"^[!-~]*$" doc:"Subject (sub) of the machine token that sends its positions."`
	Horario       *Horario `json:"horario,omitempty" doc:"Its weekly timetable; absent: shifts are added by hand."`
}

// CrearCamion is the call that adds a truck.
type CrearCamion struct {
	httpapi.WithKey
	Body NuevoCamion
}

func (a *API) crearCamion(ctx context.Context, in *CrearCamion) (*Creado[Camion], error) {
	llave, err := in.Key(ctx, "camiones", in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	c := flota.Camion{
		Patente: b.Patente, Deposito: b.DepositoID, PesoMaxGramos: b.PesoMaxGramos, VolumenMaxML: b.VolumenMaxML,
		Frio: b.Frio, Activo: true, Repartidor: b.RepartidorID, Dispositivo: dispositivo(b.Dispositivo),
	}
	poner(&c.Activo, b.Activo)
	if c.Horario, err = b.Horario.regla(); err != nil {
		return nil, err
	}
	c, repetida, err := a.flota.CrearCamion(ctx, c, llave)
	if err != nil {
		return nil, claves(err)
	}
	return creado("/camiones", c.ID, c.Version, camion(c), repetida), nil
}

// ListarCamiones is the call that lists trucks.
type ListarCamiones struct {
	httpapi.PageQuery
	DepositoID string `query:"deposito_id" format:"uuid" doc:"Only trucks of this depot."`
}

func (a *API) listarCamiones(ctx context.Context, in *ListarCamiones) (*Pagina[Camion], error) {
	p, err := pagina(in.PageQuery)
	if err != nil {
		return nil, err
	}
	c, err := a.flota.ListarCamiones(ctx, flota.Filtro{Deposito: in.DepositoID}, p)
	return hoja(
		c,
		err,
		p.Limite,
		camion,
		func(c flota.Camion) httpapi.Cursor { return httpapi.Cursor{Created: c.Creado, ID: c.ID} },
	)
}

func (a *API) verCamion(ctx context.Context, porID *PorID) (*Cosa[Camion], error) {
	c, err := a.flota.Camion(ctx, porID.ID)
	return &Cosa[Camion]{etiqueta(c.Version), camion(c)}, err
}

// CambiarCamion is the call that edits a truck; a member that is absent from the body stays as it is.
type CambiarCamion struct {
	PorID
	httpapi.WithIfMatch
	Body CambioDeCamion
}

// CambioDeCamion is the body of CambiarCamion.
type CambioDeCamion struct {
	Patente       *string  `json:"patente,omitempty" pattern:"^([A-Z]{3}[0-9]{3}|[A-Z]{2}[0-9]{3}[A-Z]{2})$" doc:"Its plate; unique."`
	DepositoID    *string  `json:"deposito_id,omitempty" format:"uuid" doc:"Shifts that exist keep theirs."`
	PesoMaxGramos *int64   `json:"peso_max_gramos,omitempty" minimum:"1" maximum:"40000000" doc:"What it may carry."`
	VolumenMaxML  *int64   `json:"volumen_max_ml,omitempty" minimum:"1" maximum:"100000000" doc:"What goes into it."`
	Frio          *bool    `json:"frio,omitempty" doc:"Refrigerated."`
	Activo        *bool    `json:"activo,omitempty" doc:"false: it does not leave and is not booked; 409 visitas-firmes names firm visits."`
	Reprogramar   bool     `json:"reprogramar,omitempty" doc:"true: visits that the change leaves no room for are lost, and their orders booked anew."`
	RepartidorID  *string  `json:"repartidor_id,omitempty" pattern:"^$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" doc:"Empty: nobody."`
	Dispositivo   *string  `json:"dispositivo,omitempty" maxLength:"255" pattern:"^[!-~]*$" doc:"Subject of the machine token that sends its positions; empty: none."`
	Horario       *Horario `json:"horario,omitempty" doc:"Without dias: no timetable any more; shifts that exist stay."`
}

// cambiarCamion edits the truck, if If-Match has its version.
func (a *API) cambiarCamion(ctx context.Context, in *CambiarCamion) (*Cosa[Camion], error) {
	v, err := in.Versions(true)
	if err != nil {
		return nil, err
	}
	b := in.Body
	h, err := b.Horario.regla()
	if err != nil {
		return nil, err
	}
	c, err := a.flota.CambiarCamion(
		ctx,
		edicion(in.ID, v, b.Reprogramar),
		func(c *flota.Camion) {
			poner(&c.Patente, b.Patente)
			poner(&c.Deposito, b.DepositoID)
			poner(&c.PesoMaxGramos, b.PesoMaxGramos)
			poner(&c.VolumenMaxML, b.VolumenMaxML)
			poner(&c.Frio, b.Frio)
			poner(&c.Activo, b.Activo)
			poner(&c.Repartidor, b.RepartidorID)
			if b.Dispositivo != nil {
				c.Dispositivo = dispositivo(*b.Dispositivo)
			}
			if b.Horario != nil {
				c.Horario = h
			}
		},
	)
	return &Cosa[Camion]{etiqueta(c.Version), camion(c)}, err
}

// Salida is the call that lets a truck leave.
type Salida struct {
	PorID
	httpapi.WithKey
	Body *CuerpoSalida
}

// CuerpoSalida is the body of Salida, which may be left out.
type CuerpoSalida struct {
	TurnoID string `json:"turno_id,omitempty" format:"uuid" doc:"Absent: the earliest open shift with firm visits that runs or is about to begin."`
}

// CamionFuera is a truck with the shift that it has left for, or come back from.
type CamionFuera struct {
	Camion
	Turno Turno `json:"turno" doc:"The shift that it has left for, or come back from."`
}

// Fuera answers a departure, and the end of a run.
type Fuera struct {
	httpapi.Repeatable
	Body CamionFuera
}

func (a *API) salida(ctx context.Context, in *Salida) (*Fuera, error) {
	var b CuerpoSalida
	poner(&b, in.Body)
	l, err := in.Key(ctx, "salida."+in.ID, b)
	if err != nil {
		return nil, err
	}
	p, err := a.flota.Salir(
		ctx,
		flota.Salida{Camion: in.ID, Turno: b.TurnoID, Quien: quien(ctx), Llave: l},
	)
	if err != nil {
		return nil, claves(err)
	}
	return &Fuera{
		httpapi.AsRepeated(p.Repetida),
		CamionFuera{camion(p.Camion), turno(p.Turno)},
	}, nil
}

// Regreso is the call that ends a truck's run.
type Regreso struct {
	PorID
	httpapi.WithKey
}

func (a *API) regreso(ctx context.Context, in *Regreso) (*Fuera, error) {
	l, err := in.Key(ctx, "regreso."+in.ID, nil)
	if err != nil {
		return nil, err
	}
	p, err := a.flota.Regresar(ctx, flota.Regreso{Camion: in.ID, Quien: quien(ctx), Llave: l})
	if err != nil {
		return nil, claves(err)
	}
	return &Fuera{
		httpapi.AsRepeated(p.Repetida),
		CamionFuera{camion(p.Camion), turno(p.Turno)},
	}, nil
}

// edicion is the edit of the depot, truck or shift id.
func edicion(id string, versiones []int64, reprogramar bool) flota.Edicion {
	return flota.Edicion{ID: id, Versiones: versiones, Reprogramar: reprogramar}
}

// dispositivo is the house id of a machine's subject.
func dispositivo(sujeto string) string {
	if sujeto == "" {
		return ""
	}
	return oidc.IDOf(sujeto)
}
