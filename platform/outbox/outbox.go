// Package outbox carries notices of one module's changes to its listener. A notice is stored in the transaction of the
// change and delivered at least once.
package outbox

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/guard"
	"despensa/platform/sqldb"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Aviso is a notice: "read the state of this order and intento again". It carries no state.
type Aviso struct {
	Pedido  string
	Intento int
}

// Anotar stores the notice a in tx, the transaction of the change, by sqldb.Diferir: it is sent with the next
// statement of tx or with the commit. The schema needs the table avisos (id, pedido, intento, intentos, proximo,
// creado). Errors: Diferir's.
func Anotar(tx *gorm.DB, a Aviso) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("outbox: id: %w", err)
	}
	return sqldb.Diferir(tx, sqldb.Cualquiera, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec("insert into avisos (id, pedido, intento, intentos, proximo, creado) values (?, ?, ?, 0, 0, ?)",
			id.String(), a.Pedido, a.Intento, time.Now().UnixMilli())
	})
}

// Relevo is the relay of one schema's outbox: it delivers the notices to Entregar, in no particular order. A delivery
// that fails or panics is tried again with a bounded backoff, and delays no other notice. A row that cannot be read is
// set aside until Retomar.
type Relevo struct {
	DB       *sqldb.DB
	Entregar func(ctx context.Context, a Aviso) error
	Ahora    func() time.Time // nil: time.Now
	Ronda    time.Duration    // interval at which the relay reads the outbox without Despertar; 0: one second
	// Guard catches the panics of deliveries; its zero value logs them.
	Guard guard.Guard
	// Log receives the errors of the outbox, at most one a round, and the rows set aside; nil: the default logger.
	Log *slog.Logger

	una sync.Once
	ya  chan struct{} // holds a token after Despertar
}

// Correr delivers notices until ctx ends.
func (r *Relevo) Correr(ctx context.Context) {
	t := time.NewTicker(cmp.Or(r.Ronda, ronda))
	defer t.Stop()
	for {
		for r.vuelta(ctx) == tanda && ctx.Err() == nil {
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-r.canal():
		}
	}
}

// Apartados counts the rows of the outbox that are set aside because they could not be read.
func Apartados(ctx context.Context, db *sqldb.DB) (n int64, err error) {
	err = db.Leer(ctx).Model(&fila{}).Where("proximo = ?", int64(sqldb.SetAside)).Count(&n).Error
	return n, err
}

// Retomar makes the rows that are set aside due again, after an operator has repaired them. It returns their number.
func Retomar(ctx context.Context, db *sqldb.DB) (n int64, err error) {
	const retomar = "update avisos set proximo = 0 where proximo = ?"
	return db.EscribirUna(ctx, "avisos.retomados", retomar, int64(sqldb.SetAside))
}

// Despertar makes the relay of this process read the outbox at once, because a notice has been stored.
func (r *Relevo) Despertar() {
	select {
	case r.canal() <- struct{}{}:
	default:
	}
}

func (r *Relevo) canal() chan struct{} {
	r.una.Do(func() { r.ya = make(chan struct{}, 1) })
	return r.ya
}
