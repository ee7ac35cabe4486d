package rest

import "despensa/platform/httpapi"

// Ayudas explains each problem code of this module, by code, in the customers' Spanish: its meaning, and the next step.
func Ayudas() map[string]httpapi.Ayuda {
	return map[string]httpapi.Ayuda{
		"sin-cobro": {
			Significa: "No hay un pago con ese id, o no es tuyo.",
			Hacer:     "GET /pagos?pedido_id= lista los de un pedido.",
		},
		"firma-invalida": {
			Significa: "El aviso no trae la firma del medio de pago, o está mal.",
			Hacer:     "Revisá el secreto de los webhooks (mercadopago.secreto) y la hora del servidor.",
		},
		"pago-rechazado": {
			Significa: "El medio de pago rechazó el cobro.",
			Hacer:     "Probá con otra tarjeta u otro medio: POST /pedidos/{id}/reintento.",
		},
		"pago-pendiente": {
			Significa: "El medio de pago todavía no decidió.",
			Hacer:     "Esperá: el pedido sigue solo cuando haya una respuesta.",
		},
		"pago-vencido": {
			Significa: "Nadie pagó a tiempo, o venció lo reservado en la tarjeta.",
			Hacer:     "Volvé a intentar el pedido.",
		},
		"sin-pasarela": {
			Significa: "El medio de pago no responde.",
			Hacer:     "Esperá: se vuelve a preguntar solo y nada se cobra dos veces.",
		},
		"pago-anulado": {
			Significa: "El pago de ese intento se deshizo y no se va a cobrar.",
			Hacer:     "Si querés la compra, volvé a intentar el pedido.",
		},
		"pago-en-curso": {
			Significa: "Hay otra operación en curso sobre ese pago.",
			Hacer:     "Volvé a probar en unos segundos.",
		},
		"ya-reembolsado": {Significa: "Todo lo cobrado ya se devolvió.", Hacer: "No hay nada más que devolver."},
		"metodo-invalido": {
			Significa: "Esa forma de pago no está disponible así como se pidió.",
			Hacer:     "Revisá el método, la marca y las cuotas.",
		},
		"reembolso-rechazado": {Significa: "El medio de pago no acepta devolver el dinero.",
			Hacer: "El pedido dice por qué en «rechazo»; una persona tiene que devolverlo por otro lado."},
		"proveedor-desconocido": {
			Significa: "No trabajamos con ese proveedor de pagos.",
			Hacer:     "Revisá la dirección que se cargó en el proveedor: termina en /pagos/avisos/mercadopago.",
		},
		"monto-excesivo": {Significa: "El importe es más de lo que queda por devolver.",
			Hacer: "Mirá pago.cobrado_centavos y pago.reembolsado_centavos del pedido; " +
				"sin monto se devuelve todo lo que queda."},
	}
}
