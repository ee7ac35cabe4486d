package rest

import (
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/audit"
	"despensa/platform/fault"
)

// Codigos are the public errors of this module, for their pages. app.ErrIlegible joins them with the document of the
// next version: that of 0.3.0 lists the codes and is final.
func Codigos() []*fault.Error {
	return []*fault.Error{
		app.ErrNoExiste, app.ErrProducto, app.ErrRepetido, app.ErrPrecio, app.ErrCorreo, app.ErrPago, app.ErrVentana, app.ErrLentos, app.ErrRechazos,
		app.ErrTotal, app.ErrCliente, app.ErrSinProducto, app.ErrVersion, app.ErrDeposito, app.ErrCantidad, app.ErrStock, app.ErrLotes,
		catalogo.ErrProducto, pedido.ErrPaso, pedido.ErrHuella, pedido.ErrIntentos, pedido.ErrCancelando, pedido.ErrAcciones,
		pedido.ErrReembolso, pedido.ErrReembolsos, pedido.ErrToken, ErrCodigo,
		pedido.ErrDevolucion, pedido.ErrPlazo, pedido.ErrDevoluciones, pedido.ErrSinDevolucion, pedido.ErrResuelta, audit.ErrSinRegistro,
	}
}
