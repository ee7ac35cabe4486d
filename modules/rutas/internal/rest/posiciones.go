package rest

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// informan is the access of the callers that may send positions: the device bound to the truck, its driver, managers.
var informan = httpapi.Access{Roles: enCalle.Roles, Permissions: []string{"crear:posiciones"}}

// sobreLotes is the description of EnviarPosiciones in the document.
const sobreLotes = "Each position is judged by itself. " +
	`Those that can be are stored, the others are named in rechazadas, and
sending these again changes nothing; only what is no batch is refused as a whole. A device that is installed anew counts
secuencia from 1 again.

A position is stored with a marca and not shown when it is too coarse (imprecisa), names a speed that no truck has
(veloz), or no truck can drive there from where it was (salto). Where the truck is follows what arrived: a sensor whose
clock is wrong is corrected by what its arrivals show. A truck that was never seen is said to be in its depot, with
secuencia 0.`

func (a *API) posiciones(api huma.API) {
	const todas = "/camiones/{id}/posiciones"
	enviar := op(
		"enviar-posiciones",
		http.MethodPost,
		todas,
		"Where a truck has been; a position is known by sensor, secuencia and en, so a batch may be sent again",
	)
	enviar.Description = sobreLotes
	enviar.DefaultStatus, enviar.MaxBodyBytes = http.StatusOK, 256<<10
	httpapi.Register(api, enviar, informan, a.enviarPosiciones)
	httpapi.Register(
		api,
		op(
			"listar-posiciones",
			http.MethodGet,
			todas,
			"Where a truck has been, the latest first",
		),
		enCalle,
		a.listarPosiciones,
	)
	httpapi.RegisterStream(api, op(
		"seguir-camiones",
		http.MethodGet,
		"/camiones/vivo",
		"Every truck that has been seen or is out, and then each as it changes; "+
			"a slow reader skips intermediate positions and receives the newest one per truck",
	),
		gestores, map[string]any{tipoCamion: CamionVivo{}}, a.seguirCamiones)
}

// Posicion is a truck at one moment as one of its sensors measured it.
type Posicion struct {
	Sensor          telemetria.Sensor   `json:"sensor" enum:"primario,secundario" doc:"Which of the truck's two sensors."`
	Secuencia       int64               `json:"secuencia" doc:"Counted by the sensor."`
	Lat             float64             `json:"lat" doc:"WGS 84 degrees."`
	Lon             float64             `json:"lon" doc:"WGS 84 degrees."`
	En              time.Time           `json:"en" doc:"When it was measured, by the device's clock."`
	VelocidadKmh    *float64            `json:"velocidad_kmh,omitempty" doc:"Speed."`
	RumboGrados     *float64            `json:"rumbo_grados,omitempty" doc:"Clockwise from north."`
	PrecisionMetros *float64            `json:"precision_metros,omitempty" doc:"Radius of uncertainty."`
	Recibida        time.Time           `json:"recibida,omitzero" doc:"When it arrived, by the company's clock."`
	Marca           telemetria.Sospecha `json:"marca,omitempty" enum:"imprecisa,veloz,salto" doc:"Why it is kept and not shown."`
}

func posicion(p telemetria.Posicion) Posicion {
	return Posicion{
		Sensor: p.Sensor, Secuencia: p.Secuencia, Lat: p.Punto.Lat, Lon: p.Punto.Lon, En: p.En,
		VelocidadKmh: p.Velocidad, RumboGrados: p.Rumbo, PrecisionMetros: p.Radio, Recibida: p.Recibida, Marca: p.Sospecha,
	}
}

// EnviarPosiciones is the call that sends positions.
type EnviarPosiciones struct {
	PorID
	Body LotePosiciones
}

// Recibido answers a batch.
type Recibido struct {
	Body Recibo
}

// Recibo is the outcome of a batch.
type Recibo struct {
	Recibidas  int         `json:"recibidas" doc:"How many came."`
	Nuevas     int         `json:"nuevas" doc:"How many of them are stored: not known yet."`
	Repetidas  int         `json:"repetidas" doc:"How many are known already."`
	Rechazadas []Rechazada `json:"rechazadas" doc:"Those that are not stored, in the order of the batch."`
	Ultima     Posicion    `json:"ultima" doc:"Where the truck was last seen; secuencia 0: nowhere yet."`
}

// Rechazada is a position of a batch that was not stored.
type Rechazada struct {
	Indice  int    `json:"indice" doc:"Its place in the batch, from 0."`
	Codigo  string `json:"codigo" crece:"datos-invalidos,momento-imposible" doc:"datos-invalidos or momento-imposible."`
	Detalle string `json:"detalle" doc:"For people. The first reason, without the value."`
}

// enviarPosiciones stores the positions of a batch, and lists the refused ones in the order of the batch.
func (a *API) enviarPosiciones(ctx context.Context, in *EnviarPosiciones) (*Recibido, error) {
	c, err := a.flota.CamionDe(ctx, in.ID, quienInforma(ctx))
	if err != nil {
		return nil, err
	}
	ps, indices, malas := a.enviada.separar(in.Body.Posiciones)
	a.telemetria.Rechazar(len(malas))
	r, err := a.telemetria.Recibir(ctx, c.ID, ps)
	if err != nil {
		return nil, err
	}
	for _, x := range r.Rechazadas {
		malas = append(
			malas,
			Rechazada{Indice: indices[x.Indice], Codigo: x.Codigo, Detalle: x.Detalle},
		)
	}
	slices.SortFunc(malas, func(x, y Rechazada) int { return cmp.Compare(x.Indice, y.Indice) })
	ultima, err := a.ultima(ctx, c, r.Ultima)
	return &Recibido{Body: Recibo{
		Recibidas: len(in.Body.Posiciones), Nuevas: r.Nuevas, Repetidas: r.Repetidas,
		Rechazadas: append([]Rechazada{}, malas...), Ultima: ultima,
	}}, err
}

// ultima is the last seen place of a truck; for a truck that was never seen, its depot.
func (a *API) ultima(
	ctx context.Context,
	camion flota.Camion,
	p *telemetria.Posicion,
) (Posicion, error) {
	if p != nil {
		return posicion(*p), nil
	}
	d, err := a.flota.Deposito(ctx, camion.Deposito)
	return Posicion{
		Sensor: telemetria.Primario,
		Lat:    d.Punto.Lat,
		Lon:    d.Punto.Lon,
		En:     camion.Creado,
	}, err
}

// quienInforma is the caller of EnviarPosiciones: a machine sees its own truck alone.
func quienInforma(ctx context.Context) flota.Quien {
	p, _ := oidc.Caller(ctx)
	if p.Machine {
		return flota.Quien{Dispositivo: p.ID}
	}
	return quien(ctx)
}

// ListarPosiciones is the call that lists positions.
type ListarPosiciones struct {
	PorID
	httpapi.PageQuery
	httpapi.Days
	Sensor telemetria.Sensor `query:"sensor" enum:"primario,secundario" doc:"Only what this sensor measured."`
}

func (a *API) listarPosiciones(
	ctx context.Context,
	in *ListarPosiciones,
) (*Pagina[Posicion], error) {
	p := telemetria.Pagina{Camion: in.ID, Sensor: in.Sensor, Limite: in.Limite}
	var err error
	if p.Desde, p.Hasta, err = in.Range(); err != nil {
		return nil, err
	}
	m, err := in.PageQuery.After()
	if err != nil {
		return nil, err
	}
	if m != nil {
		p.En, p.Clave = m.Created, m.ID
	}
	if _, err := a.flota.CamionDe(ctx, in.ID, quien(ctx)); err != nil {
		return nil, err
	}
	ps, err := a.telemetria.Listar(ctx, p)
	return hoja(
		ps,
		err,
		p.Limite,
		posicion,
		func(p telemetria.Posicion) httpapi.Cursor { return httpapi.Cursor{Created: p.En, ID: p.Clave()} },
	)
}

const tipoCamion = "camion"

// CamionVivo is a truck as the stream shows it.
type CamionVivo struct {
	CamionID string    `json:"camion_id" format:"uuid" doc:"Id of the truck."`
	Patente  string    `json:"patente" doc:"Its plate."`
	Estado   string    `json:"estado" enum:"en_deposito,en_reparto" doc:"en_reparto while it has visits to make."`
	TurnoID  string    `json:"turno_id,omitempty" doc:"The shift that it is out for."`
	Posicion *Posicion `json:"posicion,omitempty" doc:"Where it was last seen; absent: nowhere yet."`
}

func camionVivo(enVivo telemetria.EnVivo) CamionVivo {
	c := CamionVivo{
		CamionID: enVivo.Camion,
		Patente:  enVivo.Patente,
		Estado:   "en_deposito",
		TurnoID:  enVivo.Turno,
	}
	if enVivo.Turno != "" {
		c.Estado = "en_reparto"
	}
	if enVivo.Ultima != nil {
		p := posicion(enVivo.Ultima.Posicion)
		c.Posicion = &p
	}
	return c
}

// SeguirCamiones is the call that opens the stream of the live view; a stream always begins with every truck.
type SeguirCamiones struct{}

// seguirCamiones opens a stream: it sends every truck first, and then each truck that changes.
func (a *API) seguirCamiones(
	ctx context.Context, _ *SeguirCamiones,
) (func(context.Context, *httpapi.Stream) error, error) {
	// Before the stream begins, so that an error can still be answered.
	foto, version, err := a.telemetria.Foto(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c *httpapi.Stream) error {
		m := a.telemetria.Mirar(version)
		defer m.Stop()
		dicho := map[string]telemetria.EnVivo{}
		for {
			if err := contar(c, foto, dicho); err != nil {
				return err
			}
			if err := c.Wait(m.Changed); err != nil {
				return err
			}
			if foto, err = a.telemetria.Cambiada(ctx); err != nil {
				return err
			}
		}
	}, nil
}

// contar sends the trucks of foto that differ from dicho, the view sent last, and those that have left the view: they
// are back in their depot and were never seen.
func contar(
	corriente *httpapi.Stream,
	foto []telemetria.EnVivo,
	dicho map[string]telemetria.EnVivo,
) error {
	faltan := maps.Clone(dicho)
	for _, v := range foto {
		delete(faltan, v.Camion)
		if visto, ok := dicho[v.Camion]; ok && visto.Cambio() == v.Cambio() {
			continue
		}
		if err := corriente.Send(httpapi.Event{Type: tipoCamion, Data: camionVivo(v)}); err != nil {
			return err
		}
		dicho[v.Camion] = v
	}
	for id, v := range faltan {
		v.Turno = ""
		if err := corriente.Send(httpapi.Event{Type: tipoCamion, Data: camionVivo(v)}); err != nil {
			return err
		}
		delete(dicho, id)
	}
	return nil
}
