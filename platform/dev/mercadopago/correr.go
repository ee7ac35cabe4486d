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

// How the background work is paced.
const (
	enParalelo = 8                     // notices on their way at once
	tanda      = 64                    // notices read at once
	respiro    = 20 * time.Millisecond // between two batches: their bookkeeping is one write
	ronda      = time.Second           // at the latest so often everything is looked at, by default
)

// barrerSiempre lets time act on the orders.
func (s *Simulador) barrerSiempre(ctx context.Context) {
	barrer := func() {
		if err := s.barrer(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.ErrorContext(ctx, "mercadopago: sweep failed", "error", err)
		}
	}
	barrer()
	guard.Every(ctx, s.o.Ronda, barrer)
}

// barrer changes every order whose time has come.
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
		g, gctx := errgroup.WithContext(ctx) // so that they share a commit
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

// enviarSiempre sends the notices that are due.
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

// dormir waits for the next notice: at least respiro, then until falta is over or
// something new came. False when ctx ended.
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

// despachar sends one batch and tells how long the next one may wait.
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

// falta is how long until the first of avisos is due, Opciones.Ronda at the most.
func (s *Simulador) falta(avisos []filaAviso, ahora time.Time) time.Duration {
	if len(avisos) == 0 {
		return s.o.Ronda
	}
	return min(s.o.Ronda, time.UnixMilli(avisos[0].Toca).Sub(ahora))
}

// llevar sends avisos in parallel and writes once how it went.
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

// asentar writes which notices are done and which come again. It is written even
// when the program is ending; what is lost is sent once more.
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
