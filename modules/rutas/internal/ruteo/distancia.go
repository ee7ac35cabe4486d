package ruteo

import "math"

// DistanciaMinima is the name of the algorithm that looks for the shortest way.
const DistanciaMinima = "distancia_minima"

// distanciaMinima costs the length of a piece, in cm.
type distanciaMinima struct{}

func (distanciaMinima) Costo(tramo Tramo) int64 { return int64(math.Round(tramo.Metros * 100)) }
func (distanciaMinima) Minimiza() string        { return "distancia" }
