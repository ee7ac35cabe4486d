package module

import (
	"context"
	"time"
)

// limpieza is how often what need not be remembered any more is forgotten.
const limpieza = time.Hour

// Correr does the module's own work until ctx ends.
func (m *Module) Correr(ctx context.Context) error {
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
}
