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

// Bounds of the relay.
const (
	tanda      = 200 // rows taken at once
	paralelo   = 16  // deliveries at once
	ronda      = time.Second
	pausaCorta = 250 * time.Millisecond
	pausaMax   = time.Minute
	plazoAviso = 10 * time.Second
	apartado   = 30 * time.Second // a row that one relay has taken is left alone by the others
)

// fila is one row of the outbox.
type fila struct {
	ID       string
	Pedido   string
	Intento  int
	Intentos int
}

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

// vuelta is tanda, whose errors and panics end that round alone.
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

// tanda delivers what is due, once per order and intento, and tells how many rows it took.
func (r *Relevo) tanda(ctx context.Context) (int, error) {
	fs, rotas, err := r.debidas(r.DB.Leer(ctx))
	if err == nil && len(rotas) > 0 {
		err = r.retirar(ctx, rotas)
	}
	if err == nil && len(fs) > 0 && r.DB.Compartida() {
		fs, err = r.apartar(ctx)
	}
	if err != nil || len(fs) == 0 {
		return len(rotas), err
	}
	errs := r.entregar(ctx, fs)
	if ctx.Err() != nil {
		return 0, nil
	}
	if err := r.cerrar(ctx, fs, errs); err != nil {
		return 0, err
	}
	return len(fs) + len(rotas), nil
}

// debidas reads the rows that are due, up to a tanda, and then those that a clock has put off which was ahead: further
// away than the longest pause. rotas are the rows that cannot be read.
func (r *Relevo) debidas(q *gorm.DB) (fs []fila, rotas []sqldb.Row, err error) {
	q, ahora := q.Session(&gorm.Session{}), r.ahora()
	fs, rotas, err = sqldb.Readable[fila](q.Where("proximo <= ?", ahora.UnixMilli()).Order("proximo").Limit(tanda))
	if cupo := tanda - len(fs) - len(rotas); err == nil && cupo > 0 {
		lejos := skew.Limit(ahora, max(pausaMax, apartado)).UnixMilli()
		otras, peores, e := sqldb.Readable[fila](
			q.Where("proximo > ? and proximo < ?", lejos, int64(sqldb.SetAside)).Order("proximo").Limit(cupo))
		fs, rotas, err = append(fs, otras...), append(rotas, peores...), e
	}
	return fs, rotas, err
}

// retirar sets rows aside that cannot be read, so that they are not read again and again.
func (r *Relevo) retirar(ctx context.Context, rotas []sqldb.Row) error {
	os := make([]sqldb.Orden, 0, len(rotas))
	for _, f := range rotas {
		r.log().ErrorContext(ctx, "an unreadable notice was set aside", "aviso", fmt.Sprint(f["id"]))
		os = append(os, orden("update avisos set proximo = ? where id = ?", int64(sqldb.SetAside), f["id"]))
	}
	return r.DB.EscribirLote(ctx, "avisos.retirados", os...)
}

// orden is a statement that finds what it changes or finds that somebody else has changed it: both are well.
func orden(sql string, args ...any) sqldb.Orden {
	return sqldb.Orden{SQL: sql, Args: args, Filas: sqldb.Cualquiera}
}

// apartar takes what is due and no other relay is taking just now, and puts it off for
// the others: a row is told of by one, unless that one dies.
func (r *Relevo) apartar(ctx context.Context) (fs []fila, err error) {
	saltar := clause.Locking{Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked}
	err = r.DB.Escribir(ctx, "avisos.apartados", func(tx *gorm.DB) error {
		var err error
		if fs, _, err = r.debidas(tx.Clauses(saltar)); err != nil || len(fs) == 0 {
			return err
		}
		ids := make([]string, 0, len(fs))
		for _, f := range fs {
			ids = append(ids, f.ID)
		}
		return sqldb.Diferir(tx, sqldb.Cualquiera, func(tx *gorm.DB) *gorm.DB {
			return tx.Exec("update avisos set proximo = ? where id in ?", r.ahora().Add(apartado).UnixMilli(), ids)
		})
	})
	return fs, err
}

// entregar tells of each (pedido, intento) once, some at a time.
func (r *Relevo) entregar(ctx context.Context, fs []fila) map[Aviso]error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	errs := map[Aviso]error{}
	cupo := make(chan struct{}, paralelo)
	for _, f := range fs {
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

// cerrar forgets what was delivered and puts the rest off. What a store that is away keeps
// back is no failure of the notice: its wait does not grow.
func (r *Relevo) cerrar(ctx context.Context, fs []fila, errs map[Aviso]error) error {
	var hechos []string
	var os []sqldb.Orden
	for _, f := range fs {
		err := errs[Aviso{f.Pedido, f.Intento}]
		if err == nil {
			hechos = append(hechos, f.ID)
			continue
		}
		espera, fallido := pausa(f.Intentos), 1
		if errors.Is(err, fault.ErrAlmacen) {
			espera, fallido = ronda, 0
		}
		os = append(os, orden("update avisos set intentos = intentos + ?, proximo = ? where id = ?",
			fallido, r.ahora().Add(espera).UnixMilli(), f.ID))
	}
	if len(hechos) > 0 {
		os = append(os, orden("delete from avisos where id in ?", hechos))
	}
	return r.DB.EscribirLote(ctx, "avisos.entregados", os...)
}

// pausa is the wait before the next try: doubling, bounded.
func pausa(intentos int) time.Duration {
	d := pausaCorta
	for ; intentos > 0 && d < pausaMax; intentos-- {
		d *= 2
	}
	return min(d, pausaMax)
}
