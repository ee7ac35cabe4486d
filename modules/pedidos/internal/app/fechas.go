package app

import (
	"context"
	"sync"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
)

// The catalogue is read often: the earliest window is taken for known so long, and asked for
// no longer than that.
const (
	vigencia      = 5 * time.Second
	esperaVentana = time.Second
)

// primera remembers the end of the earliest window. Safe for concurrent use.
type primera struct {
	mu    sync.Mutex
	hasta time.Time
	leida time.Time
}

// desdeCuando is until when goods have to be good at the least, to be delivered at all: the end
// of the earliest window that can still be chosen. While nobody knows one, it is now.
func (a *App) desdeCuando(ctx context.Context) time.Time {
	ahora := a.o.Ahora()
	a.primera.mu.Lock()
	defer a.primera.mu.Unlock()
	if hace := ahora.Sub(a.primera.leida); hace < 0 || hace >= vigencia {
		ctx, fin := context.WithTimeout(ctx, esperaVentana)
		defer fin()
		a.primera.leida = ahora
		hasta, err := a.o.PrimeraVentana(ctx)
		if err == nil { // else the one before: rutas is away, the catalogue is not
			a.primera.hasta = hasta
		}
	}
	if a.primera.hasta.After(ahora) {
		return a.primera.hasta
	}
	return ahora
}

// vida is how many days beyond its delivery p is good for, at least.
func (a *App) vida(p *catalogo.Producto) int64 {
	if p.VidaMinima != nil {
		return *p.VidaMinima
	}
	return a.o.Config.VidaMinima
}

// libres is what is free of each product, of goods that can still be delivered in time.
func (a *App) libres(ctx context.Context, ps []*catalogo.Producto) (map[string]int64, error) {
	hasta, minimos := a.desdeCuando(ctx), make(map[string]time.Time, len(ps))
	for _, p := range ps {
		minimos[p.ID] = existencias.VenceMinimo(hasta, a.vida(p), a.o.Zona)
	}
	return a.o.Existencias.Disponibles(ctx, minimos)
}
