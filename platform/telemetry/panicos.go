package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Panicos counts the panics that the tasks of a module's guards caught; the function that it gives counts one under
// the word where it was caught. A nil r: nothing counts.
func Panicos(r prometheus.Registerer, modulo string) (func(donde string), error) {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name:        "despensa_panicos_total",
		Help:        "Panics of tasks (an order's phase, a row of a background job, a message); each task is tried again.",
		ConstLabels: prometheus.Labels{"modulo": modulo},
	}, []string{"donde"})
	contar := func(donde string) { c.WithLabelValues(donde).Inc() }
	if r == nil {
		return contar, nil
	}
	return contar, r.Register(c)
}
