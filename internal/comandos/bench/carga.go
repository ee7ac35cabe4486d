package bench

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// carga is a number of orders, and how the clients send them. Each client sends one order after another.
type carga struct {
	clientes, pedidos int
	ritmo             float64 // orders that are due per second, over all clients; 0: each as soon as a client is free
	poisson           bool    // with ritmo: orders are due at random moments, like those of independent customers
	// uno sends one order for the client with that number.
	uno func(ctx context.Context, cliente int) error
}

// enviar sends all orders, and gives the duration of each and the number of failures. With ritmo the duration of an
// order begins at the moment at which it was due, even if no client was free to send it then. So a server that stalls
// makes every order slow that was due meanwhile, and not only the orders under way (no coordinated omission).
func (c carga) enviar(ctx context.Context) (esperas []time.Duration, fallas int) {
	esperas = make([]time.Duration, c.pedidos)
	var van, mal atomic.Int64
	debidos := c.debidos()
	inicio := time.Now()
	var wg sync.WaitGroup
	for k := range c.clientes {
		wg.Go(func() {
			for {
				i := int(van.Add(1)) - 1
				if i >= c.pedidos || ctx.Err() != nil {
					return
				}
				desde := turno(ctx, inicio, debidos, i)
				if err := c.uno(ctx, k); err != nil {
					mal.Add(1)
				}
				esperas[i] = time.Since(desde)
			}
		})
	}
	wg.Wait()
	return esperas, int(mal.Load())
}

// semillaLlegadas seeds the random moments, so that two measurements have the same ones.
const semillaLlegadas = 17

// debidos are the moments at which orders are due, in ascending order, as durations since the beginning; nil without
// ritmo.
func (c carga) debidos() []time.Duration {
	if c.ritmo == 0 {
		return nil
	}
	azar := rand.New(rand.NewPCG(semillaLlegadas, semillaLlegadas))
	ds := make([]time.Duration, c.pedidos)
	van := 0.0 // sum of the gaps so far, in units of 1/ritmo
	for i := range ds {
		if ds[i] = time.Duration(van / c.ritmo * float64(time.Second)); c.poisson {
			van += azar.ExpFloat64()
		} else {
			van++
		}
	}
	return ds
}

// turno waits until order i is due and gives that moment; the present one without ritmo.
func turno(ctx context.Context, inicio time.Time, debidos []time.Duration, i int) time.Time {
	if debidos == nil {
		return time.Now()
	}
	debe := inicio.Add(debidos[i])
	select {
	case <-ctx.Done():
	case <-time.After(time.Until(debe)):
	}
	return debe
}
