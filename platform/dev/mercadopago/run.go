package mercadopago

import (
	"context"
	"fmt"
	"sync"
	"time"

	"despensa/platform/guard"

	"golang.org/x/sync/errgroup"
	"gorm.io/gorm"
)

// The pace of the background work.
const (
	parallel        = 8                     // notices that are sent at once
	batchSize       = 64                    // notices, or orders, of one batch
	batchPause      = 20 * time.Millisecond // between two batches, each of which is stored in one write
	defaultInterval = time.Second           // default of Options.Interval
)

// sweepForever calls sweep every Options.Interval until ctx ends.
func (s *Simulator) sweepForever(ctx context.Context) {
	barrer := func() {
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.ErrorContext(ctx, "mercadopago: sweep failed", "error", err)
		}
	}
	barrer()
	guard.Every(ctx, s.o.Interval, barrer)
}

// sweep changes all orders that time changes by now: reservations and vouchers that lapse, async cards that are
// decided. Errors: those of the ledger.
func (s *Simulator) sweep(ctx context.Context) error {
	for {
		var vencidas []string
		q := s.ledger.db.Read(ctx).Model(&orderRow{}).Where("toca <= ?", s.now().UnixMilli())
		if err := q.Order("toca").Limit(batchSize).Pluck("id", &vencidas).Error; err != nil {
			return fmt.Errorf("mercadopago: ledger: %w", err)
		}
		if len(vencidas) == 0 {
			return nil
		}
		g, gctx := errgroup.WithContext(ctx) // concurrent writes share a commit
		for _, id := range vencidas {
			g.Go(func() error {
				return guard.Do(func() error { _, err := s.change(gctx, id, nil); return err })
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
}

// sendForever sends the notices that are due until ctx ends.
func (s *Simulator) sendForever(ctx context.Context) {
	for {
		falta, err := s.dispatch(ctx)
		if err != nil && ctx.Err() == nil {
			s.o.Log.ErrorContext(ctx, "mercadopago: notices failed", "error", err)
		}
		if !s.sleep(ctx, falta) {
			return
		}
	}
}

// sleep waits for the next notice: for batchPause, and then until falta is over or a new notice has been stored. False
// when ctx has ended.
func (s *Simulator) sleep(ctx context.Context, falta time.Duration) bool {
	if !wait(ctx, batchPause) {
		return false
	}
	t := time.NewTimer(max(0, falta-batchPause))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.mailer.due:
		return true
	case <-ctx.Done():
		return false
	}
}

// dispatch sends one batch of notices and returns the time until the next one is due. Errors: those of the ledger.
func (s *Simulator) dispatch(ctx context.Context) (time.Duration, error) {
	base := s.o.Receiver()
	if base == "" {
		return s.o.Interval, nil
	}
	ahora := s.now()
	var avisos []noticeRow
	if err := s.ledger.db.Read(ctx).Order("toca, id").Limit(batchSize).Find(&avisos).Error; err != nil {
		return s.o.Interval, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	n := 0
	for n < len(avisos) && avisos[n].Toca <= ahora.UnixMilli() {
		n++
	}
	if n == 0 {
		return s.untilDue(avisos, ahora), nil
	}
	return 0, s.deliver(ctx, base, avisos[:n])
}

// untilDue is the time until the first of avisos is due, at most Options.Interval.
func (s *Simulator) untilDue(avisos []noticeRow, ahora time.Time) time.Duration {
	if len(avisos) == 0 {
		return s.o.Interval
	}
	return min(s.o.Interval, time.UnixMilli(avisos[0].Toca).Sub(ahora))
}

// deliver sends avisos in parallel and stores their outcomes in one write. Errors: those of the ledger.
func (s *Simulator) deliver(ctx context.Context, base string, avisos []noticeRow) error {
	var mu sync.Mutex
	var idos []string
	var vuelven []noticeRow
	var g errgroup.Group
	g.SetLimit(parallel)
	for _, a := range avisos {
		g.Go(func() error {
			err := guard.Do(func() error { return s.send(ctx, base, a) })
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil || a.Intentos >= len(retryWaits):
				idos = append(idos, a.ID)
			case ctx.Err() == nil:
				vuelven = append(vuelven, a)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return s.saveOutcomes(idos, vuelven)
}

// saveOutcomes deletes the notices idos and sets the time of the next try of vuelven. It writes even while the program
// is ending. A notice is sent again when this write is lost.
func (s *Simulator) saveOutcomes(idos []string, vuelven []noticeRow) error {
	if len(idos)+len(vuelven) == 0 {
		return nil
	}
	ahora := s.now()
	err := s.ledger.db.Write(
		context.Background(),
		"dev.mercadopago.avisos",
		func(tx *gorm.DB) error {
			if len(idos) > 0 {
				if err := tx.Where("id in ?", idos).Delete(&noticeRow{}).Error; err != nil {
					return err
				}
			}
			for _, a := range vuelven {
				cambio := map[string]any{
					"intentos": a.Intentos + 1,
					"toca":     ahora.Add(retryWaits[a.Intentos]).UnixMilli(),
				}
				if err := tx.Model(&noticeRow{}).Where("id = ?", a.ID).Updates(cambio).Error; err != nil {
					return err
				}
			}
			return nil
		},
	)
	if err != nil {
		return fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return nil
}
