package rest

import (
	"time"

	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// tema is the tag of every operation of this module in the API document.
const tema = "rutas"

// ConVisitas are the members of the problems visitas-firmes and camion-ocupado.
type ConVisitas struct {
	Visitas []string `json:"visitas,omitempty" doc:"With visitas-firmes and camion-ocupado: ids of some of the visits that stand in the way."`
	Total   int64    `json:"total,omitempty" doc:"With visitas-firmes and camion-ocupado: how many visits stand in the way."`
}

// ConViaje are the members of the problem camion-afuera.
type ConViaje struct {
	TurnoID string     `json:"turno_id,omitempty" doc:"With camion-afuera: the shift of the run under way."`
	Hasta   *time.Time `json:"hasta,omitempty" doc:"With camion-afuera: until when the run may last."`
}

// ConInactivo are the members of the problem fuera-de-servicio.
type ConInactivo struct {
	CamionID   string `json:"camion_id,omitempty" doc:"With fuera-de-servicio: the truck that is out of service."`
	DepositoID string `json:"deposito_id,omitempty" doc:"With fuera-de-servicio: the depot that is out of service."`
}

// ConPermitidos are the members of the problem visita-en-otro-estado.
type ConPermitidos struct {
	Permitidos []flota.ClaseDeParte `json:"permitidos,omitempty" crece:"llegada,entrega,fallo" doc:"With visita-en-otro-estado: what may be posted to the visit now."`
}

// describe writes the descriptions, successes and failures of the operations into the document.
func describe(api huma.API) {
	httpapi.AddTag(
		api,
		tema,
		"Depots, trucks, drivers, shifts and visits; where the trucks are; ways along the streets.",
	)
	httpapi.AddSheets(api, describeFlota())
	httpapi.AddSheets(api, describeTurnos())
	httpapi.AddSheets(api, describeCalle())
	httpapi.AddSheets(api, describePosiciones())
}

// enMedio are the failures of an edit that visits stand in the way of.
func enMedio() []httpapi.Failure {
	return []httpapi.Failure{{Error: flota.ErrVisitasFirmes, Members: ConVisitas{}},
		{Error: flota.ErrOcupado, Members: ConVisitas{}}}
}

// describeFlota describes the operations on depots, trucks and drivers.
func describeFlota() map[string]httpapi.Sheet {
	const comoQueda = "It, as it now stands."
	deCamion := httpapi.Failures(
		flota.ErrValor,
		flota.ErrPatente,
		flota.ErrDispositivo,
		flota.ErrDesconocido,
	)
	return map[string]httpapi.Sheet{
		"listar-depositos": {Text: "Those that are out of service too."},
		"crear-deposito": {
			Text:     "Trucks are added to it, and stock is brought by movements.",
			Success:  "The new depot.",
			Failures: httpapi.Failures(flota.ErrCodigo, rutas.ErrFueraDeArea),
		},
		"ver-deposito": {
			Text:     "By its id.",
			Success:  "The depot.",
			Failures: httpapi.Failures(flota.ErrDeposito),
		},
		"cambiar-deposito": {
			Text:    "Members that are absent stay. Out of service it takes no orders and its trucks do not leave.",
			Success: comoQueda,
			Failures: append(
				enMedio(),
				httpapi.Failures(
					flota.ErrDeposito,
					flota.ErrVersion,
					flota.ErrCodigo,
					rutas.ErrFueraDeArea,
				)...),
		},
		"listar-camiones": {Text: "Those that are out of service too."},
		"crear-camion": {
			Text: "With a timetable its shifts are made by themselves, as far ahead as room is booked; " +
				"without one they are added by hand.",
			Success:  "The new truck.",
			Failures: deCamion,
		},
		"ver-camion": {
			Text:     "By its id.",
			Success:  "The truck.",
			Failures: httpapi.Failures(flota.ErrCamion),
		},
		"cambiar-camion": {
			Text: "Members that are absent stay. A change that firm visits stand in the way of is 409, " +
				"unless `reprogramar` lets them be booked anew.",
			Success: comoQueda,
			Failures: append(
				enMedio(),
				append(deCamion, httpapi.Failures(flota.ErrCamion, flota.ErrVersion)...)...),
		},
		"listar-repartidores": {Text: "Those who do not drive any more too."},
		"crear-repartidor": {
			Text:     "A login of the identity provider becomes a driver's.",
			Success:  "The new driver.",
			Failures: httpapi.Failures(flota.ErrRepartidorExiste, flota.ErrLegajo),
		},
		"ver-repartidor": {Text: "By the house id of their login.", Success: "The driver.",
			Failures: httpapi.Failures(flota.ErrRepartidor)},
		"cambiar-repartidor": {Text: "Members that are absent stay.", Success: comoQueda,
			Failures: httpapi.Failures(flota.ErrRepartidor, flota.ErrVersion, flota.ErrLegajo)},
	}
}

// describeTurnos describes the operations on shifts.
func describeTurnos() map[string]httpapi.Sheet {
	deTurno := httpapi.Failures(flota.ErrValor, flota.ErrSuperpuesto, flota.ErrDesconocido)
	return map[string]httpapi.Sheet{
		"listar-turnos": {
			Text:     "Newest first, with what of each is taken.",
			Failures: httpapi.Failures(flota.ErrValor),
		},
		"crear-turno": {
			Text:     "A working span of one truck, in which visits can be booked.",
			Success:  "The new shift.",
			Failures: deTurno,
		},
		"ver-turno": {
			Text:     "By its id.",
			Success:  "The shift.",
			Failures: httpapi.Failures(flota.ErrTurno),
		},
		"cambiar-turno": {
			Text:    "Members that are absent stay. It may not have left.",
			Success: "The shift as it now stands.",
			Failures: append(
				enMedio(),
				append(
					deTurno,
					httpapi.Failures(
						flota.ErrTurno,
						flota.ErrVersion,
						flota.ErrTurnoCerrado,
					)...)...),
		},
	}
}

// describeCalle describes departures, visits, returns and ways.
func describeCalle() map[string]httpapi.Sheet {
	alMarcar := append(httpapi.Failures(rutas.ErrSinVisita),
		httpapi.Failure{Error: flota.ErrEstadoVisita, Members: ConPermitidos{}})
	alSalir := append(
		httpapi.Failures(
			flota.ErrCamion,
			flota.ErrTurno,
			flota.ErrTurnoCerrado,
			flota.ErrNadaQueLlevar,
			flota.ErrDesconocido,
		),
		httpapi.Failure{Error: flota.ErrInactivo, Members: ConInactivo{}},
		httpapi.Failure{Error: flota.ErrCamionAfuera, Members: ConViaje{}})
	const comoQueda = "The visit as it now stands."
	return map[string]httpapi.Sheet{
		"salida": {
			Text: "All firm visits of one shift are on their way from now on, or none is. " +
				"Without `turno_id` it is the shift that runs or is about to begin. " +
				"The truck is out until every visit has an outcome, a manager ends the run, or its deadline has passed.",
			Success:  "The truck, and the shift that it left for.",
			Failures: alSalir,
		},
		"regreso": {Text: "For a truck that is back before every visit has an outcome.",
			Success:  "The truck, and the shift that it came back from.",
			Failures: httpapi.Failures(flota.ErrCamion, flota.ErrCamionEnCasa)},
		"listar-visitas": {Text: "Newest first. With `dia`, those whose shift touches the day.",
			Failures: httpapi.Failures(flota.ErrValor)},
		"ver-visita": {
			Text:     "`permitidos` says what may be posted to it now.",
			Success:  "The visit.",
			Failures: httpapi.Failures(rutas.ErrSinVisita),
		},
		"llegada": {Text: "Its customer is told. It may be left out: an outcome says so too.",
			Success: comoQueda, Failures: alMarcar},
		"entrega": {
			Text:     "The order is `entregado` behind the answer.",
			Success:  comoQueda,
			Failures: alMarcar,
		},
		"fallo": {Text: "The order gets another visit, or its money back, behind the answer.",
			Success: comoQueda, Failures: alMarcar},
		"calcular-ruta": {
			Text:     "Along the streets of the delivery area, from the nearest corner to the nearest corner.",
			Success:  "The way.",
			Failures: httpapi.Failures(ErrAlgoritmo, rutas.ErrFueraDeArea),
		},
		"listar-algoritmos": {Text: "What `algoritmo` of POST /rutas/calculo may be."},
	}
}

// describePosiciones describes the operations on positions.
func describePosiciones() map[string]httpapi.Sheet {
	deCamion := httpapi.Failures(flota.ErrCamion)
	return map[string]httpapi.Sheet{
		"enviar-posiciones": {Success: "What came of each position.", Failures: deCamion},
		"listar-posiciones": {
			Text:     "As the sensors measured them, those with a `marca` too.",
			Failures: deCamion,
		},
		"seguir-camiones": {Text: "A stream of Server-Sent Events: " +
			"first every truck that has been seen or is out, then each as it changes. " +
			"A slow reader skips positions and receives the newest one of each truck."},
	}
}
