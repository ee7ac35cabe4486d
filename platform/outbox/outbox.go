// Package outbox carries what happened in one module to those who want to know:
// written in the transaction of the happening, delivered at least once.
package outbox

import (
	"context"

	"despensa/platform/sqldb"

	"gorm.io/gorm"
)

// Aviso says "look at (pedido, intento) again".
type Aviso struct {
	Pedido  string
	Intento int
}

// Anotar writes a within tx, the transaction of the happening itself.
func Anotar(tx *gorm.DB, a Aviso) error { return anotar(tx, a) }

// Relevo delivers what is in the outbox of one schema to Entregar until ctx ends.
// A failed delivery is tried again with a bounded backoff; order does not matter.
type Relevo struct {
	DB       *sqldb.DB
	Entregar func(ctx context.Context, a Aviso) error
}

// Correr runs the relay; it returns when ctx ends.
func (r *Relevo) Correr(ctx context.Context) { r.correr(ctx) }

// Despertar tells the relay of this process that something was written.
func (r *Relevo) Despertar() { r.despertar() }
