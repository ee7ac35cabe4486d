package rest

import (
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// ejemplos writes an example of every operation into the document. The demo customer
// cliente1 adds an address, corrects it, and deletes it.
func ejemplos(api huma.API) {
	const login, clave = "cliente1", "direccion-0001"
	id := map[string]string{"id": httpapi.DemoResourceID(login, altaDireccion, clave)}
	httpapi.AddExamples(api, map[string][]httpapi.Example{
		"cambiar-cliente-propio": {
			{
				Summary:    "Another telephone",
				As:         login,
				Parameters: map[string]string{"If-Match": "*"},
				Body:       map[string]string{"telefono": "+54 11 4555-0101"},
			},
		},
		altaDireccion: {
			{
				Summary:    "A second place",
				As:         login,
				Parameters: map[string]string{"Idempotency-Key": clave},
				Body: direccionAlta{
					Nombre: "Trabajo", Calle: "Av. Corrientes 4100, piso 3", Notas: "Timbre 12", Lat: -34.6030, Lon: -58.4200,
				},
			},
		},
		"ver-direccion": {{As: login, Parameters: id, After: []string{altaDireccion}}},
		"cambiar-direccion": {
			{Summary: "Notes for the driver", As: login, After: []string{altaDireccion},
				Parameters: map[string]string{"id": id["id"], "If-Match": `"1"`},
				Body:       map[string]string{"notas": "Entregar en recepción"}},
		},
		"borrar-direccion": {
			{As: login, Parameters: id, After: []string{"ver-direccion", "cambiar-direccion"}},
		},
	})
}

// altaDireccion is the operation that adds an address.
const altaDireccion = "crear-direccion"
