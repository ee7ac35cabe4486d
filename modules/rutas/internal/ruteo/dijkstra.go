package ruteo

import (
	"container/heap"
	"math"
)

// inalcanzable is the cost of a junction that cannot be reached.
const inalcanzable = math.MaxInt64

// Arbol holds the cheapest ways from one junction to every other one.
type Arbol struct {
	raiz  int32
	costo []int64
	por   []int32 // the piece by which each junction is reached; -1 at the root
}

// arbol runs Dijkstra's algorithm from one junction to every other one.
func arbol(red *Red, metrica Metrica, raiz int32) *Arbol {
	a := &Arbol{raiz: raiz, costo: make([]int64, red.Nodos()), por: make([]int32, red.Nodos())}
	for n := range a.costo {
		a.costo[n], a.por[n] = inalcanzable, -1
	}
	a.costo[raiz] = 0
	cola := pendientes{{raiz, 0}}
	for len(cola) > 0 {
		p := heap.Pop(&cola).(pendiente)
		if p.costo > a.costo[p.nodo] {
			continue // a cheaper way to the junction was found after p was queued
		}
		a.relajar(red, metrica, p, &cola)
	}
	return a
}

// relajar lowers the cost of each junction that a piece from p reaches more cheaply, and queues it.
func (a *Arbol) relajar(red *Red, metrica Metrica, p pendiente, cola *pendientes) {
	for k := red.primero[p.nodo]; k < red.primero[p.nodo+1]; k++ {
		t := red.tramos[k]
		if c := p.costo + metrica.Costo(t); c < a.costo[t.Hasta] {
			a.costo[t.Hasta], a.por[t.Hasta] = c, k
			heap.Push(cola, pendiente{t.Hasta, c})
		}
	}
}

// camino gives the pieces from the root to n; false when there is no way.
func (a *Arbol) camino(red *Red, n int32) ([]Tramo, bool) {
	if a.costo[n] == inalcanzable {
		return nil, false
	}
	var c []Tramo
	for ; n != a.raiz; n = red.tramos[a.por[n]].Desde {
		c = append(c, red.tramos[a.por[n]])
	}
	for i, j := 0, len(c)-1; i < j; i, j = i+1, j-1 {
		c[i], c[j] = c[j], c[i]
	}
	return c, true
}

type pendiente struct {
	nodo  int32
	costo int64
}

// pendientes is a heap, cheapest first.
type pendientes []pendiente

func (p pendientes) Len() int           { return len(p) }
func (p pendientes) Less(i, j int) bool { return p[i].costo < p[j].costo }
func (p pendientes) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *pendientes) Push(x any)        { *p = append(*p, x.(pendiente)) }
func (p *pendientes) Pop() any {
	v := *p
	x := v[len(v)-1]
	*p = v[:len(v)-1]
	return x
}
