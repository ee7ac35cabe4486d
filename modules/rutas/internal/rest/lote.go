package rest

import (
	"encoding/json"
	"reflect"
	"time"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// PosicionEnviada is a position as a device sends it.
type PosicionEnviada struct {
	Sensor          telemetria.Sensor `json:"sensor" enum:"primario,secundario" doc:"Which of the truck's two sensors."`
	Secuencia       int64             `json:"secuencia" minimum:"1" doc:"Counted by the sensor."`
	Lat             float64           `json:"lat" minimum:"-90" maximum:"90" doc:"WGS 84 degrees."`
	Lon             float64           `json:"lon" minimum:"-180" maximum:"180" doc:"WGS 84 degrees."`
	En              time.Time         `json:"en" doc:"When it was measured, by the device's clock."`
	VelocidadKmh    *float64          `json:"velocidad_kmh,omitempty" minimum:"0" maximum:"300" doc:"Speed."`
	RumboGrados     *float64          `json:"rumbo_grados,omitempty" minimum:"0" maximum:"360" doc:"Clockwise from north."`
	PrecisionMetros *float64          `json:"precision_metros,omitempty" minimum:"0" maximum:"100000" doc:"Radius of uncertainty."`
}

// LotePosiciones is the body of EnviarPosiciones: positions in any order.
type LotePosiciones struct {
	Posiciones []EnLote `json:"posiciones" minItems:"1" maxItems:"500" nullable:"false" doc:"Positions of one truck."`
}

// EnLote is one element of a batch: a PosicionEnviada, or any other JSON, which is refused by itself and costs the
// rest of the batch nothing.
type EnLote struct{ json.RawMessage }

// enLote is posicionEnviada as an element of a batch.
func enLote(posicionEnviada PosicionEnviada) EnLote {
	// Never fails: posicionEnviada has numbers, texts and a time.
	b, _ := json.Marshal(posicionEnviada)
	return EnLote{b}
}

// Schema implements huma.SchemaProvider.
func (EnLote) Schema(registry huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "A position. Anything else is taken as well, and named in rechazadas.",
		AnyOf: []*huma.Schema{
			registry.Schema(reflect.TypeFor[PosicionEnviada](), true, ""),
			{Description: "What is no position."},
		},
	}
}

// formaEnviada checks elements of a batch against the schema of PosicionEnviada in the API document.
type formaEnviada struct {
	esquemas huma.Registry
	esquema  *huma.Schema
}

func formaDe(api huma.API) formaEnviada {
	r := api.OpenAPI().Components.Schemas
	return formaEnviada{
		esquemas: r,
		esquema:  r.Schema(reflect.TypeFor[PosicionEnviada](), true, ""),
	}
}

// separar reads the positions of a batch, each by itself. indices are the places in the batch of buenas. malas are the
// elements that break the schema, each with the first reason.
func (f formaEnviada) separar(
	lote []EnLote,
) (buenas []telemetria.Posicion, indices []int, malas []Rechazada) {
	for i, crudo := range lote {
		p, falta := f.leer(crudo.RawMessage)
		if falta != "" {
			malas = append(
				malas,
				Rechazada{Indice: i, Codigo: httpapi.ErrInvalid.Code, Detalle: falta},
			)
			continue
		}
		buenas = append(buenas, telemetria.Posicion{
			Sensor: p.Sensor, Secuencia: p.Secuencia, Punto: rutas.Punto{Lat: p.Lat, Lon: p.Lon},
			Velocidad: p.VelocidadKmh, Rumbo: p.RumboGrados,
			Radio: p.PrecisionMetros, En: p.En.UTC().Truncate(time.Millisecond),
		})
		indices = append(indices, i)
	}
	return buenas, indices, malas
}

// leer reads one element; falta says how it breaks the schema, and is empty when it does not.
func (f formaEnviada) leer(crudo []byte) (p PosicionEnviada, falta string) {
	var x any
	if json.Unmarshal(crudo, &x) != nil {
		return p, "not of the expected form"
	}
	if m, ok := x.(map[string]any); ok {
		for nombre, v := range m {
			if v == nil { // the document forbids null for an optional member, huma allows it
				delete(m, nombre)
				falta = "a member is null"
			}
		}
	}
	var r huma.ValidateResult
	huma.Validate(
		f.esquemas,
		f.esquema,
		huma.NewPathBuffer(nil, 0),
		huma.ModeWriteToServer,
		x,
		&r,
	)
	if len(r.Errors) > 0 {
		return p, httpapi.ValueError(r.Errors[0])
	}
	if falta == "" && json.Unmarshal(crudo, &p) != nil {
		falta = "a number or a time is not of the expected form"
	}
	return p, falta
}
