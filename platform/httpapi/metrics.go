package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the server's own: counts, durations and sizes of answers. Their labels take values of closed sets only.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	sent     prometheus.Histogram
	unlogged prometheus.Counter
}

// newMetrics registers the metrics with registerer. Errors: a name that registerer has already.
func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "despensa", Subsystem: "http", Name: name, Help: help}
	}
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts(opts(
			"requests_total",
			"HTTP requests by the status sent, method and route pattern; 499: the caller had gone before a 5xx was sent.",
		)),
			[]string{"code", "method", "url"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "despensa", Subsystem: "http", Name: "request_duration_seconds",
			Help: "Seconds from the header of an HTTP request to the end of its answer, by method and route pattern; " +
				"without streams.",
			Buckets: []float64{.005, .025, .1, .5, 1, 5},
		}, []string{"method", "url"}),
		sent: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "despensa", Subsystem: "http", Name: "response_size_bytes",
			Help:    "Bytes of the bodies of HTTP answers, as sent (compressed where the caller takes it); without streams.",
			Buckets: []float64{1 << 8, 1 << 10, 1 << 13, 1 << 16, 1 << 20},
		}),
		unlogged: prometheus.NewCounter(prometheus.CounterOpts(opts(
			"requests_unlogged_total",
			"HTTP requests without a log line, because more came in a second than registro.solicitudes.",
		))),
	}
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.sent, m.unlogged} {
		if err := registerer.Register(c); err != nil {
			return nil, fmt.Errorf("httpapi: metrics: %w", err)
		}
	}
	return m, nil
}

// count adds one answered request to the metrics.
func (m *metrics) count(answer answer) {
	m.requests.WithLabelValues(strconv.Itoa(answer.status), answer.method, answer.route).Inc()
	if !answer.stream {
		m.seconds.WithLabelValues(answer.method, answer.route).Observe(answer.took.Seconds())
		m.sent.Observe(float64(answer.size))
	}
}

// knownMethods are the methods that get a label of their own; a client may invent more.
var knownMethods = []string{
	http.MethodGet, http.MethodHead, http.MethodOptions,
	http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
}

// knownMethod gives a method as metrics and log name it: "otro" for one that HTTP does not know.
func knownMethod(method string) string {
	if slices.Contains(knownMethods, method) {
		return method
	}
	return "otro"
}
