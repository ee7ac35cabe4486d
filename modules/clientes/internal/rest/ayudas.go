package rest

import "despensa/platform/httpapi"

// Ayudas explains each problem code of this module, by code, in the customers' Spanish: its meaning, and the next
// step.
func Ayudas() map[string]httpapi.Ayuda {
	return map[string]httpapi.Ayuda{
		"cliente-no-existe": {
			Significa: "No hay un cliente con ese id.",
			Hacer:     "Revisá cliente_id. Un cliente existe desde que ingresa por primera vez.",
		},
		"cliente-borrado": {
			Significa: "Los datos de ese cliente se borraron porque pidió la baja.",
			Hacer:     "No hay nada que recuperar: para volver a comprar, que ingrese de nuevo.",
		},
		"direccion-desconocida": {
			Significa: "La dirección del pedido no existe o es de otra persona.",
			Hacer:     "Usá el id de una de GET /clientes/yo/direcciones.",
		},
		"direccion-no-existe": {
			Significa: "No tenés una dirección con ese id.",
			Hacer:     "GET /clientes/yo/direcciones lista las tuyas.",
		},
		"demasiadas-direcciones": {Significa: "Ya tenés todas las direcciones que se pueden guardar («maximo»).",
			Hacer: "Borrá una que no uses."},
		"dato-en-uso": {Significa: "Otro cliente ya tiene ese correo o ese documento.",
			Hacer: "Revisá que esté bien escrito. Si es tuyo, ingresá con la cuenta que lo tiene o comunicate con nosotros."},
		"auditoria-no-disponible": {
			Significa: "No podemos dejar registro del acceso, así que no mostramos ni cambiamos datos personales.",
			Hacer:     "Volvé a probar después de los segundos de Retry-After.",
		},
		"rastro-no-disponible": {
			Significa: "El registro de auditoría no se puede consultar en este momento.",
			Hacer:     "Volvé a probar en un rato; nada se pierde mientras tanto.",
		},
	}
}
