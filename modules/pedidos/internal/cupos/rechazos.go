package cupos

import (
	"context"
	"fmt"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// ventanaRechazos is how long a refused payment counts.
const ventanaRechazos = time.Hour

// Pagador is the customer that pays by card, and the address that the request comes from.
type Pagador struct {
	Cliente string
	Origen  string // keyed digest of the caller's address; empty: not known, and not counted
}

// cuenta is a document in which refusals count, with its bound.
type cuenta struct {
	id   string
	tope int
}

// cuentas are the accounts in which a refusal of pagador counts: that of the customer first, then that of the address.
func (c *Cupos) cuentas(pagador Pagador) []cuenta {
	out := []cuenta{{"rechazos:cliente:" + pagador.Cliente, c.o.Topes.RechazosCliente}}
	if pagador.Origen != "" {
		out = append(
			out,
			cuenta{"rechazos:origen:" + pagador.Origen, c.o.Topes.RechazosDesdeUna},
		)
	}
	return out
}

// Rechazado counts the refused payment of an order's intento, once however often it is called. Errors: those of the
// store.
func (c *Cupos) Rechazado(
	ctx context.Context,
	pagador Pagador,
	id string,
	intento int64,
) error {
	quien := fmt.Sprintf("%s:%d", id, intento)
	for _, x := range c.cuentas(pagador) {
		err := c.cambiar(ctx, x.id, func(cupo *pedido.Cupo) (bool, error) {
			ahora := c.o.Ahora()
			if cupo.Tiene(quien) {
				return false, nil
			}
			cupo.Puestos = cupo.Recientes(ventanaRechazos, ahora)
			cupo.Poner(pedido.Puesto{Quien: quien, En: ahora})
			// The latest tope refusals are enough to decide.
			sobran := max(0, len(cupo.Puestos)-x.tope)
			cupo.Puestos = cupo.Puestos[sobran:]
			cupo.Vence = pedido.Instante(ahora.Add(ventanaRechazos))
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Espera gives how long pagador has to wait until a card may be tried again; 0: pagador may try now. Errors: those of
// the store.
func (c *Cupos) Espera(ctx context.Context, pagador Pagador) (time.Duration, error) {
	_, espera, err := c.contar(ctx, pagador)
	return espera, err
}

// contar gives how many cards of the customer were refused within the hour, and how long pagador has to wait.
func (c *Cupos) contar(
	ctx context.Context,
	pagador Pagador,
) (rechazos int, espera time.Duration, err error) {
	cuentas := c.cuentas(pagador)
	ids := make([]string, 0, len(cuentas))
	for _, x := range cuentas {
		ids = append(ids, x.id)
	}
	ds, err := c.o.Cupos.LeerVarios(ctx, ids)
	if err != nil {
		return 0, 0, err
	}
	ahora := c.o.Ahora()
	for i, x := range cuentas {
		cupo := ds[i]
		hay := cupo.Recientes(ventanaRechazos, ahora)
		if i == 0 {
			rechazos = len(hay)
		}
		if len(hay) >= x.tope {
			// A place of a clock that was ahead counts for an hour from now at most.
			libre := min(
				hay[len(hay)-x.tope].En.Add(ventanaRechazos).Sub(ahora),
				ventanaRechazos,
			)
			espera = max(espera, libre, time.Second)
		}
	}
	return rechazos, espera, nil
}
