package reservas

import (
	"context"
	"fmt"

	"despensa/modules/pedidos/internal/existencias"
)

// Retorno is goods of an order that came back after their delivery.
type Retorno struct {
	Pedido             string
	Intento            int64 // the intento that was delivered
	Producto, Deposito string
	existencias.Retorno
}

// Retornar notes goods that came back, into stock or thrown away. A repeated call changes
// nothing. Nor does a call for a sale that was never made or has been given back whole. Errors: those of the store.
func (a *Reservas) Retornar(ctx context.Context, retorno Retorno) error {
	venta := existencias.IDVenta(retorno.Pedido, retorno.Intento, retorno.Producto)
	o := &operacion{
		partes: []parte{nuevaParte(retorno.Producto, retorno.Deposito)},
		movimientos: []string{
			venta,
			existencias.IDVentaDeshecha(venta),
			existencias.IDRetorno(venta, retorno.Retorno),
		},
	}
	o.aplicar = func(ds []*documento) error {
		d := ds[0]
		v, vendida := d.movimiento(venta)
		_, devuelta := d.movimiento(existencias.IDVentaDeshecha(venta))
		_, hecho := d.movimiento(existencias.IDRetorno(venta, retorno.Retorno))
		if !vendida || devuelta || hecho {
			return nil
		}
		return d.cambiar(func(e *existencias.Existencia) error {
			e.Retornar(v, retorno.Retorno, a.ahora())
			return nil
		})
	}
	if err := a.cola.pedir(ctx, o); err != nil {
		return fmt.Errorf("reservas: product %s: %w", retorno.Producto, err)
	}
	return nil
}
