package rest

import "despensa/platform/httpapi"

// Ayudas explain this module's problem codes to people, in Spanish, by code: the meaning, and the remedy. The
// pages behind the `type` of a problem show them.
func Ayudas() map[string]httpapi.Help {
	return map[string]httpapi.Help{
		"pedido-no-existe": {
			Meaning: "No hay un pedido con ese id, o no es tuyo.",
			Advice:  "Revisá el id: GET /pedidos lista los que podés ver.",
		},
		"pedido-ilegible": {
			Meaning: "Lo que guardamos de ese pedido está dañado. Los demás pedidos siguen bien.",
			Advice:  "Escribinos con el id del pedido: lo tiene que mirar una persona.",
		},
		"producto-desconocido": {
			Meaning: "Un producto de una línea no existe o ya no se vende.",
			Advice:  "Sacá o cambiá la línea que nombra «errors»; GET /productos lista lo que se vende.",
		},
		"linea-repetida": {
			Meaning: "Un producto está en dos líneas.",
			Advice:  "Sumá las cantidades en una sola línea.",
		},
		"precio-cambiado": {
			Meaning: "El pedido ya no cuesta lo que decía total_centavos.",
			Advice: "Mostrá la «cotizacion» que vino y, si está bien, pedí de nuevo con su total_centavos y " +
				"otra Idempotency-Key.",
		},
		"correo-faltante": {
			Meaning: "No conocemos un correo de quien compra, y hace falta para cobrarle.",
			Advice:  "Cargalo con PATCH /clientes/yo, o pedí el token con el alcance email.",
		},
		"pago-invalido": {
			Meaning: "A la forma de pago le falta algo: una tarjeta lleva token y marca, las otras no.",
			Advice:  "Completá «pago» como dice «errors». Cada intento con tarjeta necesita un token nuevo.",
		},
		"ventana-invalida": {Meaning: "Ese horario de entrega no es uno de los que se ofrecen.",
			Advice: "Elegí uno de «ventanas» de POST /pedidos/cotizacion, o no mandes «entrega»."},
		"dato-personal": {
			Meaning: "En la referencia o los metadatos hay algo que parece un correo, un teléfono o " +
				"el número de una tarjeta.",
			Advice: "Poné ahí solo identificadores propios: los datos de las personas van en el cliente y sus direcciones.",
		},
		"referencia-invalida": {
			Meaning: "La referencia empieza o termina con un espacio.",
			Advice:  "Sacáselo: vale de 1 a 64 caracteres.",
		},
		"metadatos-invalidos": {
			Meaning: "Los metadatos pasan un límite: cuántos son, cómo se llaman o cuánto ocupan.",
			Advice:  "Mandá hasta 20 textos de hasta 200 caracteres, 4096 bytes en total; «errors» dice cuál sobra.",
		},
		"total-excesivo": {
			Meaning: "El total pasa lo que tomamos en un pedido.",
			Advice:  "Partilo en varios pedidos.",
		},
		"cliente-faltante": {
			Meaning: "Un operador o un programa tiene que decir para quién es.",
			Advice:  "Mandá cliente_id.",
		},
		"producto-no-existe": {Meaning: "No hay un producto con ese id.",
			Advice: "Revisá el id: GET /productos los lista."},
		"deposito-desconocido": {Meaning: "No hay un depósito con ese id, o no está activo.",
			Advice: "GET /depositos los lista; sin deposito_id se usa el primero."},
		"cantidad-cero": {
			Meaning: "Un movimiento de cero no mueve nada.",
			Advice:  "Mandá una cantidad positiva (entra) o negativa (sale).",
		},
		"demasiados-lotes": {
			Meaning: "Ya hay demasiados lotes distintos de ese producto en ese depósito.",
			Advice:  "Dá salida a los que estén agotados o vencidos, o usá otro depósito.",
		},
		"stock-insuficiente": {Meaning: "No hay tanto stock libre como el que querés sacar.",
			Advice: "Sacá menos: lo reservado para pedidos no se toca."},
		"lote-vencido": {
			Meaning: "Esa mercadería ya está vencida y no puede entrar.",
			Advice:  "Revisá la fecha; si es correcta, no la ingreses.",
		},
		"lote-con-otra-fecha": {
			Meaning: "Ese lote ya está con otra fecha de vencimiento; un lote tiene una sola, en todos los depósitos.",
			Advice:  "Revisá el número de lote y la fecha.",
		},
		"demasiados-pendientes": {
			Meaning: "Ya hay demasiados pedidos de este cliente esperando que se paguen.",
			Advice:  "Pagá o cancelá alguno, o pagá este con tarjeta.",
		},
		"demasiados-rechazos": {Meaning: "Hubo demasiados pagos rechazados en la última hora.",
			Advice: "Esperá los segundos de Retry-After, o elegí un medio que no sea tarjeta."},
		"producto-invalido": {
			Meaning: "El producto no cumple una regla.",
			Advice:  "«errors» dice cuál: corregila.",
		},
		"paso-no-permitido": {
			Meaning: "El estado del pedido no permite eso (por ejemplo, cancelar lo que ya salió).",
			Advice: "Leé el pedido: «acciones» dice qué podés hacer ahora; " +
				"«permitidos» de la respuesta, qué admite su estado.",
		},
		"sin-intentos": {
			Meaning: "El pedido ya usó sus tres intentos, o el próximo ya está pedido.",
			Advice:  "Si terminó, hacé un pedido nuevo.",
		},
		"cancelacion-en-curso": {Meaning: "El pedido se está cancelando.",
			Advice: "Esperá el resultado en GET /pedidos/{id}: o queda cancelado, o el camión ya había salido."},
		"demasiadas-acciones": {
			Meaning: "Se hicieron demasiadas cosas con este pedido en un día.",
			Advice:  "Volvé después de los segundos de Retry-After.",
		},
		"monto-excesivo": {Meaning: "El importe es más de lo que queda por devolver.",
			Advice: "Mirá pago.cobrado_centavos y pago.reembolsado_centavos del pedido; " +
				"sin monto se devuelve todo lo que queda."},
		"demasiados-reembolsos": {
			Meaning: "El pedido ya tiene todos los reembolsos que puede tener.",
			Advice:  "Devolvé el resto en uno solo, o consultá con administración.",
		},
		"devolucion-invalida": {
			Meaning: "Eso no se puede devolver: no es del pedido, es más de lo entregado, o no te toca decirlo.",
			Advice:  "«errors» dice qué línea y por qué.",
		},
		"devolucion-tarde": {
			Meaning: "Pasó el plazo para devolver mercadería de ese pedido.",
			Advice:  "Comunicate con atención al cliente.",
		},
		"demasiadas-devoluciones": {
			Meaning: "El pedido ya tiene todas las devoluciones que puede tener.",
			Advice:  "Comunicate con atención al cliente.",
		},
		"devolucion-no-existe": {
			Meaning: "No hay una devolución con ese id en ese pedido.",
			Advice:  "GET /pedidos/{id}/devoluciones las lista.",
		},
		"devolucion-resuelta": {
			Meaning: "Esa devolución ya se aceptó o se rechazó.",
			Advice:  "Leela: su «estado» dice cómo terminó.",
		},
		"codigo-invalido": {
			Meaning: "El código no cierra: la última letra controla las otras.",
			Advice:  "Pedí que lo lean de nuevo.",
		},
		"auditoria-no-disponible": {
			Meaning: "No podemos dejar registro del acceso, así que no mostramos ni cambiamos datos personales.",
			Advice:  "Volvé a probar después de los segundos de Retry-After.",
		},
	}
}
