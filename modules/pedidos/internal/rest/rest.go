// Package rest is the HTTP face of pedidos: products, quotes, orders and what may be
// done with them.
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

// Who may call what: customers for themselves, operators and admins for everybody,
// machines by the permissions of their token.
var (
	publico      = httpapi.Acceso{Publico: true}
	administran  = httpapi.Acceso{Roles: []string{"admin"}, Permisos: []string{editarProductos}}
	retiran      = httpapi.Acceso{Roles: []string{"operador", "admin"}, Permisos: []string{editarProductos}}
	leen         = httpapi.Acceso{Roles: []string{"cliente", "operador", "admin"}, Permisos: []string{leerPedidos}}
	piden        = httpapi.Acceso{Roles: []string{"cliente", "operador", "admin"}, Permisos: []string{crearPedidos}}
	actuan       = httpapi.Acceso{Roles: []string{"cliente", "operador", "admin"}, Permisos: []string{editarPedidos}}
	reembolsan   = httpapi.Acceso{Roles: []string{"operador", "admin"}, Permisos: []string{reembolsarPagos}}
	devuelven    = httpapi.Acceso{Roles: []string{"cliente", "operador", "admin"}, Permisos: []string{reembolsarPagos}}
	entregan     = httpapi.Acceso{Roles: []string{"repartidor", "operador", "admin"}}
	explican     = httpapi.Acceso{Roles: []string{"operador", "admin"}}
	vigilan      = httpapi.Acceso{Roles: []string{"admin"}, Permisos: []string{leerEventos}}
	venReembolso = httpapi.Acceso{Roles: []string{"operador", "admin"}, Permisos: []string{leerPedidos, reembolsarPagos}}
)

// The permissions of machines.
const (
	editarProductos = "editar:productos"
	leerPedidos     = "leer:pedidos"
	leerEventos     = "leer:eventos"
	crearPedidos    = "crear:pedidos"
	editarPedidos   = "editar:pedidos"
	reembolsarPagos = "reembolsar:pagos"
)

// Bounds of bodies, in bytes: an order of 200 lines, and anything smaller.
const (
	cuerpoPedido = 64 << 10
	cuerpoChico  = 8 << 10
)

// tema is the tag of all operations.
const tema = "pedidos"

// API serves the resources of pedidos.
type API struct{ app Servicio }

// Registrar adds all operations of pedidos to api.
func Registrar(api huma.API, servicio Servicio) {
	a := &API{servicio}
	a.productos(api)
	a.pedidos(api)
	a.diario(api)
	a.acciones(api)
	a.devoluciones(api)
	a.entrega(api)
	a.soporte(api)
	a.maquina(api)
	fichas(api)
	ejemplos(api)
}

func op(id, metodo, ruta, resumen string) huma.Operation {
	return huma.Operation{OperationID: id, Method: metodo, Path: ruta, Summary: resumen, Tags: []string{tema}, MaxBodyBytes: cuerpoChico}
}

// accion is an operation that is posted to a resource and answers with it.
func accion(id, ruta, resumen string) huma.Operation {
	o := op(id, http.MethodPost, ruta, resumen)
	o.DefaultStatus = http.StatusOK
	return o
}

// quien is the caller, as the app sees them: operators and machines act for anybody.
func quien(ctx context.Context) app.Quien {
	p, _ := oidc.De(ctx)
	return app.Quien{ID: p.ID, Operador: p.Maquina || p.Tiene("operador", "admin")}
}

// administra reports whether the caller is an admin, or a machine that stands for one.
func administra(ctx context.Context) bool {
	p, _ := oidc.De(ctx)
	return p.Maquina || p.Tiene("admin")
}

// PorID is the input of what concerns one thing.
type PorID struct {
	ID string `path:"id" format:"uuid" doc:"Id of the order, or of the product, that the path is about."`
}

// marca reads the cursor as the app wants it. Errors: httpapi.ErrCursor.
func marca(p httpapi.Pagina) (*app.Marca, error) {
	m, err := p.Desde()
	if err != nil || m == nil {
		return nil, err
	}
	return &app.Marca{Creado: m.Creado, ID: m.ID}, nil
}

// hoja builds the answer of a list of limite+1 things at most.
func hoja[C, T any](cosas []C, limite int, ver func(C) T, marca func(C) httpapi.Marca) httpapi.Lista[T] {
	h := httpapi.Hoja(cosas, limite, marca)
	out := httpapi.Lista[T]{Datos: make([]T, 0, len(h.Datos)), Siguiente: h.Siguiente}
	for _, c := range h.Datos {
		out.Datos = append(out.Datos, ver(c))
	}
	return out
}

// hacia gives up to limite+1 of an order's things, newest first, after the one that m marks.
func hacia[T any](cosas []T, m *app.Marca, limite int, id func(T) string) (out []T) {
	pasada := m == nil
	for i := len(cosas) - 1; i >= 0 && len(out) <= limite; i-- {
		if pasada {
			out = append(out, cosas[i])
		}
		pasada = pasada || id(cosas[i]) == m.ID
	}
	return out
}

// cuando leaves a time out that has not come.
func cuando(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// poner overwrites what was given.
func poner[T any](sitio *T, valor *T) {
	if valor != nil {
		*sitio = *valor
	}
}
