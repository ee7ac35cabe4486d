package existencias

import (
	"fmt"
	"time"
)

// Retorno is goods of a sale that came back after their delivery, of one batch.
type Retorno struct {
	Devolucion string // id of the order's return
	Numero     int    // place of these goods among all that came back of the order; each has a movement
	Toma
	Descarte bool // thrown away; else they are stock again
}

// IDRetorno is the id of the movement by which retorno came in. Goods that were thrown away went out again by a
// second movement, with IDDescarte.
func IDRetorno(venta string, retorno Retorno) string {
	return fmt.Sprintf("%s:retorno:%s:%d", venta, retorno.Devolucion, retorno.Numero)
}

// IDDescarte is the id of the movement by which goods that came in under retorno went out.
func IDDescarte(retorno string) string { return retorno + ":descarte" }

// Retornar notes goods that came back: they come in, and go out at once where they were
// thrown away. The caller has made sure that the movement IDRetorno is not published yet; an
// unpublished one is recognised here.
func (e *Existencia) Retornar(venta Movimiento, retorno Retorno, ahora time.Time) {
	entra := Movimiento{
		ID:       IDRetorno(venta.ID, retorno),
		Producto: e.Producto,
		Deposito: e.Deposito,
		Cantidad: retorno.Cantidad,
		Motivo:   MotivoVentaDeshecha,
		Tomas:    []Toma{retorno.Toma},
		Pedido:   venta.Pedido,
		Vuelta:   venta.Vuelta,
		En:       ahora,
	}
	if _, ok := e.Movimiento(entra.ID); ok {
		return
	}
	e.Movimientos = append(e.Movimientos, entra)
	if !retorno.Descarte {
		e.reponer(entra.Tomas)
		return
	}
	sale := entra
	sale.ID = IDDescarte(entra.ID)
	sale.Cantidad = -retorno.Cantidad
	sale.Motivo = MotivoDescarte
	e.Movimientos = append(e.Movimientos, sale)
}
