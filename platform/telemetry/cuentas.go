package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Cuentas shows how many writes the store of a schema took, how many commits, each a
// sync, carried them, and how many round trips to a server all of it took. A nil r:
// nobody looks.
func Cuentas(r prometheus.Registerer, esquema string, cuenta func() (escrituras, confirmaciones, idas uint64)) error {
	if r == nil {
		return nil
	}
	contador := func(nombre, ayuda string, valor func() uint64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: nombre, Help: ayuda,
			ConstLabels: prometheus.Labels{"esquema": esquema}},
			func() float64 { return float64(valor()) })
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
		if err := r.Register(c); err != nil {
			return err
		}
	}
	return nil
}

// Sentencias shows how many statements the store of a schema ran, begin and commit among them. A nil r: nobody looks.
func Sentencias(r prometheus.Registerer, esquema string, cuantas func() uint64) error {
	if r == nil {
		return nil
	}
	return r.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "despensa_sql_sentencias_total", ConstLabels: prometheus.Labels{"esquema": esquema},
		Help: "Statements that the store of a schema ran, by schema; begin and commit count.",
	}, func() float64 { return float64(cuantas()) }))
}
