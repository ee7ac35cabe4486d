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
	return idempotency.Derive("semilla", "direccion", httpapi.SujetoDemo(login))
}

// nuevoDe is an order of two packets by the demo customer login, to be paid by p.
func nuevoDe(login string, p PagoPedido) NuevoPedido {
	return NuevoPedido{Lineas: []LineaPedida{{yerba, 2}}, DireccionID: casaDe(login), Pago: p}
}

// ejemplos writes an example of every operation into the document.
func ejemplos(api huma.API) {
	httpapi.Ejemplos(api, ejemplosProductos())
	httpapi.Ejemplos(api, ejemplosPedidos())
	httpapi.Ejemplos(api, ejemplosAcciones())
	httpapi.Ejemplos(api, ejemplosDevoluciones())
}

// ejemplosProductos are the examples of the catalogue and of stock moved by hand.
func ejemplosProductos() map[string][]httpapi.Muestra {
	const (
		login = "admin"
		clave = "producto-0001"
		crear = "crear-producto"
	)
	nuevo := httpapi.Hecha(login, "productos", clave)
	chimichurri := NuevoProducto{
		Nombre:         "Chimichurri 250 g",
		Categoria:      "conservas",
		PrecioCentavos: 185000,
		IVA:            money.IVA21,
		PesoGramos:     280,
		VolumenML:      300,
	}
	return map[string][]httpapi.Muestra{
		"listar-productos": {{Resumen: "Mate", Partes: partes{"q": "yerba", "categoria": "almacén"}}},
		"ver-producto":     {{Partes: partes{"id": yerba}}},
		crear: {{Resumen: "Something new", Como: login,
			Partes: partes{"Idempotency-Key": clave}, Cuerpo: chimichurri}},
		"cambiar-producto": {{Resumen: "Another price", Como: login, Partes: partes{"id": nuevo, "If-Match": `"1"`},
			Cuerpo: map[string]int{"precio_centavos": 199000}, Despues: []string{crear}}},
		"mover-stock": {
			{Resumen: "A delivery of 100 units", Como: login, Partes: partes{"id": yerba, "Idempotency-Key": "movimiento-0001"},
				Cuerpo: NuevoMovimiento{Cantidad: 100, Motivo: "compra", Lote: "L-2026-03"}},
		},
		"listar-movimientos": {{Resumen: "A recall: which orders a batch went to", Como: login,
			Partes: partes{"id": yerba, "lote": "L-2026-03"}, Despues: []string{"mover-stock"}}},
	}
}

// ejemplosPedidos are the examples of quotes, of new orders and of reading them. Other operations' examples
// build on the orders placed here: see the constants above.
func ejemplosPedidos() map[string][]httpapi.Muestra {
	const (
		cliente = "cliente1"
		otro    = "cliente2"
	)
	id := httpapi.Hecha(cliente, "pedidos", clavePrimero)
	suID := oidc.IDDe(httpapi.SujetoDemo(otro))
	transferencia := PagoPedido{Metodo: pagos.Transferencia}
	conReferencia := nuevoDe(cliente, transferencia)
	conReferencia.Referencia = "PO-2026-0001"
	conReferencia.Metadatos = Metadatos{"canal": "mostrador"}
	deOtro := nuevoDe(otro, PagoPedido{Metodo: pagos.Efectivo})
	deOtro.ClienteID = suID
	yo := oidc.IDDe(httpapi.SujetoDemo(cliente))
	return map[string][]httpapi.Muestra{
		"cotizar": {{Resumen: "Two packets of mate", Como: cliente,
			Cuerpo: NuevaCotizacion{Lineas: []LineaPedida{{yerba, 2}}, DireccionID: casaDe(cliente)}}},
		"crear-pedido": {
			{Nombre: "transferencia", Resumen: "To be paid by bank transfer", Como: cliente,
				Partes: partes{"Idempotency-Key": clavePrimero}, Cuerpo: nuevoDe(cliente, transferencia)},
			{Nombre: "segundo", Resumen: "With the integrator's own name for it", Como: cliente,
				Partes: partes{"Idempotency-Key": "pedido-0002"}, Cuerpo: conReferencia},
			{Nombre: "por-telefono", Resumen: "An operator orders for a customer, who pays a voucher", Como: "operador",
				Partes: partes{"Idempotency-Key": clavePorTelefono}, Cuerpo: deOtro},
			{
				Nombre:  "tarjeta-rechazada",
				Resumen: "By a card whose token has expired: the order fails and may be tried again",
				Como:    "cliente3",
				Partes:  partes{"Idempotency-Key": claveRechazado},
				Cuerpo: nuevoDe(
					"cliente3",
					PagoPedido{Metodo: pagos.TarjetaCredito, Token: "token-vencido", MarcaDeTarjeta: "master"},
				),
			},
		},
		"listar-diario": {
			{Resumen: "Which orders were made", Como: "admin", Partes: partes{"tipo": "creado"}, Despues: []string{primero}},
		},
		"listar-pedidos": {
			{Resumen: "By what is read out on the phone", Como: "operador", Despues: []string{primero}, Partes: partes{
				"codigo": pedido.Codigo(id), "cliente_id": yo, "estado": string(pedido.Confirmado)}},
			{Nombre: "por-referencia", Resumen: "By the integrator's own name", Como: cliente, Despues: []string{segundo},
				Partes: partes{"referencia": conReferencia.Referencia}},
		},
		"ver-pedido":     {{Como: cliente, Partes: partes{"id": id}, Despues: []string{primero}}},
		"seguir-pedido":  {{Como: cliente, Partes: partes{"id": id, "Last-Event-ID": "1"}, Despues: []string{primero}}},
		"listar-eventos": {{Como: cliente, Partes: partes{"id": id}, Despues: []string{primero}}},
		"ver-maquina":    {{Resumen: "As a diagram", Partes: partes{"Accept": mermaid}}},
	}
}

func ejemplosAcciones() map[string][]httpapi.Muestra {
	id := httpapi.Hecha("cliente1", "pedidos", clavePrimero)
	return map[string][]httpapi.Muestra{
		"cancelar-pedido": {{Resumen: "The customer called again", Como: "operador", Despues: []string{porTelefono},
			Partes: partes{"id": httpapi.Hecha("operador", "pedidos", clavePorTelefono), "Idempotency-Key": "cancelacion-0001"},
			Cuerpo: Cancelacion{Motivo: "ya no lo necesita"}}},
		"reintentar-pedido": {
			{Resumen: "By another way to pay", Como: "cliente3", Despues: []string{rechazado}, Cuando: string(pedido.Fallido),
				Partes: partes{"id": httpapi.Hecha("cliente3", "pedidos", claveRechazado), "Idempotency-Key": "reintento-0001"},
				Cuerpo: CuerpoReintento{Pago: &PagoPedido{Metodo: pagos.Transferencia}}},
		},
		"reembolsar-pedido": {
			{Resumen: "Part of the money", Como: "operador", Despues: []string{primero}, Cuando: string(pedido.Confirmado),
				Partes: partes{"id": id, "Idempotency-Key": "reembolso-0001"},
				Cuerpo: NuevoReembolso{MontoCentavos: 48900, Motivo: "un paquete roto"}},
		},
		"listar-reembolsos": {{Como: "operador", Partes: partes{"id": id}, Despues: []string{"reembolsar-pedido"}}},
	}
}
