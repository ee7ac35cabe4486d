// One purchase with the client that ogen makes. The environment gives the address (API), the caller's access token
// (TOKEN), the card token (TARJETA) and the Idempotency-Key (CLAVE). A line is printed for each step done: lee,
// error, compra.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ogen-go/ogen/ogenerrors"

	"cliente/despensa"
)

func main() {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	c, err := despensa.NewClient(os.Getenv("API"), caller{})
	if err != nil {
		log.Fatal(err)
	}

	products := expected[*despensa.PedidosListaProductoHeaders](
		c.ListarProductos(ctx, despensa.ListarProductosParams{})).Response
	addresses := expected[*despensa.ClientesListaDireccionHeaders](
		c.ListarDirecciones(ctx, despensa.ListarDireccionesParams{})).Response
	product := products.Datos[0]
	fmt.Println("lee", product.Nombre)

	order := despensa.PedidosNuevoPedido{
		DireccionID: addresses.Datos[0].ID,
		Lineas:      []despensa.PedidosLineaPedida{{ProductoID: product.ID, Cantidad: 1}},
		Pago: despensa.PedidosPagoPedido{
			Metodo: despensa.PedidosPagoPedidoMetodoTarjetaCredito,
			Marca:  despensa.NewOptString("master"),
			Token:  despensa.NewOptString(os.Getenv("TARJETA")),
		},
	}
	quoted := expected[*despensa.PedidosCotizacionHeaders](
		c.Cotizar(ctx, &despensa.PedidosNuevaCotizacion{
			DireccionID: order.DireccionID,
			Lineas:      order.Lineas,
		}),
	).Response

	order.TotalCentavos = despensa.NewOptInt64(quoted.TotalCentavos - 1)
	refused := expected[*despensa.ProblemaCotizacionHeaders](
		c.CrearPedido(ctx, &order, despensa.CrearPedidoParams{}),
	)
	problem := refused.Response
	if problem.Code != "precio-cambiado" ||
		problem.Cotizacion.Value.TotalCentavos != quoted.TotalCentavos {
		log.Fatalf("at another price than that of now: %+v", problem)
	}
	fmt.Println("error", problem.Code)

	order.TotalCentavos = despensa.NewOptInt64(quoted.TotalCentavos)
	params := despensa.CrearPedidoParams{
		IdempotencyKey: despensa.NewOptString(os.Getenv("CLAVE")),
	}
	placed := expected[*despensa.PedidosPedidoHeaders](
		c.CrearPedido(ctx, &order, params),
	).Response
	for placed.Estado != despensa.PedidosPedidoEstadoConfirmado {
		if placed.Estado == despensa.PedidosPedidoEstadoFallido {
			log.Fatalf("the order failed: %s", placed.Motivo.Value)
		}
		time.Sleep(200 * time.Millisecond)
		placed = expected[*despensa.VerPedidoOKHeaders](
			c.VerPedido(ctx, despensa.VerPedidoParams{ID: placed.ID}),
		).Response
	}
	events := expected[*despensa.PedidosListaEventoHeaders](
		c.ListarEventos(ctx, despensa.ListarEventosParams{ID: placed.ID})).Response
	fmt.Println("compra", placed.Codigo, "events:", len(events.Datos))
}

// caller sends the access token, and no cookie.
type caller struct{}

// Bearer returns the access token in TOKEN.
func (caller) Bearer(context.Context, despensa.OperationName) (despensa.Bearer, error) {
	return despensa.Bearer{Token: os.Getenv("TOKEN")}, nil
}

// Cookie leaves the cookie out.
func (caller) Cookie(context.Context, despensa.OperationName) (despensa.Cookie, error) {
	return despensa.Cookie{}, ogenerrors.ErrSkipClientSecurity
}

// expected ends the program when there was no answer, none that the client understands, or another kind than T.
func expected[T any](answer any, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	v, ok := answer.(T)
	if !ok {
		log.Fatalf("another answer: %+v", answer)
	}
	return v
}
