package rest

import (
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"
)

// ejemplosDevoluciones are the examples of returns and of the delivery block. They are about the two packets of
// the first order, after its delivery: the return of one packet is accepted, that of the other refused.
func ejemplosDevoluciones() map[string][]httpapi.Example {
	const (
		cliente  = "cliente1"
		operador = "operador"
		otra     = "devolver-pedido/otra"
	)
	id := httpapi.DemoResourceID(cliente, "pedidos", clavePrimero)
	hecha := func(clave string) string { return httpapi.DemoResourceID(cliente, "devoluciones."+id, clave) }
	entregado := []string{primero, "entrega"}
	uno := NuevaDevolucion{
		Lineas: []LineaADevolver{{ProductoID: yerba, Cantidad: 1}},
		Motivo: "el paquete vino abierto",
	}
	return map[string][]httpapi.Example{
		"devolver-pedido": {
			{Summary: "One of two packets", As: cliente, After: entregado, When: "entregado",
				Parameters: partes{"id": id, "Idempotency-Key": "devolucion-0001"}, Body: uno},
			{
				Name:       "otra",
				Summary:    "The other one",
				As:         cliente,
				After:      entregado,
				When:       "entregado",
				Parameters: partes{"id": id, "Idempotency-Key": "devolucion-0002"},
				Body:       uno,
			},
		},
		"listar-devoluciones": {
			{As: cliente, Parameters: partes{"id": id}, After: []string{"devolver-pedido"}},
		},
		"aceptar-devolucion": {
			{
				Summary: "The packet is closed: it is sold again",
				As:      operador,
				After:   []string{"devolver-pedido"},
				Body: CuerpoAceptacion{
					Lineas: []LineaConDestino{
						{ProductoID: yerba, Destino: pedido.AExistencias},
					},
				},
				Parameters: partes{
					"id":              id,
					"devolucion_id":   hecha("devolucion-0001"),
					"Idempotency-Key": "aceptacion-0001",
				},
			},
		},
		"rechazar-devolucion": {
			{
				Summary: "With a reason",
				As:      operador,
				After:   []string{otra},
				Body:    Rechazo{Motivo: "el paquete está cerrado"},
				Parameters: partes{
					"id":              id,
					"devolucion_id":   hecha("devolucion-0002"),
					"Idempotency-Key": "rechazo-0001",
				},
			},
		},
		"ver-entrega": {
			{As: operador, Parameters: partes{"id": id}, After: []string{primero}},
		},
		"ver-existencias": {
			{As: operador, Parameters: partes{"id": id}, After: []string{primero}},
		},
		"ver-expediente": {
			{As: operador, Parameters: partes{"id": id}, After: []string{primero}},
		},
	}
}
