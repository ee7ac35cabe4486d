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

func deFila(filaCobro filaCobro) cobros.Cobro {
	return cobros.Cobro{
		ID:             filaCobro.ID,
		Pedido:         filaCobro.Pedido,
		Intento:        filaCobro.Intento,
		Cliente:        filaCobro.Cliente,
		Metodo:         filaCobro.Metodo,
		MarcaDeTarjeta: filaCobro.Marca,
		Cuotas:         filaCobro.Cuotas,
		Proveedor:      filaCobro.Proveedor,
		Monto:          filaCobro.Monto,
		Cobrado:        filaCobro.Cobrado,
		Reembolsado:    filaCobro.Reembolsado,
		Estado:         filaCobro.Estado,
		Vista:          filaCobro.Vista,
		Cierre:         filaCobro.Cierre,
		Anulado:        filaCobro.Anulado,
		Contracargo:    filaCobro.Contracargo,
		Motivo:         filaCobro.Motivo,
		Instrucciones:  filaCobro.Instrucciones,
		Desafio:        filaCobro.Desafio,
		Orden:          filaCobro.Orden,
		Transaccion:    filaCobro.Transaccion,
		Accion:         filaCobro.Accion,
		Hasta:          tiempo(filaCobro.Hasta),
		Mirado:         tiempo(filaCobro.Mirado),
		Debe:           tiempo(filaCobro.Debe),
		Sondeos:        filaCobro.Sondeos,
		Vence:          tiempo(filaCobro.Vence),
		Creado:         time.UnixMilli(filaCobro.Creado).UTC(),
		Cambiado:       time.UnixMilli(filaCobro.Cambiado).UTC(),
		Version:        filaCobro.Version,
	}
}
