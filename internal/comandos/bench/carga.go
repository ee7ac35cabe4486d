package bench

import (
	"context"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

// carga is a number of orders that clients send, each client one after another.
type carga struct {
	clientes, pedidos int
	ritmo             float64 // orders that are due per second, over all clients; 0: each as soon as a client is free
	poisson           bool    // at a rate: orders are due at random moments, as customers come who do not know each other
	// uno sends one order for the client of that number.
	uno func(ctx context.Context, cliente int) error
}

// enviar sends all orders, and gives how long each took and how many failed. At a rate an order takes from the moment
// at which it was due, although no client was free to send it then: a server that stalls makes all of those slow that
// were due meanwhile, not only those that were under way (no coordinated omission).
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

// semillaLlegadas makes two measurements with random arrivals meet the same ones.
const semillaLlegadas = 17

// debidos are the moments at which orders are due, counted from the beginning and never falling; nil without a rate.
func (c carga) debidos() []time.Duration {
	if c.ritmo == 0 {
		return nil
	}
	azar := rand.New(rand.NewPCG(semillaLlegadas, semillaLlegadas))
	ds := make([]time.Duration, c.pedidos)
	van := 0.0 // gaps of 1/ritmo
	for i := range ds {
		if ds[i] = time.Duration(van / c.ritmo * float64(time.Second)); c.poisson {
			van += azar.ExpFloat64()
		} else {
			van++
		}
	}
	return ds
}

// turno waits until order i is due and gives that moment; without a rate it is now.
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
