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
}

// TableName is gorm's.
func (filaCobro) TableName() string { return "cobros" }

type filaReembolso struct {
	Cobro  string `gorm:"primaryKey"`
	ID     string `gorm:"primaryKey"`
	Orden  int
	Monto  money.Centavos
	Estado cobros.EstadoReembolso
	Ajeno  string
	Motivo string
}

// TableName is gorm's.
func (filaReembolso) TableName() string { return "reembolsos" }

type filaLapida struct {
	Pedido  string `gorm:"primaryKey"`
	Intento int    `gorm:"primaryKey;autoIncrement:false"`
	Creado  int64
}

// TableName is gorm's.
func (filaLapida) TableName() string { return "lapidas" }

type filaAviso struct {
	Proveedor string `gorm:"primaryKey"`
	Dato      string `gorm:"primaryKey"`
	Solicitud string `gorm:"primaryKey"`
	Recibido  int64
	Debe      *int64
	Intentos  int
}

// TableName is gorm's.
func (filaAviso) TableName() string { return "inbox" }

// ms is t in Unix milliseconds; nil for the zero time.
func ms(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMilli()
	return &n
}

func tiempo(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return time.UnixMilli(*n).UTC()
}

func aFila(c cobros.Cobro) filaCobro {
	return filaCobro{
		ID: c.ID, Pedido: c.Pedido, Intento: c.Intento, Cliente: c.Cliente, Metodo: c.Metodo, Marca: c.Marca, Cuotas: c.Cuotas,
		Proveedor: c.Proveedor, Monto: c.Monto, Cobrado: c.Cobrado, Reembolsado: c.Reembolsado, Estado: c.Estado, Vista: c.Vista,
		Cierre: c.Cierre, Anulado: c.Anulado, Contracargo: c.Contracargo, Motivo: c.Motivo, Instrucciones: c.Instrucciones, Desafio: c.Desafio, Orden: c.Orden,
		Transaccion: c.Transaccion, Accion: c.Accion, Hasta: ms(c.Hasta), Mirado: ms(c.Mirado), Debe: ms(c.Debe), Sondeos: c.Sondeos, Vence: ms(c.Vence),
		Creado: c.Creado.UnixMilli(), Cambiado: c.Cambiado.UnixMilli(), Version: c.Version,
	}
}

func deFila(f filaCobro) cobros.Cobro {
	return cobros.Cobro{
		ID: f.ID, Pedido: f.Pedido, Intento: f.Intento, Cliente: f.Cliente, Metodo: f.Metodo, Marca: f.Marca, Cuotas: f.Cuotas,
		Proveedor: f.Proveedor, Monto: f.Monto, Cobrado: f.Cobrado, Reembolsado: f.Reembolsado, Estado: f.Estado, Vista: f.Vista,
		Cierre: f.Cierre, Anulado: f.Anulado, Contracargo: f.Contracargo, Motivo: f.Motivo, Instrucciones: f.Instrucciones, Desafio: f.Desafio, Orden: f.Orden,
		Transaccion: f.Transaccion, Accion: f.Accion, Hasta: tiempo(f.Hasta), Mirado: tiempo(f.Mirado), Debe: tiempo(f.Debe), Sondeos: f.Sondeos, Vence: tiempo(f.Vence),
		Creado: time.UnixMilli(f.Creado).UTC(), Cambiado: time.UnixMilli(f.Cambiado).UTC(), Version: f.Version,
	}
}

func aFilaReembolso(cobro string, r cobros.Reembolso) filaReembolso {
	return filaReembolso{
		Cobro:  cobro,
		ID:     r.ID,
		Orden:  r.Orden,
		Monto:  r.Monto,
		Estado: r.Estado,
		Ajeno:  r.Ajeno,
		Motivo: r.Motivo,
	}
}

func deReembolsos(fs []filaReembolso) []cobros.Reembolso {
	var out []cobros.Reembolso
	for _, f := range fs {
		out = append(out, cobros.Reembolso{
			ID:     f.ID,
			Monto:  f.Monto,
			Estado: f.Estado,
			Orden:  f.Orden,
			Ajeno:  f.Ajeno,
			Motivo: f.Motivo,
		})
	}
	return out
}
