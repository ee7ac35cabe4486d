package module

import (
	"context"
	"errors"
	"sync"
	"time"

	"despensa/platform/guard"
)

// trabajo is a background job; ronda gives how much it has done.
type trabajo struct {
	nombre string
	cada   time.Duration
	ronda  func(ctx context.Context) (int, error)
}

// repasoDePalabras is how often SellarPendientes looks at every visit.
const repasoDePalabras = 6 * time.Hour

func (m *Module) trabajos() []trabajo {
	c := m.o.Config
	return []trabajo{
		{nombre: "rutas.cierre", cada: c.Cierre, ronda: m.flota.CerrarTurnos},
		{nombre: "rutas.limpieza", cada: c.Limpieza, ronda: m.limpiar},
		{nombre: "rutas.posiciones", cada: c.Limpieza, ronda: m.olvidar},
		{nombre: "rutas.horarios", cada: c.Limpieza, ronda: m.flota.Programar},
		{nombre: "rutas.palabras", cada: repasoDePalabras, ronda: m.flota.SellarPendientes},
	}
}

// limpiar calls Limpiar until it changes no row.
func (m *Module) limpiar(ctx context.Context) (total int, err error) {
	for {
		n, err := m.flota.Limpiar(ctx)
		if total += n; err != nil || n == 0 {
			return total, err
		}
	}
}

// olvidar calls Olvidar until no position is past its time.
func (m *Module) olvidar(ctx context.Context) (total int, err error) {
	for {
		n, err := m.telemetria.Olvidar(ctx)
		if total += n; err != nil || n == 0 {
			return total, err
		}
	}
}

// Correr runs the relay, and each background job while this process holds the lease of the job. It returns after ctx
// has ended and all of them have stopped.
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

func (m *Module) repetir(ctx context.Context, trabajo trabajo) {
	ronda := func() {
		if _, err := trabajo.ronda(ctx); err != nil && !errors.Is(err, context.Canceled) {
			m.o.Log.ErrorContext(ctx, "job failed", "job", trabajo.nombre, "error", err)
		}
	}
	ronda()
	guard.Every(ctx, trabajo.cada, ronda)
}
