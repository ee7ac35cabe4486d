// One purchase with the client that oapi-codegen makes. The environment gives the address (API), the caller's access
// token (TOKEN), the card token (TARJETA) and the Idempotency-Key (CLAVE). A line is printed for each step done: lee,
// error, compra.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"cliente/despensa"
)

func main() {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	c := answered(
		despensa.NewClientWithResponses(
			os.Getenv("API"),
			despensa.WithRequestEditorFn(authorize),
		),
	)

	products := answered(c.ListarProductosWithResponse(ctx, nil))
	addresses := answered(c.ListarDireccionesWithResponse(ctx, nil))
	product := expected(products.JSON200, products.Body).Datos[0]
	address := expected(addresses.JSON200, addresses.Body).Datos[0]
	fmt.Println("lee", product.Nombre)

	order := despensa.PedidosNuevoPedido{
		DireccionId: address.Id,
		Lineas:      []despensa.PedidosLineaPedida{{ProductoId: product.Id, Cantidad: 1}},
		Pago: despensa.PedidosPagoPedido{
			Metodo: despensa.PedidosPagoPedidoMetodoTarjetaCredito,
			Marca:  new("master"),
			Token:  new(os.Getenv("TARJETA")),
		},
	}
	quoted := answered(c.CotizarWithResponse(ctx, despensa.PedidosNuevaCotizacion{
		DireccionId: order.DireccionId,
		Lineas:      order.Lineas,
	}))
	total := expected(quoted.JSON200, quoted.Body).TotalCentavos

	order.TotalCentavos = new(total - 1)
	refused := answered(c.CrearPedidoWithResponse(ctx, nil, order))
	problem := expected(refused.ApplicationproblemJSON409, refused.Body)
	if problem.Code != "precio-cambiado" || problem.Cotizacion == nil ||
		problem.Cotizacion.TotalCentavos != total {
		log.Fatalf("at another price than that of now: %+v", problem)
	}
	fmt.Println("error", problem.Code)

	order.TotalCentavos = &total
	params := &despensa.CrearPedidoParams{IdempotencyKey: new(os.Getenv("CLAVE"))}
	created := answered(c.CrearPedidoWithResponse(ctx, params, order))
	placed := expected(created.JSON201, created.Body)
	for placed.Estado != despensa.PedidosPedidoEstadoConfirmado {
		if placed.Estado == despensa.PedidosPedidoEstadoFallido {
			log.Fatalf("the order failed: %s", *placed.Motivo)
		}
		time.Sleep(200 * time.Millisecond)
		read := answered(c.VerPedidoWithResponse(ctx, placed.Id))
		placed = expected(read.JSON200, read.Body)
	}
	events := answered(c.ListarEventosWithResponse(ctx, placed.Id, nil))
	fmt.Println(
		"compra",
		placed.Codigo,
		"events:",
		len(expected(events.JSON200, events.Body).Datos),
	)
}

// authorize sends the access token.
func authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))
	return nil
}

// answered ends the program when a call had no answer, or none that the client understands.
func answered[T any](v *T, err error) *T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// expected ends the program when the answer is of another kind than v.
func expected[T any](v *T, body []byte) *T {
	if v == nil {
		log.Fatalf("another answer: %s", body)
	}
	return v
}
