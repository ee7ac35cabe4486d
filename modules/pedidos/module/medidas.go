package module

import (
	"context"
	"strings"
	"sync"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/rest"
	"despensa/modules/pedidos/internal/store"

	"github.com/prometheus/client_golang/prometheus"
)

// pausaResumen is the time for which a count of the orders is kept: a count reads a whole index.
const pausaResumen = 15 * time.Second

// medidas are the metrics of pedidos. The values of their labels come from closed sets.
type medidas struct {
	fase      *prometheus.HistogramVec
	intentos  *prometheus.CounterVec
	marcas    *prometheus.CounterVec
	tomados   prometheus.Counter
	pedidos   *prometheus.Desc
	vencido   *prometheus.Desc
	deshacer  *prometheus.Desc
	apartados *prometheus.Desc
	store     store.Pedidos
	stock     store.Existencias
	aparte    map[string]int64 // rows that were set aside, by kind
	ahora     func() time.Time
	mu        sync.Mutex
	resumen   []store.Resumen
	calculado time.Time
}

// nuevasMedidas makes the metrics, and registers them with registerer; with a nil registerer, nowhere.
func nuevasMedidas(
	registerer prometheus.Registerer,
	pedidos store.Pedidos,
	stock store.Existencias,
	ahora func() time.Time,
) *medidas {
	m := &medidas{store: pedidos, stock: stock, ahora: ahora,
		apartados: prometheus.NewDesc(
			"despensa_apartados",
			"Stored rows set aside because they cannot be read, by module and kind, until despensa retomar.",
			[]string{"que"},
			prometheus.Labels{"modulo": "pedidos"},
		),
		fase: prometheus.NewHistogramVec(
			prometheus.HistogramOpts{Name: "despensa_pedidos_fase_segundos",
				Help:    "Seconds that one phase of an order took, by the estado in which the order was.",
				Buckets: []float64{.001, .005, .025, .1, .5, 1, 5}},
			[]string{"estado"},
		),
		intentos: prometheus.NewCounterVec(
			prometheus.CounterOpts{Name: "despensa_pedidos_intentos_total",
				Help: "Intentos of orders that ended without a delivery, by reason."},
			[]string{"motivo"},
		),
		marcas: prometheus.NewCounterVec(
			prometheus.CounterOpts{Name: "despensa_pedidos_marcas_total",
				Help: "Orders marked because their money needs a person, by reason."},
			[]string{"codigo"},
		),
		tomados: prometheus.NewCounter(
			prometheus.CounterOpts{Name: "despensa_pedidos_leases_tomados_total",
				Help: "Orders taken up from a worker or a process that had let their lease run out."},
		),
		pedidos: prometheus.NewDesc(
			"despensa_pedidos",
			"Orders in the store, by estado; counted every 15 seconds at most.",
			[]string{"estado"},
			nil,
		),
		vencido: prometheus.NewDesc(
			"despensa_pedidos_vencido_segundos",
			"Seconds for which the oldest due order has waited for a worker, by estado.",
			[]string{"estado"},
			nil,
		),
		deshacer: prometheus.NewDesc(
			"despensa_pedidos_por_deshacer",
			"Orders that are over and whose payment, stock or booking is still to be undone.",
			nil,
			nil,
		),
	}
	if registerer != nil {
		registerer.MustRegister(m.fase, m.intentos, m.marcas, m.tomados, m)
	}
	return m
}

// Fase notes the duration of one phase of an order in e.
func (m *medidas) Fase(estado pedido.Estado, d time.Duration) {
	m.fase.WithLabelValues(string(estado)).Observe(d.Seconds())
}

// Intento counts an intento that ended without a delivery, by its reason code. A motivo in a person's own words
// is counted as "otro": it may not become a label.
func (m *medidas) Intento(motivo string) {
	corto, _, _ := strings.Cut(motivo, ".")
	if !rest.Conocido(corto) {
		corto = "otro"
	}
	m.intentos.WithLabelValues(corto).Inc()
}

// Marca counts a mark that an order has got. Its code is one of a closed set.
func (m *medidas) Marca(codigo string) { m.marcas.WithLabelValues(codigo).Inc() }

// LeaseTomado counts an order that was taken over from a worker which let its lease run out.
func (m *medidas) LeaseTomado() { m.tomados.Inc() }

// Describe implements prometheus.Collector for the metrics that are counted on demand.
func (m *medidas) Describe(c chan<- *prometheus.Desc) {
	c <- m.pedidos
	c <- m.vencido
	c <- m.deshacer
	c <- m.apartados
}

// Collect implements prometheus.Collector. It counts the orders in the store at most once per pausaResumen.
func (m *medidas) Collect(c chan<- prometheus.Metric) {
	ahora := m.ahora()
	pendientes := 0.0
	for _, r := range m.contar(ahora) {
		c <- prometheus.MustNewConstMetric(m.pedidos, prometheus.GaugeValue, float64(r.Pedidos), string(r.Estado))
		edad := 0.0
		if r.Vencido != nil {
			edad = ahora.Sub(*r.Vencido).Seconds()
			switch r.Estado {
			case pedido.Rechazado, pedido.Cancelado, pedido.Devuelto, pedido.Fallido:
				pendientes += float64(r.Debidos)
			}
		}
		c <- prometheus.MustNewConstMetric(m.vencido, prometheus.GaugeValue, edad, string(r.Estado))
	}
	c <- prometheus.MustNewConstMetric(m.deshacer, prometheus.GaugeValue, pendientes)
	m.mu.Lock()
	defer m.mu.Unlock()
	for que, n := range m.aparte {
		c <- prometheus.MustNewConstMetric(m.apartados, prometheus.GaugeValue, float64(n), que)
	}
}

// maxApartados bounds the count of orders that are set aside.
const maxApartados = 1000

// contarAparte counts the orders and the rows of stock that are set aside. When the store cannot count one of the
// two, its last number stays.
func (m *medidas) contarAparte(ctx context.Context) {
	if m.aparte == nil {
		m.aparte = map[string]int64{}
	}
	if ids, err := m.store.Apartados(ctx, maxApartados); err == nil {
		m.aparte["pedidos"] = int64(len(ids))
	}
	if n, err := m.stock.Apartadas(ctx); err == nil {
		m.aparte["existencias"] = n
	}
}

// contar reads the orders in the store, by estado, at most once per pausaResumen. When the store fails, the last
// count stays.
func (m *medidas) contar(ahora time.Time) []store.Resumen {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.resumen != nil && ahora.Sub(m.calculado) < pausaResumen {
		return m.resumen
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if rs, err := m.store.Resumir(ctx, ahora); err == nil {
		m.resumen, m.calculado = conocidos(rs), ahora
		m.contarAparte(ctx)
	}
	return m.resumen
}

// otros is the label of all states that a later release alone knows.
const otros = pedido.Estado("otro")

// conocidos counts the orders in states that this release does not know together, under one label, so that the
// label has a closed set of values.
func conocidos(resumenes []store.Resumen) []store.Resumen {
	out := make([]store.Resumen, 0, len(resumenes))
	resto := store.Resumen{Estado: otros}
	for _, r := range resumenes {
		if r.Estado.Conocido() {
			out = append(out, r)
			continue
		}
		resto.Pedidos, resto.Debidos = resto.Pedidos+r.Pedidos, resto.Debidos+r.Debidos
		if resto.Vencido == nil || r.Vencido != nil && r.Vencido.Before(*resto.Vencido) {
			resto.Vencido = r.Vencido
		}
	}
	if resto.Pedidos > 0 {
		out = append(out, resto)
	}
	return out
}
