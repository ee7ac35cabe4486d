// Package outbox carries what happened in one module to those who want to know:
// written in the transaction of the happening, delivered at least once.
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

// Aviso says "look at (pedido, intento) again".
type Aviso struct {
	Pedido  string
	Intento int
}

// Anotar writes a within tx, the transaction of the happening itself: with its next statement or its commit.
// The schema has the table avisos (id, pedido, intento, intentos, proximo, creado).
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

// Relevo delivers what is in the outbox of one schema to Entregar until ctx ends.
// A failed delivery, or one that panics, is tried again with a bounded backoff and delays no other notice; order does
// not matter. A row that cannot be read is set aside until Retomar.
type Relevo struct {
	DB       *sqldb.DB
	Entregar func(ctx context.Context, a Aviso) error
	Ahora    func() time.Time // nil: time.Now
	Ronda    time.Duration    // how often it looks for what is due although nothing wakes it; 0: a second
	// Guard catches the panics of deliveries; its zero value logs them.
	Guard guard.Guard
	// Log takes, once a round, what went wrong; nil: the default logger.
	Log *slog.Logger

	una sync.Once
	ya  chan struct{}
}

// Correr runs the relay; it returns when ctx ends.
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

// Apartados counts the rows of the outbox that were set aside.
func Apartados(ctx context.Context, db *sqldb.DB) (n int64, err error) {
	err = db.Leer(ctx).Model(&fila{}).Where("proximo = ?", int64(sqldb.SetAside)).Count(&n).Error
	return n, err
}

// Retomar takes the rows that were set aside up again, and tells how many those are.
func Retomar(ctx context.Context, db *sqldb.DB) (n int64, err error) {
	return db.EscribirUna(
		ctx,
		"avisos.retomados",
		"update avisos set proximo = 0 where proximo = ?",
		int64(sqldb.SetAside),
	)
}

// Despertar tells the relay of this process that something was written.
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
