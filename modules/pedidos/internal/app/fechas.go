package app

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
)

// The catalogue is read often, so the earliest window is not asked of rutas each time: its answer holds for
// vigencia, and rutas has esperaVentana to give it.
const (
	vigencia      = 5 * time.Second
	esperaVentana = time.Second
)

// primera keeps the end of the earliest window, and the time at which rutas was asked for it.
type primera struct {
	mu    sync.Mutex
	hasta time.Time
	leida time.Time
}

// desdeCuando is the time until which goods have to be good to be sold at all: the end of the earliest window
// that can still be chosen. While rutas has never named one, it is now.
func (a *App) desdeCuando(ctx context.Context) time.Time {
	ahora := a.o.Ahora()
	a.primera.mu.Lock()
	defer a.primera.mu.Unlock()
	if hace := ahora.Sub(a.primera.leida); hace < 0 || hace >= vigencia {
		ctx, fin := context.WithTimeout(ctx, esperaVentana)
		defer fin()
		a.primera.leida = ahora
		hasta, err := a.o.PrimeraVentana(ctx)
		if err == nil { // after an error the last answer stays: rutas is away, the catalogue is not
			a.primera.hasta = hasta
		}
	}
	if a.primera.hasta.After(ahora) {
		return a.primera.hasta
	}
	return ahora
}

// vida is the number of days beyond its delivery for which a unit of producto has to be good.
func (a *App) vida(producto *catalogo.Producto) int64 {
	if producto.VidaMinima != nil {
		return *producto.VidaMinima
	}
	return a.o.Config.VidaMinima
}

// libres are the free units of each product, by its id. They count the goods alone that can still be delivered
// in time.
func (a *App) libres(
	ctx context.Context,
	productos []*catalogo.Producto,
) (map[string]int64, error) {
	hasta := a.desdeCuando(ctx)
	minimos := make(map[string]time.Time, len(productos))
	for _, p := range productos {
		minimos[p.ID] = existencias.VenceMinimo(hasta, a.vida(p), a.o.Zona)
	}
	lotes, err := a.o.Existencias.Lotes(ctx, slices.Sorted(maps.Keys(minimos)))
	if err != nil {
		return nil, err
	}
	return existencias.Disponibles(lotes, minimos), nil
}
