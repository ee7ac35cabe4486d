// Package rest is the HTTP face of pedidos: products, quotes, orders, and the actions on them.
package rest

import (
	"context"
	"net/http"
	"time"

	"despensa/modules/pedidos/internal/app"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// The callers of each kind of operation: customers act on their own orders, operators and admins on all orders,
// and machines by the permissions of their token.
var (
	publico     = httpapi.Access{Public: true}
	administran = httpapi.Access{
		Roles:       []string{"admin"},
		Permissions: []string{editarProductos},
	}
	retiran = httpapi.Access{
		Roles:       []string{"operador", "admin"},
		Permissions: []string{editarProductos},
	}
	leen = httpapi.Access{
		Roles:       []string{"cliente", "operador", "admin"},
		Permissions: []string{leerPedidos},
	}
	piden = httpapi.Access{
		Roles:       []string{"cliente", "operador", "admin"},
		Permissions: []string{crearPedidos},
	}
	actuan = httpapi.Access{
		Roles:       []string{"cliente", "operador", "admin"},
		Permissions: []string{editarPedidos},
	}
	reembolsan = httpapi.Access{
		Roles:       []string{"operador", "admin"},
		Permissions: []string{reembolsarPagos},
	}
	devuelven = httpapi.Access{
		Roles:       []string{"cliente", "operador", "admin"},
		Permissions: []string{reembolsarPagos},
	}
	entregan     = httpapi.Access{Roles: []string{"repartidor", "operador", "admin"}}
	explican     = httpapi.Access{Roles: []string{"operador", "admin"}}
	vigilan      = httpapi.Access{Roles: []string{"admin"}, Permissions: []string{leerEventos}}
	venReembolso = httpapi.Access{
		Roles:       []string{"operador", "admin"},
		Permissions: []string{leerPedidos, reembolsarPagos},
	}
)

// The permissions that the token of a machine may have.
const (
	editarProductos = "editar:productos"
	leerPedidos     = "leer:pedidos"
	leerEventos     = "leer:eventos"
	crearPedidos    = "crear:pedidos"
	editarPedidos   = "editar:pedidos"
	reembolsarPagos = "reembolsar:pagos"
)

// The largest bodies, in bytes: cuerpoPedido for an order of 200 lines, cuerpoChico for every other body.
const (
	cuerpoPedido = 64 << 10
	cuerpoChico  = 8 << 10
)

// tema is the tag of all operations in the OpenAPI document.
const tema = "pedidos"

// API serves the resources of pedidos.
type API struct{ app Servicio }

// Register adds all operations of pedidos to api.
func Register(api huma.API, servicio Servicio) {
	a := &API{servicio}
	a.productos(api)
	a.pedidos(api)
	a.diario(api)
	a.acciones(api)
	a.devoluciones(api)
	a.entrega(api)
	a.soporte(api)
	a.maquina(api)
	describe(api)
	ejemplos(api)
}

func op(id, metodo, ruta, resumen string) huma.Operation {
	return huma.Operation{
		OperationID:  id,
		Method:       metodo,
		Path:         ruta,
		Summary:      resumen,
		Tags:         []string{tema},
		MaxBodyBytes: cuerpoChico,
	}
}

// accion is an operation that is posted below a resource and answers 200 with that resource.
func accion(id, ruta, resumen string) huma.Operation {
	o := op(id, http.MethodPost, ruta, resumen)
	o.DefaultStatus = http.StatusOK
	return o
}

// quien is the caller, as the app sees them. Operators, admins and machines count as operators: they act for
// any customer.
func quien(ctx context.Context) app.Quien {
	p, _ := oidc.Caller(ctx)
	return app.Quien{ID: p.ID, Operador: p.Machine || p.HasRole("operador", "admin")}
}

// administra reports whether the caller is an admin, or a machine that stands for one.
func administra(ctx context.Context) bool {
	p, _ := oidc.Caller(ctx)
	return p.Machine || p.HasRole("admin")
}

// PorID is the path of a call about one order or one product.
type PorID struct {
	ID string `path:"id" format:"uuid" doc:"Id of the order, or of the product, that the path is about."`
}

// cursorDe reads the cursor of a page; nil without one: the list begins with its newest row. Errors:
// httpapi.ErrCursor.
func cursorDe(pageQuery httpapi.PageQuery) (*app.Cursor, error) {
	m, err := pageQuery.After()
	if err != nil || m == nil {
		return nil, err
	}
	return &app.Cursor{Creado: m.Created, ID: m.ID}, nil
}

// hoja builds one page of a list. The caller has read up to limite+1 rows into cosas: a row beyond limite is
// not shown, and means that the page has a cursor to the next one.
func hoja[C, T any](
	cosas []C,
	limite int,
	ver func(C) T,
	marca func(C) httpapi.Cursor,
) httpapi.Lista[T] {
	h := httpapi.PageOf(cosas, limite, marca)
	out := httpapi.Lista[T]{Datos: make([]T, 0, len(h.Datos)), Siguiente: h.Siguiente}
	for _, c := range h.Datos {
		out.Datos = append(out.Datos, ver(c))
	}
	return out
}

// hacia gives up to limite+1 of cosas, newest first, which an order keeps oldest first. They begin after the
// one under the id of cursor; with a nil cursor, at the newest.
func hacia[T any](cosas []T, cursor *app.Cursor, limite int, id func(T) string) (out []T) {
	pasada := cursor == nil
	for i := len(cosas) - 1; i >= 0 && len(out) <= limite; i-- {
		if pasada {
			out = append(out, cosas[i])
		}
		pasada = pasada || id(cosas[i]) == cursor.ID
	}
	return out
}

// cuando is a pointer to t; nil for the zero time, so that the JSON leaves a time out that has not come.
func cuando(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// poner writes *valor to sitio, if the caller gave a valor.
func poner[T any](sitio *T, valor *T) {
	if valor != nil {
		*sitio = *valor
	}
}
