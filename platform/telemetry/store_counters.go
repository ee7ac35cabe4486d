package telemetry

import "github.com/prometheus/client_golang/prometheus"

// StoreCounters registers with registerer three counters of the store of a schema, which cuenta gives: writes; the
// commits that carried them, each a sync of the disk; round trips to the server. A nil registerer: nothing is
// registered. Errors: those of registerer.
func StoreCounters(
	registerer prometheus.Registerer,
	esquema string,
	cuenta func() (escrituras, confirmaciones, idas uint64),
) error {
	if registerer == nil {
		return nil
	}
	contador := func(nombre, ayuda string, valor func() uint64) prometheus.Collector {
		o := prometheus.CounterOpts{
			Name:        nombre,
			Help:        ayuda,
			ConstLabels: prometheus.Labels{"esquema": esquema},
		}
		return prometheus.NewCounterFunc(o, func() float64 { return float64(valor()) })
	}
	for _, c := range []prometheus.Collector{
		contador("despensa_sql_escrituras_total", "Writes that the store of a schema took, by schema.",
			func() uint64 { n, _, _ := cuenta(); return n }),
		contador("despensa_sql_confirmaciones_total",
			"Commits that carried the writes of a schema; one may carry several writes.",
			func() uint64 { _, n, _ := cuenta(); return n }),
		contador("despensa_sql_idas_total", "Round trips to the server of a schema; 0 for an embedded store.",
			func() uint64 { _, _, n := cuenta(); return n }),
	} {
		if err := registerer.Register(c); err != nil {
			return err
		}
	}
	return nil
}

// StatementCounter registers with registerer the counter of statements that the store of a schema ran, begin and commit
// included. A nil registerer: nothing is registered. Errors: those of registerer.
func StatementCounter(
	registerer prometheus.Registerer,
	esquema string,
	cuantas func() uint64,
) error {
	if registerer == nil {
		return nil
	}
	return registerer.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "despensa_sql_sentencias_total", ConstLabels: prometheus.Labels{"esquema": esquema},
		Help: "Statements that the store of a schema ran, by schema; begin and commit count.",
	}, func() float64 { return float64(cuantas()) }))
}
