// Package outbox carries what happened in one module to those who want to know:
// written in the transaction of the happening, delivered at least once.
package outbox

import (
	"context"
	"fmt"
	"sync"
	"time"

	"despensa/platform/sqldb"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Aviso says "look at (pedido, intento) again".
type Aviso struct {
	Pedido  string
	Intento int
}

// Anotar writes a within tx, the transaction of the happening itself.
// The schema has the table avisos (id, pedido, intento, intentos, proximo, creado).
func Anotar(tx *gorm.DB, a Aviso) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("outbox: id: %w", err)
	}
	return tx.Exec("insert into avisos (id, pedido, intento, intentos, proximo, creado) values (?, ?, ?, 0, 0, ?)",
		id.String(), a.Pedido, a.Intento, time.Now().UnixMilli()).Error
}

// Relevo delivers what is in the outbox of one schema to Entregar until ctx ends.
// A failed delivery is tried again with a bounded backoff; order does not matter.
type Relevo struct {
	DB       *sqldb.DB
	Entregar func(ctx context.Context, a Aviso) error
	Ahora    func() time.Time // nil: time.Now

	una sync.Once
	ya  chan struct{}
}

// Correr runs the relay; it returns when ctx ends.
func (r *Relevo) Correr(ctx context.Context) {
	t := time.NewTicker(ronda)
	defer t.Stop()
	for {
		for r.tanda(ctx) == tanda && ctx.Err() == nil {
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-r.canal():
		}
	}
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
