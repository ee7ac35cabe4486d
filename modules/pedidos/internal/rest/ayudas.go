package rest

import "despensa/platform/httpapi"

// Ayudas explain this module's problem codes to people, in Spanish, by code: the meaning, and the remedy. The
// pages behind the `type` of a problem show them.
func Ayudas() map[string]httpapi.Ayuda {
	return map[string]httpapi.Ayuda{
		"pedido-no-existe": {
			Significa: "No hay un pedido con ese id, o no es tuyo.",
			Hacer:     "Revisá el id: GET /pedidos lista los que podés ver.",
		},
		"pedido-ilegible": {Significa: "Lo que guardamos de ese pedido está dañado. Los demás pedidos siguen bien.",
			Hacer: "Escribinos con el id del pedido: lo tiene que mirar una persona."},
		"producto-desconocido": {Significa: "Un producto de una línea no existe o ya no se vende.",
			Hacer: "Sacá o cambiá la línea que nombra «errors»; GET /productos lista lo que se vende."},
		"linea-repetida": {Significa: "Un producto está en dos líneas.", Hacer: "Sumá las cantidades en una sola línea."},
		"precio-cambiado": {
			Significa: "El pedido ya no cuesta lo que decía total_centavos.",
			Hacer: "Mostrá la «cotizacion» que vino y, si está bien, pedí de nuevo con su total_centavos y " +
				"otra Idempotency-Key.",
		},
		"correo-faltante": {Significa: "No conocemos un correo de quien compra, y hace falta para cobrarle.",
			Hacer: "Cargalo con PATCH /clientes/yo, o pedí el token con el alcance email."},
		"pago-invalido": {Significa: "A la forma de pago le falta algo: una tarjeta lleva token y marca, las otras no.",
			Hacer: "Completá «pago» como dice «errors». Cada intento con tarjeta necesita un token nuevo."},
		"ventana-invalida": {Significa: "Ese horario de entrega no es uno de los que se ofrecen.",
			Hacer: "Elegí uno de «ventanas» de POST /pedidos/cotizacion, o no mandes «entrega»."},
		"dato-personal": {
			Significa: "En la referencia o los metadatos hay algo que parece un correo, un teléfono o " +
				"el número de una tarjeta.",
			Hacer: "Poné ahí solo identificadores propios: los datos de las personas van en el cliente y sus direcciones.",
		},
		"referencia-invalida": {
			Significa: "La referencia empieza o termina con un espacio.",
			Hacer:     "Sacáselo: vale de 1 a 64 caracteres.",
		},
		"metadatos-invalidos": {Significa: "Los metadatos pasan un límite: cuántos son, cómo se llaman o cuánto ocupan.",
			Hacer: "Mandá hasta 20 textos de hasta 200 caracteres, 4096 bytes en total; «errors» dice cuál sobra."},
		"total-excesivo": {Significa: "El total pasa lo que tomamos en un pedido.", Hacer: "Partilo en varios pedidos."},
		"cliente-faltante": {
			Significa: "Un operador o un programa tiene que decir para quién es.",
			Hacer:     "Mandá cliente_id.",
		},
		"producto-no-existe": {Significa: "No hay un producto con ese id.",
			Hacer: "Revisá el id: GET /productos los lista."},
		"deposito-desconocido": {Significa: "No hay un depósito con ese id, o no está activo.",
			Hacer: "GET /depositos los lista; sin deposito_id se usa el primero."},
		"cantidad-cero": {
			Significa: "Un movimiento de cero no mueve nada.",
			Hacer:     "Mandá una cantidad positiva (entra) o negativa (sale).",
		},
		"demasiados-lotes": {Significa: "Ya hay demasiados lotes distintos de ese producto en ese depósito.",
			Hacer: "Dá salida a los que estén agotados o vencidos, o usá otro depósito."},
		"stock-insuficiente": {Significa: "No hay tanto stock libre como el que querés sacar.",
			Hacer: "Sacá menos: lo reservado para pedidos no se toca."},
		"lote-vencido": {
			Significa: "Esa mercadería ya está vencida y no puede entrar.",
			Hacer:     "Revisá la fecha; si es correcta, no la ingreses.",
		},
		"lote-con-otra-fecha": {
			Significa: "Ese lote ya está con otra fecha de vencimiento; un lote tiene una sola, en todos los depósitos.",
			Hacer:     "Revisá el número de lote y la fecha.",
		},
		"demasiados-pendientes": {Significa: "Ya hay demasiados pedidos de este cliente esperando que se paguen.",
			Hacer: "Pagá o cancelá alguno, o pagá este con tarjeta."},
		"demasiados-rechazos": {Significa: "Hubo demasiados pagos rechazados en la última hora.",
			Hacer: "Esperá los segundos de Retry-After, o elegí un medio que no sea tarjeta."},
		"producto-invalido": {Significa: "El producto no cumple una regla.", Hacer: "«errors» dice cuál: corregila."},
		"paso-no-permitido": {Significa: "El estado del pedido no permite eso (por ejemplo, cancelar lo que ya salió).",
			Hacer: "Leé el pedido: «acciones» dice qué podés hacer ahora; " +
				"«permitidos» de la respuesta, qué admite su estado."},
		"sin-intentos": {
			Significa: "El pedido ya usó sus tres intentos, o el próximo ya está pedido.",
			Hacer:     "Si terminó, hacé un pedido nuevo.",
		},
		"cancelacion-en-curso": {Significa: "El pedido se está cancelando.",
			Hacer: "Esperá el resultado en GET /pedidos/{id}: o queda cancelado, o el camión ya había salido."},
		"demasiadas-acciones": {
			Significa: "Se hicieron demasiadas cosas con este pedido en un día.",
			Hacer:     "Volvé después de los segundos de Retry-After.",
		},
		"monto-excesivo": {Significa: "El importe es más de lo que queda por devolver.",
			Hacer: "Mirá pago.cobrado_centavos y pago.reembolsado_centavos del pedido; " +
				"sin monto se devuelve todo lo que queda."},
		"demasiados-reembolsos": {
			Significa: "El pedido ya tiene todos los reembolsos que puede tener.",
			Hacer:     "Devolvé el resto en uno solo, o consultá con administración.",
		},
		"devolucion-invalida": {
			Significa: "Eso no se puede devolver: no es del pedido, es más de lo entregado, o no te toca decirlo.",
			Hacer:     "«errors» dice qué línea y por qué.",
		},
		"devolucion-tarde": {
			Significa: "Pasó el plazo para devolver mercadería de ese pedido.",
			Hacer:     "Comunicate con atención al cliente.",
		},
		"demasiadas-devoluciones": {
			Significa: "El pedido ya tiene todas las devoluciones que puede tener.",
			Hacer:     "Comunicate con atención al cliente.",
		},
		"devolucion-no-existe": {
			Significa: "No hay una devolución con ese id en ese pedido.",
			Hacer:     "GET /pedidos/{id}/devoluciones las lista.",
		},
		"devolucion-resuelta": {
			Significa: "Esa devolución ya se aceptó o se rechazó.",
			Hacer:     "Leela: su «estado» dice cómo terminó.",
		},
		"codigo-invalido": {
			Significa: "El código no cierra: la última letra controla las otras.",
			Hacer:     "Pedí que lo lean de nuevo.",
		},
		"auditoria-no-disponible": {
			Significa: "No podemos dejar registro del acceso, así que no mostramos ni cambiamos datos personales.",
			Hacer:     "Volvé a probar después de los segundos de Retry-After.",
		},
	}
}
