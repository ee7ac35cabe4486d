// Package rest is the HTTP face of rutas: depots, trucks, shifts and visits.
package rest

import (
	"context"
	"errors"
	"net/http"

	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/ruteo"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// gestores is the access of fleet managers; enCalle admits drivers too, for their own trucks.
var (
	gestores = httpapi.Access{Roles: []string{"gestor_rutas", "admin"}}
	enCalle  = httpapi.Access{Roles: []string{"repartidor", "gestor_rutas", "admin"}}
)

// API serves the resources of rutas.
type API struct {
	flota      *flota.Flota
	telemetria *telemetria.Telemetria
	motor      *ruteo.Motor
	enviada    formaEnviada
}

// Register adds all operations of rutas to api.
func Register(api huma.API, f *flota.Flota, t *telemetria.Telemetria, motor *ruteo.Motor) {
	a := &API{flota: f, telemetria: t, motor: motor, enviada: formaDe(api)}
	a.repartidores(api)
	a.posiciones(api)
	a.calculo(api)
	a.depositos(api)
	a.camiones(api)
	a.turnos(api)
	a.visitas(api)
	describe(api)
	ejemplos(api)
}

func op(id, metodo, ruta, resumen string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: metodo, Path: ruta, Summary: resumen, Tags: []string{tema}, MaxBodyBytes: 8 << 10,
	}
}

func crear(id, ruta, resumen string) huma.Operation {
	o := op(id, http.MethodPost, ruta, resumen)
	o.DefaultStatus = httpapi.Created
	return o
}

// PorID is the input of an operation on one depot, truck, shift, visit or driver.
type PorID struct {
	ID string `path:"id" format:"uuid" doc:"Id of the thing that the path is about."`
}

// Cosa answers with one depot, truck, shift, visit or driver and its ETag.
type Cosa[T any] struct {
	httpapi.WithETag
	Body T
}

// Creado answers a creation.
type Creado[T any] struct {
	httpapi.Repeatable
	Location string `header:"Location" doc:"Where it is."`
	httpapi.WithETag
	Body T
}

// Pagina answers a list.
type Pagina[T any] struct {
	Body httpapi.Lista[T]
}

func creado[T any](ruta, id string, version int64, cosa T, repetida bool) *Creado[T] {
	return &Creado[T]{
		Repeatable: httpapi.AsRepeated(repetida),
		Location:   "/api/v1" + ruta + "/" + id,
		WithETag:   etiqueta(version),
		Body:       cosa,
	}
}

func etiqueta(version int64) httpapi.WithETag {
	return httpapi.WithETag{ETag: httpapi.ETag(version)}
}

// claves turns flota.ErrOtroCuerpo into the API's error for a key that was used with another body.
func claves(err error) error {
	if errors.Is(err, flota.ErrOtroCuerpo) {
		return httpapi.ErrKeyReused
	}
	return err
}

// quien is the caller of the request, as flota sees them.
func quien(ctx context.Context) flota.Quien {
	p, _ := oidc.Caller(ctx)
	return flota.Quien{Todos: p.HasRole(gestores.Roles...), Repartidor: p.ID}
}

// pagina turns the cursor and the limit of a list into a flota.Pagina. Errors: httpapi.ErrCursor.
func pagina(pageQuery httpapi.PageQuery) (flota.Pagina, error) {
	m, err := pageQuery.After()
	if err != nil || m == nil {
		return flota.Pagina{Limite: pageQuery.Limite}, err
	}
	return flota.Pagina{Limite: pageQuery.Limite, Creado: m.Created, ID: m.ID}, nil
}

// hoja is the answer of a list: ver shows one element, marca is its place in the order of the list.
func hoja[C, T any](
	cosas []C,
	err error,
	limite int,
	ver func(C) T,
	marca func(C) httpapi.Cursor,
) (*Pagina[T], error) {
	if err != nil {
		return nil, err
	}
	h := httpapi.PageOf(cosas, limite, marca)
	p := &Pagina[T]{
		Body: httpapi.Lista[T]{Datos: make([]T, 0, len(h.Datos)), Siguiente: h.Siguiente},
	}
	for _, c := range h.Datos {
		p.Body.Datos = append(p.Body.Datos, ver(c))
	}
	return p, nil
}

// poner sets *sitio to *valor, unless valor is nil: the member was absent from the body.
func poner[T any](sitio *T, valor *T) {
	if valor != nil {
		*sitio = *valor
	}
}
