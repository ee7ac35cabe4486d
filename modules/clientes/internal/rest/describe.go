package rest

import (
	"despensa/modules/clientes/internal/authz"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// ConMaximo are the members of the problem demasiadas-direcciones.
type ConMaximo struct {
	Maximo int64 `json:"maximo,omitempty" doc:"With demasiadas-direcciones: how many addresses a customer may have."`
}

// describe describes the operations in the document.
func describe(api huma.API) {
	httpapi.Tema(api, etiqueta,
		"Customers, for themselves: their contact data and their addresses. Each look is recorded.")
	httpapi.Tema(api, etiquetaRastro, "Who got, changed, or was refused what.")
	f := authz.Fallas()
	alCrear := append(httpapi.Fallan(append(f.Todas, f.SinDireccion)...),
		httpapi.Falla{Error: f.Demasiadas, Miembros: ConMaximo{}})
	de := httpapi.Fallan(append(f.Todas, f.SinDireccion)...)
	httpapi.Fichas(api, map[string]httpapi.Ficha{
		"ver-cliente-propio": {
			Texto:  "Who you are to us. The first call makes the profile, of what the identity provider tells.",
			Exito:  "Your profile.",
			Fallas: httpapi.Fallan(f.Todas...),
		},
		"cambiar-cliente-propio": {
			Texto: "Members that are absent stay; an empty text clears. With `If-Match` the change is made to the " +
				"version that was read alone.",
			Exito:  "The profile as it now stands.",
			Fallas: httpapi.Fallan(append(f.Todas, f.EnUso)...),
		},
		"listar-direcciones": {
			Texto:  "Where you may have orders delivered; `id` is the `direccion_id` of an order.",
			Fallas: httpapi.Fallan(f.Todas...),
		},
		altaDireccion: {Texto: "A place with its coordinates. Whether a truck gets there is said by a quote, not here.",
			Exito: "The new address.", Fallas: alCrear},
		"ver-direccion": {Texto: "One of your own.", Exito: "The address.", Fallas: de},
		"cambiar-direccion": {Texto: "Members that are absent stay. Orders keep the address that they were placed with.",
			Exito: "The address as it now stands.", Fallas: de},
		"borrar-direccion":   {Texto: "Orders on their way keep it.", Exito: "It is gone.", Fallas: de},
		"listar-auditoria":   {Fallas: httpapi.Fallan(f.Rastro...)},
		"exportar-auditoria": {Fallas: httpapi.Fallan(f.Rastro...)},
	})
}
