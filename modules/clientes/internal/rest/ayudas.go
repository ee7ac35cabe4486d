package rest

import "despensa/platform/httpapi"

// Ayudas explains each problem code of this module, by code, in the customers' Spanish: its meaning, and the next
// step.
func Ayudas() map[string]httpapi.Help {
	return map[string]httpapi.Help{
		"cliente-no-existe": {
			Meaning: "No hay un cliente con ese id.",
			Advice:  "Revisá cliente_id. Un cliente existe desde que ingresa por primera vez.",
		},
		"cliente-borrado": {
			Meaning: "Los datos de ese cliente se borraron porque pidió la baja.",
			Advice:  "No hay nada que recuperar: para volver a comprar, que ingrese de nuevo.",
		},
		"direccion-desconocida": {
			Meaning: "La dirección del pedido no existe o es de otra persona.",
			Advice:  "Usá el id de una de GET /clientes/yo/direcciones.",
		},
		"direccion-no-existe": {
			Meaning: "No tenés una dirección con ese id.",
			Advice:  "GET /clientes/yo/direcciones lista las tuyas.",
		},
		"demasiadas-direcciones": {
			Meaning: "Ya tenés todas las direcciones que se pueden guardar («maximo»).",
			Advice:  "Borrá una que no uses.",
		},
		"dato-en-uso": {Meaning: "Otro cliente ya tiene ese correo o ese documento.",
			Advice: "Revisá que esté bien escrito. Si es tuyo, ingresá con la cuenta que lo tiene " +
				"o comunicate con nosotros."},
		"auditoria-no-disponible": {
			Meaning: "No podemos dejar registro del acceso, así que no mostramos ni cambiamos datos personales.",
			Advice:  "Volvé a probar después de los segundos de Retry-After.",
		},
		"rastro-no-disponible": {
			Meaning: "El registro de auditoría no se puede consultar en este momento.",
			Advice:  "Volvé a probar en un rato; nada se pierde mientras tanto.",
		},
	}
}
