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

// ledger is the ledger on disk. Each change is one short transaction; sqldb commits concurrent ones together.
type ledger struct{ db *sqldb.DB }

// orderRow is an order. Amounts are centavos, times are Unix milliseconds.
type orderRow struct {
	ID          string `gorm:"primaryKey"`
	Referencia  string
	Estado      string
	Detalle     string
	Cobrado     int64
	Reembolsado int64
	Creado      int64
	Toca        *int64 // when time changes the order; nil: never
	Resultado   string // key of outcomes for a card that is not decided yet
	Version     int64
	Doc         []byte // the order as JSON
}

// TableName implements gorm's Tabler.
func (orderRow) TableName() string { return "ordenes" }

// keyRow is an idempotency key that has been used.
type keyRow struct {
	Clave  string `gorm:"primaryKey"`
	Huella string
	Orden  string
	Estado int
	Creado int64
}

// TableName implements gorm's Tabler.
func (keyRow) TableName() string { return "claves" }

// tokenRow is a card token.
type tokenRow struct {
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
func (tokenRow) TableName() string { return "fichas" }

// noticeRow is a notice that has not been delivered yet.
type noticeRow struct {
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
func (noticeRow) TableName() string { return "avisos" }

// row gives the row of the order. Doc is the order as JSON; the other columns repeat parts of it for searches.
func (o *gatewayOrder) row() (orderRow, error) {
	doc, err := json.Marshal(o)
	if err != nil {
		return orderRow{}, fmt.Errorf("mercadopago: order: %w", err)
	}
	cobrado, devuelto := o.amounts()
	row := orderRow{
		ID:          o.ID,
		Referencia:  o.ExternalReference,
		Estado:      o.Status,
		Detalle:     o.StatusDetail,
		Cobrado:     int64(cobrado),
		Reembolsado: int64(devuelto),
		Creado:      o.created.UnixMilli(),
		Resultado:   o.outcome,
		Version:     o.version,
		Doc:         doc,
	}
	if !o.due.IsZero() {
		ms := o.due.UnixMilli()
		row.Toca = &ms
	}
	return row, nil
}

// open gives the order of the row.
func (f orderRow) open() (*gatewayOrder, error) {
	o := &gatewayOrder{
		created: time.UnixMilli(f.Creado).UTC(),
		outcome: f.Resultado,
		version: f.Version,
	}
	if f.Toca != nil {
		o.due = time.UnixMilli(*f.Toca).UTC()
	}
	if err := json.Unmarshal(f.Doc, o); err != nil {
		return nil, fmt.Errorf("mercadopago: stored order: %w", err)
	}
	return o, nil
}

// isDue reports whether the order is due for a change by time alone (orden.passTime).
func (f orderRow) isDue(ahora time.Time) bool {
	return f.Toca != nil && *f.Toca <= ahora.UnixMilli()
}

// oneRow reads the row with the primary key id; false when there is none.
func oneRow[T any](tx *gorm.DB, columna, id string) (T, bool, error) {
	fila, hay, err := sqldb.One[T](tx.Where(columna+" = ?", id))
	if err != nil {
		return fila, false, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return fila, hay, nil
}

// loadOrder reads the order id inside a write and applies the change that time has brought. accion is the webhook
// action of that change; "" is none. Error: errNoOrder.
func loadOrder(
	tx *gorm.DB,
	id string,
	ahora time.Time,
) (o *gatewayOrder, accion string, err error) {
	row, hay, err := oneRow[orderRow](tx, "id", id)
	if err != nil {
		return nil, "", err
	}
	if !hay {
		return nil, "", errNoOrder
	}
	if o, err = row.open(); err != nil {
		return nil, "", err
	}
	return o, o.passTime(ahora), nil
}

var errConflict = errors.New("mercadopago: an order changed meanwhile")

// saveOrder stores the changed order o and its notice. Error: errConflict when the stored order has another version.
func saveOrder(tx *gorm.DB, gatewayOrder *gatewayOrder, aviso noticeRow) (orderRow, error) {
	leida := gatewayOrder.version
	gatewayOrder.version++
	row, err := gatewayOrder.row()
	if err != nil {
		return row, err
	}
	r := tx.Exec(
		"update ordenes set estado = ?, detalle = ?, cobrado = ?, reembolsado = ?,"+
			" toca = ?, resultado = ?, version = ?, doc = ?"+
			" where id = ? and version = ?",
		row.Estado,
		row.Detalle,
		row.Cobrado,
		row.Reembolsado,
		row.Toca,
		row.Resultado,
		row.Version,
		row.Doc,
		gatewayOrder.ID,
		leida,
	)
	if r.Error != nil {
		return row, fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return row, errConflict
	}
	return row, aviso.insert(tx)
}

// insert stores a new order.
func (f orderRow) insert(tx *gorm.DB) error {
	return inserted(
		tx.Exec(
			"insert into ordenes (id, referencia, estado, detalle, cobrado, reembolsado, creado,"+
				" toca, resultado, version, doc)"+
				" values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			f.ID,
			f.Referencia,
			f.Estado,
			f.Detalle,
			f.Cobrado,
			f.Reembolsado,
			f.Creado,
			f.Toca,
			f.Resultado,
			f.Version,
			f.Doc,
		),
	)
}

// insert stores a new notice.
func (a noticeRow) insert(tx *gorm.DB) error {
	return inserted(
		tx.Exec(
			"insert into avisos (id, orden, accion, estado, detalle, creado, toca, intentos)"+
				" values (?, ?, ?, ?, ?, ?, ?, ?)",
			a.ID,
			a.Orden,
			a.Accion,
			a.Estado,
			a.Detalle,
			a.Creado,
			a.Toca,
			a.Intentos,
		),
	)
}

func inserted(r *gorm.DB) error {
	if r.Error != nil {
		return fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	return nil
}

func insertRow(tx *gorm.DB, fila any) error {
	if err := tx.Create(fila).Error; err != nil {
		return fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return nil
}

// LedgerEntry is one order of the ledger with the centavos charged and refunded, for tests that reconcile the books.
type LedgerEntry struct {
	ID          string `json:"id"`
	Referencia  string `json:"referencia"`
	Estado      string `json:"estado"`
	Detalle     string `json:"detalle"`
	Cobrado     int64  `json:"cobrado_centavos"`
	Reembolsado int64  `json:"reembolsado_centavos"`
}

// entryColumns are the columns of the table ordenes that an LedgerEntry shows.
const entryColumns = "id, referencia, estado, detalle, cobrado, reembolsado"

// recent lists the latest orders, newest first.
func (l ledger) recent(ctx context.Context, limite int) ([]LedgerEntry, error) {
	out := []LedgerEntry{}
	err := l.db.Read(ctx).
		Table("ordenes").
		Select(entryColumns).
		Order("id desc").
		Limit(limite).
		Find(&out).
		Error
	if err != nil {
		return nil, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return out, nil
}

// entries lists the orders of referencia, or all when it is "", by time of creation.
func (l ledger) entries(ctx context.Context, referencia string) ([]LedgerEntry, error) {
	q := l.db.Read(ctx).Table("ordenes").Select(entryColumns).Order("id") // ids sort by time
	if referencia != "" {
		q = q.Where("referencia = ?", referencia)
	}
	out := []LedgerEntry{}
	if err := q.Find(&out).Error; err != nil {
		return nil, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return out, nil
}
