package ajustes

import (
	"fmt"
	"time"

	pedidos "despensa/modules/pedidos/module"
)

// contradicciones compares settings of different sections: each value is possible by itself, but not both together. It
// gives an error for each such pair.
func (c Configuracion) contradicciones() (errs []error) {
	for _, par := range []struct {
		menor, mayor   string
		valor, alcanza time.Duration
		porque         string
	}{
		{
			menor: "pagos.en_curso", valor: c.Pagos.EnCurso,
			mayor: "pedidos.lease", alcanza: pedidos.PlazoDeFase(c.Pedidos.Lease),
			porque: "a call of the gateway has to fit into three quarters of the lease",
		},
		{
			menor: "pagos.en_curso", valor: c.Pagos.EnCurso,
			mayor: "pedidos.plazos.pasarela", alcanza: c.Pedidos.Plazos.Pasarela,
			porque: "a silent gateway is waited for at least as long as one call of it may take",
		},
		{
			menor: "pedidos.espera.minima", valor: c.Pedidos.Espera.Minima,
			mayor: "pedidos.espera.maxima", alcanza: c.Pedidos.Espera.Maxima,
			porque: "the first wait is not longer than the longest",
		},
	} {
		if par.valor > par.alcanza {
			errs = append(
				errs,
				fmt.Errorf("%s contradicts %s: %s", par.menor, par.mayor, par.porque),
			)
		}
	}
	return errs
}
