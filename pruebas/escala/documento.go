package escala

import (
	"fmt"
	"strings"
	"time"
)

// Medidos are the costs measured on the machine that docs/escala.md names. To change them, print the document's
// tables anew (go test ./pruebas/escala -update).
var Medidos = Costos{
	CPU:         segundos(5700 * time.Microsecond),
	Sync:        segundos(600 * time.Microsecond),
	Escrituras:  [4]int{6, 2, 4, 2},
	CPUEscritor: segundos(120 * time.Microsecond),
	Ida:         segundos(500 * time.Microsecond),
	Idas:        [4]int{18, 4, 4, 2},
	CPUServidor: segundos(100 * time.Microsecond),
	Pasarela:    segundos(300 * time.Millisecond),
}

// Setups are the set-ups in the document's table.
var Setups = []Setup{
	{Replicas: 1, Nucleos: 2},
	{Replicas: 1, Nucleos: 8},
	{Replicas: 2, Nucleos: 4, Servidores: true, NucleosBase: 4},
	{Replicas: 4, Nucleos: 4, Servidores: true, NucleosBase: 8},
	{Replicas: 8, Nucleos: 4, Servidores: true, NucleosBase: 8, Fragmentos: 2},
	{Replicas: 16, Nucleos: 4, Servidores: true, NucleosBase: 8, Fragmentos: 4},
}

// Tabla is the first table of docs/escala.md.
func Tabla(costos Costos) string {
	var b strings.Builder
	b.WriteString("| house | most orders/s | what bounds it " +
		"| at half of that: p50, p99 to confirmado (s) | at nine tenths |\n")
	b.WriteString("| --- | --- | --- | --- | --- |\n")
	for _, k := range Setups {
		tope, limite := Tope(costos, k)
		medio := Simular(costos, k, tope/2, muestras)
		mucho := Simular(costos, k, tope*0.9, muestras)
		fmt.Fprintf(&b, "| %s | %.0f | %s | %.2f, %.2f | %.2f, %.2f |\n", k, tope, limite,
			medio.P50, medio.P99, mucho.P50, mucho.P99)
	}
	return b.String()
}

// muestras are the orders of a run.
const muestras = 1000

// TablaMil writes the table of the resources that 1,000 orders a second need.
func TablaMil(costos Costos) string {
	const mil = 1000.0
	idas, escrituras := suma(costos.Idas), suma(costos.Escrituras)
	var b strings.Builder
	b.WriteString("| at 1,000 orders/s | needed | one of them has |\n| --- | --- | --- |\n")
	fmt.Fprintf(&b, "| processors of the program | %.1f cores | 4 |\n", mil*costos.CPU)
	fmt.Fprintf(
		&b,
		"| processors of the database servers | %.1f cores | 8 |\n",
		mil*float64(idas)*costos.CPUServidor,
	)
	fmt.Fprintf(&b, "| round trips | %d/s | |\n", idas*int(mil))
	fmt.Fprintf(&b, "| connections busy on average | %.0f | 32 per process and schema |\n",
		mil*float64(idas)*(costos.Ida+costos.CPUServidor))
	fmt.Fprintf(&b, "| a file's writer, pedidos | %.0f %% of its time | one per file |\n",
		mil*float64(costos.Escrituras[0])*costos.CPUEscritor*100)
	fmt.Fprintf(&b, "| writes | %d/s | |\n", escrituras*int(mil))
	fmt.Fprintf(
		&b,
		"| orders that change one row | %.0f/s at most on servers | each order of one product, one after another |\n",
		1/(2*costos.Ida+costos.CPUServidor),
	)
	fmt.Fprintf(
		&b,
		"| calls of the gateway under way | %.0f | 256 orders under way per process |\n",
		mil*2*costos.Pasarela,
	)
	return b.String()
}

func suma(ns [4]int) (n int) {
	for _, x := range ns {
		n += x
	}
	return n
}
