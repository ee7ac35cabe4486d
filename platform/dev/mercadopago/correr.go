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
	enParalelo = 8                     // notices that are sent at once
	tanda      = 64                    // notices, or orders, of one batch
	respiro    = 20 * time.Millisecond // between two batches, each of which is stored in one write
	ronda      = time.Second           // default of Opciones.Ronda
)

// barrerSiempre calls barrer every Opciones.Ronda until ctx ends.
func (s *Simulador) barrerSiempre(ctx context.Context) {
	barrer := func() {
		if err := s.barrer(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.ErrorContext(ctx, "mercadopago: sweep failed", "error", err)
		}
	}
	barrer()
	guard.Every(ctx, s.o.Ronda, barrer)
}

// barrer changes all orders that time changes by now: reservations and vouchers that lapse, async cards that are
// decided. Errors: those of the ledger.
func (s *Simulador) barrer(ctx context.Context) error {
	for {
		var vencidas []string
		q := s.libro.db.Leer(ctx).Model(&filaOrden{}).Where("toca <= ?", s.ahora().UnixMilli())
		if err := q.Order("toca").Limit(tanda).Pluck("id", &vencidas).Error; err != nil {
			return fmt.Errorf("mercadopago: ledger: %w", err)
		}
		if len(vencidas) == 0 {
			return nil
		}
		g, gctx := errgroup.WithContext(ctx) // concurrent writes share a commit
		for _, id := range vencidas {
			g.Go(func() error {
				return guard.Do(func() error { _, err := s.mudar(gctx, id, nil); return err })
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
}

// enviarSiempre sends the notices that are due until ctx ends.
func (s *Simulador) enviarSiempre(ctx context.Context) {
	for {
		falta, err := s.despachar(ctx)
		if err != nil && ctx.Err() == nil {
			s.o.Log.ErrorContext(ctx, "mercadopago: notices failed", "error", err)
		}
		if !s.dormir(ctx, falta) {
			return
		}
	}
}

// dormir waits for the next notice: for respiro, and then until falta is over or a new notice has been stored. False
// when ctx has ended.
func (s *Simulador) dormir(ctx context.Context, falta time.Duration) bool {
	if !esperar(ctx, respiro) {
		return false
	}
	t := time.NewTimer(max(0, falta-respiro))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.correo.hay:
		return true
	case <-ctx.Done():
		return false
	}
}

// despachar sends one batch of notices and returns the time until the next one is due. Errors: those of the ledger.
func (s *Simulador) despachar(ctx context.Context) (time.Duration, error) {
	base := s.o.Avisos()
	if base == "" {
		return s.o.Ronda, nil
	}
	ahora := s.ahora()
	var avisos []filaAviso
	if err := s.libro.db.Leer(ctx).Order("toca, id").Limit(tanda).Find(&avisos).Error; err != nil {
		return s.o.Ronda, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	n := 0
	for n < len(avisos) && avisos[n].Toca <= ahora.UnixMilli() {
		n++
	}
	if n == 0 {
		return s.falta(avisos, ahora), nil
	}
	return 0, s.llevar(ctx, base, avisos[:n])
}

// falta is the time until the first of avisos is due, at most Opciones.Ronda.
func (s *Simulador) falta(avisos []filaAviso, ahora time.Time) time.Duration {
	if len(avisos) == 0 {
		return s.o.Ronda
	}
	return min(s.o.Ronda, time.UnixMilli(avisos[0].Toca).Sub(ahora))
}

// llevar sends avisos in parallel and stores their outcomes in one write. Errors: those of the ledger.
func (s *Simulador) llevar(ctx context.Context, base string, avisos []filaAviso) error {
	var mu sync.Mutex
	var idos []string
	var vuelven []filaAviso
	var g errgroup.Group
	g.SetLimit(enParalelo)
	for _, a := range avisos {
		g.Go(func() error {
			err := guard.Do(func() error { return s.enviar(ctx, base, a) })
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil || a.Intentos >= len(esperas):
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
	return s.asentar(idos, vuelven)
}

// asentar deletes the notices idos and sets the time of the next try of vuelven. It writes even while the program is
// ending. A notice is sent again when this write is lost.
func (s *Simulador) asentar(idos []string, vuelven []filaAviso) error {
	if len(idos)+len(vuelven) == 0 {
		return nil
	}
	ahora := s.ahora()
	err := s.libro.db.Escribir(context.Background(), "dev.mercadopago.avisos", func(tx *gorm.DB) error {
		if len(idos) > 0 {
			if err := tx.Where("id in ?", idos).Delete(&filaAviso{}).Error; err != nil {
				return err
			}
		}
		for _, a := range vuelven {
			cambio := map[string]any{"intentos": a.Intentos + 1, "toca": ahora.Add(esperas[a.Intentos]).UnixMilli()}
			if err := tx.Model(&filaAviso{}).Where("id = ?", a.ID).Updates(cambio).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return nil
}
