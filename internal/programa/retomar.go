package programa

import (
	"context"
	"fmt"

	"despensa/internal/ajustes"
	clientesmod "despensa/modules/clientes/module"
	pagosmod "despensa/modules/pagos/module"
	pedidosmod "despensa/modules/pedidos/module"
	rutasmod "despensa/modules/rutas/module"
	"despensa/platform/wiring"
)

// Retomada is how many rows of a module Retomar has put back to work.
type Retomada struct {
	Modulo string
	Cuanto int64
}

// Retomar puts the rows that each module has set aside, because they could not be read, back to work. Other instances
// may use the stores meanwhile. A row that still cannot be read is set aside anew.
func Retomar(
	ctx context.Context,
	configuracion ajustes.Configuracion,
) (out []Retomada, err error) {
	for _, modulo := range []struct {
		nombre  string
		retomar func() (int64, error)
	}{
		{"pedidos", func() (int64, error) {
			return pedidosmod.Retomar(ctx, pedidosmod.Opciones{
				Options: wiring.Options{
					Folder: configuracion.Datos,
				},
				Config: configuracion.Pedidos,
			})
		}},
		{"pagos", func() (int64, error) {
			return pagosmod.Retomar(ctx, pagosmod.Opciones{
				Options: wiring.Options{
					Folder: configuracion.Datos,
				},
				Config: configuracion.Pagos,
			})
		}},
		{"rutas", func() (int64, error) {
			return rutasmod.Retomar(ctx, rutasmod.Opciones{
				Options: wiring.Options{
					Folder: configuracion.Datos,
				},
				Config: configuracion.Rutas,
			})
		}},
		{"clientes", func() (int64, error) {
			return clientesmod.Retomar(ctx, clientesmod.Opciones{
				Options: wiring.Options{
					Folder: configuracion.Datos,
				},
				Config: configuracion.Clientes,
			})
		}},
	} {
		n, err := modulo.retomar()
		if err != nil {
			return out, fmt.Errorf("%s: %w", modulo.nombre, err)
		}
		out = append(out, Retomada{modulo.nombre, n})
	}
	return out, nil
}
