package module

import (
	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/rest"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/fault"
	"despensa/platform/httpapi"
)

// Ayudas are the help texts of the module's problem codes, in Spanish, by code.
func Ayudas() map[string]httpapi.Help { return rest.Ayudas() }

// Codigos are the module's errors that the API answers with, one help page each.
func Codigos() []*fault.Error {
	return []*fault.Error{
		rutas.ErrFueraDeArea, rutas.ErrVentana, rutas.ErrSinLugar, rutas.ErrLiberada, rutas.ErrYaSalio, rutas.ErrSinVisita,
		telemetria.ErrMomento, rest.ErrAlgoritmo, flota.ErrRepartidor, flota.ErrRepartidorExiste, flota.ErrLegajo,
		flota.ErrDispositivo, flota.ErrDeposito, flota.ErrCamion, flota.ErrTurno, flota.ErrCodigo, flota.ErrPatente,
		flota.ErrSuperpuesto, flota.ErrOcupado, flota.ErrVisitasFirmes, flota.ErrCamionAfuera, flota.ErrCamionEnCasa,
		flota.ErrInactivo, flota.ErrTurnoCerrado, flota.ErrNadaQueLlevar, flota.ErrEstadoVisita, flota.ErrVersion,
		flota.ErrDesconocido, flota.ErrValor,
	}
}
