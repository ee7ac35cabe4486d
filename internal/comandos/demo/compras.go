package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"despensa/internal/apiclient"

	"golang.org/x/sync/errgroup"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// compra is one order of the day. Only the goroutine of its customer writes it, until the shop is closed.
type compra struct {
	plan  plan
	clave string // prefix of the idempotency keys of its calls
	id    string
}

// llave is the idempotency key of one call for the order.
func (c *compra) llave(
	que string,
) apiclient.Option {
	return apiclient.WithKey(c.clave + "-" + que)
}

// comprar makes the customer's calls for one order, from its placing to its rest.
func (d *dia) comprar(ctx context.Context, compra *compra) error {
	cliente := d.gente[compra.plan.comprador]
	pago, err := d.pago(ctx, compra.plan.clase)
	if err != nil {
		return err
	}
	if err := d.pedir(ctx, cliente, compra, pago); err != nil {
		return err
	}
	d.mu.Lock()
	d.suya[compra.id] = compra
	d.mu.Unlock()
	d.pedidos.Add(1)
	return d.seguir(ctx, cliente, compra)
}

// pedir places the order. An order of class dosVeces is sent twice with one key and must be made once.
func (d *dia) pedir(
	ctx context.Context,
	cliente comprador,
	compra *compra,
	pago apiclient.PedidosPagoPedido,
) error {
	nuevo := apiclient.PedidosNuevoPedido{
		DireccionID: cliente.direcciones[compra.plan.direccion],
		Lineas:      d.lineas(compra.plan.renglones),
		Pago:        pago,
	}
	veces := make([]string, 1)
	if compra.plan.clase == dosVeces {
		veces = make([]string, 2)
	}
	g, todas := errgroup.WithContext(ctx)
	for i := range veces {
		g.Go(func() error {
			p, err := d.conLugar(todas, func() (apiclient.PedidosPedido, error) {
				return cliente.CrearPedido(todas, nuevo, compra.llave("pedido"))
			})
			veces[i] = p.ID
			return err
		})
	}
	err := g.Wait()
	// Refused cards of an earlier demo count for an hour; this customer pays by transfer.
	if apiclient.Code(err) == "demasiados-rechazos" {
		return d.pedirPorTransferencia(ctx, cliente, compra, nuevo)
	}
	if err != nil {
		return err
	}
	if compra.id = veces[0]; compra.id != veces[len(veces)-1] {
		return errors.New("one key has made two orders")
	}
	return nil
}

// pedirPorTransferencia places the order by transfer, for a customer with cards that the shop does not take at the
// moment.
func (d *dia) pedirPorTransferencia(
	ctx context.Context, cliente comprador, compra *compra, nuevo apiclient.PedidosNuevoPedido,
) (err error) {
	if compra.plan.otros != nil {
		nuevo.Lineas = d.lineas(compra.plan.otros)
	}
	compra.plan.clase = transfiere
	if nuevo.Pago, err = d.pago(ctx, transfiere); err != nil {
		return err
	}
	p, err := d.conLugar(ctx, func() (apiclient.PedidosPedido, error) {
		return cliente.CrearPedido(ctx, nuevo, compra.llave("transferencia"))
	})
	compra.id = p.ID
	return err
}

// conLugar calls pedir again while the customer has too many orders that wait for payment.
func (d *dia) conLugar(
	ctx context.Context, pedir func() (apiclient.PedidosPedido, error),
) (apiclient.PedidosPedido, error) {
	hasta := time.Now().Add(plazoPedido)
	for {
		p, err := pedir()
		if apiclient.Code(err) != "demasiados-pendientes" || !time.Now().Before(hasta) {
			return p, err
		}
		if err := dormir(ctx, mirada); err != nil {
			return p, err
		}
	}
}

// lineas gives the lines of an order for parts of a plan.
func (d *dia) lineas(partes []parte) (ls []apiclient.PedidosLineaPedida) {
	for _, p := range partes {
		ls = append(
			ls,
			apiclient.PedidosLineaPedida{
				ProductoID: d.productos[p.producto].ID,
				Cantidad:   int64(p.cantidad),
			},
		)
	}
	return ls
}

// seguir makes the calls that the class of the order needs after its placing: retry, cancellation, payment.
func (d *dia) seguir(ctx context.Context, cliente comprador, compra *compra) error {
	switch compra.plan.clase {
	case otraTarjeta:
		pago, err := d.tarjeta(ctx, "APRO")
		if err != nil {
			return err
		}
		return d.reintentar(ctx, cliente, compra, apiclient.PedidosCuerpoReintento{Pago: &pago})
	case otrasLineas:
		return d.reintentar(
			ctx,
			cliente,
			compra,
			apiclient.PedidosCuerpoReintento{Lineas: d.lineas(compra.plan.otros)},
		)
	case cancela:
		if compra.plan.espera {
			if err := d.hasta(ctx, cliente, compra.id, 1, "confirmado", "fallido"); err != nil {
				return err
			}
		}
		return d.cancelar(ctx, cliente, compra)
	case sinPagar:
		if err := d.hasta(ctx, cliente, compra.id, 1, "pago_pendiente", "fallido"); err != nil {
			return err
		}
		return d.cancelar(ctx, cliente, compra)
	case enEfectivo, transfiere, enRevision:
		if err := d.hasta(ctx, cliente, compra.id, 1, "pago_pendiente", "fallido"); err != nil {
			return err
		}
		if err := d.pagar(ctx, compra.id); err != nil {
			return err
		}
	}
	return d.hasta(ctx, cliente, compra.id, 1, "confirmado", "fallido")
}

// reintentar waits for the failure that the plan expects and tries again with another card or other lines.
func (d *dia) reintentar(
	ctx context.Context,
	cliente comprador,
	compra *compra,
	pedidosCuerpoReintento apiclient.PedidosCuerpoReintento,
) error {
	if err := d.hasta(ctx, cliente, compra.id, 1, "fallido"); err != nil {
		return err
	}
	for { // the failed attempt gives its stock, room and money back before a retry is allowed
		p, err := cliente.VerPedido(ctx, compra.id)
		if err != nil {
			return err
		}
		if slices.Contains(p.Acciones, "reintentar") {
			break
		}
		if err := dormir(ctx, mirada); err != nil {
			return err
		}
	}
	_, err := cliente.ReintentarPedido(
		ctx,
		compra.id,
		pedidosCuerpoReintento,
		compra.llave("reintento"),
	)
	if apiclient.Code(err) == "demasiados-rechazos" {
		compra.plan.clase = sinFondos // the customer gives up
		return nil
	}
	if err != nil {
		return err
	}
	return d.hasta(ctx, cliente, compra.id, 2, "confirmado", "fallido")
}

// cancelar cancels the order; a refusal because its truck has left is no error.
func (d *dia) cancelar(ctx context.Context, cliente comprador, compra *compra) error {
	_, err := cliente.CancelarPedido(
		ctx,
		compra.id,
		apiclient.PedidosCancelacion{Motivo: "ya no lo necesito"},
		compra.llave("cancelacion"),
	)
	if apiclient.Code(err) == "paso-no-permitido" {
		return nil
	}
	return err
}

// hasta follows the order's stream until it is in one of estados in its n-th intento.
func (d *dia) hasta(
	ctx context.Context,
	cliente comprador,
	id string,
	n int64,
	estados ...string,
) error {
	ctx, cancelar := context.WithTimeoutCause(ctx, plazoPedido,
		fmt.Errorf("order %s has not become %v in %v", id, estados, plazoPedido))
	defer cancelar()
	for s, err := range cliente.SeguirPedido(ctx, id) {
		if err != nil {
			return causa(ctx, err)
		}
		if s.Data.Intento >= n && slices.Contains(estados, s.Data.A) {
			return nil
		}
	}
	return ctx.Err()
}

// pago is the payment of a customer of that class.
func (d *dia) pago(ctx context.Context, clase clase) (apiclient.PedidosPagoPedido, error) {
	switch clase {
	case enEfectivo, sinPagar:
		return apiclient.PedidosPagoPedido{Metodo: "efectivo"}, nil
	case transfiere:
		return apiclient.PedidosPagoPedido{Metodo: "transferencia"}, nil
	case otraTarjeta, sinFondos:
		return d.tarjeta(ctx, "FUND")
	case enRevision:
		return d.tarjeta(ctx, "CONT")
	}
	return d.tarjeta(ctx, "APRO")
}

const simulador = "/dev/mercadopago"

// tarjeta gets the token of a card from the gateway's simulator, by the call of a browser. The name of the holder
// decides how the simulator treats the card.
func (d *dia) tarjeta(
	ctx context.Context,
	titular string,
) (apiclient.PedidosPagoPedido, error) {
	var r struct {
		ID string `json:"id"`
	}
	err := d.nadie.Do(ctx, http.MethodPost, simulador+"/v1/card_tokens", map[string]any{
		"card_number":      "5031755734530604",
		"expiration_month": 11,
		"expiration_year":  d.abrio.Year() + 3,
		"security_code":    "123",
		"cardholder": map[string]any{
			"name":           titular,
			"identification": map[string]any{"type": "DNI", "number": "12345678"},
		},
	}, &r)
	return apiclient.PedidosPagoPedido{
		Metodo: "tarjeta_credito",
		Token:  r.ID,
		Marca:  "master",
	}, err
}

// ordenDelSimulador is a row of the simulator's ledger.
type ordenDelSimulador struct {
	ID          string `json:"id"`
	Referencia  string `json:"referencia"`
	Estado      string `json:"estado"`
	Cobrado     int64  `json:"cobrado_centavos"`
	Reembolsado int64  `json:"reembolsado_centavos"`
}

// ordenesDelSimulador are the simulator's orders for one attempt of an order of the shop.
func (d *dia) ordenesDelSimulador(
	ctx context.Context,
	pedido string,
	intento int64,
) ([]ordenDelSimulador, error) {
	var h struct {
		Datos []ordenDelSimulador `json:"datos"`
	}
	referencia := url.QueryEscape(fmt.Sprintf("%s-%d", pedido, intento))
	err := d.nadie.Do(
		ctx,
		http.MethodGet,
		simulador+"/_control/libro?referencia="+referencia,
		nil,
		&h,
	)
	return h.Datos, err
}

// pagar makes the simulator settle the payment that an order waits for: at the counter, by transfer, or by the bank's
// approval.
func (d *dia) pagar(ctx context.Context, id string) error {
	hasta := time.Now().Add(plazoPedido)
	for time.Now().Before(hasta) {
		as, err := d.ordenesDelSimulador(ctx, id, 1)
		if err != nil {
			return err
		}
		if len(as) > 0 {
			err := d.nadie.Do(
				ctx,
				http.MethodPost,
				simulador+"/_control/ordenes/"+as[0].ID+"/pagar",
				nil,
				nil,
			)
			if p := (*apiclient.Problema)(nil); errors.As(err, &p) &&
				p.Status < http.StatusInternalServerError {
				return nil // an earlier call has settled the payment and its answer was lost
			}
			return err
		}
		if err := dormir(ctx, mirada); err != nil {
			return err
		}
	}
	return fmt.Errorf("nothing to pay for order %s", id)
}
