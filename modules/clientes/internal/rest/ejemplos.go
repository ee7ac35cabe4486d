package rest

import (
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// ejemplos writes an example of every operation into the document. The demo customer
// cliente1 adds an address, corrects it, and deletes it.
func ejemplos(api huma.API) {
	const login, clave = "cliente1", "direccion-0001"
	id := map[string]string{"id": httpapi.Hecha(login, altaDireccion, clave)}
	httpapi.Ejemplos(api, map[string][]httpapi.Muestra{
		"cambiar-cliente-propio": {{Resumen: "Another telephone", Como: login, Partes: map[string]string{"If-Match": "*"},
			Cuerpo: map[string]string{"telefono": "+54 11 4555-0101"}}},
		altaDireccion: {{Resumen: "A second place", Como: login, Partes: map[string]string{"Idempotency-Key": clave},
			Cuerpo: direccionAlta{
				Nombre: "Trabajo", Calle: "Av. Corrientes 4100, piso 3", Notas: "Timbre 12", Lat: -34.6030, Lon: -58.4200,
			}}},
		"ver-direccion": {{Como: login, Partes: id, Despues: []string{altaDireccion}}},
		"cambiar-direccion": {{Resumen: "Notes for the driver", Como: login, Despues: []string{altaDireccion},
			Partes: map[string]string{"id": id["id"], "If-Match": `"1"`},
			Cuerpo: map[string]string{"notas": "Entregar en recepción"}}},
		"borrar-direccion": {{Como: login, Partes: id, Despues: []string{"ver-direccion", "cambiar-direccion"}}},
	})
}

// altaDireccion is the operation that adds an address.
const altaDireccion = "crear-direccion"
