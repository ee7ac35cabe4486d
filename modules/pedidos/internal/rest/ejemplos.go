package rest

import (
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"
	"despensa/platform/idempotency"
	"despensa/platform/money"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// partes are the parameters of an example's call, by name: those of the path, of the query and of the header.
type partes = map[string]string

// The idempotency keys under which the examples place orders, and the names of these examples, by which the
// examples of other operations name the order that must exist before them.
const (
	clavePrimero     = "pedido-0001"
	clavePorTelefono = "pedido-0003"
	claveRechazado   = "pedido-0004"

	primero     = "crear-pedido/transferencia"
	segundo     = "crear-pedido/segundo"
	porTelefono = "crear-pedido/por-telefono"
	rechazado   = "crear-pedido/tarjeta-rechazada"
)

// yerba is the id of a product of the demo catalogue.
var yerba = catalogo.IDDemo("yerba-mate-1kg")

// casaDe is the id of the address of the demo customer login.
func casaDe(login string) string {
	return idempotency.Derive("semilla", "direccion", httpapi.DemoSubject(login))
}

// nuevoDe is an order of two packets by the demo customer login, to be paid by pagoPedido.
func nuevoDe(login string, pagoPedido PagoPedido) NuevoPedido {
	return NuevoPedido{
		Lineas:      []LineaPedida{{yerba, 2}},
		DireccionID: casaDe(login),
		Pago:        pagoPedido,
	}
}

// ejemplos writes an example of every operation into the document.
func ejemplos(api huma.API) {
	httpapi.AddExamples(api, ejemplosProductos())
	httpapi.AddExamples(api, ejemplosPedidos())
	httpapi.AddExamples(api, ejemplosAcciones())
	httpapi.AddExamples(api, ejemplosDevoluciones())
}

// ejemplosProductos are the examples of the catalogue and of stock moved by hand.
func ejemplosProductos() map[string][]httpapi.Example {
	const (
		login = "admin"
		clave = "producto-0001"
		crear = "crear-producto"
	)
	nuevo := httpapi.DemoResourceID(login, "productos", clave)
	chimichurri := NuevoProducto{
		Nombre:         "Chimichurri 250 g",
		Categoria:      "conservas",
		PrecioCentavos: 185000,
		IVA:            money.IVA21,
		PesoGramos:     280,
		VolumenML:      300,
	}
	return map[string][]httpapi.Example{
		"listar-productos": {
			{Summary: "Mate", Parameters: partes{"q": "yerba", "categoria": "almacén"}},
		},
		"ver-producto": {{Parameters: partes{"id": yerba}}},
		crear: {{Summary: "Something new", As: login,
			Parameters: partes{"Idempotency-Key": clave}, Body: chimichurri}},
		"cambiar-producto": {
			{
				Summary:    "Another price",
				As:         login,
				Parameters: partes{"id": nuevo, "If-Match": `"1"`},
				Body:       map[string]int{"precio_centavos": 199000},
				After:      []string{crear},
			},
		},
		"mover-stock": {
			{
				Summary:    "A delivery of 100 units",
				As:         login,
				Parameters: partes{"id": yerba, "Idempotency-Key": "movimiento-0001"},
				Body:       NuevoMovimiento{Cantidad: 100, Motivo: "compra", Lote: "L-2026-03"},
			},
		},
		"listar-movimientos": {{Summary: "A recall: which orders a batch went to", As: login,
			Parameters: partes{
				"id":   yerba,
				"lote": "L-2026-03",
			},
			After: []string{"mover-stock"}}},
	}
}

// ejemplosPedidos are the examples of quotes, of new orders and of reading them. Other operations' examples
// build on the orders placed here: see the constants above.
func ejemplosPedidos() map[string][]httpapi.Example {
	const (
		cliente = "cliente1"
		otro    = "cliente2"
	)
	id := httpapi.DemoResourceID(cliente, "pedidos", clavePrimero)
	suID := oidc.IDOf(httpapi.DemoSubject(otro))
	transferencia := PagoPedido{Metodo: pagos.Transferencia}
	conReferencia := nuevoDe(cliente, transferencia)
	conReferencia.Referencia = "PO-2026-0001"
	conReferencia.Metadatos = Metadatos{"canal": "mostrador"}
	deOtro := nuevoDe(otro, PagoPedido{Metodo: pagos.Efectivo})
	deOtro.ClienteID = suID
	yo := oidc.IDOf(httpapi.DemoSubject(cliente))
	return map[string][]httpapi.Example{
		"cotizar": {{Summary: "Two packets of mate", As: cliente,
			Body: NuevaCotizacion{
				Lineas:      []LineaPedida{{yerba, 2}},
				DireccionID: casaDe(cliente),
			}}},
		"crear-pedido": {
			{Name: "transferencia", Summary: "To be paid by bank transfer", As: cliente,
				Parameters: partes{
					"Idempotency-Key": clavePrimero,
				}, Body: nuevoDe(cliente, transferencia)},
			{Name: "segundo", Summary: "With the integrator's own name for it", As: cliente,
				Parameters: partes{"Idempotency-Key": "pedido-0002"}, Body: conReferencia},
			{
				Name:       "por-telefono",
				Summary:    "An operator orders for a customer, who pays a voucher",
				As:         "operador",
				Parameters: partes{"Idempotency-Key": clavePorTelefono},
				Body:       deOtro,
			},
			{
				Name:       "tarjeta-rechazada",
				Summary:    "By a card whose token has expired: the order fails and may be tried again",
				As:         "cliente3",
				Parameters: partes{"Idempotency-Key": claveRechazado},
				Body: nuevoDe(
					"cliente3",
					PagoPedido{
						Metodo:         pagos.TarjetaCredito,
						Token:          "token-vencido",
						MarcaDeTarjeta: "master",
					},
				),
			},
		},
		"listar-diario": {
			{
				Summary:    "Which orders were made",
				As:         "admin",
				Parameters: partes{"tipo": "creado"},
				After:      []string{primero},
			},
		},
		"listar-pedidos": {
			{
				Summary: "By what is read out on the phone",
				As:      "operador",
				After:   []string{primero},
				Parameters: partes{
					"codigo":     pedido.Codigo(id),
					"cliente_id": yo,
					"estado":     string(pedido.Confirmado)},
			},
			{
				Name:       "por-referencia",
				Summary:    "By the integrator's own name",
				As:         cliente,
				After:      []string{segundo},
				Parameters: partes{"referencia": conReferencia.Referencia},
			},
		},
		"ver-pedido": {
			{As: cliente, Parameters: partes{"id": id}, After: []string{primero}},
		},
		"seguir-pedido": {
			{
				As:         cliente,
				Parameters: partes{"id": id, "Last-Event-ID": "1"},
				After:      []string{primero},
			},
		},
		"listar-eventos": {
			{As: cliente, Parameters: partes{"id": id}, After: []string{primero}},
		},
		"ver-maquina": {{Summary: "As a diagram", Parameters: partes{"Accept": mermaid}}},
	}
}

func ejemplosAcciones() map[string][]httpapi.Example {
	id := httpapi.DemoResourceID("cliente1", "pedidos", clavePrimero)
	return map[string][]httpapi.Example{
		"cancelar-pedido": {
			{Summary: "The customer called again", As: "operador", After: []string{porTelefono},
				Parameters: partes{
					"id":              httpapi.DemoResourceID("operador", "pedidos", clavePorTelefono),
					"Idempotency-Key": "cancelacion-0001",
				},
				Body: Cancelacion{Motivo: "ya no lo necesita"}},
		},
		"reintentar-pedido": {
			{
				Summary: "By another way to pay",
				As:      "cliente3",
				After:   []string{rechazado},
				When:    string(pedido.Fallido),
				Parameters: partes{
					"id":              httpapi.DemoResourceID("cliente3", "pedidos", claveRechazado),
					"Idempotency-Key": "reintento-0001",
				},
				Body: CuerpoReintento{Pago: &PagoPedido{Metodo: pagos.Transferencia}},
			},
		},
		"reembolsar-pedido": {
			{
				Summary:    "Part of the money",
				As:         "operador",
				After:      []string{primero},
				When:       string(pedido.Confirmado),
				Parameters: partes{"id": id, "Idempotency-Key": "reembolso-0001"},
				Body:       NuevoReembolso{MontoCentavos: 48900, Motivo: "un paquete roto"},
			},
		},
		"listar-reembolsos": {
			{
				As:         "operador",
				Parameters: partes{"id": id},
				After:      []string{"reembolsar-pedido"},
			},
		},
	}
}
