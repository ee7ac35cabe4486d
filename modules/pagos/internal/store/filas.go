// Package store keeps cobros, their tombstones and the inbox in the schema pagos.
package store

import (
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/money"
)

type filaCobro struct {
	ID            string `gorm:"primaryKey"`
	Pedido        string
	Intento       int
	Cliente       string
	Metodo        pagos.Metodo
	Marca         string
	Cuotas        int
	Proveedor     string
	Monto         money.Centavos
	Cobrado       money.Centavos
	Reembolsado   money.Centavos
	Estado        pagos.Estado
	Vista         gateway.Estado
	Cierre        pagos.Estado
	Anulado       bool
	Contracargo   bool
	Motivo        string
	Instrucciones string
	Desafio       string
	Orden         string
	Transaccion   string
	Accion        cobros.Accion
	Hasta         *int64
	Mirado        *int64
	Debe          *int64
	Sondeos       int
	Vence         *int64
	Creado        int64
	Cambiado      int64
	Version       int64
	SinReembolsos int64 // the version at which there were no refunds
}

// TableName is gorm's.
func (filaCobro) TableName() string { return "cobros" }

type filaWebhook struct {
	Proveedor string `gorm:"primaryKey"`
	Dato      string `gorm:"primaryKey"`
	Solicitud string `gorm:"primaryKey"`
	Recibido  int64
	Debe      *int64
	Intentos  int
}

// TableName is gorm's.
func (filaWebhook) TableName() string { return "inbox" }

func tiempo(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return time.UnixMilli(*n).UTC()
}

func deFila(f filaCobro) cobros.Cobro {
	return cobros.Cobro{
		ID: f.ID, Pedido: f.Pedido, Intento: f.Intento, Cliente: f.Cliente, Metodo: f.Metodo, MarcaDeTarjeta: f.Marca,
		Cuotas:    f.Cuotas,
		Proveedor: f.Proveedor, Monto: f.Monto, Cobrado: f.Cobrado, Reembolsado: f.Reembolsado, Estado: f.Estado,
		Vista:  f.Vista,
		Cierre: f.Cierre, Anulado: f.Anulado, Contracargo: f.Contracargo, Motivo: f.Motivo, Instrucciones: f.Instrucciones,
		Desafio: f.Desafio, Orden: f.Orden,
		Transaccion: f.Transaccion, Accion: f.Accion, Hasta: tiempo(f.Hasta), Mirado: tiempo(f.Mirado), Debe: tiempo(f.Debe),
		Sondeos: f.Sondeos, Vence: tiempo(f.Vence),
		Creado: time.UnixMilli(f.Creado).UTC(), Cambiado: time.UnixMilli(f.Cambiado).UTC(), Version: f.Version,
	}
}
