package ruteo

import (
	"math"

	"despensa/modules/rutas"
)

// The centre of the generated city, and its grid of streets.
const (
	centroLat, centroLon = -34.60, -58.43
	lado                 = 81    // junctions along a side, 0 and 80 being the ring
	cuadra               = 250.0 // m between two junctions
	cadaAvenida          = 8     // every eighth street is an avenue
	cadaViaRapida        = 40    // and every fortieth a fast road: the ring and the middle
	desvio               = 30.0  // m that a junction may lie off the grid
)

// Ciudad generates the city: 20 x 20 km, always the same. Streets run one way, in alternating directions; avenues,
// diagonals and the ring run both ways, so that every junction can be reached from every other one.
func Ciudad() *Red {
	return nuevaRed(cruces(), calles())
}

func cruces() []rutas.Punto {
	nodos := make([]rutas.Punto, 0, lado*lado)
	ancho := metrosPorGrado * math.Cos(centroLat*math.Pi/180)
	for f := range lado {
		for c := range lado {
			y := float64(f-lado/2)*cuadra + desvio*azar(f, c, 1)
			x := float64(c-lado/2)*cuadra + desvio*azar(f, c, 2)
			nodos = append(
				nodos,
				rutas.Punto{Lat: centroLat + y/metrosPorGrado, Lon: centroLon + x/ancho},
			)
		}
	}
	return nodos
}

// azar is a fixed number in [-1, 1) for each junction and use.
func azar(f, c, uso int) float64 {
	h := uint64(f)<<32 ^ uint64(c)<<8 ^ uint64(uso)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	h ^= h >> 31
	return float64(h>>11)/float64(1<<52) - 1
}

// calles gives the pieces of all streets.
func calles() []Tramo {
	t := trazado{nodos: cruces()}
	for i := range lado {
		for k := range lado - 1 {
			t.calle(i, cruce(i, k), cruce(i, k+1)) // west to east
			t.calle(i, cruce(k, i), cruce(k+1, i)) // south to north
		}
	}
	for k := range lado - 1 {
		t.doble(Diagonal, cruce(k, k), cruce(k+1, k+1))
		t.doble(Diagonal, cruce(k, lado-1-k), cruce(k+1, lado-2-k))
	}
	return t.tramos
}

func cruce(fila, columna int) int32 { return int32(fila*lado + columna) }

type trazado struct {
	nodos  []rutas.Punto
	tramos []Tramo
}

// calle lays one block of street number i between a and b.
func (t *trazado) calle(i int, a, b int32) {
	switch {
	case i%cadaViaRapida == 0:
		t.doble(ViaRapida, a, b)
	case i%cadaAvenida == 0:
		t.doble(Avenida, a, b)
	case i%2 == 0:
		t.una(Calle, a, b)
	default:
		t.una(Calle, b, a)
	}
}

func (t *trazado) doble(clase Clase, a, b int32) {
	t.una(clase, a, b)
	t.una(clase, b, a)
}

func (t *trazado) una(clase Clase, a, b int32) {
	t.tramos = append(
		t.tramos,
		Tramo{Desde: a, Hasta: b, Clase: clase, Metros: metros(t.nodos[a], t.nodos[b])},
	)
}
