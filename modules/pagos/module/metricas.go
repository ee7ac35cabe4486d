package module

import (
	"context"
	"time"

	"despensa/modules/pagos/internal/store"

	"github.com/prometheus/client_golang/prometheus"
)

// cuentas is a collector of Prometheus. At each scrape it counts the rows of the store that wait: pending payments,
// payments to be undone, notices, and rows set aside.
type cuentas struct{ s *store.Store }

var (
	pendientes = prometheus.NewDesc(
		"despensa_pagos_pendientes",
		"Payments that the gateway has not decided.",
		nil,
		nil,
	)
	porDeshacer = prometheus.NewDesc("despensa_pagos_por_deshacer",
		"Closed payments with money that has to go back or is being looked for.", nil, nil)
	apartados = prometheus.NewDesc(
		"despensa_apartados",
		"Stored rows set aside because they cannot be read, by module and kind, until despensa retomar.",
		[]string{"que"},
		prometheus.Labels{"modulo": "pagos"},
	)
	porEntender = prometheus.NewDesc("despensa_pagos_avisos",
		"Webhooks of payment providers that are not understood yet.", nil, nil)
)

// Describe implements prometheus.Collector.
func (cuentas) Describe(c chan<- *prometheus.Desc) {
	c <- pendientes
	c <- porDeshacer
	c <- porEntender
	c <- apartados
}

const plazoCuenta = time.Second

// Collect implements prometheus.Collector.
func (x cuentas) Collect(c chan<- prometheus.Metric) {
	ctx, fin := context.WithTimeout(context.Background(), plazoCuenta)
	defer fin()
	p, d, a, err := x.s.Contar(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(pendientes, err)
		return
	}
	cobros, avisos, salientes, err := x.s.Apartados(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(apartados, err)
		return
	}
	for que, n := range map[string]int64{"cobros": cobros, "inbox": avisos, "avisos": salientes} {
		c <- prometheus.MustNewConstMetric(apartados, prometheus.GaugeValue, float64(n), que)
	}
	for desc, n := range map[*prometheus.Desc]int64{pendientes: p, porDeshacer: d, porEntender: a} {
		c <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
}
