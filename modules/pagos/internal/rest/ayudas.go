package rest

import "despensa/platform/httpapi"

// Ayudas explains each problem code of this module, by code, in the customers' Spanish: its meaning, and the next step.
func Ayudas() map[string]httpapi.Help {
	return map[string]httpapi.Help{
		"sin-cobro": {
			Meaning: "No hay un pago con ese id, o no es tuyo.",
			Advice:  "GET /pagos?pedido_id= lista los de un pedido.",
		},
		"firma-invalida": {
			Meaning: "El aviso no trae la firma del medio de pago, o está mal.",
			Advice:  "Revisá el secreto de los webhooks (mercadopago.secreto) y la hora del servidor.",
		},
		"pago-rechazado": {
			Meaning: "El medio de pago rechazó el cobro.",
			Advice:  "Probá con otra tarjeta u otro medio: POST /pedidos/{id}/reintento.",
		},
		"pago-pendiente": {
			Meaning: "El medio de pago todavía no decidió.",
			Advice:  "Esperá: el pedido sigue solo cuando haya una respuesta.",
		},
		"pago-vencido": {
			Meaning: "Nadie pagó a tiempo, o venció lo reservado en la tarjeta.",
			Advice:  "Volvé a intentar el pedido.",
		},
		"sin-pasarela": {
			Meaning: "El medio de pago no responde.",
			Advice:  "Esperá: se vuelve a preguntar solo y nada se cobra dos veces.",
		},
		"pago-anulado": {
			Meaning: "El pago de ese intento se deshizo y no se va a cobrar.",
			Advice:  "Si querés la compra, volvé a intentar el pedido.",
		},
		"pago-en-curso": {
			Meaning: "Hay otra operación en curso sobre ese pago.",
			Advice:  "Volvé a probar en unos segundos.",
		},
		"ya-reembolsado": {
			Meaning: "Todo lo cobrado ya se devolvió.",
			Advice:  "No hay nada más que devolver.",
		},
		"metodo-invalido": {
			Meaning: "Esa forma de pago no está disponible así como se pidió.",
			Advice:  "Revisá el método, la marca y las cuotas.",
		},
		"reembolso-rechazado": {Meaning: "El medio de pago no acepta devolver el dinero.",
			Advice: "El pedido dice por qué en «rechazo»; una persona tiene que devolverlo por otro lado."},
		"proveedor-desconocido": {
			Meaning: "No trabajamos con ese proveedor de pagos.",
			Advice:  "Revisá la dirección que se cargó en el proveedor: termina en /pagos/avisos/mercadopago.",
		},
		"monto-excesivo": {Meaning: "El importe es más de lo que queda por devolver.",
			Advice: "Mirá pago.cobrado_centavos y pago.reembolsado_centavos del pedido; " +
				"sin monto se devuelve todo lo que queda."},
	}
}
