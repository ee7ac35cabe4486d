package rest

import "despensa/platform/httpapi"

// Ayudas are the help texts of this module's problem codes, in Spanish, by code.
func Ayudas() map[string]httpapi.Help {
	const revisarID = "Revisá el id en el listado."
	return map[string]httpapi.Help{
		"fuera-de-area": {
			Meaning: "El lugar queda fuera de la zona a la que llegan nuestros camiones.",
			Advice:  "Elegí otra dirección; revisá que latitud y longitud no estén cambiadas.",
		},
		"ventana-agotada": {Meaning: "Ese horario de entrega ya está completo.",
			Advice: "Elegí otro: POST /pedidos/cotizacion dice cuáles quedan."},
		"sin-lugar": {Meaning: "Ningún camión de ese depósito tiene lugar a tiempo.",
			Advice: "El pedido prueba con otro depósito; si falla, volvé a intentar más tarde."},
		"visita-liberada": {Meaning: "Esa reserva de lugar se deshizo.",
			Advice: "Nada: el pedido pide otra si hace falta."},
		"ya-salio": {Meaning: "El camión ya salió con ese pedido.",
			Advice: "Ya no se puede cancelar; se puede devolver después de la entrega."},
		"sin-visita": {Meaning: "No hay una visita con ese id, o es de otro camión.",
			Advice: "GET /visitas lista las que podés ver."},
		"algoritmo-desconocido": {Meaning: "No hay un algoritmo con ese nombre.",
			Advice: "GET /rutas/algoritmos los lista."},
		"momento-imposible": {
			Meaning: "La hora de una posición es del futuro o demasiado vieja.",
			Advice:  "Poné en hora el reloj del dispositivo. Las otras posiciones del lote se guardaron.",
		},
		"deposito-no-existe": {Meaning: "No hay un depósito con ese id.", Advice: revisarID},
		"camion-no-existe": {
			Meaning: "No hay un camión con ese id, o no es el tuyo.",
			Advice:  revisarID,
		},
		"turno-no-existe": {Meaning: "No hay un turno con ese id.", Advice: revisarID},
		"repartidor-no-existe": {
			Meaning: "No hay un repartidor con ese id.",
			Advice:  revisarID,
		},
		"codigo-repetido": {
			Meaning: "Otro depósito ya tiene ese código.",
			Advice:  "Usá otro código.",
		},
		"patente-repetida": {Meaning: "Otro camión ya tiene esa patente.",
			Advice: "Revisá la patente; quizá el camión ya está cargado."},
		"repartidor-repetido": {Meaning: "Ese usuario ya es de un repartidor.",
			Advice: "Buscalo en GET /repartidores y cambialo si hace falta."},
		"legajo-repetido": {
			Meaning: "Otro repartidor ya tiene ese legajo.",
			Advice:  "Revisá el número.",
		},
		"dispositivo-repetido": {Meaning: "Otro camión ya tiene ese dispositivo.",
			Advice: "Sacáselo primero al otro camión."},
		"turno-superpuesto": {Meaning: "El camión ya tiene otro turno a esa hora.",
			Advice: "Cambiá el horario, o el otro turno."},
		"camion-ocupado": {Meaning: "Hay turnos abiertos con más carga de la que quedaría.",
			Advice: "«visitas» nombra algunas. Mandá reprogramar: true para que se reserven de nuevo, " +
				"o elegí valores más grandes."},
		"visitas-firmes": {Meaning: "Hay visitas firmes reservadas ahí.",
			Advice: "«visitas» nombra algunas. " +
				"Esperá a que terminen, o mandá reprogramar: true para que se reserven de nuevo."},
		"camion-afuera": {Meaning: "El camión está en la calle: su recorrido no terminó.",
			Advice: "Cerrá las visitas que faltan, o que un gestor lo dé por terminado con POST /camiones/{id}/regreso."},
		"camion-no-salio": {
			Meaning: "El camión nunca salió, así que no hay recorrido que terminar.",
			Advice:  "Revisá que sea ese camión.",
		},
		"fuera-de-servicio": {
			Meaning: "El camión, o el depósito del turno, está fuera de servicio.",
			Advice:  "Activalo con PATCH, o usá otro.",
		},
		"turno-cerrado": {Meaning: "El turno ya terminó, o su camión ya salió.",
			Advice: "Elegí un turno abierto: GET /turnos?estado=abierto."},
		"nada-que-llevar": {
			Meaning: "El camión no tiene pedidos firmes para un turno que empiece ahora.",
			Advice:  "Revisá GET /visitas?camion_id=…&estado=firme, o nombrá el turno con turno_id.",
		},
		"visita-en-otro-estado": {Meaning: "El estado de la visita no permite eso.",
			Advice: "«permitidos» dice qué se puede ahora."},
		"referencia-desconocida": {Meaning: "Algo que nombra la llamada no existe.",
			Advice: "«errors» dice qué dato: revisá ese id."},
		"valor-invalido": {
			Meaning: "Un valor no es posible.",
			Advice:  "«errors» dice cuál y por qué.",
		},
	}
}
