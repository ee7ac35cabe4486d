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
	httpapi.Tema(api, tema, "Depots, trucks, drivers, shifts and visits; where the trucks are; ways along the streets.")
	httpapi.Fichas(api, describeFlota())
	httpapi.Fichas(api, describeTurnos())
	httpapi.Fichas(api, describeCalle())
	httpapi.Fichas(api, describePosiciones())
}

// enMedio are the failures of an edit that visits stand in the way of.
func enMedio() []httpapi.Falla {
	return []httpapi.Falla{{Error: flota.ErrVisitasFirmes, Miembros: ConVisitas{}},
		{Error: flota.ErrOcupado, Miembros: ConVisitas{}}}
}

// describeFlota describes the operations on depots, trucks and drivers.
func describeFlota() map[string]httpapi.Ficha {
	const comoQueda = "It, as it now stands."
	deCamion := httpapi.Fallan(flota.ErrValor, flota.ErrPatente, flota.ErrDispositivo, flota.ErrDesconocido)
	return map[string]httpapi.Ficha{
		"listar-depositos": {Texto: "Those that are out of service too."},
		"crear-deposito": {Texto: "Trucks are added to it, and stock is brought by movements.", Exito: "The new depot.",
			Fallas: httpapi.Fallan(flota.ErrCodigo, rutas.ErrFueraDeArea)},
		"ver-deposito": {Texto: "By its id.", Exito: "The depot.", Fallas: httpapi.Fallan(flota.ErrDeposito)},
		"cambiar-deposito": {
			Texto: "Members that are absent stay. Out of service it takes no orders and its trucks do not leave.",
			Exito: comoQueda,
			Fallas: append(enMedio(),
				httpapi.Fallan(flota.ErrDeposito, flota.ErrVersion, flota.ErrCodigo, rutas.ErrFueraDeArea)...),
		},
		"listar-camiones": {Texto: "Those that are out of service too."},
		"crear-camion": {
			Texto: "With a timetable its shifts are made by themselves, as far ahead as room is booked; " +
				"without one they are added by hand.",
			Exito:  "The new truck.",
			Fallas: deCamion,
		},
		"ver-camion": {Texto: "By its id.", Exito: "The truck.", Fallas: httpapi.Fallan(flota.ErrCamion)},
		"cambiar-camion": {
			Texto: "Members that are absent stay. A change that firm visits stand in the way of is 409, " +
				"unless `reprogramar` lets them be booked anew.",
			Exito:  comoQueda,
			Fallas: append(enMedio(), append(deCamion, httpapi.Fallan(flota.ErrCamion, flota.ErrVersion)...)...),
		},
		"listar-repartidores": {Texto: "Those who do not drive any more too."},
		"crear-repartidor": {Texto: "A login of the identity provider becomes a driver's.", Exito: "The new driver.",
			Fallas: httpapi.Fallan(flota.ErrRepartidorExiste, flota.ErrLegajo)},
		"ver-repartidor": {Texto: "By the house id of their login.", Exito: "The driver.",
			Fallas: httpapi.Fallan(flota.ErrRepartidor)},
		"cambiar-repartidor": {Texto: "Members that are absent stay.", Exito: comoQueda,
			Fallas: httpapi.Fallan(flota.ErrRepartidor, flota.ErrVersion, flota.ErrLegajo)},
	}
}

// describeTurnos describes the operations on shifts.
func describeTurnos() map[string]httpapi.Ficha {
	deTurno := httpapi.Fallan(flota.ErrValor, flota.ErrSuperpuesto, flota.ErrDesconocido)
	return map[string]httpapi.Ficha{
		"listar-turnos": {Texto: "Newest first, with what of each is taken.", Fallas: httpapi.Fallan(flota.ErrValor)},
		"crear-turno": {Texto: "A working span of one truck, in which visits can be booked.", Exito: "The new shift.",
			Fallas: deTurno},
		"ver-turno": {Texto: "By its id.", Exito: "The shift.", Fallas: httpapi.Fallan(flota.ErrTurno)},
		"cambiar-turno": {Texto: "Members that are absent stay. It may not have left.", Exito: "The shift as it now stands.",
			Fallas: append(enMedio(),
				append(deTurno, httpapi.Fallan(flota.ErrTurno, flota.ErrVersion, flota.ErrTurnoCerrado)...)...)},
	}
}

// describeCalle describes departures, visits, returns and ways.
func describeCalle() map[string]httpapi.Ficha {
	alMarcar := append(httpapi.Fallan(rutas.ErrSinVisita),
		httpapi.Falla{Error: flota.ErrEstadoVisita, Miembros: ConPermitidos{}})
	alSalir := append(
		httpapi.Fallan(
			flota.ErrCamion, flota.ErrTurno, flota.ErrTurnoCerrado, flota.ErrNadaQueLlevar, flota.ErrDesconocido),
		httpapi.Falla{Error: flota.ErrInactivo, Miembros: ConInactivo{}},
		httpapi.Falla{Error: flota.ErrCamionAfuera, Miembros: ConViaje{}})
	const comoQueda = "The visit as it now stands."
	return map[string]httpapi.Ficha{
		"salida": {
			Texto: "All firm visits of one shift are on their way from now on, or none is. " +
				"Without `turno_id` it is the shift that runs or is about to begin. " +
				"The truck is out until every visit has an outcome, a manager ends the run, or its deadline has passed.",
			Exito:  "The truck, and the shift that it left for.",
			Fallas: alSalir,
		},
		"regreso": {Texto: "For a truck that is back before every visit has an outcome.",
			Exito:  "The truck, and the shift that it came back from.",
			Fallas: httpapi.Fallan(flota.ErrCamion, flota.ErrCamionEnCasa)},
		"listar-visitas": {Texto: "Newest first. With `dia`, those whose shift touches the day.",
			Fallas: httpapi.Fallan(flota.ErrValor)},
		"ver-visita": {Texto: "`permitidos` says what may be posted to it now.", Exito: "The visit.",
			Fallas: httpapi.Fallan(rutas.ErrSinVisita)},
		"llegada": {Texto: "Its customer is told. It may be left out: an outcome says so too.",
			Exito: comoQueda, Fallas: alMarcar},
		"entrega": {Texto: "The order is `entregado` behind the answer.", Exito: comoQueda, Fallas: alMarcar},
		"fallo": {Texto: "The order gets another visit, or its money back, behind the answer.",
			Exito: comoQueda, Fallas: alMarcar},
		"calcular-ruta": {Texto: "Along the streets of the delivery area, from the nearest corner to the nearest corner.",
			Exito:  "The way.",
			Fallas: httpapi.Fallan(ErrAlgoritmo, rutas.ErrFueraDeArea)},
		"listar-algoritmos": {Texto: "What `algoritmo` of POST /rutas/calculo may be."},
	}
}

// describePosiciones describes the operations on positions.
func describePosiciones() map[string]httpapi.Ficha {
	deCamion := httpapi.Fallan(flota.ErrCamion)
	return map[string]httpapi.Ficha{
		"enviar-posiciones": {Exito: "What came of each position.", Fallas: deCamion},
		"listar-posiciones": {Texto: "As the sensors measured them, those with a `marca` too.", Fallas: deCamion},
		"seguir-camiones": {Texto: "A stream of Server-Sent Events: " +
			"first every truck that has been seen or is out, then each as it changes. " +
			"A slow reader skips positions and receives the newest one of each truck."},
	}
}
