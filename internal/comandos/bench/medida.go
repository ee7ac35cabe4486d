package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// Medida is the result of a measurement.
type Medida struct {
	Opciones
	Confirmados, Fallas        int
	PorSegundo                 float64       // orders answered, per second; with Cerrado orders confirmed
	AConfirmado                float64       // orders per second from the first POST to the last confirmation
	Post50, Post99             time.Duration // from when each order was due; without Ritmo from its sending
	Camino50, Camino99         time.Duration // from creado to confirmado
	Entera50, Entera99         time.Duration // with Cerrado: from the quote to having read confirmado
	Cotizar50, Cotizar99       time.Duration // with Cerrado: a quote
	Escrituras, Confirmaciones float64       // writes and commits (a sync each) per order, over the four modules
	Idas                       float64       // round trips to database servers per order
	Sentencias                 float64       // SQL statements per order; 0 where the instance does not count them
	CPU                        float64       // seconds of the instance per order, stand-ins included
	Bytes, Objetos             float64       // allocated by the instance, per order
	Memoria                    float64       // resident, in bytes
}

// Escribir prints the measurement, one figure a line.
func (m Medida) Escribir(out io.Writer) {
	fmt.Fprintf(
		out,
		"clients %d, orders %d, lines %d, gateway %v",
		m.Clientes,
		m.Pedidos,
		m.Lineas,
		m.Latencia,
	)
	if m.Ritmo > 0 {
		fmt.Fprintf(out, ", offered %.0f/s", m.Ritmo)
	}
	fmt.Fprintf(out, "\n  confirmed            %d, failed %d\n", m.Confirmados, m.Fallas)
	fmt.Fprintf(
		out,
		"  orders/s answered    %.0f\n  orders/s confirmado  %.0f\n",
		m.PorSegundo,
		m.AConfirmado,
	)
	fmt.Fprintf(out, "  POST p50, p99        %.1f ms, %.1f ms, counted from %s\n",
		ms(m.Post50), ms(m.Post99), m.cuentaDesde())
	fmt.Fprintf(
		out,
		"  to confirmado        %.0f ms, %.0f ms\n",
		ms(m.Camino50),
		ms(m.Camino99),
	)
	if m.Cerrado {
		fmt.Fprintf(
			out,
			"  quote p50, p99       %.1f ms, %.1f ms\n",
			ms(m.Cotizar50),
			ms(m.Cotizar99),
		)
		fmt.Fprintf(
			out,
			"  quote to confirmado  %.0f ms, %.0f ms\n",
			ms(m.Entera50),
			ms(m.Entera99),
		)
	}
	fmt.Fprintf(
		out,
		"  writes, commits      %.2f, %.2f per order\n",
		m.Escrituras,
		m.Confirmaciones,
	)
	fmt.Fprintf(out, "  round trips          %.1f per order\n", m.Idas)
	if m.Sentencias > 0 {
		fmt.Fprintf(out, "  statements           %.1f per order\n", m.Sentencias)
	}
	fmt.Fprintf(
		out,
		"  allocated            %.0f kB, %.0f objects per order\n",
		m.Bytes/1000,
		m.Objetos,
	)
	fmt.Fprintf(
		out,
		"  CPU, memory          %.1f ms per order, %.0f MB\n",
		m.CPU*1000,
		m.Memoria/(1<<20),
	)
}

// mostrar prints the measurement, as text or as JSON.
func (m Medida) mostrar(out io.Writer, enJSON bool) error {
	if !enJSON {
		m.Escribir(out)
		return nil
	}
	return json.NewEncoder(out).Encode(m.cifras())
}

// Cifras is a Medida as JSON: times in ms, bytes in bytes, counts per order.
type Cifras struct {
	Confirmados    int     `json:"confirmados"`
	Fallas         int     `json:"fallas"`
	PorSegundo     float64 `json:"contestados_s"`
	AConfirmado    float64 `json:"confirmados_s"`
	Post50         float64 `json:"post_p50_ms"`
	Post99         float64 `json:"post_p99_ms"`
	Camino50       float64 `json:"a_confirmado_p50_ms"`
	Camino99       float64 `json:"a_confirmado_p99_ms"`
	Entera50       float64 `json:"vuelta_p50_ms"`
	Entera99       float64 `json:"vuelta_p99_ms"`
	Cotizar50      float64 `json:"cotizar_p50_ms"`
	Cotizar99      float64 `json:"cotizar_p99_ms"`
	Escrituras     float64 `json:"escrituras"`
	Confirmaciones float64 `json:"confirmaciones"`
	Idas           float64 `json:"idas"`
	Sentencias     float64 `json:"sentencias"`
	CPU            float64 `json:"cpu_ms"`
	Bytes          float64 `json:"bytes"`
	Objetos        float64 `json:"objetos"`
	Memoria        float64 `json:"memoria_bytes"`
}

func (m Medida) cifras() Cifras {
	return Cifras{
		Confirmados: m.Confirmados, Fallas: m.Fallas, PorSegundo: m.PorSegundo, AConfirmado: m.AConfirmado,
		Post50:     ms(m.Post50),
		Post99:     ms(m.Post99),
		Camino50:   ms(m.Camino50),
		Camino99:   ms(m.Camino99),
		Entera50:   ms(m.Entera50),
		Entera99:   ms(m.Entera99),
		Cotizar50:  ms(m.Cotizar50),
		Cotizar99:  ms(m.Cotizar99),
		Escrituras: m.Escrituras, Confirmaciones: m.Confirmaciones, Idas: m.Idas, Sentencias: m.Sentencias,
		CPU: m.CPU * 1000, Bytes: m.Bytes, Objetos: m.Objetos, Memoria: m.Memoria,
	}
}

// contar fills in the figures that are differences between two readings of /metricas.
func (m *Medida) contar(antes, despues map[string]float64) {
	porPedido := func(nombre string) float64 { return (despues[nombre] - antes[nombre]) / float64(m.Pedidos) }
	m.Memoria = despues["process_resident_memory_bytes"]
	m.CPU = porPedido("process_cpu_seconds_total")
	m.Bytes = porPedido("go_memstats_alloc_bytes_total")
	m.Objetos = porPedido("go_memstats_mallocs_total")
	for _, e := range esquemas {
		m.Escrituras += porPedido(porEsquema("escrituras", e))
		m.Confirmaciones += porPedido(porEsquema("confirmaciones", e))
		m.Idas += porPedido(porEsquema("idas", e))
		m.Sentencias += porPedido(porEsquema("sentencias", e))
	}
}

// esquemas are the stores that an order writes to, without the simulator's.
var esquemas = []string{"pedidos", "clientes", "pagos", "rutas"}

// porEsquema is the name of a counter of one store.
func porEsquema(que, esquema string) string {
	return `despensa_sql_` + que + `_total{esquema="` + esquema + `"}`
}

// cuentaDesde describes the moment from which a POST is timed.
func (m Medida) cuentaDesde() string {
	if m.Ritmo > 0 {
		return "when each order was due"
	}
	return "the sending"
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// cuantil is the q-quantile of durationes by nearest rank; 0 for an empty list.
func cuantil(durationes []time.Duration, q float64) time.Duration {
	if len(durationes) == 0 {
		return 0
	}
	durationes = slices.Sorted(slices.Values(durationes))
	return durationes[min(len(durationes)-1, int(q*float64(len(durationes))))]
}
