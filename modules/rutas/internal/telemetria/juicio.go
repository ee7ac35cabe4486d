package telemetria

import (
	"cmp"
	"math"
	"slices"
	"time"

	"despensa/modules/rutas"
)

// Reglas decide which positions are stored and which are shown.
type Reglas struct {
	Antiguedad   time.Duration // older positions are refused
	DesfaseMax   time.Duration // how far a sensor's clock may be off; a position further ahead is refused
	VelocidadMax float64       // km/h, the highest speed of a truck
	PrecisionMax float64       // m, the largest radius of uncertainty of a place that is shown
}

const (
	// vaiven is how far the measured place of a standing truck wanders, in m.
	vaiven = 150
	// desacuerdo is how far apart the corrected clocks of two sensors may still be.
	desacuerdo = 5 * time.Second
	// arraigo is the extra weight of the earliest position: so many more positions elsewhere must agree before the chain
	// leaves it out.
	arraigo = 2
	// tierra is the earth's mean radius, in m.
	tierra = 6_371_008.8
)

// propia is the mark that follows from posicion alone.
func (r Reglas) propia(posicion Posicion) Sospecha {
	switch {
	case posicion.Radio != nil && *posicion.Radio > r.PrecisionMax:
		return Imprecisa
	case posicion.Velocidad != nil && *posicion.Velocidad > r.VelocidadMax:
		return Veloz
	}
	return SinSospecha
}

// hito is a position while juzgar compares it with the others.
type hito struct {
	Posicion
	indice  int
	momento time.Time     // of the measurement, by the server's clock
	duda    time.Duration // how far the sensor's clock is off
	v       [3]float64    // its place on a unit sphere
}

// juzgar gives each of posiciones its mark, and the index of the one that is the truck's place: -1 when no position
// can be shown. The result depends on the set of posiciones alone, not on their order: the longest chain of
// positions that a truck can have driven through, one after the other, is shown, and the truck is at its end. All
// of posiciones are different and of one truck.
func (r Reglas) juzgar(posiciones []Posicion, relojes relojes) (marcas []Sospecha, ultima int) {
	marcas = make([]Sospecha, len(posiciones))
	var hitos []hito
	for i, p := range posiciones {
		if marcas[i] = r.propia(p); marcas[i] != SinSospecha {
			continue
		}
		c := relojes[p.Sensor]
		hitos = append(hitos, hito{
			Posicion: p, indice: i, momento: c.momento(p), duda: c.correccion().Abs(), v: enEsfera(p.Punto),
		})
	}
	slices.SortFunc(hitos, antes)
	buenas := r.cadena(hitos)
	for _, h := range hitos {
		marcas[h.indice] = Salto
	}
	ultima = -1
	for _, i := range buenas {
		marcas[hitos[i].indice] = SinSospecha
		ultima = hitos[i].indice
	}
	return marcas, ultima
}

// antes orders by time; of two positions of one moment, the one with the better clock counts as the later.
func antes(a, b hito) int {
	if c := cmp.Or(a.momento.Compare(b.momento), cmp.Compare(b.duda, a.duda)); c != 0 {
		return c
	}
	return porHora(a.Posicion, b.Posicion)
}

// cadena gives the indices of the longest chain in hitos, which is in the order of time; of two equally long
// chains, the one that ends earlier.
func (r Reglas) cadena(hitos []hito) []int {
	largo, previo := make([]int, len(hitos)), make([]int, len(hitos))
	mejor := -1
	for i := range hitos {
		largo[i], previo[i] = 1, -1
		if i == 0 {
			largo[i] += arraigo
		}
		for j := i - 1; j >= 0; j-- {
			if largo[j]+1 > largo[i] && r.alcanza(&hitos[j], &hitos[i]) {
				largo[i], previo[i] = largo[j]+1, j
			}
		}
		if mejor < 0 || largo[i] > largo[mejor] {
			mejor = i
		}
	}
	var out []int
	for i := mejor; i >= 0; i = previo[i] {
		out = append(out, i)
	}
	slices.Reverse(out)
	return out
}

// alcanza reports whether a truck can have been at a and then at b.
func (r Reglas) alcanza(a, b *hito) bool {
	lapso := b.En.Sub(a.En).Abs() // both times are of one clock
	if a.Sensor != b.Sensor {
		lapso = b.momento.Sub(a.momento) + desacuerdo
	}
	puede := lapso.Seconds()*r.VelocidadMax/3.6 + vaiven + radio(a) + radio(b)
	x, y, z := a.v[0]-b.v[0], a.v[1]-b.v[1], a.v[2]-b.v[2]
	cuerda := puede / tierra
	return x*x+y*y+z*z <= cuerda*cuerda
}

func radio(hito *hito) float64 {
	if hito.Radio == nil {
		return 0
	}
	return *hito.Radio
}

// enEsfera is a place as a point of the unit sphere. The straight line between two such points, times the earth's
// radius, is their distance: exact enough for as far as a truck drives.
func enEsfera(punto rutas.Punto) [3]float64 {
	const grado = math.Pi / 180
	sinLat, cosLat := math.Sincos(punto.Lat * grado)
	sinLon, cosLon := math.Sincos(punto.Lon * grado)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}
