package cupos

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// ventanaRechazos is how long a refused payment counts.
const ventanaRechazos = time.Hour

// Pagador is who pays by card, and from where.
type Pagador struct {
	Cliente string
	Origen  string // keyed digest of the caller's address; empty: not known, and not counted
}

// cuentas are the documents in which the refusals of p count, with their bounds.
func (c *Cupos) cuentas(p Pagador) map[string]int {
	out := map[string]int{"rechazos:cliente:" + p.Cliente: c.o.Topes.RechazosCliente}
	if p.Origen != "" {
		out["rechazos:origen:"+p.Origen] = c.o.Topes.RechazosDesdeUna
	}
	return out
}

// Rechazado counts the refused payment of an order's intento, once however often it is called. Errors: those of the
// store.
func (c *Cupos) Rechazado(ctx context.Context, p Pagador, id string, intento int64) error {
	quien := fmt.Sprintf("%s:%d", id, intento)
	for cuenta, tope := range c.cuentas(p) {
		err := c.cambiar(ctx, cuenta, func(d *pedido.Cupo) (bool, error) {
			ahora := c.o.Ahora()
			if d.Tiene(quien) {
				return false, nil
			}
			d.Puestos = d.Recientes(ventanaRechazos, ahora)
			d.Poner(quien, ahora)
			d.Puestos = d.Puestos[max(0, len(d.Puestos)-tope):] // the latest decide
			d.Vence = pedido.Instante(ahora.Add(ventanaRechazos))
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Espera gives how long p has to wait until a card may be tried again; 0: not at all. Errors: those of the store.
func (c *Cupos) Espera(ctx context.Context, p Pagador) (espera time.Duration, err error) {
	for cuenta, tope := range c.cuentas(p) {
		d, err := c.o.Cupos.Leer(ctx, cuenta)
		if err != nil {
			return 0, err
		}
		ahora := c.o.Ahora()
		if hay := d.Recientes(ventanaRechazos, ahora); len(hay) >= tope {
			// A place of a clock that was ahead counts for an hour from now at most.
			libre := min(hay[len(hay)-tope].En.Add(ventanaRechazos).Sub(ahora), ventanaRechazos)
			espera = max(espera, libre, time.Second)
		}
	}
	return espera, nil
}
