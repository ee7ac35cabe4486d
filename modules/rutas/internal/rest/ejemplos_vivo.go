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
func ejemplosGente() map[string][]httpapi.Muestra {
	id := oidc.IDDe(sujetoDemo)
	return map[string][]httpapi.Muestra{
		"crear-repartidor": {{Resumen: "A driver with a login", Como: gestor,
			Partes: partes{"Idempotency-Key": "repartidor-0001"},
			Cuerpo: NuevoRepartidor{Sujeto: sujetoDemo, Nombre: "Nadia Sosa", Legajo: "R-0104"}}},
		"ver-repartidor": {{Como: gestor, Partes: partes{"id": id}, Despues: []string{"crear-repartidor"}}},
		"cambiar-repartidor": {{Resumen: "They do not drive any more", Como: gestor,
			Partes: partes{"id": id, "If-Match": `"1"`},
			Cuerpo: map[string]bool{"activo": false}, Despues: []string{"crear-repartidor"}}},
	}
}

// ejemplosPosiciones are the examples of positions, of the live view and of ways.
func ejemplosPosiciones() map[string][]httpapi.Muestra {
	velocidad, rumbo, radio := 32.5, 270.0, 4.0
	en := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	return map[string][]httpapi.Muestra{
		"enviar-posiciones": {{Resumen: "Two of the first sensor", Como: gestor, Partes: partes{"id": camionDemo},
			Cuerpo: LotePosiciones{Posiciones: []EnLote{
				enLote(PosicionEnviada{Sensor: telemetria.Primario, Secuencia: 1, Lat: -34.6040, Lon: -58.4210,
					En: en.Add(-15 * time.Second)}),
				enLote(PosicionEnviada{
					Sensor: telemetria.Primario, Secuencia: 2, Lat: -34.6043, Lon: -58.4228, En: en,
					VelocidadKmh: &velocidad, RumboGrados: &rumbo, PrecisionMetros: &radio,
				}),
			}}}},
		"listar-posiciones": {{Resumen: "Those of a sensor and day", Como: gestor,
			Partes:  partes{"id": camionDemo, "sensor": "primario", "desde": "2026-03-03", "hasta": "2026-03-03"},
			Despues: []string{"enviar-posiciones"}}},
		"seguir-camiones": {{Como: gestor}},
		"calcular-ruta": {{Resumen: "The shortest way", Como: gestor, Cuerpo: PeticionRuta{Desde: Lugar{-34.6040, -58.4210},
			Hasta: Lugar{-34.5895, -58.4301}, Algoritmo: ruteo.DistanciaMinima}}},
	}
}
