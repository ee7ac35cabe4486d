package rest

import (
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// ejemplos writes an example of every operation into the document: the payment of the
// order that the first example of crear-pedido makes.
func ejemplos(api huma.API) {
	const login = "cliente1"
	pedido := httpapi.DemoResourceID(login, "pedidos", "pedido-0001")
	hecho := []string{"crear-pedido/transferencia"}
	const orden = "ORD00001111222233334444555566"
	httpapi.AddExamples(api, map[string][]httpapi.Example{
		"listar-pagos": {
			{Summary: "Those of one order that have been taken", As: login, After: hecho,
				Parameters: map[string]string{
					"pedido_id": pedido,
					"estado":    string(pagos.Cobrado),
				}},
		},
		"ver-pago": {{As: login, After: hecho, When: "confirmado",
			Parameters: map[string]string{
				"id": cobros.ID(pagos.Intento{Pedido: pedido, Numero: 1}),
			}}},
		"recibir-aviso": {
			{
				Summary: "A change of an order; ts and v1 of the signature are made for each call",
				Parameters: map[string]string{
					"proveedor": "mercadopago", "data.id": orden, "type": "order", "X-Request-Id": "aviso-0001",
					"X-Signature": "ts=1772323200,v1=9d5c1e6a0b8f4c7d2e3a1b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e",
				},
				Body: map[string]any{
					"type": "order", "action": "order.processed", "data": map[string]string{"id": orden},
				},
			},
		},
	})
}
