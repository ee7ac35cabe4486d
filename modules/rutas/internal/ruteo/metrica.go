package ruteo

import (
	"maps"
	"slices"
	"time"
)

// Metrica says what a piece of street costs; ways are those of least total cost.
// Algorithms differ in their metric alone. Every one in metricas passes TestEveryAlgorithm.
type Metrica interface {
	// Costo is what t costs, in units of the metric's own; never negative.
	Costo(t Tramo) int64
	// Minimiza says what is kept small: "duracion", "distancia".
	Minimiza() string
}

// TiempoMinimo is the name of the algorithm that looks for the shortest time.
const TiempoMinimo = "tiempo_minimo"

// metricas are the algorithms there are, by name; a new one is a file and a line here.
var metricas = map[string]Metrica{
	TiempoMinimo:    tiempoMinimo{},
	DistanciaMinima: distanciaMinima{},
}

// Algoritmos lists the names of the algorithms, sorted.
func Algoritmos() []string { return slices.Sorted(maps.Keys(metricas)) }

// Minimiza says what an algorithm keeps small; "" for one that there is not.
func Minimiza(algoritmo string) string {
	m, ok := metricas[algoritmo]
	if !ok {
		return ""
	}
	return m.Minimiza()
}

// tiempoMinimo costs the time to drive a piece, in ms.
type tiempoMinimo struct{}

func (tiempoMinimo) Costo(t Tramo) int64 { return manejo(t).Milliseconds() }
func (tiempoMinimo) Minimiza() string    { return "duracion" }

// manejo is the time to drive a piece at the speed of its class.
func manejo(t Tramo) time.Duration {
	s := t.Metros / (velocidades[t.Clase] / 3.6)
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
