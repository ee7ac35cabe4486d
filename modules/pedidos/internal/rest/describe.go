package rest

import (
	"slices"

	"despensa/modules/clientes"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
	"despensa/platform/audit"
	"despensa/platform/fault"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

// ConPermitidos are the members that the problem paso-no-permitido has beside those of every problem.
type ConPermitidos struct {
	Permitidos []string `json:"permitidos,omitempty" crece:"preprocesar,esperar_pago,autorizar,aceptar,confirmar,despachar,entregar,reprogramar,fallar,reintentar,rechazar,cancelar,devolver" doc:"With paso-no-permitido: the steps that the order's estado allows; a caller takes cancelar, reintentar and devolver, the company the others."`
}

// ConCotizacion are the members that the problem precio-cambiado has beside those of every problem.
type ConCotizacion struct {
	Cotizacion *Cotizacion `json:"cotizacion,omitempty" doc:"With precio-cambiado: the order at the prices of now. Show it, and call again with its total_centavos and a new key."`
}

// Errors that several operations answer.
var (
	sinPedido   = httpapi.Failures(app.ErrNoExiste, app.ErrIlegible)
	sinProducto = httpapi.Failures(app.ErrSinProducto)
	sinPaso     = httpapi.Failure{Error: pedido.ErrPaso, Members: ConPermitidos{}}
	otroPrecio  = httpapi.Failure{Error: app.ErrPrecio, Members: ConCotizacion{}}
	alCotizar   = httpapi.Failures(
		app.ErrCliente,
		clientes.ErrNoExiste,
		clientes.ErrSinClave,
		clientes.ErrDireccion,
		app.ErrProducto,
		app.ErrRepetido,
		app.ErrTotal,
	)
	alPedir = append(
		httpapi.Failures(
			app.ErrCorreo,
			app.ErrPago,
			rutas.ErrFueraDeArea,
			app.ErrVentana,
			app.ErrLentos,
			app.ErrRechazos,
		),
		otroPrecio,
	)
)

// loPropio are the errors of a reference and of metadata, which an integrator writes on an order.
var loPropio = httpapi.Failures(pedido.ErrPersonal, pedido.ErrReferencia, pedido.ErrMetadatos)

// y joins lists of errors into one.
func y(listas ...[]httpapi.Failure) []httpapi.Failure { return slices.Concat(listas...) }

// deUno is the list of failure and mas. Of them, failure alone adds members to its problem.
func deUno(failure httpapi.Failure, mas ...*fault.Error) []httpapi.Failure {
	return append(httpapi.Failures(mas...), failure)
}

// describe describes the operations in the OpenAPI document: a text, the success, and the errors of each.
func describe(api huma.API) {
	httpapi.AddTag(
		api,
		tema,
		"The catalogue and its stock; quotes, orders, and the actions on them until "+
			"their money and their goods are where they belong.",
	)
	httpapi.AddSheets(api, describeProductos())
	httpapi.AddSheets(api, describePedidos())
	httpapi.AddSheets(api, describeAcciones())
	httpapi.AddSheets(api, describeDevoluciones())
	httpapi.AddSheets(api, describeSoporte())
}

// describeProductos describes the catalogue and stock moved by hand.
func describeProductos() map[string]httpapi.Sheet {
	return map[string]httpapi.Sheet{
		"listar-productos": {
			Text: "Active products with their price and their free units. `q` searches names.",
		},
		"ver-producto": {
			Text:     "Also one that is not sold any more (`activo` is false).",
			Failures: sinProducto,
		},
		"crear-producto": {
			Text:     "It is sold at once unless `activo` is false; it has no stock until a movement brings some.",
			Success:  "The new product.",
			Failures: httpapi.Failures(catalogo.ErrProducto),
		},
		"cambiar-producto": {
			Text:     "Members that are absent stay. Orders keep the prices that they were placed at.",
			Success:  "The product as it now stands.",
			Failures: y(sinProducto, httpapi.Failures(app.ErrVersion, catalogo.ErrProducto)),
		},
		"mover-stock": {
			Text: "Stock that came in or went out other than by an order: a purchase, a count, a loss. " +
				"Goods that have expired do " +
				"not come in; they may go out.",
			Success: "The movement.",
			Failures: y(
				sinProducto,
				httpapi.Failures(
					app.ErrCantidad,
					app.ErrDeposito,
					app.ErrStock,
					app.ErrLotes,
					app.ErrVencido,
					app.ErrFecha,
				),
			),
		},
		"listar-movimientos": {
			Text: "Every movement of a product, by hand or by an order. With `lote` it answers a recall: which orders a " +
				"batch went to.",
			Failures: sinProducto,
		},
	}
}

// describePedidos describes quotes, new orders, reading and following orders, and the diary.
func describePedidos() map[string]httpapi.Sheet {
	return map[string]httpapi.Sheet{
		"cotizar": {
			Text:     "Prices, sums, free delivery windows and short products, as they are now. Nothing is reserved.",
			Success:  "The quote.",
			Failures: alCotizar,
		},
		"crear-pedido": {
			Text: `Places an order. Its price is what the catalogue says now; with ` +
				"`total_centavos`" + ` an order at another
price is refused with 409 ` + "`precio-cambiado`" + ` and the new quote.

**201 is only the beginning**: the order is ` + "`creado`" +
				`, and stock, payment and truck are settled behind the answer. Follow
it with ` + "`GET /pedidos/{id}/vivo`" + `, or read ` + "`GET /pedidos/{id}`" +
				` (the header Location) until ` + "`estado`" + ` is

- ` + "`confirmado`" + `: it is paid and has a place on a truck;
- ` + "`pago_pendiente`" + `: the customer has to pay: ` + "`pago.instrucciones`" +
				` says where, ` + "`pago.desafio`" + ` is the page of the bank;
- ` + "`fallido`" + `: ` + "`motivo`" + ` says why; ` + "`POST /pedidos/{id}/reintento`" +
				` tries again, with what you mend;
- ` + "`rechazado`" + ` or ` + "`cancelado`" + `: it is over, and nothing is charged.

` + "`acciones`" + ` of an order says at any time what you may do with it. A card needs a ` + "`token`" +
				` of the gateway, good for one
try: the beginning of this document says where it comes from. Send an ` + "`Idempotency-Key`" +
				`, so that a call whose answer was
lost can be sent again.`,
			Success:  "The order at its beginning.",
			Failures: y(alCotizar, alPedir, loPropio),
		},
		"listar-pedidos": {
			Text: "Newest first. A customer sees their own orders; operators and machines see all, and may narrow " +
				"by customer.",
			Failures: httpapi.Failures(ErrCodigo),
		},
		"listar-diario": {
			Text: "Every event of every order, once, in one order that never changes; those of one order stand in " +
				"their sequence. An event is here about a second after it happened. `siguiente` is always given, " +
				"on an empty page too: keep it, and go on from it whenever you like; it does not expire. A page shorter than " +
				"`limite` has reached the present end: wait before you ask again. Without `cursor` the list begins with the " +
				"oldest event; events of before release 0.5.0 stand first, order by order rather than by their time. " +
				"There are ids only: read the order for more.",
			Success: "A page of the diary.",
		},
		"ver-pedido": {
			Text:     "The order as it stands. `acciones` lists what this caller may do now: each is a POST below it.",
			Success:  "The order.",
			Failures: sinPedido,
		},
		"listar-eventos": {Text: "Every step of the order, newest first.", Failures: sinPedido},
		"seguir-pedido": {
			Text: "A stream of Server-Sent Events: first the past events, then each event as it happens. It resumes " +
				"behind `Last-Event-ID`. A browser's EventSource calls it with its session.",
			Failures: sinPedido,
		},
		"ver-maquina": {
			Text: "Which estados there are and which step leads from where to where; with " +
				"`Accept: text/vnd.mermaid` as a diagram.",
			Success: "The machine, as JSON or as a diagram.",
		},
	}
}

// describeAcciones describes the actions on an order: retry, cancel and refund.
func describeAcciones() map[string]httpapi.Sheet {
	return map[string]httpapi.Sheet{
		"reintentar-pedido": {
			Text: "Begins the next of three tries of an order that is `fallido`. " +
				"A member that is absent from the body stays as it " +
				"was, but for a card's token, which is good for one try. The answer has the next `intento` already, " +
				"also while the last one is being undone; a second call is then 409.",
			Success: "The order as it now stands.",
			Failures: y(
				sinPedido,
				alCotizar,
				alPedir,
				deUno(
					sinPaso,
					pedido.ErrIntentos,
					pedido.ErrToken,
					pedido.ErrCancelando,
					pedido.ErrAcciones,
				),
			),
		},
		"cancelar-pedido": {
			Text: "Until its truck has left. Money that was taken goes back, and stock and truck are freed, behind the " +
				"answer.",
			Success:  "The order as it now stands.",
			Failures: y(sinPedido, deUno(sinPaso, pedido.ErrCancelando, pedido.ErrAcciones)),
		},
		"reembolsar-pedido": {
			Text: "Money of a paid order, in part or all that is left. 201 notes it; the gateway is asked behind the " +
				"answer, and `estado` says how the refund ended.",
			Success: "The refund, as it was noted.",
			Failures: y(
				sinPedido,
				deUno(sinPaso, pedido.ErrReembolso, pedido.ErrReembolsos, pedido.ErrAcciones),
			),
		},
		"listar-reembolsos": {
			Text:     "The refunds of the order, newest first: those that operators asked for and those of accepted returns.",
			Failures: sinPedido,
		},
	}
}

func describeDevoluciones() map[string]httpapi.Sheet {
	alResolver := deUno(
		sinPaso,
		pedido.ErrSinDevolucion,
		pedido.ErrResuelta,
		pedido.ErrAcciones,
	)
	return map[string]httpapi.Sheet{
		"devolver-pedido": {
			Text: "Goods of a delivered order come back. A customer's return is `pedida` until an operator accepts or " +
				"refuses it; an operator's own is accepted at once. Its money goes back behind the answer.",
			Success: "The return.",
			Failures: y(
				sinPedido,
				deUno(
					sinPaso,
					pedido.ErrDevolucion,
					pedido.ErrPlazo,
					pedido.ErrDevoluciones,
					pedido.ErrAcciones,
				),
			),
		},
		"listar-devoluciones": {Text: "Newest first.", Failures: sinPedido},
		"aceptar-devolucion": {
			Text: "Each line says where its goods go: back into stock (`existencias`, with their batch) or away " +
				"(`descarte`). Goods that no line names are thrown away.",
			Success: "The return as it now stands.",
			Failures: y(
				sinPedido,
				alResolver,
				httpapi.Failures(pedido.ErrDevolucion, pedido.ErrDevoluciones),
			),
		},
		"rechazar-devolucion": {
			Text:     "With a reason, which its customer reads.",
			Success:  "The return as it now stands.",
			Failures: y(sinPedido, alResolver),
		},
	}
}

func describeSoporte() map[string]httpapi.Sheet {
	return map[string]httpapi.Sheet{
		"ver-entrega": {
			Text: "Name, street, telephone and notes. Each look is recorded before anything is shown. A driver sees " +
				"them while the visit is on a shift of their truck that is not over.",
			Success:  "The recipient of the order, and the address.",
			Failures: y(sinPedido, httpapi.Failures(audit.ErrNoRecord, clientes.ErrSinClave)),
		},
		"ver-existencias": {
			Text:     "For those who help a customer: what is reserved for the order, and every movement that it made.",
			Success:  "The order's stock.",
			Failures: sinPedido,
		},
		"ver-expediente": {
			Text: "For those who help a customer: what each try did, when the order is taken up next, and for what it " +
				"waits. `despensa explicar CODIGO` shows it.",
			Success:  "The order's file.",
			Failures: sinPedido,
		},
	}
}
