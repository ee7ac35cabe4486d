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
func pedidoDe(clave string) string { return httpapi.DemoResourceID(cliente, "pedidos", clave) }

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
	httpapi.AddExamples(api, ejemplosFlota())
	httpapi.AddExamples(api, ejemplosTurnos())
	httpapi.AddExamples(api, ejemplosCalle())
	httpapi.AddExamples(api, ejemplosGente())
	httpapi.AddExamples(api, ejemplosPosiciones())
}

// ejemplosFlota are the examples of depots and trucks.
func ejemplosFlota() map[string][]httpapi.Example {
	id := func(coleccion, clave string) partes {
		return partes{"id": httpapi.DemoResourceID(gestor, coleccion, clave)}
	}
	deposito, camion := id("depositos", "deposito-0001"), id("camiones", "camion-0001")
	return map[string][]httpapi.Example{
		"crear-deposito": {
			{
				Summary:    "A depot in the west",
				As:         gestor,
				Parameters: partes{"Idempotency-Key": "deposito-0001"},
				Body: NuevoDeposito{
					Codigo: "DEP-9",
					Nombre: "Oeste",
					Lat:    -34.6310,
					Lon:    -58.4690,
				},
			},
		},
		"ver-deposito": {{As: gestor, Parameters: partes{"id": depositoDemo}}},
		"cambiar-deposito": {{Summary: "It takes no new orders", As: gestor,
			Parameters: partes{"id": deposito["id"], "If-Match": `"1"`},
			Body:       map[string]bool{"activo": false}, After: []string{"crear-deposito"}}},
		"listar-camiones": {
			{
				Summary:    "Those of a depot",
				As:         gestor,
				Parameters: partes{"deposito_id": depositoDemo},
			},
		},
		"crear-camion": {{Summary: "A truck without a timetable", As: gestor,
			Parameters: partes{"Idempotency-Key": "camion-0001"},
			Body: NuevoCamion{Patente: "AF900ZZ", DepositoID: depositoDemo,
				PesoMaxGramos: 1_500_000, VolumenMaxML: 8_000_000, Frio: true}}},
		"ver-camion": {{As: gestor, Parameters: partes{"id": camionDemo}}},
		"cambiar-camion": {{Summary: "It leaves on weekdays", As: gestor,
			Parameters: partes{"id": camion["id"], "If-Match": `"1"`},
			Body: map[string]Horario{
				"horario": {Desde: "08:00", Hasta: "17:00", Dias: []int{1, 2, 3, 4, 5}},
			},
			After: []string{"cambiar-turno"}}},
	}
}

// ejemplosTurnos are the examples of shifts.
func ejemplosTurnos() map[string][]httpapi.Example {
	inicio := time.Date(2030, 6, 3, 11, 0, 0, 0, time.UTC)
	turno := httpapi.DemoResourceID(gestor, "turnos", "turno-0001")
	return map[string][]httpapi.Example{
		"listar-turnos": {{Summary: "The open ones of a truck and day", As: gestor,
			Parameters: partes{
				"deposito_id": depositoDemo,
				"camion_id":   camionDemo,
				"dia":         "2026-03-04",
				"estado":      "abierto",
			}}},
		"crear-turno": {
			{
				Summary:    "One day",
				As:         gestor,
				Parameters: partes{"Idempotency-Key": "turno-0001"},
				After:      []string{"crear-camion"},
				Body: NuevoTurno{
					CamionID: httpapi.DemoResourceID(gestor, "camiones", "camion-0001"),
					Inicio:   inicio,
					Fin:      inicio.Add(8 * time.Hour),
				},
			},
		},
		"ver-turno": {
			{As: gestor, Parameters: partes{"id": turno}, After: []string{"crear-turno"}},
		},
		"cambiar-turno": {
			{
				Summary:    "Fewer visits",
				As:         gestor,
				Parameters: partes{"id": turno, "If-Match": `"1"`},
				Body:       map[string]int{"visitas_max": 30},
				After:      []string{"crear-turno"},
			},
		},
	}
}

// ejemplosCalle are the examples of departures, visits and returns.
func ejemplosCalle() map[string][]httpapi.Example {
	return map[string][]httpapi.Example{
		salio: {{Summary: "With the shift that is about to begin", As: gestor,
			Parameters: partes{"id": camionDemo, "Idempotency-Key": "salida-0001"},
			Body:       CuerpoSalida{}, After: []string{primero, segundo}, When: confirmado}},
		"regreso": {{Summary: "Once every door has been tried", As: gestor,
			Parameters: partes{"id": camionDemo, "Idempotency-Key": "regreso-0001"},
			After:      []string{"entrega", "fallo"}}},
		"listar-visitas": {{Summary: "Those of an order", As: gestor, After: []string{primero},
			Parameters: partes{
				"deposito_id": depositoDemo,
				"camion_id":   camionDemo,
				"pedido_id":   pedidoDe("pedido-0001"),
				"dia":         "2026-03-04",
				"estado":      "firme",
				"turno_id":    httpapi.DemoResourceID(gestor, "turnos", "turno-0001"),
			}}},
		"ver-visita": {
			{
				As:         gestor,
				Parameters: partes{"id": visitaDemo},
				After:      []string{primero},
				When:       confirmado,
			},
		},
		"llegada": {
			{
				As:         gestor,
				Parameters: partes{"id": visitaDemo, "Idempotency-Key": "llegada-0001"},
				After:      []string{salio},
			},
		},
		"entrega": {
			{
				As:         gestor,
				Parameters: partes{"id": visitaDemo, "Idempotency-Key": "entrega-0001"},
				After:      []string{"llegada"},
			},
		},
		"fallo": {
			{
				Summary:    "Nobody opened",
				As:         gestor,
				Parameters: partes{"id": otraVisita, "Idempotency-Key": "fallo-0001"},
				Body:       CuerpoFallo{Motivo: "no había nadie"},
				After:      []string{salio},
			},
		},
	}
}
