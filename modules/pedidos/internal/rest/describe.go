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
	sinPedido   = httpapi.Fallan(app.ErrNoExiste, app.ErrIlegible)
	sinProducto = httpapi.Fallan(app.ErrSinProducto)
	sinPaso     = httpapi.Falla{Error: pedido.ErrPaso, Miembros: ConPermitidos{}}
	otroPrecio  = httpapi.Falla{Error: app.ErrPrecio, Miembros: ConCotizacion{}}
	alCotizar   = httpapi.Fallan(app.ErrCliente, clientes.ErrNoExiste, clientes.ErrSinClave, clientes.ErrDireccion,
		app.ErrProducto, app.ErrRepetido, app.ErrTotal)
	alPedir = append(httpapi.Fallan(app.ErrCorreo, app.ErrPago, rutas.ErrFueraDeArea, app.ErrVentana, app.ErrLentos,
		app.ErrRechazos), otroPrecio)
)

// loPropio are the errors of a reference and of metadata, which an integrator writes on an order.
var loPropio = httpapi.Fallan(pedido.ErrPersonal, pedido.ErrReferencia, pedido.ErrMetadatos)

// y joins lists of errors into one.
func y(listas ...[]httpapi.Falla) []httpapi.Falla { return slices.Concat(listas...) }

// deUno is the list of f and mas. Of them, f alone adds members to its problem.
func deUno(f httpapi.Falla, mas ...*fault.Error) []httpapi.Falla {
	return append(httpapi.Fallan(mas...), f)
}

// describe describes the operations in the OpenAPI document: a text, the success, and the errors of each.
func describe(api huma.API) {
	httpapi.Tema(api, tema, "The catalogue and its stock; quotes, orders, and what may be done with them until "+
		"their money and their goods are where they belong.")
	httpapi.Fichas(api, describeProductos())
	httpapi.Fichas(api, describePedidos())
	httpapi.Fichas(api, describeAcciones())
	httpapi.Fichas(api, describeDevoluciones())
	httpapi.Fichas(api, describeSoporte())
}

// describeProductos describes the catalogue and stock moved by hand.
func describeProductos() map[string]httpapi.Ficha {
	return map[string]httpapi.Ficha{
		"listar-productos": {Texto: "Active products with their price and what of them is free. `q` searches names."},
		"ver-producto":     {Texto: "Also one that is not sold any more (`activo` is false).", Fallas: sinProducto},
		"crear-producto": {
			Texto:  "It is sold at once unless `activo` is false; it has no stock until a movement brings some.",
			Exito:  "The new product.",
			Fallas: httpapi.Fallan(catalogo.ErrProducto),
		},
		"cambiar-producto": {Texto: "Members that are absent stay. Orders keep the prices that they were placed at.",
			Exito:  "The product as it now stands.",
			Fallas: y(sinProducto, httpapi.Fallan(app.ErrVersion, catalogo.ErrProducto))},
		"mover-stock": {
			Texto: "What came in or went out other than by an order: a purchase, a count, a loss. Goods that have expired do " +
				"not come in; they may go out.",
			Exito: "The movement.",
			Fallas: y(sinProducto,
				httpapi.Fallan(app.ErrCantidad, app.ErrDeposito, app.ErrStock, app.ErrLotes, app.ErrVencido, app.ErrFecha)),
		},
		"listar-movimientos": {
			Texto: "Every movement of a product, by hand or by an order. With `lote` it answers a recall: which orders a " +
				"batch went to.",
			Fallas: sinProducto,
		},
	}
}

// describePedidos describes quotes, new orders, reading and following orders, and the diary.
func describePedidos() map[string]httpapi.Ficha {
	return map[string]httpapi.Ficha{
		"cotizar": {Texto: "Prices, sums, free delivery windows and what is short, as they are now. Nothing is reserved.",
			Exito: "The quote.", Fallas: alCotizar},
		"crear-pedido": {
			Texto: `Places an order. Its price is what the catalogue says now; with ` +
				"`total_centavos`" + ` an order at another
price is refused with 409 ` + "`precio-cambiado`" + ` and the new quote.

**201 is only the beginning**: the order is ` + "`creado`" +
				`, and stock, payment and truck are settled behind the answer. Follow
it with ` + "`GET /pedidos/{id}/vivo`" + `, or read ` + "`GET /pedidos/{id}`" +
				` (the header Location) until ` + "`estado`" + ` is

- ` + "`confirmado`" + `: it is paid and has a place on a truck;
- ` + "`pago_pendiente`" + `: somebody has to pay: ` + "`pago.instrucciones`" +
				` says where, ` + "`pago.desafio`" + ` is the page of the bank;
- ` + "`fallido`" + `: ` + "`motivo`" + ` says why; ` + "`POST /pedidos/{id}/reintento`" +
				` tries again, with what you mend;
- ` + "`rechazado`" + ` or ` + "`cancelado`" + `: it is over, and nothing is charged.

` + "`acciones`" + ` of an order says at any time what you may do with it. A card needs a ` + "`token`" +
				` of the gateway, good for one
try: the beginning of this document says where it comes from. Send an ` + "`Idempotency-Key`" +
				`, so that a call whose answer was
lost can be sent again.`,
			Exito:  "The order at its beginning.",
			Fallas: y(alCotizar, alPedir, loPropio),
		},
		"listar-pedidos": {
			Texto: "Newest first. A customer sees their own orders; operators and machines see all, and may narrow " +
				"by customer.",
			Fallas: httpapi.Fallan(ErrCodigo),
		},
		"listar-diario": {
			Texto: "Every event of every order, once, in one order that never changes; those of one order stand in " +
				"their sequence. An event is here about a second after it happened. `siguiente` is always given, " +
				"on an empty page too: keep it, and go on from it whenever you like; it does not expire. A page shorter than " +
				"`limite` has reached the present end: wait before you ask again. Without `cursor` the list begins with the " +
				"oldest event; events of before release 0.5.0 stand first, order by order rather than by their time. " +
				"There are ids only: read the order for more.",
			Exito: "A page of the diary.",
		},
		"ver-pedido": {
			Texto:  "The order as it stands. `acciones` lists what this caller may do now: each is a POST below it.",
			Exito:  "The order.",
			Fallas: sinPedido,
		},
		"listar-eventos": {Texto: "Every step of the order, newest first.", Fallas: sinPedido},
		"seguir-pedido": {
			Texto: "A stream of Server-Sent Events: first what has happened, then each event as it happens. It resumes " +
				"behind `Last-Event-ID`. A browser's EventSource calls it with its session.",
			Fallas: sinPedido,
		},
		"ver-maquina": {
			Texto: "Which estados there are and which step leads from where to where; with " +
				"`Accept: text/vnd.mermaid` as a diagram.",
			Exito: "The machine, as JSON or as a diagram.",
		},
	}
}

// describeAcciones describes the actions on an order: retry, cancel and refund.
func describeAcciones() map[string]httpapi.Ficha {
	return map[string]httpapi.Ficha{
		"reintentar-pedido": {
			Texto: "Begins the next of three tries of an order that is `fallido`. What is absent from the body stays as it " +
				"was, but for a card's token, which is good for one try. The answer has the next `intento` already, " +
				"also while the last one is being undone; a second call is then 409.",
			Exito: "The order as it now stands.",
			Fallas: y(sinPedido, alCotizar, alPedir,
				deUno(sinPaso, pedido.ErrIntentos, pedido.ErrToken, pedido.ErrCancelando, pedido.ErrAcciones)),
		},
		"cancelar-pedido": {
			Texto: "Until its truck has left. Money that was taken goes back, and stock and truck are freed, behind the " +
				"answer.",
			Exito:  "The order as it now stands.",
			Fallas: y(sinPedido, deUno(sinPaso, pedido.ErrCancelando, pedido.ErrAcciones)),
		},
		"reembolsar-pedido": {
			Texto: "Money of a paid order, in part or all that is left. 201 notes it; the gateway is asked behind the " +
				"answer, and `estado` says what came of it.",
			Exito:  "The refund, as it was noted.",
			Fallas: y(sinPedido, deUno(sinPaso, pedido.ErrReembolso, pedido.ErrReembolsos, pedido.ErrAcciones)),
		},
		"listar-reembolsos": {Texto: "The refunds of the order, newest first: those that operators asked for and those of accepted returns.", Fallas: sinPedido},
	}
}

func describeDevoluciones() map[string]httpapi.Ficha {
	alResolver := deUno(sinPaso, pedido.ErrSinDevolucion, pedido.ErrResuelta, pedido.ErrAcciones)
	return map[string]httpapi.Ficha{
		"devolver-pedido": {
			Texto: "Goods of a delivered order come back. A customer's return is `pedida` until an operator accepts or " +
				"refuses it; an operator's own is accepted at once. Its money goes back behind the answer.",
			Exito: "The return.",
			Fallas: y(sinPedido,
				deUno(sinPaso, pedido.ErrDevolucion, pedido.ErrPlazo, pedido.ErrDevoluciones, pedido.ErrAcciones)),
		},
		"listar-devoluciones": {Texto: "Newest first.", Fallas: sinPedido},
		"aceptar-devolucion": {
			Texto: "Each line says where its goods go: back into stock (`existencias`, with their batch) or away " +
				"(`descarte`). What no line names is thrown away.",
			Exito:  "The return as it now stands.",
			Fallas: y(sinPedido, alResolver, httpapi.Fallan(pedido.ErrDevolucion, pedido.ErrDevoluciones)),
		},
		"rechazar-devolucion": {Texto: "With a reason, which its customer reads.", Exito: "The return as it now stands.",
			Fallas: y(sinPedido, alResolver)},
	}
}

func describeSoporte() map[string]httpapi.Ficha {
	return map[string]httpapi.Ficha{
		"ver-entrega": {
			Texto: "Name, street, telephone and notes. Each look is recorded before anything is shown. A driver sees " +
				"them while the visit is on a shift of their truck that is not over.",
			Exito:  "Who receives the order, and where.",
			Fallas: y(sinPedido, httpapi.Fallan(audit.ErrSinRegistro, clientes.ErrSinClave)),
		},
		"ver-existencias": {
			Texto:  "For those who help a customer: what is reserved for the order, and every movement that it made.",
			Exito:  "The order's stock.",
			Fallas: sinPedido,
		},
		"ver-expediente": {
			Texto: "For those who help a customer: what each try did, when the order is taken up next, and for what it " +
				"waits. `despensa explicar CODIGO` shows it.",
			Exito:  "The order's file.",
			Fallas: sinPedido,
		},
	}
}
