package telemetry

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// TaskFailures counts the failures of single tasks of a module (panics, failed rows) that left the module's other tasks
// running.
type TaskFailures struct{ panics, rows *prometheus.CounterVec }

// NewTaskFailures registers the counters of a module with registerer. A nil registerer: the counters are shown
// nowhere. Errors: those of registerer.
func NewTaskFailures(registerer prometheus.Registerer, modulo string) (TaskFailures, error) {
	contador := func(nombre, ayuda, etiqueta string) *prometheus.CounterVec {
		o := prometheus.CounterOpts{
			Name:        nombre,
			Help:        ayuda,
			ConstLabels: prometheus.Labels{"modulo": modulo},
		}
		return prometheus.NewCounterVec(o, []string{etiqueta})
	}
	t := TaskFailures{
		panics: contador("despensa_panicos_total",
			"Panics of single tasks (an order's phase, a row of a background job, a message), "+
				"by module and place; each task is tried again.",
			"donde"),
		rows: contador(
			"despensa_filas_fallidas_total",
			"Rows that failed in a background job and were put off or left out, by module and job; the other rows went on.",
			"trabajo",
		),
	}
	if registerer == nil {
		return t, nil
	}
	return t, errors.Join(registerer.Register(t.panics), registerer.Register(t.rows))
}

// UnreadableCounter registers with registerer the counter of unreadable rows that the store of a schema left out of its
// readings, which cuantas gives. A nil registerer: nothing is registered. Errors: those of registerer.
func UnreadableCounter(
	registerer prometheus.Registerer,
	esquema string,
	cuantas func() uint64,
) error {
	if registerer == nil {
		return nil
	}
	return registerer.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name:        "despensa_sql_filas_ilegibles_total",
		Help:        "Readings of a schema that left out a row because it cannot be read.",
		ConstLabels: prometheus.Labels{"esquema": esquema},
	}, func() float64 { return float64(cuantas()) }))
}

// Panic counts a panic that was caught in the place donde.
func (t TaskFailures) Panic(donde string) { t.panics.WithLabelValues(donde).Inc() }

// Rows counts n rows that failed in the background job trabajo.
func (t TaskFailures) Rows(
	trabajo string,
	n int,
) {
	t.rows.WithLabelValues(trabajo).Add(float64(n))
}
