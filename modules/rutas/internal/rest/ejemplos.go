package rest

import (
	"time"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// partes are the parameters of an example.
type partes = map[string]string

// The subjects of the examples: a depot, a truck of it, and the visits on the truck's shift for the orders of the
// first two examples of crear-pedido.
var (
	depositoDemo = flota.DepositoDemo("DEP-1")
	camionDemo   = flota.CamionDemo("AB102CD")
	visitaDemo   = visitaDe("pedido-0001")
	otraVisita   = visitaDe("pedido-0002")
)

// pedidoDe is the id of the order that the example with this idempotency key makes.
func pedidoDe(clave string) string { return httpapi.Hecha(cliente, "pedidos", clave) }

// visitaDe is the id of the first visit of that order.
func visitaDe(clave string) string {
	return flota.IDVisita(rutas.Clave{Pedido: pedidoDe(clave), Intento: 1, Numero: 1})
}

const (
	gestor, cliente   = "gestor", "cliente1"
	primero, segundo  = "crear-pedido/transferencia", "crear-pedido/segundo"
	confirmado, salio = "confirmado", "salida"
)

// ejemplos writes an example of every operation into the document.
func ejemplos(api huma.API) {
	httpapi.Ejemplos(api, ejemplosFlota())
	httpapi.Ejemplos(api, ejemplosTurnos())
	httpapi.Ejemplos(api, ejemplosCalle())
	httpapi.Ejemplos(api, ejemplosGente())
	httpapi.Ejemplos(api, ejemplosPosiciones())
}

// ejemplosFlota are the examples of depots and trucks.
func ejemplosFlota() map[string][]httpapi.Muestra {
	id := func(coleccion, clave string) partes { return partes{"id": httpapi.Hecha(gestor, coleccion, clave)} }
	deposito, camion := id("depositos", "deposito-0001"), id("camiones", "camion-0001")
	return map[string][]httpapi.Muestra{
		"crear-deposito": {{Resumen: "A depot in the west", Como: gestor, Partes: partes{"Idempotency-Key": "deposito-0001"},
			Cuerpo: NuevoDeposito{Codigo: "DEP-9", Nombre: "Oeste", Lat: -34.6310, Lon: -58.4690}}},
		"ver-deposito": {{Como: gestor, Partes: partes{"id": depositoDemo}}},
		"cambiar-deposito": {{Resumen: "It takes no new orders", Como: gestor,
			Partes: partes{"id": deposito["id"], "If-Match": `"1"`},
			Cuerpo: map[string]bool{"activo": false}, Despues: []string{"crear-deposito"}}},
		"listar-camiones": {{Resumen: "Those of a depot", Como: gestor, Partes: partes{"deposito_id": depositoDemo}}},
		"crear-camion": {{Resumen: "A truck without a timetable", Como: gestor,
			Partes: partes{"Idempotency-Key": "camion-0001"},
			Cuerpo: NuevoCamion{Patente: "AF900ZZ", DepositoID: depositoDemo,
				PesoMaxGramos: 1_500_000, VolumenMaxML: 8_000_000, Frio: true}}},
		"ver-camion": {{Como: gestor, Partes: partes{"id": camionDemo}}},
		"cambiar-camion": {{Resumen: "It leaves on weekdays", Como: gestor,
			Partes:  partes{"id": camion["id"], "If-Match": `"1"`},
			Cuerpo:  map[string]Horario{"horario": {Desde: "08:00", Hasta: "17:00", Dias: []int{1, 2, 3, 4, 5}}},
			Despues: []string{"cambiar-turno"}}},
	}
}

// ejemplosTurnos are the examples of shifts.
func ejemplosTurnos() map[string][]httpapi.Muestra {
	inicio := time.Date(2030, 6, 3, 11, 0, 0, 0, time.UTC)
	turno := httpapi.Hecha(gestor, "turnos", "turno-0001")
	return map[string][]httpapi.Muestra{
		"listar-turnos": {{Resumen: "The open ones of a truck and day", Como: gestor,
			Partes: partes{"deposito_id": depositoDemo, "camion_id": camionDemo, "dia": "2026-03-04", "estado": "abierto"}}},
		"crear-turno": {{Resumen: "One day", Como: gestor, Partes: partes{"Idempotency-Key": "turno-0001"},
			Despues: []string{"crear-camion"},
			Cuerpo: NuevoTurno{CamionID: httpapi.Hecha(gestor, "camiones", "camion-0001"), Inicio: inicio,
				Fin: inicio.Add(8 * time.Hour)}}},
		"ver-turno": {{Como: gestor, Partes: partes{"id": turno}, Despues: []string{"crear-turno"}}},
		"cambiar-turno": {{Resumen: "Fewer visits", Como: gestor, Partes: partes{"id": turno, "If-Match": `"1"`},
			Cuerpo: map[string]int{"visitas_max": 30}, Despues: []string{"crear-turno"}}},
	}
}

// ejemplosCalle are the examples of departures, visits and returns.
func ejemplosCalle() map[string][]httpapi.Muestra {
	return map[string][]httpapi.Muestra{
		salio: {{Resumen: "With the shift that is about to begin", Como: gestor,
			Partes: partes{"id": camionDemo, "Idempotency-Key": "salida-0001"},
			Cuerpo: CuerpoSalida{}, Despues: []string{primero, segundo}, Cuando: confirmado}},
		"regreso": {{Resumen: "Once every door has been tried", Como: gestor,
			Partes:  partes{"id": camionDemo, "Idempotency-Key": "regreso-0001"},
			Despues: []string{"entrega", "fallo"}}},
		"listar-visitas": {{Resumen: "Those of an order", Como: gestor, Despues: []string{primero},
			Partes: partes{
				"deposito_id": depositoDemo,
				"camion_id":   camionDemo,
				"pedido_id":   pedidoDe("pedido-0001"),
				"dia":         "2026-03-04",
				"estado":      "firme",
				"turno_id":    httpapi.Hecha(gestor, "turnos", "turno-0001"),
			}}},
		"ver-visita": {{Como: gestor, Partes: partes{"id": visitaDemo}, Despues: []string{primero}, Cuando: confirmado}},
		"llegada": {{Como: gestor, Partes: partes{"id": visitaDemo, "Idempotency-Key": "llegada-0001"},
			Despues: []string{salio}}},
		"entrega": {{Como: gestor, Partes: partes{"id": visitaDemo, "Idempotency-Key": "entrega-0001"},
			Despues: []string{"llegada"}}},
		"fallo": {{Resumen: "Nobody opened", Como: gestor, Partes: partes{"id": otraVisita, "Idempotency-Key": "fallo-0001"},
			Cuerpo: CuerpoFallo{Motivo: "no había nadie"}, Despues: []string{salio}}},
	}
}
