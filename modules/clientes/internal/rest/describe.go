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
	httpapi.AddTag(
		api,
		etiqueta,
		"Customers, for themselves: their contact data and their addresses. Each look is recorded.",
	)
	httpapi.AddTag(api, etiquetaRastro, "Each access to personal data, each change of it, each refusal.")
	f := authz.Fallas()
	alCrear := append(httpapi.Failures(append(f.Todas, f.SinDireccion)...),
		httpapi.Failure{Error: f.Demasiadas, Members: ConMaximo{}})
	de := httpapi.Failures(append(f.Todas, f.SinDireccion)...)
	httpapi.AddSheets(api, map[string]httpapi.Sheet{
		"ver-cliente-propio": {
			Text:     "The caller's own profile. The first call makes it out of the identity provider's data.",
			Success:  "Your profile.",
			Failures: httpapi.Failures(f.Todas...),
		},
		"cambiar-cliente-propio": {
			Text: "Members that are absent stay; an empty text clears. With `If-Match` the change is made to the " +
				"version that was read alone.",
			Success:  "The profile as it now stands.",
			Failures: httpapi.Failures(append(f.Todas, f.EnUso)...),
		},
		"listar-direcciones": {
			Text:     "Where you may have orders delivered; `id` is the `direccion_id` of an order.",
			Failures: httpapi.Failures(f.Todas...),
		},
		altaDireccion: {
			Text:     "A place with its coordinates. Whether a truck gets there is said by a quote, not here.",
			Success:  "The new address.",
			Failures: alCrear,
		},
		"ver-direccion": {Text: "One of your own.", Success: "The address.", Failures: de},
		"cambiar-direccion": {
			Text:     "Members that are absent stay. Orders keep the address that they were placed with.",
			Success:  "The address as it now stands.",
			Failures: de,
		},
		"borrar-direccion": {
			Text:     "Orders on their way keep it.",
			Success:  "It is gone.",
			Failures: de,
		},
		"listar-auditoria":   {Failures: httpapi.Failures(f.Rastro...)},
		"exportar-auditoria": {Failures: httpapi.Failures(f.Rastro...)},
	})
}
