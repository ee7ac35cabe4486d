package rest

import (
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/audit"
	"despensa/platform/fault"
)

// Codigos lists the errors that callers of this module's API may be answered with. Each has its page, in Ayudas
// or in httpapi.
func Codigos() []*fault.Error {
	return []*fault.Error{
		app.ErrNoExiste, app.ErrProducto, app.ErrRepetido, app.ErrPrecio, app.ErrCorreo, app.ErrPago, app.ErrVentana,
		app.ErrLentos, app.ErrRechazos, app.ErrTotal, app.ErrCliente, app.ErrSinProducto, app.ErrVersion, app.ErrDeposito,
		app.ErrCantidad, app.ErrStock, app.ErrLotes, app.ErrVencido, app.ErrFecha,
		catalogo.ErrProducto, pedido.ErrPaso, pedido.ErrHuella, pedido.ErrIntentos,
		pedido.ErrCancelando, pedido.ErrAcciones,
		pedido.ErrReembolso, pedido.ErrReembolsos, app.ErrIlegible, pedido.ErrToken, ErrCodigo,
		pedido.ErrPersonal, pedido.ErrReferencia, pedido.ErrMetadatos,
		pedido.ErrDevolucion, pedido.ErrPlazo, pedido.ErrDevoluciones, pedido.ErrSinDevolucion, pedido.ErrResuelta,
		audit.ErrNoRecord,
	}
}
