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
	tanda      = 200                    // rows of one round
	paralelo   = 16                     // deliveries at once
	ronda      = time.Second            // default of Relevo.Ronda; also the pause while a store is away
	pausaCorta = 250 * time.Millisecond // before the second try
	pausaMax   = time.Minute            // longest pause between two tries
	plazoAviso = 10 * time.Second       // for one delivery
	apartado   = 30 * time.Second       // for which the other relays leave alone a row that one relay has taken
)

// fila is one row of the outbox.
type fila struct {
	ID       string
	Pedido   string
	Intento  int
	Intentos int
}

// TableName implements gorm's Tabler.
func (fila) TableName() string { return "avisos" }

func (r *Relevo) ahora() time.Time {
	if r.Ahora == nil {
		return time.Now()
	}
	return r.Ahora()
}

func (r *Relevo) log() *slog.Logger {
	if r.Log == nil {
		return slog.Default()
	}
	return r.Log
}

// vuelta runs one round (tanda) and logs its error or panic. It returns the number of rows taken.
func (r *Relevo) vuelta(ctx context.Context) (n int) {
	err := r.Guard.Run(ctx, "avisos.vuelta", func() (err error) {
		n, err = r.tanda(ctx)
		return err
	})
	if err != nil && ctx.Err() == nil {
		r.log().ErrorContext(ctx, "the outbox was not carried on", "error", err)
		return 0
	}
	return n
}

// tanda runs one round: it reads the rows that are due, delivers each (pedido, intento) of theirs once, and stores the
// outcomes. It returns the number of rows taken. Errors: those of the store.
func (r *Relevo) tanda(ctx context.Context) (int, error) {
	debidas, rotas, err := r.debidas(r.DB.Leer(ctx))
	if err == nil && len(rotas) > 0 {
		err = r.retirar(ctx, rotas)
	}
	if err == nil && len(debidas) > 0 && r.DB.Compartida() {
		debidas, err = r.apartar(ctx)
	}
	if err != nil || len(debidas) == 0 {
		return len(rotas), err
	}
	errs := r.entregar(ctx, debidas)
	if ctx.Err() != nil {
		return 0, nil
	}
	if err := r.cerrar(ctx, debidas, errs); err != nil {
		return 0, err
	}
	return len(debidas) + len(rotas), nil
}

// debidas reads up to tanda rows that are due, and then rows that are due later than the longest pause allows: a
// process with a fast clock put those off. rotas are the rows that cannot be read.
func (r *Relevo) debidas(q *gorm.DB) (legibles []fila, rotas []sqldb.Row, err error) {
	q = q.Session(&gorm.Session{})
	ahora := r.ahora()
	legibles, rotas, err = sqldb.Readable[fila](q.Where("proximo <= ?", ahora.UnixMilli()).Order("proximo").Limit(tanda))
	if cupo := tanda - len(legibles) - len(rotas); err == nil && cupo > 0 {
		lejos := skew.Limit(ahora, max(pausaMax, apartado)).UnixMilli()
		otras, peores, e := sqldb.Readable[fila](
			q.Where("proximo > ? and proximo < ?", lejos, int64(sqldb.SetAside)).Order("proximo").Limit(cupo))
		legibles, rotas, err = append(legibles, otras...), append(rotas, peores...), e
	}
	return legibles, rotas, err
}

// retirar sets aside rows that cannot be read, so that no round reads them again.
func (r *Relevo) retirar(ctx context.Context, rotas []sqldb.Row) error {
	ordenes := make([]sqldb.Orden, 0, len(rotas))
	for _, f := range rotas {
		r.log().ErrorContext(ctx, "an unreadable notice was set aside", "aviso", fmt.Sprint(f["id"]))
		ordenes = append(ordenes, orden("update avisos set proximo = ? where id = ?", int64(sqldb.SetAside), f["id"]))
	}
	return r.DB.EscribirLote(ctx, "avisos.retirados", ordenes...)
}

// orden is a statement that may affect any number of rows, because another relay may have changed or deleted them
// first.
func orden(sql string, args ...any) sqldb.Orden {
	return sqldb.Orden{SQL: sql, Args: args, Filas: sqldb.Cualquiera}
}

// apartar takes the rows that are due and that no other relay has locked, and puts them off by apartado. So one relay
// alone delivers a row, unless that relay dies: then another takes the row after apartado.
func (r *Relevo) apartar(ctx context.Context) (tomadas []fila, err error) {
	saltar := clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}
	err = r.DB.Escribir(ctx, "avisos.apartados", func(tx *gorm.DB) error {
		var err error
		if tomadas, _, err = r.debidas(tx.Clauses(saltar)); err != nil || len(tomadas) == 0 {
			return err
		}
		ids := make([]string, 0, len(tomadas))
		for _, f := range tomadas {
			ids = append(ids, f.ID)
		}
		return sqldb.Diferir(tx, sqldb.Cualquiera, func(tx *gorm.DB) *gorm.DB {
			return tx.Exec("update avisos set proximo = ? where id in ?", r.ahora().Add(apartado).UnixMilli(), ids)
		})
	})
	return tomadas, err
}

// entregar delivers each (pedido, intento) of the rows tomadas once, up to paralelo at a time, and returns the error
// of each.
func (r *Relevo) entregar(ctx context.Context, tomadas []fila) map[Aviso]error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	errs := map[Aviso]error{}
	cupo := make(chan struct{}, paralelo)
	for _, f := range tomadas {
		a := Aviso{f.Pedido, f.Intento}
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
			c, cancel := context.WithTimeout(ctx, plazoAviso)
			defer cancel()
			err := r.Guard.Run(c, "avisos.entrega", func() error { return r.Entregar(c, a) }, "pedido", a.Pedido)
			mu.Lock()
			errs[a] = err
			mu.Unlock()
		})
	}
	wg.Wait()
	return errs
}

// cerrar deletes the rows that were delivered and puts off the rest. A delivery that failed because a store is away
// does not count as a try, so the row's pause does not grow.
func (r *Relevo) cerrar(ctx context.Context, tomadas []fila, errs map[Aviso]error) error {
	var hechos []string
	var ordenes []sqldb.Orden
	for _, f := range tomadas {
		err := errs[Aviso{f.Pedido, f.Intento}]
		if err == nil {
			hechos = append(hechos, f.ID)
			continue
		}
		espera := pausa(f.Intentos)
		fallido := 1
		if errors.Is(err, fault.ErrAlmacen) {
			espera = ronda
			fallido = 0
		}
		ordenes = append(ordenes, orden("update avisos set intentos = intentos + ?, proximo = ? where id = ?",
			fallido, r.ahora().Add(espera).UnixMilli(), f.ID))
	}
	if len(hechos) > 0 {
		ordenes = append(ordenes, orden("delete from avisos where id in ?", hechos))
	}
	return r.DB.EscribirLote(ctx, "avisos.entregados", ordenes...)
}

// pausa is the time before the next try, after intentos failed ones: pausaCorta, doubled with each, up to pausaMax.
func pausa(intentos int) time.Duration {
	espera := pausaCorta
	for ; intentos > 0 && espera < pausaMax; intentos-- {
		espera *= 2
	}
	return min(espera, pausaMax)
}
