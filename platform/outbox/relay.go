package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"despensa/platform/fault"
	"despensa/platform/skew"
	"despensa/platform/sqldb"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Limits of the relay.
const (
	batchSize       = 200                    // rows of one round
	parallel        = 16                     // deliveries at once
	interval        = time.Second            // default of Relay.Interval; also the pause while a store is away
	minPause        = 250 * time.Millisecond // before the second try
	maxPause        = time.Minute            // longest pause between two tries
	deliveryTimeout = 10 * time.Second       // for one delivery
	claimed         = 30 * time.Second       // for which the other relays leave alone a row that one relay has taken
)

// row is one row of the outbox.
type row struct {
	ID       string
	Pedido   string
	Intento  int
	Intentos int
}

// TableName implements gorm's Tabler.
func (row) TableName() string { return "avisos" }

func (r *Relay) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

func (r *Relay) log() *slog.Logger {
	if r.Log == nil {
		return slog.Default()
	}
	return r.Log
}

// runRound runs one round (round) and logs its error or panic. It returns the number of rows taken.
func (r *Relay) runRound(ctx context.Context) (n int) {
	err := r.Guard.Run(ctx, "avisos.vuelta", func() (err error) {
		n, err = r.round(ctx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		r.log().ErrorContext(ctx, "the outbox was not carried on", "error", err)
		return 0
	}
	return n
}

// round runs one round: it reads the rows that are due, delivers each (pedido, intento) of theirs once, and stores the
// outcomes. It returns the number of rows taken. Errors: those of the store.
func (r *Relay) round(ctx context.Context) (int, error) {
	debidas, rotas, err := r.due(r.DB.Read(ctx))
	if err == nil && len(rotas) > 0 {
		err = r.setAside(ctx, rotas)
	}
	if err == nil && len(debidas) > 0 && r.DB.Shared() {
		debidas, err = r.claim(ctx)
	}
	if err != nil || len(debidas) == 0 {
		return len(rotas), err
	}
	errs := r.deliver(ctx, debidas)
	if ctx.Err() != nil {
		return 0, nil
	}
	if err := r.finish(ctx, debidas, errs); err != nil {
		return 0, err
	}
	return len(debidas) + len(rotas), nil
}

// due reads up to batchSize rows that are due, and then rows that are due later than the longest pause allows: a
// process with a fast clock put those off. rotas are the rows that cannot be read.
func (r *Relay) due(q *gorm.DB) (legibles []row, rotas []sqldb.Row, err error) {
	q = q.Session(&gorm.Session{})
	ahora := r.now()
	legibles, rotas, err = sqldb.Readable[row](
		q.Where("proximo <= ?", ahora.UnixMilli()).Order("proximo").Limit(batchSize),
	)
	if cupo := batchSize - len(legibles) - len(rotas); err == nil && cupo > 0 {
		lejos := skew.Limit(ahora, max(maxPause, claimed)).UnixMilli()
		otras, peores, e := sqldb.Readable[row](
			q.Where("proximo > ? and proximo < ?", lejos, int64(sqldb.SetAside)).
				Order("proximo").
				Limit(cupo),
		)
		legibles, rotas, err = append(legibles, otras...), append(rotas, peores...), e
	}
	return legibles, rotas, err
}

// setAside sets aside rows that cannot be read, so that no round reads them again.
func (r *Relay) setAside(ctx context.Context, rotas []sqldb.Row) error {
	ordenes := make([]sqldb.Statement, 0, len(rotas))
	for _, f := range rotas {
		r.log().
			ErrorContext(ctx, "an unreadable notice was set aside", "aviso", fmt.Sprint(f["id"]))
		ordenes = append(
			ordenes,
			statement(
				"update avisos set proximo = ? where id = ?",
				int64(sqldb.SetAside),
				f["id"],
			),
		)
	}
	return r.DB.WriteBatch(ctx, "avisos.retirados", ordenes...)
}

// statement is a statement that may affect any number of rows, because another relay may have changed or deleted them
// first.
func statement(sql string, args ...any) sqldb.Statement {
	return sqldb.Statement{SQL: sql, Args: args, Rows: sqldb.AnyNumber}
}

// claim takes the rows that are due and that no other relay has locked, and puts them off by claimed. So one relay
// alone delivers a row, unless that relay dies: then another takes the row after claimed.
func (r *Relay) claim(ctx context.Context) (tomadas []row, err error) {
	saltar := clause.Locking{
		Strength: clause.LockingStrengthUpdate,
		Options:  clause.LockingOptionsSkipLocked,
	}
	err = r.DB.Write(ctx, "avisos.apartados", func(tx *gorm.DB) error {
		var err error
		if tomadas, _, err = r.due(tx.Clauses(saltar)); err != nil || len(tomadas) == 0 {
			return err
		}
		ids := make([]string, 0, len(tomadas))
		for _, f := range tomadas {
			ids = append(ids, f.ID)
		}
		return sqldb.Defer(tx, sqldb.AnyNumber, func(tx *gorm.DB) *gorm.DB {
			return tx.Exec(
				"update avisos set proximo = ? where id in ?",
				r.now().Add(claimed).UnixMilli(),
				ids,
			)
		})
	})
	return tomadas, err
}

// deliver delivers each (pedido, intento) of the rows tomadas once, up to parallel at a time, and returns the error
// of each.
func (r *Relay) deliver(ctx context.Context, tomadas []row) map[Notice]error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	errs := map[Notice]error{}
	cupo := make(chan struct{}, parallel)
	for _, f := range tomadas {
		a := Notice{f.Pedido, f.Intento}
		mu.Lock()
		_, visto := errs[a]
		if !visto {
			errs[a] = nil
		}
		mu.Unlock()
		if visto {
			continue
		}
		cupo <- struct{}{}
		wg.Go(func() {
			defer func() { <-cupo }()
			c, cancel := context.WithTimeout(ctx, deliveryTimeout)
			defer cancel()
			err := r.Guard.Run(
				c,
				"avisos.entrega",
				func() error { return r.Deliver(c, a) },
				"pedido",
				a.Pedido,
			)
			mu.Lock()
			errs[a] = err
			mu.Unlock()
		})
	}
	wg.Wait()
	return errs
}

// finish deletes the rows that were delivered and puts off the rest. A delivery that failed because a store is away
// does not count as a try, so the row's pause does not grow.
func (r *Relay) finish(ctx context.Context, tomadas []row, errs map[Notice]error) error {
	var hechos []string
	var ordenes []sqldb.Statement
	for _, f := range tomadas {
		err := errs[Notice{f.Pedido, f.Intento}]
		if err == nil {
			hechos = append(hechos, f.ID)
			continue
		}
		espera := pauseAfter(f.Intentos)
		fallido := 1
		if errors.Is(err, fault.ErrStoreAway) {
			espera = interval
			fallido = 0
		}
		ordenes = append(
			ordenes,
			statement("update avisos set intentos = intentos + ?, proximo = ? where id = ?",
				fallido, r.now().Add(espera).UnixMilli(), f.ID),
		)
	}
	if len(hechos) > 0 {
		ordenes = append(ordenes, statement("delete from avisos where id in ?", hechos))
	}
	return r.DB.WriteBatch(ctx, "avisos.entregados", ordenes...)
}

// pauseAfter is the time before the next try, after intentos failed ones: minPause, doubled with each, up to maxPause.
func pauseAfter(intentos int) time.Duration {
	espera := minPause
	for ; intentos > 0 && espera < maxPause; intentos-- {
		espera *= 2
	}
	return min(espera, maxPause)
}
