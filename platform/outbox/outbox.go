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

// Notice is a notice: "read the state of this order and intento again". It carries no state.
type Notice struct {
	Pedido  string
	Intento int
}

// Add stores the notice a in tx, the transaction of the change, by sqldb.Defer: it is sent with the next
// statement of tx or with the commit. The schema needs the table avisos (id, pedido, intento, intentos, proximo,
// creado). Errors: those of Defer.
func Add(tx *gorm.DB, notice Notice) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("outbox: id: %w", err)
	}
	return sqldb.Defer(tx, sqldb.AnyNumber, func(tx *gorm.DB) *gorm.DB {
		return tx.Exec(
			"insert into avisos (id, pedido, intento, intentos, proximo, creado) values (?, ?, ?, 0, 0, ?)",
			id.String(),
			notice.Pedido,
			notice.Intento,
			time.Now().UnixMilli(),
		)
	})
}

// Relay is the relay of one schema's outbox: it delivers the notices to Deliver, in no particular order. A delivery
// that fails or panics is tried again with a bounded backoff, and delays no other notice. A row that cannot be read is
// set aside until Resume.
type Relay struct {
	DB       *sqldb.DB
	Deliver  func(ctx context.Context, a Notice) error
	Now      func() time.Time // nil: time.Now
	Interval time.Duration    // interval at which the relay reads the outbox without Wake; 0: one second
	// Guard catches the panics of deliveries; its zero value logs them.
	Guard guard.Guard
	// Log receives the errors of the outbox, at most one a round, and the rows set aside; nil: the default logger.
	Log *slog.Logger

	once  sync.Once
	woken chan struct{} // holds a token after Wake
}

// Run delivers notices until ctx ends.
func (r *Relay) Run(ctx context.Context) {
	t := time.NewTicker(cmp.Or(r.Interval, interval))
	defer t.Stop()
	for {
		for r.runRound(ctx) == batchSize && ctx.Err() == nil {
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-r.channel():
		}
	}
}

// CountSetAside counts the rows of the outbox that are set aside because they could not be read.
func CountSetAside(ctx context.Context, db *sqldb.DB) (n int64, err error) {
	err = db.Read(ctx).Model(&row{}).Where("proximo = ?", int64(sqldb.SetAside)).Count(&n).Error
	return n, err
}

// Resume makes the rows that are set aside due again, after an operator has repaired them. It returns their number.
func Resume(ctx context.Context, db *sqldb.DB) (n int64, err error) {
	const retomar = "update avisos set proximo = 0 where proximo = ?"
	return db.WriteStatement(ctx, "avisos.retomados", retomar, int64(sqldb.SetAside))
}

// Wake makes the relay of this process read the outbox at once, because a notice has been stored.
func (r *Relay) Wake() {
	select {
	case r.channel() <- struct{}{}:
	default:
	}
}

func (r *Relay) channel() chan struct{} {
	r.once.Do(func() { r.woken = make(chan struct{}, 1) })
	return r.woken
}
