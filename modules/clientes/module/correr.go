package module

import (
	"context"
	"errors"
	"sync"
	"time"
)

// limpieza is how often what need not be remembered any more is forgotten.
const limpieza = time.Hour

// edadDeSesion is longer than any session lasts (sesion.edad has this limit).
const edadDeSesion = 31 * 24 * time.Hour

// Cortar ends every browser session of a person (house id) that began before cuando.
func (m *Module) Cortar(ctx context.Context, id string, cuando time.Time) error {
	return m.datos.Cortar(ctx, id, cuando)
}

// Corte is the moment before which the sessions of a person are over; zero: none.
func (m *Module) Corte(ctx context.Context, id string) (time.Time, error) {
	return m.datos.Corte(ctx, id)
}

// Correr does the module's own work until ctx ends.
func (m *Module) Correr(ctx context.Context) error {
	trabajos := []func(context.Context) error{m.limpiarSiempre, m.rastro.rechazos.Correr, m.rastro.relevo.Correr}
	errs := make([]error, len(trabajos))
	var wg sync.WaitGroup
	for i, t := range trabajos {
		wg.Go(func() { errs[i] = t(ctx) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (m *Module) limpiarSiempre(ctx context.Context) error {
	t := time.NewTicker(limpieza)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			m.limpiar(ctx)
		}
	}
}

func (m *Module) limpiar(ctx context.Context) {
	if err := m.datos.Purgar(ctx, m.o.Ahora().Add(-m.o.Config.MemoriaClaves)); err != nil && ctx.Err() == nil {
		m.o.Log.ErrorContext(ctx, "clientes: forget deleted addresses", "error", err)
	}
	if err := m.datos.OlvidarCortes(ctx, m.o.Ahora().Add(-edadDeSesion)); err != nil && ctx.Err() == nil {
		m.o.Log.ErrorContext(ctx, "clientes: forget ended sessions", "error", err)
	}
}
