package telemetria

import (
	"cmp"
	"math"
	"slices"
	"time"

	"despensa/modules/rutas"
)

// Reglas say which positions are taken and which are shown.
type Reglas struct {
	Antiguedad   time.Duration // older positions are refused
	DesfaseMax   time.Duration // how far a sensor's clock may be from ours; further ahead is refused
	VelocidadMax float64       // km/h that a truck can drive
	PrecisionMax float64       // m of uncertainty with which a place is still one
}

const (
	// vaiven is how far a place wanders while the truck stands, in m.
	vaiven = 150
	// desacuerdo is how far the corrected clocks of two sensors may still be apart.
	desacuerdo = 5 * time.Second
	// arraigo is the weight of the earliest position beyond its own: so many more
	// positions elsewhere must agree before they are believed.
	arraigo = 2
	// tierra is the earth's mean radius, in m.
	tierra = 6_371_008.8
)

// propia is the mark that a position has by itself.
func (r Reglas) propia(p Posicion) Marca {
	switch {
	case p.Radio != nil && *p.Radio > r.PrecisionMax:
		return Imprecisa
	case p.Velocidad != nil && *p.Velocidad > r.VelocidadMax:
		return Veloz
	}
	return SinMarca
}

// hito is a position on its way through a judgement.
type hito struct {
	Posicion
	indice  int
	momento time.Time     // by our clock
	duda    time.Duration // how wrong the clock is that it was measured by
	v       [3]float64    // its place on a unit sphere
}

// juzgar gives each of ps its mark, and which of them is where the truck is: -1 when none
// can be shown. It depends on the set of ps alone, not on their order: the positions that
// a truck can have driven through, one after the other, are the longest such chain, and
// the truck is at its end. All of ps are different and of one truck.
func (r Reglas) juzgar(ps []Posicion, rs relojes) (marcas []Marca, ultima int) {
	marcas = make([]Marca, len(ps))
	var hs []hito
	for i, p := range ps {
		if marcas[i] = r.propia(p); marcas[i] != SinMarca {
			continue
		}
		c := rs[p.Sensor]
		hs = append(hs, hito{Posicion: p, indice: i, momento: c.momento(p), duda: c.correccion().
			Abs(), v: enEsfera(p.Punto)})
	}
	slices.SortFunc(hs, antes)
	buenas := r.cadena(hs)
	for _, h := range hs {
		marcas[h.indice] = Salto
	}
	ultima = -1
	for _, i := range buenas {
		marcas[hs[i].indice] = SinMarca
		ultima = hs[i].indice
	}
	return marcas, ultima
}

// antes orders by time; of one moment, the position with the better clock is the later.
func antes(a, b hito) int {
	if c := cmp.Or(a.momento.Compare(b.momento), cmp.Compare(b.duda, a.duda)); c != 0 {
		return c
	}
	return porHora(a.Posicion, b.Posicion)
}

// cadena is the longest chain of hs, which are in the order of time; of two that are
// equally long, the one that ends earlier.
func (r Reglas) cadena(hs []hito) []int {
	largo, previo := make([]int, len(hs)), make([]int, len(hs))
	mejor := -1
	for i := range hs {
		largo[i], previo[i] = 1, -1
		if i == 0 {
			largo[i] += arraigo
		}
		for j := i - 1; j >= 0; j-- {
			if largo[j]+1 > largo[i] && r.alcanza(&hs[j], &hs[i]) {
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
	lapso := b.En.Sub(a.En).Abs() // of one clock
	if a.Sensor != b.Sensor {
		lapso = b.momento.Sub(a.momento) + desacuerdo
	}
	puede := lapso.Seconds()*r.VelocidadMax/3.6 + vaiven + radio(a) + radio(b)
	x, y, z := a.v[0]-b.v[0], a.v[1]-b.v[1], a.v[2]-b.v[2]
	cuerda := puede / tierra
	return x*x+y*y+z*z <= cuerda*cuerda
}

func radio(h *hito) float64 {
	if h.Radio == nil {
		return 0
	}
	return *h.Radio
}

// enEsfera is a place as a point of a sphere with radius 1: the straight line between two
// of them is, times the earth's radius, their distance, for as far as a truck drives.
func enEsfera(p rutas.Punto) [3]float64 {
	const grado = math.Pi / 180
	sinLat, cosLat := math.Sincos(p.Lat * grado)
	sinLon, cosLon := math.Sincos(p.Lon * grado)
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}
