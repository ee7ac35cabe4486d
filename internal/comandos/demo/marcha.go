package demo

import (
	"math"
	"time"
)

// punto is a place, WGS 84 degrees.
type punto struct{ lat, lon float64 }

// metros is the length of the straight line between two places of one city: on a sphere
// of the earth's mean radius, with the longitudes shrunk at the middle's latitude.
func metros(a, b punto) float64 {
	const radio, grado = 6_371_008.8, math.Pi / 180
	x := (b.lon - a.lon) * grado * math.Cos((a.lat+b.lat)/2*grado)
	return radio * math.Hypot(x, (b.lat-a.lat)*grado)
}

// rumbo is the direction from a to b, degrees clockwise from north, 0 to 360.
func rumbo(a, b punto) float64 {
	const grado = math.Pi / 180
	g := math.Atan2((b.lon-a.lon)*math.Cos((a.lat+b.lat)/2*grado), b.lat-a.lat) / grado
	return math.Mod(g+360, 360)
}

// marcha is a way along the streets and the time that it takes.
type marcha struct {
	puntos []punto
	hasta  []float64 // metres from the start to each of puntos
	dura   time.Duration
}

// nuevaMarcha is the way over puntos, at least one place, in dura.
func nuevaMarcha(puntos []punto, dura time.Duration) marcha {
	m := marcha{puntos: puntos, hasta: make([]float64, len(puntos)), dura: dura}
	for i := 1; i < len(puntos); i++ {
		m.hasta[i] = m.hasta[i-1] + metros(puntos[i-1], puntos[i])
	}
	return m
}

func (m marcha) largo() float64 { return m.hasta[len(m.hasta)-1] }

// velocidad is the mean speed, in km/h; 0 for a way that takes no time.
func (m marcha) velocidad() float64 {
	if m.dura <= 0 {
		return 0
	}
	return m.largo() / m.dura.Seconds() * 3.6
}

// lugarEnHora is a place on a way and the time since the start at which the truck passes it.
type lugarEnHora struct {
	punto
	tras time.Duration
}

// entre gives the corners passed between two moments since the start, and the place of the truck at the second one.
// The truck drives at an even speed.
func (m marcha) entre(desde, hasta time.Duration) []lugarEnHora {
	a, b := m.andado(desde), m.andado(hasta)
	var out []lugarEnHora
	for i, h := range m.hasta {
		if h > a && h < b {
			out = append(
				out,
				lugarEnHora{
					punto: m.puntos[i],
					tras:  time.Duration(h / m.largo() * float64(m.dura)),
				},
			)
		}
	}
	return append(out, lugarEnHora{punto: m.en(b), tras: min(hasta, m.dura)})
}

// andado is how many metres have been driven after t.
func (m marcha) andado(t time.Duration) float64 {
	if t >= m.dura {
		return m.largo()
	}
	return m.largo() * max(0, t.Seconds()) / m.dura.Seconds()
}

// en is the place x metres from the start.
func (m marcha) en(x float64) punto {
	for i := 1; i < len(m.puntos); i++ {
		if a, b := m.hasta[i-1], m.hasta[i]; x < b {
			p, q, f := m.puntos[i-1], m.puntos[i], (x-a)/(b-a)
			return punto{p.lat + f*(q.lat-p.lat), p.lon + f*(q.lon-p.lon)}
		}
	}
	return m.puntos[len(m.puntos)-1]
}
