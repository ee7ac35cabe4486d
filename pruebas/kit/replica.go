package kit

import (
	"errors"
	"net/http/httptest"

	pedidosmod "despensa/modules/pedidos/module"
	"despensa/platform/telemetry"
)

// Replica serves the API once more over the same stores, with a module of orders of its
// own that does no work, and gives its address.
func (c *Program) Replica() string {
	c.T.Helper()
	metricas := telemetry.NuevasMetricas()
	suyo, err := pedidosmod.New(c.T.Context(), pedidosmod.Opciones{Config: c.Programa.Ajustes.Pedidos, Datos: c.Dir, Ahora: c.Clock.Ahora,
		Log: c.Logger(), Metricas: metricas, Clientes: c.Programa.Clientes, Pagos: c.Programa.Pagos, Rutas: c.Programa.Rutas,
		Depositos: c.Programa.Rutas.Depositos, SinRelevos: true})
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
	return s.URL
}
