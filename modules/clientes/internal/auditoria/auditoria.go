// Package auditoria keeps the audit trail: it appends records, gives each its place in a
// chain, and carries them to where they are searched.
package auditoria

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"despensa/platform/audit"
	"despensa/platform/sqldb"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Rastro is the trail in the schema clientes. Safe for concurrent use.
type Rastro struct {
	db       *sqldb.DB
	ahora    func() time.Time
	negadas  audit.Refusals
	volcando sync.Mutex // held by the one caller of Volcar that writes
	junta    junta
}

var _ audit.Port = (*Rastro)(nil)

// New makes the trail on an open store.
func New(db *sqldb.DB, ahora func() time.Time) *Rastro { return &Rastro{db: db, ahora: ahora} }

// fila is a row of auditoria as it is appended.
type fila struct {
	ID        string `gorm:"primaryKey"`
	Creado    int64
	Actor     string
	Rol       string
	Accion    string
	Clase     string
	Recurso   string
	Cliente   string
	Resultado audit.Outcome
	Solicitud string
	Veces     int64
}

// TableName is for gorm.
func (fila) TableName() string { return "auditoria" }

// Record implements audit.Port. It returns no error for a refusal: while the store does not take the record, it is kept
// in memory (Volcar writes it), because the caller is refused in any case.
func (a *Rastro) Record(ctx context.Context, record audit.Record) error {
	if record.Outcome == audit.Denied {
		a.negar(ctx, record)
		return nil
	}
	return a.RegistrarVarios(ctx, []audit.Record{record})
}

// negar appends the record of a refusal, or keeps it in memory. While earlier refusals wait in memory it does not try
// the store, so that the answer to the caller does not wait for a store that is away.
func (a *Rastro) negar(ctx context.Context, record audit.Record) {
	if record.At.IsZero() {
		record.At = a.ahora()
	}
	record.ID = cmp.Or(record.ID, nuevoID()) // the record keeps this id if it is written again
	if a.negadas.Waiting() || a.RegistrarVarios(ctx, []audit.Record{record}) != nil {
		a.negadas.Keep(record)
	}
}

// porVolcado is the largest number of kept refusals that one write takes.
const porVolcado = 500

// Volcar writes the kept refusals of the seconds that are over; with todo also those of the present second. It returns
// how many records are still kept because of an error. Errors: those of the store.
func (a *Rastro) Volcar(ctx context.Context, todo bool) (quedan int, err error) {
	a.volcando.Lock()
	defer a.volcando.Unlock()
	hasta := a.ahora()
	if todo {
		hasta = hasta.Add(time.Second)
	}
	rs := a.negadas.Take(hasta)
	for i := range rs {
		rs[i].ID = cmp.Or(rs[i].ID, nuevoID())
	}
	for lote := range slices.Chunk(rs, porVolcado) {
		filas, err := a.filas(lote)
		if err == nil {
			// A batch that was stored, although its write seemed to fail, comes again with the same ids.
			err = a.anexar(ctx, filas, clause.OnConflict{DoNothing: true})
		}
		if err != nil {
			a.negadas.Return(rs)
			return len(rs), err
		}
		rs = rs[len(lote):]
	}
	return 0, nil
}

// nuevoID is a new id for a record; "" when none can be made now. The trail then gives the record its id when it is
// written.
func nuevoID() string {
	id, err := uuid.NewV7()
	if err != nil {
		return ""
	}
	return id.String()
}

// RegistrarVarios appends all of recordes or none, with one write, which callers that append meanwhile may share.
func (a *Rastro) RegistrarVarios(ctx context.Context, recordes []audit.Record) error {
	filas, err := a.filas(recordes)
	if err != nil {
		return err
	}
	return a.junta.anexar(
		ctx,
		filas,
		func(ctx context.Context, filas []fila) error { return a.anexar(ctx, filas) },
	)
}

// filas are the rows of recordes.
func (a *Rastro) filas(recordes []audit.Record) (filas []fila, err error) {
	filas = make([]fila, len(recordes))
	for i, r := range recordes {
		if filas[i], err = a.fila(r); err != nil {
			return nil, err
		}
	}
	return filas, nil
}

// anexar appends all of filas or none. como is the clause for a row with an id that the trail has already; without one
// such a row is an error.
func (a *Rastro) anexar(ctx context.Context, filas []fila, como ...clause.Expression) error {
	err := a.db.WriteSingle(ctx, "clientes.auditoria", func(tx *gorm.DB) error {
		copia := append(
			[]fila{},
			filas...) // gorm changes its argument, and a transaction may run more than once
		return tx.Clauses(como...).Create(&copia).Error
	})
	if err != nil {
		return fmt.Errorf("auditoria: append: %w", err)
	}
	return nil
}

// ajeno stands for the id of a resource that is none of ours: a caller's own words.
const ajeno = "ajeno"

var nuestro = regexp.MustCompile(`^[0-9A-Za-z._:-]{0,36}$`)

// fila is the row of record. It sets the id and the time where record has none, and puts the word ajeno in the
// place of a resource id that is not in the form of our ids.
func (a *Rastro) fila(record audit.Record) (fila, error) {
	if record.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return fila{}, fmt.Errorf("auditoria: id: %w", err)
		}
		record.ID = id.String()
	}
	if record.At.IsZero() {
		record.At = a.ahora()
	}
	if !nuestro.MatchString(record.Resource.ID) {
		record.Resource.ID = ajeno
	}
	return fila{
		ID:        record.ID,
		Creado:    record.At.UnixMilli(),
		Actor:     record.Actor,
		Rol:       record.Role,
		Accion:    record.Action,
		Clase:     record.Resource.Kind,
		Recurso:   record.Resource.ID,
		Cliente:   record.Customer,
		Resultado: record.Outcome,
		Solicitud: record.RequestID,
		Veces:     max(1, record.Times),
	}, nil
}
