package rest

import (
	"time"

	"despensa/modules/rutas/internal/ruteo"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/httpapi"
	"despensa/platform/oidc"
)

// sujetoDemo is the login of the driver in the examples of crear-repartidor.
const sujetoDemo = "auth0|repartidor-nuevo"

// ejemplosGente are the examples of drivers.
func ejemplosGente() map[string][]httpapi.Example {
	id := oidc.IDOf(sujetoDemo)
	return map[string][]httpapi.Example{
		"crear-repartidor": {{Summary: "A driver with a login", As: gestor,
			Parameters: partes{"Idempotency-Key": "repartidor-0001"},
			Body: NuevoRepartidor{
				Sujeto: sujetoDemo,
				Nombre: "Nadia Sosa",
				Legajo: "R-0104",
			}}},
		"ver-repartidor": {
			{As: gestor, Parameters: partes{"id": id}, After: []string{"crear-repartidor"}},
		},
		"cambiar-repartidor": {{Summary: "They do not drive any more", As: gestor,
			Parameters: partes{"id": id, "If-Match": `"1"`},
			Body:       map[string]bool{"activo": false}, After: []string{"crear-repartidor"}}},
	}
}

// ejemplosPosiciones are the examples of positions, of the live view and of ways.
func ejemplosPosiciones() map[string][]httpapi.Example {
	velocidad, rumbo, radio := 32.5, 270.0, 4.0
	en := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	return map[string][]httpapi.Example{
		"enviar-posiciones": {
			{
				Summary:    "Two of the first sensor",
				As:         gestor,
				Parameters: partes{"id": camionDemo},
				Body: LotePosiciones{Posiciones: []EnLote{
					enLote(
						PosicionEnviada{
							Sensor:    telemetria.Primario,
							Secuencia: 1,
							Lat:       -34.6040,
							Lon:       -58.4210,
							En:        en.Add(-15 * time.Second),
						},
					),
					enLote(PosicionEnviada{
						Sensor: telemetria.Primario, Secuencia: 2, Lat: -34.6043, Lon: -58.4228, En: en,
						VelocidadKmh: &velocidad, RumboGrados: &rumbo, PrecisionMetros: &radio,
					}),
				}},
			},
		},
		"listar-posiciones": {{Summary: "Those of a sensor and day", As: gestor,
			Parameters: partes{
				"id":     camionDemo,
				"sensor": "primario",
				"desde":  "2026-03-03",
				"hasta":  "2026-03-03",
			},
			After: []string{"enviar-posiciones"}}},
		"seguir-camiones": {{As: gestor}},
		"calcular-ruta": {
			{
				Summary: "The shortest way",
				As:      gestor,
				Body: PeticionRuta{Desde: Lugar{-34.6040, -58.4210},
					Hasta: Lugar{-34.5895, -58.4301}, Algoritmo: ruteo.DistanciaMinima},
			},
		},
	}
}
