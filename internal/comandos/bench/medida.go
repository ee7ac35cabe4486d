package bench

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// Medida is what a measurement found.
type Medida struct {
	Opciones
	Confirmados, Fallas        int
	PorSegundo                 float64       // orders answered, per second
	AConfirmado                float64       // orders per second from the first POST to the last confirmation
	Post50, Post99             time.Duration // from when each order was due; without Ritmo from its sending
	Camino50, Camino99         time.Duration // from creado to confirmado
	Escrituras, Confirmaciones float64       // writes and commits (a sync each) per order, over the four modules
	Idas                       float64       // round trips to database servers per order
	CPU                        float64       // seconds of the instance per order, stand-ins included
	Memoria                    float64       // resident, in bytes
}

// Escribir prints the measurement, one figure a line.
func (m Medida) Escribir(w io.Writer) {
	fmt.Fprintf(w, "clients %d, orders %d, lines %d, gateway %v", m.Clientes, m.Pedidos, m.Lineas, m.Latencia)
	if m.Ritmo > 0 {
		fmt.Fprintf(w, ", offered %.0f/s", m.Ritmo)
	}
	fmt.Fprintf(w, "\n  confirmed            %d, failed %d\n", m.Confirmados, m.Fallas)
	fmt.Fprintf(w, "  orders/s answered    %.0f\n  orders/s confirmado  %.0f\n", m.PorSegundo, m.AConfirmado)
	fmt.Fprintf(w, "  POST p50, p99        %.1f ms, %.1f ms, counted from %s\n", ms(m.Post50), ms(m.Post99), m.cuentaDesde())
	fmt.Fprintf(w, "  to confirmado        %.0f ms, %.0f ms\n", ms(m.Camino50), ms(m.Camino99))
	fmt.Fprintf(w, "  writes, commits      %.2f, %.2f per order\n", m.Escrituras, m.Confirmaciones)
	fmt.Fprintf(w, "  round trips          %.1f per order\n", m.Idas)
	fmt.Fprintf(w, "  CPU, memory          %.1f ms per order, %.0f MB\n", m.CPU*1000, m.Memoria/(1<<20))
}

// cuentaDesde says from when on a POST is counted.
func (m Medida) cuentaDesde() string {
	if m.Ritmo > 0 {
		return "when each order was due"
	}
	return "the sending"
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// cuantil is the q-quantile of ds, nearest rank; 0 for none.
func cuantil(ds []time.Duration, q float64) time.Duration {
	if len(ds) == 0 {
		return 0
	}
	ds = slices.Sorted(slices.Values(ds))
	return ds[min(len(ds)-1, int(q*float64(len(ds))))]
}
