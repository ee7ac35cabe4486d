package module

import (
	"context"
	"time"

	"despensa/modules/pagos/internal/store"

	"github.com/prometheus/client_golang/prometheus"
)

// cuentas counts, when asked, what waits in the store.
type cuentas struct{ s *store.Store }

var (
	pendientes  = prometheus.NewDesc("despensa_pagos_pendientes", "Payments that are not decided.", nil, nil)
	porDeshacer = prometheus.NewDesc("despensa_pagos_por_deshacer", "Closed payments whose money has to go back or is being looked for.", nil, nil)
	porEntender = prometheus.NewDesc("despensa_pagos_avisos", "Notices of providers that are not understood yet.", nil, nil)
)

// Describe is prometheus.Collector's.
func (cuentas) Describe(c chan<- *prometheus.Desc) {
	c <- pendientes
	c <- porDeshacer
	c <- porEntender
}

const plazoCuenta = time.Second

// Collect is prometheus.Collector's.
func (x cuentas) Collect(c chan<- prometheus.Metric) {
	ctx, fin := context.WithTimeout(context.Background(), plazoCuenta)
	defer fin()
	p, d, a, err := x.s.Contar(ctx)
	if err != nil {
		c <- prometheus.NewInvalidMetric(pendientes, err)
		return
	}
	for desc, n := range map[*prometheus.Desc]int64{pendientes: p, porDeshacer: d, porEntender: a} {
		c <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
}
