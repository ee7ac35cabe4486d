package ruteo

import (
	"errors"
	"math"
	"slices"
	"sync"
	"time"

	"despensa/modules/rutas"
)

// ErrAlgoritmo: no algorithm has the requested name.
var ErrAlgoritmo = errors.New("ruteo: unknown algorithm")

// Opciones of a Motor.
type Opciones struct {
	// LejosMetros is how far a place may be from the nearest junction, in m.
	LejosMetros float64
	// AccesoKmh is the speed between a place and the nearest junction, in km/h.
	AccesoKmh float64
	// Arboles is how many trees are kept in memory, one for each origin and algorithm.
	Arboles int
}

// Motor calculates ways on one network. Safe for concurrent use.
type Motor struct {
	red *Red
	o   Opciones

	mu      sync.Mutex
	arboles map[origen]*Arbol
	orden   []origen // oldest first
}

type origen struct {
	algoritmo string
	nodo      int32
}

// NewMotor makes a Motor for one network.
func NewMotor(red *Red, opciones Opciones) *Motor {
	return &Motor{red: red, o: opciones, arboles: map[origen]*Arbol{}}
}

// Peticion asks for a way.
type Peticion struct {
	Desde, Hasta rutas.Punto
	Algoritmo    string
}

// Ruta is a way from door to door.
type Ruta struct {
	Algoritmo string
	Duracion  time.Duration
	Metros    float64
	Puntos    []rutas.Punto // both ends included
}

// Calcular finds a way in the steps that all algorithms share: it lays both places onto the network, searches by the
// algorithm's metric, and adds up length, time and line. Errors: ErrAlgoritmo, rutas.ErrFueraDeArea.
func (m *Motor) Calcular(peticion Peticion) (Ruta, error) {
	b, err := m.preparar(peticion)
	if err != nil {
		return Ruta{}, err
	}
	camino, ok := m.arbol(b).camino(m.red, b.hasta.nodo)
	if !ok {
		return Ruta{}, rutas.ErrFueraDeArea
	}
	return m.terminar(peticion, b, camino), nil
}

// Viaje is the shortest travel time between two places. Only the first call from a place needs a search. Errors:
// rutas.ErrFueraDeArea.
func (m *Motor) Viaje(desde, hasta rutas.Punto) (time.Duration, error) {
	b, err := m.preparar(Peticion{Desde: desde, Hasta: hasta, Algoritmo: TiempoMinimo})
	if err != nil {
		return 0, err
	}
	c := m.arbol(b).costo[b.hasta.nodo]
	if c == inalcanzable {
		return 0, rutas.ErrFueraDeArea
	}
	return time.Duration(c)*time.Millisecond + m.acceso(b), nil
}

// busqueda is a Peticion laid onto the network.
type busqueda struct {
	algoritmo    string
	metrica      Metrica
	desde, hasta extremo
}

type extremo struct {
	nodo   int32
	metros float64 // between the place and the junction
}

// preparar lays both places of peticion onto the network. Errors: ErrAlgoritmo, rutas.ErrFueraDeArea.
func (m *Motor) preparar(peticion Peticion) (b busqueda, err error) {
	metrica, ok := metricas[peticion.Algoritmo]
	if !ok {
		return b, ErrAlgoritmo
	}
	b = busqueda{algoritmo: peticion.Algoritmo, metrica: metrica}
	if b.desde, err = m.ajustar(peticion.Desde); err != nil {
		return b, err
	}
	b.hasta, err = m.ajustar(peticion.Hasta)
	return b, err
}

// ajustar finds the junction nearest to punto. Errors: rutas.ErrFueraDeArea when none is within LejosMetros.
func (m *Motor) ajustar(punto rutas.Punto) (extremo, error) {
	if math.IsNaN(punto.Lat) || math.IsNaN(punto.Lon) || math.Abs(punto.Lat) > 90 ||
		math.Abs(punto.Lon) > 180 {
		return extremo{}, rutas.ErrFueraDeArea
	}
	n, d, ok := m.red.cercano(punto, m.o.LejosMetros)
	if !ok {
		return extremo{}, rutas.ErrFueraDeArea
	}
	return extremo{n, d}, nil
}

// terminar adds up the length, the time and the line of a way.
func (m *Motor) terminar(peticion Peticion, busqueda busqueda, camino []Tramo) Ruta {
	r := Ruta{
		Algoritmo: busqueda.algoritmo,
		Duracion:  m.acceso(busqueda),
		Metros:    busqueda.desde.metros + busqueda.hasta.metros,
	}
	r.Puntos = append(r.Puntos, peticion.Desde, m.red.Nodo(busqueda.desde.nodo))
	for _, t := range camino {
		r.Duracion += manejo(t)
		r.Metros += t.Metros
		r.Puntos = append(r.Puntos, m.red.Nodo(t.Hasta))
	}
	r.Puntos = append(r.Puntos, peticion.Hasta)
	return r
}

// acceso is the time between the two places and their junctions.
func (m *Motor) acceso(busqueda busqueda) time.Duration {
	s := (busqueda.desde.metros + busqueda.hasta.metros) / (m.o.AccesoKmh / 3.6)
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}

// arbol gives the tree of an origin, from memory or calculated anew.
func (m *Motor) arbol(busqueda busqueda) *Arbol {
	o := origen{busqueda.algoritmo, busqueda.desde.nodo}
	m.mu.Lock()
	a, ok := m.arboles[o]
	m.mu.Unlock()
	if ok {
		return a
	}
	a = arbol(m.red, busqueda.metrica, o.nodo)
	m.guardar(o, a)
	return a
}

// guardar keeps a tree in memory and drops the oldest one beyond the limit.
func (m *Motor) guardar(origen origen, arbol *Arbol) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.arboles[origen]; ok {
		return
	}
	m.arboles[origen] = arbol
	m.orden = append(m.orden, origen)
	if len(m.orden) > m.o.Arboles {
		delete(m.arboles, m.orden[0])
		m.orden = slices.Delete(m.orden, 0, 1)
	}
}
