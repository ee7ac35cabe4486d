package module

import (
	"context"
	"time"

	"despensa/platform/outbox"
	"despensa/platform/sqldb"

	"github.com/prometheus/client_golang/prometheus"
)

// apartados is the collector of despensa_apartados: at each scrape it counts the notices that were set aside.
type apartados struct{ db *sqldb.DB }

var descApartados = prometheus.NewDesc(
	"despensa_apartados",
	"Stored rows set aside because they cannot be read, by module and kind, until despensa retomar.",
	[]string{"que"},
	prometheus.Labels{"modulo": "rutas"},
)

// Describe implements prometheus.Collector.
func (apartados) Describe(c chan<- *prometheus.Desc) { c <- descApartados }

// Collect implements prometheus.Collector.
func (a apartados) Collect(c chan<- prometheus.Metric) {
	ctx, fin := context.WithTimeout(context.Background(), time.Second)
	defer fin()
	if n, err := outbox.CountSetAside(ctx, a.db); err == nil {
		c <- prometheus.MustNewConstMetric(descApartados, prometheus.GaugeValue, float64(n), "avisos")
	}
}

// contarPosiciones registers the counter of positions and gives the function that adds to it.
func contarPosiciones(registerer prometheus.Registerer) func(resultado string, cuantas int) {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "despensa_rutas_posiciones_total", Help: "Positions that devices of trucks sent: new, repeated or refused.",
	}, []string{"resultado"})
	registerer.MustRegister(c)
	return func(resultado string, cuantas int) { c.WithLabelValues(resultado).Add(float64(cuantas)) }
}
