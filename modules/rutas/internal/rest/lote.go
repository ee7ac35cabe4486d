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

// LotePosiciones is a batch, in any order.
type LotePosiciones struct {
	Posiciones []EnLote `json:"posiciones" minItems:"1" maxItems:"500" nullable:"false" doc:"Positions of one truck."`
}

// EnLote is what stands where a position of a batch belongs: a PosicionEnviada, or anything
// else, which is refused by itself and costs the others nothing.
type EnLote struct{ json.RawMessage }

// enLote is a position as it stands in a batch.
func enLote(p PosicionEnviada) EnLote {
	b, _ := json.Marshal(p) // numbers, texts and a time: there is nothing that cannot be written
	return EnLote{b}
}

// Schema implements huma.SchemaProvider.
func (EnLote) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{
		Description: "A position. Anything else is taken as well, and named in rechazadas.",
		AnyOf: []*huma.Schema{
			r.Schema(reflect.TypeFor[PosicionEnviada](), true, ""),
			{Description: "What is no position."},
		},
	}
}

// formaEnviada checks what a PosicionEnviada must look like, as the document says it.
type formaEnviada struct {
	esquemas huma.Registry
	esquema  *huma.Schema
}

func formaDe(api huma.API) formaEnviada {
	r := api.OpenAPI().Components.Schemas
	return formaEnviada{esquemas: r, esquema: r.Schema(reflect.TypeFor[PosicionEnviada](), true, "")}
}

// separar reads the positions of a batch, each by itself: indices says where in the batch
// each of buenas stood. malas are those that break the document, with the first reason.
func (f formaEnviada) separar(lote []EnLote) (buenas []telemetria.Posicion, indices []int, malas []Rechazada) {
	for i, crudo := range lote {
		p, falta := f.leer(crudo.RawMessage)
		if falta != "" {
			malas = append(malas, Rechazada{Indice: i, Codigo: httpapi.ErrDatos.Code, Detalle: falta})
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

// leer reads one position; falta says what about it breaks the document.
func (f formaEnviada) leer(crudo []byte) (p PosicionEnviada, falta string) {
	var x any
	if json.Unmarshal(crudo, &x) != nil {
		return p, "not of the expected form"
	}
	if m, ok := x.(map[string]any); ok {
		for nombre, v := range m {
			if v == nil { // huma takes null for an optional member, the document does not
				delete(m, nombre)
				falta = "a member is null"
			}
		}
	}
	var r huma.ValidateResult
	huma.Validate(f.esquemas, f.esquema, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, x, &r)
	if len(r.Errors) > 0 {
		return p, httpapi.Falta(r.Errors[0])
	}
	if falta == "" && json.Unmarshal(crudo, &p) != nil {
		falta = "a number or a time is not of the expected form"
	}
	return p, falta
}
