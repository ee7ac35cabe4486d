package module

import (
	"context"
	"sync"
	"time"

	"despensa/platform/guard"
)

// limpieza is how often limpiar removes the rows of deleted addresses and of ended sessions that are old enough.
const limpieza = time.Hour

// edadDeSesion is longer than any session lasts (sesion.edad has this limit).
const edadDeSesion = 31 * 24 * time.Hour

// End ends, at cuando, the browser session of that id, or every one of a person (house id) that began by then.
func (m *Module) End(ctx context.Context, id string, cuando time.Time) error {
	return m.datos.TerminarSesiones(ctx, id, cuando)
}

// EndedUntil is the moment up to which the sessions of persona (house id) are over, zero: none; terminada: the session
// of the id sesion has been ended by itself.
func (m *Module) EndedUntil(
	ctx context.Context,
	persona, sesion string,
) (corte time.Time, terminada bool, err error) {
	return m.datos.FinDeSesiones(ctx, persona, sesion)
}

// Correr does the background work of the module until ctx ends: the jobs that one replica at a time does for all,
// under their lease, and the writing of the refusals that this process has counted.
func (m *Module) Correr(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { m.turnos.Run(ctx, "clientes.limpieza", m.limpiarSiempre) })
	wg.Go(func() { m.turnos.Run(ctx, "clientes.indices", m.indizarSiempre) })
	wg.Go(func() { m.turnos.Run(ctx, "clientes.rastro", m.rastro.relevo.Correr) })
	wg.Go(func() { m.rastro.rechazos.Correr(ctx) })
	wg.Wait()
	return nil
}

func (m *Module) limpiarSiempre(ctx context.Context) {
	guard.Every(ctx, limpieza, func() { m.limpiar(ctx) })
}

// indizarSiempre computes the indexes of rows that earlier releases wrote, at once and then every limpieza: processes
// of an earlier release may write more such rows until the last of them has been replaced.
func (m *Module) indizarSiempre(ctx context.Context) {
	indizar := func() {
		_, ilegibles, err := m.datos.Indizar(ctx)
		if (err != nil || ilegibles > 0) && ctx.Err() == nil {
			m.o.Log.ErrorContext(
				ctx, "clientes: indexes of customers are missing",
				"ilegibles", ilegibles, "error", err,
			)
		}
	}
	indizar()
	guard.Every(ctx, limpieza, indizar)
}

func (m *Module) limpiar(ctx context.Context) {
	if err := m.datos.Purgar(ctx, m.o.Now().Add(-m.o.Config.MemoriaClaves)); err != nil &&
		ctx.Err() == nil {
		m.o.Log.ErrorContext(ctx, "clientes: forget deleted addresses", "error", err)
	}
	if err := m.datos.OlvidarFines(ctx, m.o.Now().Add(-edadDeSesion)); err != nil &&
		ctx.Err() == nil {
		m.o.Log.ErrorContext(ctx, "clientes: forget ended sessions", "error", err)
	}
}
