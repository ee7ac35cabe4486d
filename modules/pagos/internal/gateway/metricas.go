package gateway

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sony/gobreaker/v2"
)

// Metricas of the calls to providers.
type Metricas struct {
	segundos *prometheus.HistogramVec
	corte    *prometheus.GaugeVec
	dudosas  *prometheus.CounterVec
}

// NewMetricas registers them with registerer.
func NewMetricas(registerer prometheus.Registerer) *Metricas {
	m := &Metricas{
		segundos: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "despensa_pagos_pasarela_segundos",
			Help:    "Calls of the payment gateway, all tries of one call together, in seconds.",
			Buckets: []float64{.001, .005, .025, .1, .3, 1, 3, 10},
		}, []string{"accion", "resultado"}),
		corte: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "despensa_pagos_cortacircuito",
			Help: "Circuit breaker of the payment gateway: 0 closed, 1 half open, 2 open.",
		}, []string{"proveedor"}),
		dudosas: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "despensa_pagos_respuestas_dudosas_total",
			Help: "Answers of the payment gateway that cannot be true, by their contradiction.",
		}, []string{"reparo"}),
	}
	registerer.MustRegister(m.segundos, m.corte, m.dudosas)
	return m
}

// Dudosa counts an answer that cannot be true; reparo is of a closed set.
func (m *Metricas) Dudosa(reparo string) { m.dudosas.WithLabelValues(reparo).Inc() }

func (m *Metricas) corto(nombre string, state gobreaker.State) {
	m.corte.WithLabelValues(nombre).Set(float64(state))
}

func (m *Metricas) llamada(accion string, err error, d time.Duration) {
	m.segundos.WithLabelValues(accion, resultado(err)).Observe(d.Seconds())
}

// resultados are the outcomes that a metric tells apart; the first match counts.
var resultados = []struct {
	err    error
	nombre string
}{
	{errCortada, "cortada"},
	{ErrSilencio, "silencio"},
	{ErrOcupada, "ocupada"},
	{ErrLimite, "limite"},
	{ErrClave, "clave"},
	{ErrEstado, "estado"},
	{ErrExcede, "excede"},
	{ErrNoHay, "no_hay"},
	{ErrPeticion, "peticion"},
	{ErrRehusada, "rehusada"},
	{ErrCredencial, "credencial"},
}

func resultado(err error) string {
	if err == nil {
		return "ok"
	}
	for _, r := range resultados {
		if errors.Is(err, r.err) {
			return r.nombre
		}
	}
	return "otro"
}
