package mercadopago

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// libro is the ledger on disk. Each change is one short transaction; sqldb commits concurrent ones together.
type libro struct{ db *sqldb.DB }

// filaOrden is an order. Amounts are centavos, times are Unix milliseconds.
type filaOrden struct {
	ID          string `gorm:"primaryKey"`
	Referencia  string
	Estado      string
	Detalle     string
	Cobrado     int64
	Reembolsado int64
	Creado      int64
	Toca        *int64 // when time changes the order; nil: never
	Resultado   string // key of desenlaces for a card that is not decided yet
	Version     int64
	Doc         []byte // the order as JSON
}

// TableName implements gorm's Tabler.
func (filaOrden) TableName() string { return "ordenes" }

// filaClave is an idempotency key that has been used.
type filaClave struct {
	Clave  string `gorm:"primaryKey"`
	Huella string
	Orden  string
	Estado int
	Creado int64
}

// TableName implements gorm's Tabler.
func (filaClave) TableName() string { return "claves" }

// filaFicha is a card token.
type filaFicha struct {
	ID          string `gorm:"primaryKey"`
	Primeros    string
	Ultimos     string
	Resultado   string
	Mes         int
	Anio        int
	Largo       int
	LargoCodigo int
	Creado      int64
	Caduca      int64
	Orden       string // id of the order that used the token; empty: unused
}

// TableName implements gorm's Tabler.
func (filaFicha) TableName() string { return "fichas" }

// filaAviso is a notice that has not been delivered yet.
type filaAviso struct {
	ID       string `gorm:"primaryKey"`
	Orden    string
	Accion   string
	Estado   string
	Detalle  string
	Creado   int64
	Toca     int64
	Intentos int
}

// TableName implements gorm's Tabler.
func (filaAviso) TableName() string { return "avisos" }

// fila gives the row of the order. Doc is the order as JSON; the other columns repeat parts of it for searches.
func (o *orden) fila() (filaOrden, error) {
	doc, err := json.Marshal(o)
	if err != nil {
		return filaOrden{}, fmt.Errorf("mercadopago: order: %w", err)
	}
	cobrado, devuelto := o.montos()
	row := filaOrden{
		ID:          o.ID,
		Referencia:  o.ExternalReference,
		Estado:      o.Status,
		Detalle:     o.StatusDetail,
		Cobrado:     int64(cobrado),
		Reembolsado: int64(devuelto),
		Creado:      o.creado.UnixMilli(),
		Resultado:   o.resultado,
		Version:     o.version,
		Doc:         doc,
	}
	if !o.toca.IsZero() {
		ms := o.toca.UnixMilli()
		row.Toca = &ms
	}
	return row, nil
}

// abrir gives the order of the row.
func (f filaOrden) abrir() (*orden, error) {
	o := &orden{creado: time.UnixMilli(f.Creado).UTC(), resultado: f.Resultado, version: f.Version}
	if f.Toca != nil {
		o.toca = time.UnixMilli(*f.Toca).UTC()
	}
	if err := json.Unmarshal(f.Doc, o); err != nil {
		return nil, fmt.Errorf("mercadopago: stored order: %w", err)
	}
	return o, nil
}

// vencida reports whether the order is due for a change by time alone (orden.pasar).
func (f filaOrden) vencida(ahora time.Time) bool {
	return f.Toca != nil && *f.Toca <= ahora.UnixMilli()
}

// uno reads the row with the primary key id; false when there is none.
func uno[T any](tx *gorm.DB, columna, id string) (T, bool, error) {
	fila, hay, err := sqldb.One[T](tx.Where(columna+" = ?", id))
	if err != nil {
		return fila, false, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return fila, hay, nil
}

// cargar reads the order id inside a write and applies the change that time has brought. accion is the webhook action
// of that change; "" is none. Error: errNoHay.
func cargar(tx *gorm.DB, id string, ahora time.Time) (o *orden, accion string, err error) {
	row, hay, err := uno[filaOrden](tx, "id", id)
	if err != nil {
		return nil, "", err
	}
	if !hay {
		return nil, "", errNoHay
	}
	if o, err = row.abrir(); err != nil {
		return nil, "", err
	}
	return o, o.pasar(ahora), nil
}

var errConflicto = errors.New("mercadopago: an order changed meanwhile")

// guardar stores the changed order o and its notice. Error: errConflicto when the stored order has another version.
func guardar(tx *gorm.DB, o *orden, aviso filaAviso) (filaOrden, error) {
	leida := o.version
	o.version++
	row, err := o.fila()
	if err != nil {
		return row, err
	}
	r := tx.Exec("update ordenes set estado = ?, detalle = ?, cobrado = ?, reembolsado = ?,"+
		" toca = ?, resultado = ?, version = ?, doc = ?"+
		" where id = ? and version = ?",
		row.Estado, row.Detalle, row.Cobrado, row.Reembolsado, row.Toca, row.Resultado, row.Version, row.Doc, o.ID, leida)
	if r.Error != nil {
		return row, fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return row, errConflicto
	}
	return row, aviso.crear(tx)
}

// crear stores a new order.
func (f filaOrden) crear(tx *gorm.DB) error {
	return insertado(tx.Exec("insert into ordenes (id, referencia, estado, detalle, cobrado, reembolsado, creado,"+
		" toca, resultado, version, doc)"+
		" values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		f.ID, f.Referencia, f.Estado, f.Detalle, f.Cobrado, f.Reembolsado, f.Creado,
		f.Toca, f.Resultado, f.Version, f.Doc))
}

// crear stores a new notice.
func (a filaAviso) crear(tx *gorm.DB) error {
	return insertado(tx.Exec("insert into avisos (id, orden, accion, estado, detalle, creado, toca, intentos)"+
		" values (?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.Orden, a.Accion, a.Estado, a.Detalle, a.Creado, a.Toca, a.Intentos))
}

func insertado(r *gorm.DB) error {
	if r.Error != nil {
		return fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	return nil
}

func crear(tx *gorm.DB, fila any) error {
	if err := tx.Create(fila).Error; err != nil {
		return fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return nil
}

// Asiento is one order of the ledger with the centavos charged and refunded, for tests that reconcile the books.
type Asiento struct {
	ID          string `json:"id"`
	Referencia  string `json:"referencia"`
	Estado      string `json:"estado"`
	Detalle     string `json:"detalle"`
	Cobrado     int64  `json:"cobrado_centavos"`
	Reembolsado int64  `json:"reembolsado_centavos"`
}

// columnasDeAsiento are the columns of the table ordenes that an Asiento shows.
const columnasDeAsiento = "id, referencia, estado, detalle, cobrado, reembolsado"

// recientes lists the latest orders, newest first.
func (l libro) recientes(ctx context.Context, limite int) ([]Asiento, error) {
	out := []Asiento{}
	err := l.db.Leer(ctx).Table("ordenes").Select(columnasDeAsiento).Order("id desc").Limit(limite).Find(&out).Error
	if err != nil {
		return nil, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return out, nil
}

// asientos lists the orders of referencia, or all when it is "", by time of creation.
func (l libro) asientos(ctx context.Context, referencia string) ([]Asiento, error) {
	q := l.db.Leer(ctx).Table("ordenes").Select(columnasDeAsiento).Order("id") // ids sort by time
	if referencia != "" {
		q = q.Where("referencia = ?", referencia)
	}
	out := []Asiento{}
	if err := q.Find(&out).Error; err != nil {
		return nil, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return out, nil
}
