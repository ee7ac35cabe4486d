package httpapi

// ownHelps explain the errors that the HTTP layer itself answers, by code.
var ownHelps = map[string]Help{
	"error-interno": {
		"Algo que no previmos falló de nuestro lado. No dice nada malo de tu llamada.",
		"Probá de nuevo en un rato, con la misma Idempotency-Key. Si sigue, escribinos con el dato «solicitud».",
	},
	"tiempo-agotado": {
		"La llamada tardó más de lo que esperamos y la dejamos. Puede haber tenido efecto o no.",
		"Repetila con la misma Idempotency-Key después de los segundos de Retry-After: no se hace dos veces.",
	},
	"base-no-disponible": {"Una base de datos que hace falta no responde en este momento.",
		"Repetí la llamada con la misma Idempotency-Key después de los segundos de Retry-After."},
	"json-invalido": {
		"El cuerpo no es un único documento JSON en UTF-8, repite un nombre, o anida más de 20 niveles.",
		"Mandá JSON bien formado; casi siempre alcanza con la biblioteca de tu lenguaje.",
	},
	"solicitud-invalida": {"El pedido HTTP está mal armado o se cortó antes de llegar entero.",
		"Revisá cómo lo arma tu programa, o un proxy en el camino."},
	"datos-invalidos": {
		"Un valor no cumple lo que dice el documento de la API: falta, sobra, es de otro tipo " +
			"o se pasa de un límite.",
		"«errors» nombra cada lugar y por qué. Corregí esos valores y llamá de nuevo.",
	},
	"cuerpo-excesivo": {"El cuerpo es más grande de lo que toma esta operación.",
		"El límite está en x-max-body-bytes de la operación. Partí el lote en varios."},
	"tipo-no-soportado": {"El cuerpo no viene declarado como JSON, o viene comprimido.",
		"Mandá Content-Type: application/json y ningún Content-Encoding."},
	"no-encontrado": {"No hay nada en esa dirección.",
		"Revisá la ruta y el id. Las de la API empiezan con /api/v1 y están en /docs/."},
	"metodo-no-permitido": {
		"Esa dirección existe, pero no con ese método.",
		"La cabecera Allow dice cuáles tiene.",
	},
	"cuerpo-lento": {"El cuerpo no llegó a tiempo.",
		"Mandalo de una vez; si la conexión es mala, probá de nuevo con la misma Idempotency-Key."},
	"sin-permiso": {
		"Quien llama no tiene un rol (o, si es un programa, un alcance) que permita esta operación.",
		"La operación dice en x-roles y x-permisos quién puede. Pedí otro token o que te den el rol.",
	},
	"origen-ajeno": {
		"Un cambio llegó con la sesión de un navegador, pero desde una página que no es nuestra.",
		"Hacelo desde una página de este servidor, o llamá con un token en Authorization.",
	},
	"falta-if-match": {
		"Este cambio tiene que decir sobre qué versión se hace, para no pisar el de otra persona.",
		"Leé el recurso y mandá en If-Match el ETag que vino.",
	},
	"version-vieja": {"Alguien lo cambió después de que lo leíste.",
		"Leelo de nuevo, fijate qué cambió, y repetí tu cambio con el ETag nuevo."},
	"demasiadas-solicitudes": {"Se hicieron demasiadas llamadas en poco tiempo.",
		"Esperá los segundos de Retry-After y llamá más despacio."},
	"clave-reutilizada": {"Esa Idempotency-Key ya se usó con otro cuerpo.",
		"Usá una clave nueva para cada cosa nueva. La misma clave sirve solo para repetir la misma llamada."},
	"cursor-invalido": {"El cursor no es uno que haya dado esta API.",
		"Empezá sin cursor y seguí con lo que diga «siguiente», tal cual."},
	"dia-invalido": {"Un día no está escrito como AAAA-MM-DD, o «hasta» es anterior a «desde».",
		"Corregí el que nombra «errors»."},
	"demasiados-flujos": {
		"Tenés demasiadas transmisiones (…/vivo, descargas) abiertas a la vez.",
		"Cerrá alguna y volvé a abrir.",
	},
	"token-ausente": {
		"Esta operación necesita saber quién llama, y no vino ningún token ni sesión.",
		"Mandá Authorization: Bearer con un token, o ingresá en /sesion/inicio.",
	},
	"token-invalido": {
		"El token no es de nuestro proveedor de identidad, no es para esta API, o está alterado. " +
			"Un ID token no sirve.",
		"Pedí un access token con la audiencia de esta API.",
	},
	"token-vencido": {
		"El token ya venció.",
		"Pedí otro (con el refresh token, si tenés) y repetí la llamada.",
	},
	"identidad-no-disponible": {"No pudimos consultar al proveedor de identidad.",
		"Repetí la llamada después de los segundos de Retry-After."},
	"perfil-no-disponible": {
		"El proveedor de identidad no nos dice ahora tu nombre y tu correo.",
		"Repetí la llamada en un momento.",
	},
	"perfil-negado": {"El token no nos deja leer tu perfil: se pidió sin el alcance openid.",
		"Pedí el token con los alcances openid, profile y email."},
}
