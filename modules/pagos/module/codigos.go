package module

import (
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/rest"
	"despensa/platform/fault"
	"despensa/platform/httpapi"
)

// Ayudas explains each problem code of this module to customers, by code.
func Ayudas() map[string]httpapi.Help { return rest.Ayudas() }

// Codigos are the public errors of this module, for their pages.
func Codigos() []*fault.Error {
	return []*fault.Error{
		pagos.ErrRechazado, pagos.ErrPendiente, pagos.ErrVencido, pagos.ErrSinPasarela, pagos.ErrAnulado, pagos.ErrEnCurso,
		pagos.ErrMonto, pagos.ErrMetodo, pagos.ErrSinCobro, pagos.ErrReembolsado, pagos.ErrReembolsoRechazado,
		cobros.ErrFirma, cobros.ErrProveedor,
	}
}
