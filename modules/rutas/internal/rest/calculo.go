package rest

import (
	"context"
	"errors"
	"net/http"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/ruteo"
	"despensa/platform/fault"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// ErrAlgoritmo: no algorithm has the requested name.
var ErrAlgoritmo = fault.New(fault.Invalid, "algoritmo-desconocido", "There is no such algorithm.").
	WithField("body.algoritmo", "is not in /rutas/algoritmos")

func (a *API) calculo(api huma.API) {
	calcular := op("calcular-ruta", http.MethodPost, "/rutas/calculo",
		"The way from one place to another along the streets; no effect")
	calcular.DefaultStatus = http.StatusOK
	httpapi.Register(api, calcular, enCalle, a.calcular)
	listar := op(
		"listar-algoritmos",
		http.MethodGet,
		"/rutas/algoritmos",
		"The algorithms that ways are calculated by",
	)
	httpapi.Register(api, listar, enCalle, a.algoritmos)
}

// Lugar is a place, in WGS 84 degrees.
type Lugar struct {
	Lat float64 `json:"lat" minimum:"-90" maximum:"90" doc:"WGS 84 degrees."`
	Lon float64 `json:"lon" minimum:"-180" maximum:"180" doc:"WGS 84 degrees."`
}

// Calcular is the call that calculates a way.
type Calcular struct {
	Body PeticionRuta
}

// PeticionRuta is the body of Calcular: both ends of the way, and the algorithm.
type PeticionRuta struct {
	Desde     Lugar  `json:"desde" doc:"From where."`
	Hasta     Lugar  `json:"hasta" doc:"To where."`
	Algoritmo string `json:"algoritmo,omitempty" maxLength:"40" doc:"One of /rutas/algoritmos; the shortest time when absent."`
}

// Ruta is a way as the API shows it.
type Ruta struct {
	Algoritmo        string `json:"algoritmo" crece:"tiempo_minimo,distancia_minima" doc:"What it was calculated by."`
	DistanciaMetros  int64  `json:"distancia_metros" doc:"Its length."`
	DuracionSegundos int64  `json:"duracion_segundos" doc:"How long a truck drives."`
	Geometria        Linea  `json:"geometria" doc:"GeoJSON, both ends included."`
}

// Linea is a LineString of GeoJSON (RFC 7946): longitude before latitude.
type Linea struct {
	Type        string       `json:"type" enum:"LineString" doc:"Always LineString."`
	Coordinates [][2]float64 `json:"coordinates" minItems:"2" doc:"Longitude and latitude of each point."`
}

// Calculada answers with a way.
type Calculada struct{ Body Ruta }

// calcular answers with the way, in whole metres and seconds. Errors: ErrAlgoritmo, rutas.ErrFueraDeArea.
func (a *API) calcular(_ context.Context, in *Calcular) (*Calculada, error) {
	algoritmo := in.Body.Algoritmo
	if algoritmo == "" {
		algoritmo = ruteo.TiempoMinimo
	}
	r, err := a.motor.Calcular(ruteo.Peticion{
		Desde:     rutas.Punto(in.Body.Desde),
		Hasta:     rutas.Punto(in.Body.Hasta),
		Algoritmo: algoritmo,
	})
	if errors.Is(err, ruteo.ErrAlgoritmo) {
		return nil, ErrAlgoritmo
	}
	if err != nil {
		return nil, err
	}
	l := Linea{Type: "LineString", Coordinates: make([][2]float64, 0, len(r.Puntos))}
	for _, p := range r.Puntos {
		l.Coordinates = append(l.Coordinates, [2]float64{p.Lon, p.Lat})
	}
	return &Calculada{Ruta{
		Algoritmo:        r.Algoritmo,
		DistanciaMetros:  int64(r.Metros + 0.5),
		DuracionSegundos: int64(r.Duracion.Seconds() + 0.5),
		Geometria:        l,
	}}, nil
}

// Algoritmo is an algorithm as the API shows it.
type Algoritmo struct {
	ID       string `json:"id" crece:"tiempo_minimo,distancia_minima" doc:"Its name: the algoritmo of POST /rutas/calculo."`
	Minimiza string `json:"minimiza" crece:"duracion,distancia" doc:"What it keeps as small as can be."`
}

// Algoritmos answers with all algorithms, in alphabetical order, on one page.
type Algoritmos struct {
	Body httpapi.Lista[Algoritmo]
}

func (a *API) algoritmos(context.Context, *struct{}) (*Algoritmos, error) {
	out := &Algoritmos{Body: httpapi.Lista[Algoritmo]{Datos: []Algoritmo{}}}
	for _, x := range ruteo.Algoritmos() {
		out.Body.Datos = append(out.Body.Datos, Algoritmo{x, ruteo.Minimiza(x)})
	}
	return out, nil
}
