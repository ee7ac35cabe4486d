package module

import (
	"context"
	"errors"
	"sync"
	"time"
)

// trabajo is a background job; a round tells how much it did.
type trabajo struct {
	nombre string
	cada   time.Duration
	ya     <-chan struct{} // wakes it before its time; nil = never
	ronda  func(ctx context.Context) (int, error)
}

func (m *Module) trabajos() []trabajo {
	c := m.o.Config
	return []trabajo{
		{nombre: "pagos.avisos", cada: c.Ronda, ya: m.cobros.Hay(), ronda: m.cobros.Atender},
		{nombre: "pagos.vigilancia", cada: c.Ronda, ya: nil, ronda: m.cobros.RevisarDebidos},
		{nombre: "pagos.limpieza", cada: c.Limpieza, ya: nil, ronda: m.cobros.Limpiar},
	}
}

// Correr runs the relay, and each job while it is this process's turn, until ctx ends, and
// returns when they have stopped.
func (m *Module) Correr(ctx context.Context) error {
	var espera sync.WaitGroup
	for _, t := range m.trabajos() {
		espera.Go(
			func() { m.turnos.Run(ctx, t.nombre, func(ctx context.Context) { m.repetir(ctx, t) }) },
		)
	}
	if m.o.Avisar != nil && !m.o.SinRelevos {
		espera.Go(func() { m.relevo.Run(ctx) })
	}
	espera.Wait()
	return nil
}

// repetir does round after round: at once while rounds come back full, else when trabajo
// is woken or its time comes.
func (m *Module) repetir(ctx context.Context, trabajo trabajo) {
	reloj := time.NewTicker(trabajo.cada)
	defer reloj.Stop()
	for ctx.Err() == nil {
		n, err := trabajo.ronda(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			m.o.Log.ErrorContext(ctx, "job failed", "job", trabajo.nombre, "error", err)
		}
		if err == nil && n >= m.o.Config.Tanda {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-trabajo.ya:
		case <-reloj.C:
		}
	}
}
