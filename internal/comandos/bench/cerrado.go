package bench

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// sondeo is how long a client waits between two readings of its order.
const sondeo = 10 * time.Millisecond

// paciencia is how long a client waits for the confirmation of its order.
const paciencia = 2 * time.Minute

// tiempos collects the times of the parts of closed loops. Safe for concurrent use.
type tiempos struct {
	mu                  sync.Mutex
	cotizaciones, posts []time.Duration
}

func (v *tiempos) anotar(cotizacion, post time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cotizaciones, v.posts = append(v.cotizaciones, cotizacion), append(v.posts, post)
}

// compraEntera is the closed loop of a customer that waits for the confirmation: quote, card token, POST, reading until
// confirmado. Each call has a single try. Errors: those of the calls; an order that ends in another estado, or is not
// confirmed within paciencia.
func (b *banco) compraEntera(ctx context.Context, k int) error {
	inicio := time.Now()
	if err := b.una(k).Do(ctx, "POST", "/pedidos/cotizacion", b.carrito(k), nil); err != nil {
		return err
	}
	cotizacion := time.Since(inicio)
	token, err := b.tarjeta(ctx)
	if err != nil {
		return err
	}
	var p conID
	inicio = time.Now()
	if err := b.pedir(ctx, k, token, &p); err != nil {
		return err
	}
	b.tiempos.anotar(cotizacion, time.Since(inicio))
	return b.leerHasta(ctx, k, p.ID)
}

// leerHasta reads the order of client k until it is confirmado.
func (b *banco) leerHasta(ctx context.Context, k int, id string) error {
	ctx, fin := context.WithTimeout(ctx, paciencia)
	defer fin()
	for {
		var p struct {
			Estado string `json:"estado"`
		}
		if err := b.una(k).Do(ctx, "GET", "/pedidos/"+id, nil, &p); err != nil {
			return err
		}
		switch p.Estado {
		case "confirmado":
			return nil
		case "fallido", "rechazado", "cancelado":
			return fmt.Errorf("bench: an order is %s", p.Estado)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(sondeo):
		}
	}
}
