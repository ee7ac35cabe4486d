package kit

import (
	"context"
	"errors"
	"net/http/httptest"

	pedidosmod "despensa/modules/pedidos/module"
	"despensa/platform/telemetry"
	"despensa/platform/wiring"
)

// Replica serves the API once more over the same stores, with a module of orders of its own that does no background
// work, and returns its address.
func (c *Program) Replica() string {
	c.T.Helper()
	url, _ := c.replica(c.Clock)
	return url
}

// WorkingReplica is a Replica that also runs the background work of the module pedidos, by a clock of its own.
func (c *Program) WorkingReplica(clock *Clock) string {
	c.T.Helper()
	url, suyo := c.replica(clock)
	ctx, parar := context.WithCancel(c.T.Context())
	fin := make(chan error, 1)
	go func() { fin <- suyo.Correr(ctx) }()
	c.T.Cleanup(func() { // before its stores are closed
		parar()
		if err := <-fin; err != nil {
			c.T.Error(err)
		}
	})
	return url
}

// replica opens a module of orders that goes by clock, and serves it.
func (c *Program) replica(clock *Clock) (string, *pedidosmod.Module) {
	c.T.Helper()
	metricas := telemetry.NewMetrics()
	p := c.Programa
	o := pedidosmod.Opciones{
		Options: wiring.Options{
			Folder:  c.Dir,
			Now:     clock.Now,
			Log:     c.Logger(),
			Metrics: metricas,
		},
		Config:     p.Ajustes.Pedidos,
		Clientes:   p.Clientes,
		Pagos:      p.Pagos,
		Rutas:      p.Rutas,
		Visitas:    p.Rutas,
		Cobros:     p.Pagos,
		Depositos:  p.Rutas.Depositos,
		Palabras:   p.Clientes,
		SinRelevos: true,
	}
	o.Jobs.Holder = "replica"
	o.Jobs.Lease = p.Ajustes.Trabajos.Lease
	o.Jobs.Now = clock.Now
	o.Jobs.Log = c.Logger()
	suyo, err := pedidosmod.New(c.T.Context(), o)
	if err != nil {
		c.T.Fatal(err)
	}
	otra, err := c.Programa.Otra(suyo)
	if err != nil {
		c.T.Fatal(err)
	}
	s := httptest.NewServer(otra.Handler())
	c.T.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
		if err := errors.Join(suyo.Cerrar(), otra.Cerrar()); err != nil {
			c.T.Error(err)
		}
	})
	return s.URL, suyo
}
