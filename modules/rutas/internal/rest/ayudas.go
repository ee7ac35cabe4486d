package rest

import "despensa/platform/httpapi"

// Ayudas are the help texts of this module's problem codes, in Spanish, by code.
func Ayudas() map[string]httpapi.Ayuda {
	const revisarID = "Revisá el id en el listado."
	return map[string]httpapi.Ayuda{
		"fuera-de-area": {Significa: "El lugar queda fuera de la zona a la que llegan nuestros camiones.",
			Hacer: "Elegí otra dirección; revisá que latitud y longitud no estén cambiadas."},
		"ventana-agotada": {Significa: "Ese horario de entrega ya está completo.",
			Hacer: "Elegí otro: POST /pedidos/cotizacion dice cuáles quedan."},
		"sin-lugar": {Significa: "Ningún camión de ese depósito tiene lugar a tiempo.",
			Hacer: "El pedido prueba con otro depósito; si falla, volvé a intentar más tarde."},
		"visita-liberada": {Significa: "Esa reserva de lugar se deshizo.",
			Hacer: "Nada: el pedido pide otra si hace falta."},
		"ya-salio": {Significa: "El camión ya salió con ese pedido.",
			Hacer: "Ya no se puede cancelar; se puede devolver después de la entrega."},
		"sin-visita": {Significa: "No hay una visita con ese id, o es de otro camión.",
			Hacer: "GET /visitas lista las que podés ver."},
		"algoritmo-desconocido": {Significa: "No hay un algoritmo con ese nombre.",
			Hacer: "GET /rutas/algoritmos los lista."},
		"momento-imposible": {Significa: "La hora de una posición es del futuro o demasiado vieja.",
			Hacer: "Poné en hora el reloj del dispositivo. Las otras posiciones del lote se guardaron."},
		"deposito-no-existe":   {Significa: "No hay un depósito con ese id.", Hacer: revisarID},
		"camion-no-existe":     {Significa: "No hay un camión con ese id, o no es el tuyo.", Hacer: revisarID},
		"turno-no-existe":      {Significa: "No hay un turno con ese id.", Hacer: revisarID},
		"repartidor-no-existe": {Significa: "No hay un repartidor con ese id.", Hacer: revisarID},
		"codigo-repetido":      {Significa: "Otro depósito ya tiene ese código.", Hacer: "Usá otro código."},
		"patente-repetida": {Significa: "Otro camión ya tiene esa patente.",
			Hacer: "Revisá la patente; quizá el camión ya está cargado."},
		"repartidor-repetido": {Significa: "Ese usuario ya es de un repartidor.",
			Hacer: "Buscalo en GET /repartidores y cambialo si hace falta."},
		"legajo-repetido": {Significa: "Otro repartidor ya tiene ese legajo.", Hacer: "Revisá el número."},
		"dispositivo-repetido": {Significa: "Otro camión ya tiene ese dispositivo.",
			Hacer: "Sacáselo primero al otro camión."},
		"turno-superpuesto": {Significa: "El camión ya tiene otro turno a esa hora.",
			Hacer: "Cambiá el horario, o el otro turno."},
		"camion-ocupado": {Significa: "Hay turnos abiertos con más carga de la que quedaría.",
			Hacer: "«visitas» nombra algunas. Mandá reprogramar: true para que se reserven de nuevo, " +
				"o elegí valores más grandes."},
		"visitas-firmes": {Significa: "Hay visitas firmes reservadas ahí.",
			Hacer: "«visitas» nombra algunas. " +
				"Esperá a que terminen, o mandá reprogramar: true para que se reserven de nuevo."},
		"camion-afuera": {Significa: "El camión está en la calle: su recorrido no terminó.",
			Hacer: "Cerrá las visitas que faltan, o que un gestor lo dé por terminado con POST /camiones/{id}/regreso."},
		"camion-no-salio": {Significa: "El camión nunca salió, así que no hay recorrido que terminar.",
			Hacer: "Revisá que sea ese camión."},
		"fuera-de-servicio": {Significa: "El camión, o el depósito del turno, está fuera de servicio.",
			Hacer: "Activalo con PATCH, o usá otro."},
		"turno-cerrado": {Significa: "El turno ya terminó, o su camión ya salió.",
			Hacer: "Elegí un turno abierto: GET /turnos?estado=abierto."},
		"nada-que-llevar": {Significa: "El camión no tiene pedidos firmes para un turno que empiece ahora.",
			Hacer: "Revisá GET /visitas?camion_id=…&estado=firme, o nombrá el turno con turno_id."},
		"visita-en-otro-estado": {Significa: "El estado de la visita no permite eso.",
			Hacer: "«permitidos» dice qué se puede ahora."},
		"referencia-desconocida": {Significa: "Algo que nombra la llamada no existe.",
			Hacer: "«errors» dice qué dato: revisá ese id."},
		"valor-invalido": {Significa: "Un valor no es posible.", Hacer: "«errors» dice cuál y por qué."},
	}
}
