package ruteo

import (
	"maps"
	"slices"
	"time"
)

// Metrica gives the cost of a piece of street; an algorithm finds the way with the least total cost. Algorithms differ
// in their metric alone. Each metric in metricas passes TestEveryAlgorithm.
type Metrica interface {
	// Costo is the cost of t, in the metric's own unit; never negative.
	Costo(t Tramo) int64
	// Minimiza names the quantity that the metric minimizes: "duracion" or "distancia".
	Minimiza() string
}

// TiempoMinimo is the name of the algorithm that looks for the shortest time.
const TiempoMinimo = "tiempo_minimo"

// metricas are the metrics of all algorithms, by name. A new algorithm is a file and a line here.
var metricas = map[string]Metrica{
	TiempoMinimo:    tiempoMinimo{},
	DistanciaMinima: distanciaMinima{},
}

// Algoritmos lists the names of the algorithms, sorted.
func Algoritmos() []string { return slices.Sorted(maps.Keys(metricas)) }

// Minimiza names the quantity that an algorithm minimizes; "" for an unknown name.
func Minimiza(algoritmo string) string {
	m, ok := metricas[algoritmo]
	if !ok {
		return ""
	}
	return m.Minimiza()
}

// tiempoMinimo costs the time to drive a piece, in ms.
type tiempoMinimo struct{}

func (tiempoMinimo) Costo(tramo Tramo) int64 { return manejo(tramo).Milliseconds() }
func (tiempoMinimo) Minimiza() string        { return "duracion" }

// manejo is the time to drive a piece at the speed of its class.
func manejo(tramo Tramo) time.Duration {
	s := tramo.Metros / (velocidades[tramo.Clase] / 3.6)
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
