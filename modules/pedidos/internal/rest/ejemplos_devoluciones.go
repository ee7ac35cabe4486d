package rest

import (
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"
)

// ejemplosDevoluciones are the examples of returns and of the delivery block. They are about the two packets of
// the first order, after its delivery: the return of one packet is accepted, that of the other refused.
func ejemplosDevoluciones() map[string][]httpapi.Muestra {
	const (
		cliente  = "cliente1"
		operador = "operador"
		otra     = "devolver-pedido/otra"
	)
	id := httpapi.Hecha(cliente, "pedidos", clavePrimero)
	hecha := func(clave string) string { return httpapi.Hecha(cliente, "devoluciones."+id, clave) }
	entregado := []string{primero, "entrega"}
	uno := NuevaDevolucion{Lineas: []LineaADevolver{{ProductoID: yerba, Cantidad: 1}}, Motivo: "el paquete vino abierto"}
	return map[string][]httpapi.Muestra{
		"devolver-pedido": {
			{Resumen: "One of two packets", Como: cliente, Despues: entregado, Cuando: "entregado",
				Partes: partes{"id": id, "Idempotency-Key": "devolucion-0001"}, Cuerpo: uno},
			{Nombre: "otra", Resumen: "The other one", Como: cliente, Despues: entregado, Cuando: "entregado",
				Partes: partes{"id": id, "Idempotency-Key": "devolucion-0002"}, Cuerpo: uno},
		},
		"listar-devoluciones": {{Como: cliente, Partes: partes{"id": id}, Despues: []string{"devolver-pedido"}}},
		"aceptar-devolucion": {
			{Resumen: "The packet is closed: it is sold again", Como: operador, Despues: []string{"devolver-pedido"},
				Cuerpo: CuerpoAceptacion{Lineas: []LineaConDestino{{ProductoID: yerba, Destino: pedido.AExistencias}}},
				Partes: partes{"id": id, "devolucion_id": hecha("devolucion-0001"), "Idempotency-Key": "aceptacion-0001"}},
		},
		"rechazar-devolucion": {
			{
				Resumen: "With a reason",
				Como:    operador,
				Despues: []string{otra},
				Cuerpo:  Rechazo{Motivo: "el paquete está cerrado"},
				Partes:  partes{"id": id, "devolucion_id": hecha("devolucion-0002"), "Idempotency-Key": "rechazo-0001"},
			},
		},
		"ver-entrega":     {{Como: operador, Partes: partes{"id": id}, Despues: []string{primero}}},
		"ver-existencias": {{Como: operador, Partes: partes{"id": id}, Despues: []string{primero}}},
		"ver-expediente":  {{Como: operador, Partes: partes{"id": id}, Despues: []string{primero}}},
	}
}
