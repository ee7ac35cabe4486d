package rest

import (
	"context"
	"maps"
	"net/http"
	"time"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// informan may send positions: the device bound to the truck, its driver, managers.
var informan = httpapi.Acceso{Roles: enCalle.Roles, Permisos: []string{"crear:posiciones"}}

func (a *API) posiciones(api huma.API) {
	const todas = "/camiones/{id}/posiciones"
	enviar := op("enviar-posiciones", http.MethodPost, todas,
		"Where a truck has been; sensor and secuencia are the key of a position, so a batch may be sent again")
	enviar.DefaultStatus, enviar.MaxBodyBytes = http.StatusOK, 256<<10
	httpapi.Registrar(api, enviar, informan, a.enviarPosiciones)
	httpapi.Registrar(api, op("listar-posiciones", http.MethodGet, todas, "Where a truck has been, the latest first"), enCalle, a.listarPosiciones)
	httpapi.Flujo(api, op("seguir-camiones", http.MethodGet, "/camiones/vivo",
		"Every truck that has been seen or is out, and then each as it changes; who reads slowly gets the latest"),
		gestores, map[string]any{tipoCamion: CamionVivo{}}, a.seguirCamiones)
}

// Posicion is a truck at one moment as one of its sensors measured it.
type Posicion struct {
	Sensor          telemetria.Sensor `json:"sensor" enum:"primario,secundario"`
	Secuencia       int64             `json:"secuencia" minimum:"1" doc:"Counted by the sensor; a number is never used again."`
	Lat             float64           `json:"lat" minimum:"-90" maximum:"90" doc:"WGS 84 degrees."`
	Lon             float64           `json:"lon" minimum:"-180" maximum:"180" doc:"WGS 84 degrees."`
	En              time.Time         `json:"en" doc:"When it was measured."`
	VelocidadKmh    *float64          `json:"velocidad_kmh,omitempty" minimum:"0" maximum:"300"`
	RumboGrados     *float64          `json:"rumbo_grados,omitempty" minimum:"0" maximum:"360" doc:"Clockwise from north."`
	PrecisionMetros *float64          `json:"precision_metros,omitempty" minimum:"0" maximum:"100000"`
}

func posicion(p telemetria.Posicion) Posicion {
	return Posicion{p.Sensor, p.Secuencia, p.Punto.Lat, p.Punto.Lon, p.En, p.Velocidad, p.Rumbo, p.Radio}
}

// EnviarPosiciones is the call that sends positions.
type EnviarPosiciones struct {
	PorID
	Body LotePosiciones
}

// LotePosiciones is a batch, in any order.
type LotePosiciones struct {
	Posiciones []Posicion `json:"posiciones" minItems:"1" maxItems:"500" nullable:"false"`
}

// Recibido answers a batch.
type Recibido struct {
	Body Recibo
}

// Recibo tells what came of a batch.
type Recibo struct {
	Recibidas int      `json:"recibidas" doc:"How many came."`
	Nuevas    int      `json:"nuevas" doc:"How many of them were not known yet."`
	Repetidas int      `json:"repetidas"`
	Ultima    Posicion `json:"ultima" doc:"Where the truck was last seen, now."`
}

func (a *API) enviarPosiciones(ctx context.Context, in *EnviarPosiciones) (*Recibido, error) {
	c, err := a.flota.CamionDe(ctx, in.ID, quienInforma(ctx))
	if err != nil {
		return nil, err
	}
	ps := make([]telemetria.Posicion, 0, len(in.Body.Posiciones))
	for _, p := range in.Body.Posiciones {
		ps = append(ps, telemetria.Posicion{Sensor: p.Sensor, Secuencia: p.Secuencia, Punto: rutas.Punto{Lat: p.Lat, Lon: p.Lon},
			Velocidad: p.VelocidadKmh, Rumbo: p.RumboGrados, Radio: p.PrecisionMetros, En: p.En.UTC().Truncate(time.Millisecond)})
	}
	r, err := a.telemetria.Recibir(ctx, c.ID, ps)
	if err != nil {
		return nil, err
	}
	return &Recibido{Recibo{len(ps), r.Nuevas, r.Repetidas, posicion(r.Ultima)}}, nil
}

// quienInforma is the caller who sends positions: a machine speaks for its own truck alone.
func quienInforma(ctx context.Context) flota.Quien {
	p, _ := oidc.De(ctx)
	if p.Maquina {
		return flota.Quien{Dispositivo: p.ID}
	}
	return quien(ctx)
}

// ListarPosiciones is the call that lists positions.
type ListarPosiciones struct {
	PorID
	httpapi.Pagina
	httpapi.Dias
	Sensor telemetria.Sensor `query:"sensor" enum:"primario,secundario"`
}

func (a *API) listarPosiciones(ctx context.Context, in *ListarPosiciones) (*Pagina[Posicion], error) {
	p := telemetria.Pagina{Camion: in.ID, Sensor: in.Sensor, Limite: in.Limite}
	var err error
	if p.Desde, p.Hasta, err = in.Rango(); err != nil {
		return nil, err
	}
	m, err := in.Pagina.Desde()
	if err != nil {
		return nil, err
	}
	if m != nil {
		p.En, p.Clave = m.Creado, m.ID
	}
	if _, err := a.flota.CamionDe(ctx, in.ID, quien(ctx)); err != nil {
		return nil, err
	}
	ps, err := a.telemetria.Listar(ctx, p)
	return hoja(ps, err, p.Limite, posicion, func(p telemetria.Posicion) httpapi.Marca { return httpapi.Marca{Creado: p.En, ID: p.Clave()} })
}

const tipoCamion = "camion"

// CamionVivo is a truck as the stream shows it.
type CamionVivo struct {
	CamionID string    `json:"camion_id" format:"uuid"`
	Patente  string    `json:"patente"`
	Estado   string    `json:"estado" enum:"en_deposito,en_reparto" doc:"en_reparto while it has visits to make."`
	TurnoID  string    `json:"turno_id,omitempty" doc:"The shift that it is out for."`
	Posicion *Posicion `json:"posicion,omitempty" doc:"Where it was last seen; absent: nowhere yet."`
}

func camionVivo(v telemetria.EnVivo) CamionVivo {
	c := CamionVivo{CamionID: v.Camion, Patente: v.Patente, Estado: "en_deposito", TurnoID: v.Turno}
	if v.Turno != "" {
		c.Estado = "en_reparto"
	}
	if v.Ultima != nil {
		p := posicion(v.Ultima.Posicion)
		c.Posicion = &p
	}
	return c
}

// SeguirCamiones is the call that follows all trucks; it always begins with all of them.
type SeguirCamiones struct{}

func (a *API) seguirCamiones(ctx context.Context, _ *SeguirCamiones) (func(context.Context, *httpapi.Corriente) error, error) {
	foto, version, err := a.telemetria.Foto(ctx) // before the stream is one: an error can still be said
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, c *httpapi.Corriente) error {
		m := a.telemetria.Mirar(version)
		defer m.Soltar()
		dicho := map[string]telemetria.EnVivo{}
		for {
			if err := contar(c, foto, dicho); err != nil {
				return err
			}
			if err := c.Esperar(m.Hay); err != nil {
				return err
			}
			if foto, err = a.telemetria.Cambiada(ctx); err != nil {
				return err
			}
		}
	}, nil
}

// contar sends the trucks of foto that look otherwise than was last said of them, and
// those that have gone from it: back in their depot without ever having been seen.
func contar(c *httpapi.Corriente, foto []telemetria.EnVivo, dicho map[string]telemetria.EnVivo) error {
	faltan := maps.Clone(dicho)
	for _, v := range foto {
		delete(faltan, v.Camion)
		if visto, ok := dicho[v.Camion]; ok && visto.Cambio() == v.Cambio() {
			continue
		}
		if err := c.Enviar(httpapi.Suceso{Tipo: tipoCamion, Datos: camionVivo(v)}); err != nil {
			return err
		}
		dicho[v.Camion] = v
	}
	for id, v := range faltan {
		v.Turno = ""
		if err := c.Enviar(httpapi.Suceso{Tipo: tipoCamion, Datos: camionVivo(v)}); err != nil {
			return err
		}
		delete(dicho, id)
	}
	return nil
}
