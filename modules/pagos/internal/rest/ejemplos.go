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
	pedido := httpapi.Hecha(login, "pedidos", "pedido-0001")
	hecho := []string{"crear-pedido/transferencia"}
	const orden = "ORD00001111222233334444555566"
	httpapi.Ejemplos(api, map[string][]httpapi.Muestra{
		"listar-pagos": {{Resumen: "Those of one order that have been taken", Como: login, Despues: hecho,
			Partes: map[string]string{"pedido_id": pedido, "estado": string(pagos.Cobrado)}}},
		"ver-pago": {{Como: login, Despues: hecho, Cuando: "confirmado",
			Partes: map[string]string{"id": cobros.ID(pagos.Intento{Pedido: pedido, Numero: 1})}}},
		"recibir-aviso": {
			{
				Resumen: "A change of an order; ts and v1 of the signature are made for each call",
				Partes: map[string]string{
					"proveedor": "mercadopago", "data.id": orden, "type": "order", "X-Request-Id": "aviso-0001",
					"X-Signature": "ts=1772323200,v1=9d5c1e6a0b8f4c7d2e3a1b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e",
				},
				Cuerpo: map[string]any{
					"type": "order", "action": "order.processed", "data": map[string]string{"id": orden},
				},
			},
		},
	})
}
