package rest

import (
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// tema is the tag of all operations.
const tema = "pagos"

// rutaAvisos is where providers send their notices.
const rutaAvisos = "/pagos/avisos/{proveedor}"

// cuerpoDeAviso describes the body of a notice in the API document. The handler never reads that body.
func cuerpoDeAviso(api huma.API) {
	texto := func(que string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: que} }
	aviso := api.OpenAPI().Paths[rutaAvisos].Post
	aviso.RequestBody.Content["application/json"].Schema = &huma.Schema{
		Type:                 huma.TypeObject,
		AdditionalProperties: true,
		Properties: map[string]*huma.Schema{
			"type":   texto("The kind of thing that the notice is about: order."),
			"action": texto("The change: order.processed."),
			"data": {
				Type:                 huma.TypeObject,
				Description:          "Which one.",
				AdditionalProperties: true,
				Properties: map[string]*huma.Schema{
					"id": texto("The provider's id of it."),
				},
			},
		},
	}
}

// describe describes the operations in the document.
func describe(api huma.API) {
	httpapi.AddTag(
		api,
		tema,
		"Payments, one for each try of an order, and the door for the provider's notices.",
	)
	httpapi.AddSheets(api, map[string]httpapi.Sheet{
		"listar-pagos": {
			Text: "Newest first. A customer sees the payments of their own orders.",
		},
		"ver-pago": {
			Text:     "With its refunds. Operators also see how the gateway sees it (`pasarela`).",
			Success:  "The payment.",
			Failures: httpapi.Failures(pagos.ErrSinCobro),
		},
		"recibir-aviso": {
			Text: "For MercadoPago alone. A notice says that something has changed; what it is, is read at the " +
				"gateway, and the body is not believed. It is kept before it is answered: send it again when there " +
				"is no 200. Its signature is that of MercadoPago's webhooks, over `data.id`, `X-Request-Id` and the time.",
			Success:  "It is kept.",
			Failures: httpapi.Failures(cobros.ErrFirma, cobros.ErrProveedor),
		},
	})
}
