package fases

import (
	"strings"

	"despensa/modules/pedidos/internal/pedido"
)

// motivos are the reason codes that the house writes into an order. A code may be followed by a point and a
// detail.
var motivos = map[string]bool{
	MotivoSinStock:          true,
	MotivoVentana:           true,
	MotivoSinCamion:         true,
	MotivoArea:              true,
	MotivoProducto:          true,
	MotivoFalla:             true,
	MotivoDevuelto:          true,
	MotivoSinSalida:         true,
	MotivoEntrega:           true,
	MotivoSinResultado:      true,
	MotivoVencida:           true,
	MotivoPago:              true,
	MotivoVencido:           true,
	MotivoPasarela:          true,
	MotivoBorrado:           true,
	pedido.MotivoDevolucion: true,
	pedido.MotivoAnulacion:  true,
}

// EsMotivo reports whether texto is empty, or a reason code of the house: "sin-stock",
// "pago-rechazado.sin-fondos". Any other text in a member Motivo is a person's own words, which are sealed.
func EsMotivo(texto string) bool {
	codigo, detalle, hay := strings.Cut(texto, ".")
	return texto == "" || motivos[codigo] && (!hay || esCodigo(detalle))
}

// esCodigo reports whether s is in kebab-case.
func esCodigo(s string) bool {
	return s != "" &&
		!strings.ContainsFunc(
			s,
			func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') },
		)
}
