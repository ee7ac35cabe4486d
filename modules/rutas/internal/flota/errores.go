package flota

import (
	"errors"

	"despensa/platform/fault"
)

// Errors of the module's HTTP operations; no other module sees them.
var (
	ErrDeposito   = fault.New(fault.NotFound, "deposito-no-existe", "There is no such depot.")
	ErrCamion     = fault.New(fault.NotFound, "camion-no-existe", "There is no such truck.")
	ErrTurno      = fault.New(fault.NotFound, "turno-no-existe", "There is no such shift.")
	ErrRepartidor = fault.New(fault.NotFound, "repartidor-no-existe", "There is no such driver.")
	ErrCodigo     = fault.New(fault.Conflict, "codigo-repetido", "Another depot has this code.")
	ErrPatente    = fault.New(fault.Conflict, "patente-repetida", "Another truck has this plate.")
	// ErrRepartidorExiste: the login is already registered as a driver.
	ErrRepartidorExiste = fault.New(fault.Conflict, "repartidor-repetido", "This login is a driver's already.")
	ErrLegajo           = fault.New(fault.Conflict, "legajo-repetido", "Another driver has this number.")
	ErrDispositivo      = fault.New(fault.Conflict, "dispositivo-repetido", "Another truck has this device.")
	ErrSuperpuesto      = fault.New(fault.Conflict, "turno-superpuesto", "The truck has another shift at that time.")
	// ErrOcupado: open shifts carry more than the edit would leave room for. It carries "visitas", the ids of some firm
	// or provisional visits in the way, and "total", how many there are.
	ErrOcupado = fault.New(fault.Conflict, "camion-ocupado", "Open shifts carry more than that.")
	// ErrVisitasFirmes: firm visits stand in the way of the edit. It carries "visitas", the ids of some of them, and
	// "total", how many there are.
	ErrVisitasFirmes = fault.New(fault.Conflict, "visitas-firmes", "Firm visits are booked there.")
	// ErrCamionAfuera: the truck is on a run. It carries "turno_id", the shift of the run, and "hasta", the deadline of
	// the run.
	ErrCamionAfuera = fault.New(fault.Conflict, "camion-afuera", "The truck is out: its run is not over.")
	// ErrCamionEnCasa: the truck has never left, so there is no run to end.
	ErrCamionEnCasa = fault.New(fault.Conflict, "camion-no-salio", "The truck has never left.")
	// ErrInactivo: the truck, or the depot of its shift, is out of service. It carries the id of the one that is:
	// "camion_id" or "deposito_id".
	ErrInactivo = fault.New(fault.Conflict, "fuera-de-servicio",
		"The truck or the depot of its shift is out of service.")
	// ErrTurnoCerrado: the truck has left, or the shift has ended.
	ErrTurnoCerrado = fault.New(fault.Conflict, "turno-cerrado", "The shift is over or its truck has left.")
	// ErrNadaQueLlevar: the named shift has no firm visit; without a name, no open shift that has begun or is about to
	// begin has one.
	ErrNadaQueLlevar = fault.New(fault.Conflict, "nada-que-llevar", "The truck has nothing to leave with.")
	// ErrEstadoVisita: the state of the visit does not allow the paso. It carries "permitidos", the pasos that it allows.
	ErrEstadoVisita = fault.New(fault.Conflict, "visita-en-otro-estado", "The state of the visit does not allow it.")
	// ErrVersion: the depot, truck, shift or driver has been edited since the caller read it.
	ErrVersion = fault.New(fault.Stale, "version-vieja", "It has been changed since it was read.")
	// ErrDesconocido: a member of the body is the id of a depot, truck, shift or driver that does not exist.
	ErrDesconocido = fault.New(fault.Invalid, "referencia-desconocida",
		"Something named in the request does not exist.")
	// ErrValor: a member has a value that is not possible.
	ErrValor = fault.New(fault.Invalid, "valor-invalido", "A value is not possible.")
)

// ErrOtroCuerpo answers a call with an idempotency key that an earlier call has used with another body.
var ErrOtroCuerpo = errors.New("flota: key used with another body")

// errCarrera says that another transaction changed the row first; escribir tries the whole effect again.
var errCarrera = errors.New("flota: lost a race")
