package flota

import (
	"errors"

	"despensa/platform/fault"
)

// Errors that only the HTTP face of the module knows.
var (
	ErrDeposito   = fault.New(fault.NotFound, "deposito-no-existe", "There is no such depot.")
	ErrCamion     = fault.New(fault.NotFound, "camion-no-existe", "There is no such truck.")
	ErrTurno      = fault.New(fault.NotFound, "turno-no-existe", "There is no such shift.")
	ErrRepartidor = fault.New(fault.NotFound, "repartidor-no-existe", "There is no such driver.")
	ErrCodigo     = fault.New(fault.Conflict, "codigo-repetido", "Another depot has this code.")
	ErrPatente    = fault.New(fault.Conflict, "patente-repetida", "Another truck has this plate.")
	// ErrRepartidorExiste: the login is a driver's already.
	ErrRepartidorExiste = fault.New(fault.Conflict, "repartidor-existe", "This login is a driver's already.")
	ErrLegajo           = fault.New(fault.Conflict, "legajo-repetido", "Another driver has this number.")
	ErrDispositivo      = fault.New(fault.Conflict, "dispositivo-repetido", "Another truck has this device.")
	ErrSuperpuesto      = fault.New(fault.Conflict, "turno-superpuesto", "The truck has another shift at that time.")
	// ErrOcupado: shifts that are open carry more than what is being changed would leave. It carries "visitas" and
	// "total" as ErrVisitasFirmes does, of provisional visits too.
	ErrOcupado = fault.New(fault.Conflict, "camion-ocupado", "Open shifts carry more than that.")
	// ErrVisitasFirmes carries "visitas", the ids of some firm visits, and "total", how many there are.
	ErrVisitasFirmes = fault.New(fault.Conflict, "visitas-firmes", "Firm visits are booked there.")
	// ErrCamionAfuera carries "turno_id", the shift of the run under way, and "hasta", its deadline.
	ErrCamionAfuera = fault.New(fault.Conflict, "camion-afuera", "The truck is out: its run is not over.")
	// ErrCamionEnCasa: there has been no run that could be ended.
	ErrCamionEnCasa = fault.New(fault.Conflict, "camion-en-casa", "The truck has never left.")
	// ErrInactivo carries "camion_id" or "deposito_id", what is out of service.
	ErrInactivo = fault.New(fault.Conflict, "fuera-de-servicio", "The truck or the depot of its shift is out of service.")
	// ErrTurnoCerrado: the truck has left, or the shift has ended.
	ErrTurnoCerrado = fault.New(fault.Conflict, "turno-cerrado", "The shift is over or its truck has left.")
	// ErrNadaQueLlevar: no open shift that runs or is about to begin has a firm visit, or the named one has none.
	ErrNadaQueLlevar = fault.New(fault.Conflict, "nada-que-llevar", "The truck has nothing to leave with.")
	// ErrEstadoVisita carries "permitidos": what may be done with the visit now.
	ErrEstadoVisita = fault.New(fault.Conflict, "visita-estado", "The state of the visit does not allow it.")
	// ErrVersion: the thing has been changed since it was read.
	ErrVersion = fault.New(fault.Stale, "version-vieja", "It has been changed since it was read.")
	// ErrDesconocido: a member names a thing that is not there.
	ErrDesconocido = fault.New(fault.Invalid, "referencia-desconocida", "Something named in the request does not exist.")
	// ErrValor: a member has a value that cannot be.
	ErrValor = fault.New(fault.Invalid, "valor-invalido", "A value is not possible.")
)

// ErrOtroCuerpo answers a key that came with another body.
var ErrOtroCuerpo = errors.New("flota: key used with another body")

// errCarrera says that another write came between; the whole effect is tried again.
var errCarrera = errors.New("flota: lost a race")
