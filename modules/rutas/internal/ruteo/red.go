// Package ruteo calculates ways through the street network: the network itself, the
// shape of a calculation and the metrics that fit into it.
package ruteo

import (
	"math"

	"despensa/modules/rutas"
)

// Clase is the kind of a street.
type Clase uint8

// The classes of streets.
const (
	Calle Clase = iota
	Avenida
	Diagonal
	ViaRapida
)

// velocidades are the speeds of the classes, in km/h.
var velocidades = [...]float64{Calle: 25, Avenida: 40, Diagonal: 40, ViaRapida: 60}

// Tramo is a directed piece of street between two junctions.
type Tramo struct {
	Desde, Hasta int32
	Clase        Clase
	Metros       float64
}

// Red is a street network: junctions, and for each the pieces that leave it. It does
// not change once built and is safe for concurrent use.
type Red struct {
	nodos   []rutas.Punto
	primero []int32 // tramos of junction n: primero[n] up to primero[n+1]
	tramos  []Tramo
	indice  indice
}

// nuevaRed builds a network; tramos may come in any order.
func nuevaRed(nodos []rutas.Punto, tramos []Tramo) *Red {
	r := &Red{
		nodos:   nodos,
		primero: make([]int32, len(nodos)+1),
		tramos:  make([]Tramo, len(tramos)),
	}
	for _, t := range tramos {
		r.primero[t.Desde+1]++
	}
	for n := range nodos {
		r.primero[n+1] += r.primero[n]
	}
	sitio := append([]int32(nil), r.primero[:len(nodos)]...)
	for _, t := range tramos {
		r.tramos[sitio[t.Desde]] = t
		sitio[t.Desde]++
	}
	r.indice = nuevoIndice(nodos)
	return r
}

// Nodos is the number of junctions.
func (r *Red) Nodos() int { return len(r.nodos) }

// Nodo is where junction n lies.
func (r *Red) Nodo(n int32) rutas.Punto { return r.nodos[n] }

const metrosPorGrado = 111_195.0 // of latitude, on a sphere of 6,371 km

// metros is the distance between two places, in m, exact enough within a city.
func metros(a, b rutas.Punto) float64 {
	dy := (a.Lat - b.Lat) * metrosPorGrado
	dx := (a.Lon - b.Lon) * metrosPorGrado * math.Cos((a.Lat+b.Lat)/2*math.Pi/180)
	return math.Hypot(dx, dy)
}
