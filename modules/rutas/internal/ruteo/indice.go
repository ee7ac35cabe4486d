package ruteo

import (
	"math"

	"despensa/modules/rutas"
)

// celda is the size of the index's cells, in degrees of latitude (about 500 m).
const celda = 0.0045

// indice finds the junctions near a place: a grid of cells over the network.
type indice struct {
	base     rutas.Punto
	filas    int
	columnas int
	celdas   [][]int32
}

func nuevoIndice(nodos []rutas.Punto) indice {
	lo, hi := extremos(nodos)
	i := indice{
		base:     lo,
		filas:    int((hi.Lat-lo.Lat)/celda) + 1,
		columnas: int((hi.Lon-lo.Lon)/celda) + 1,
	}
	i.celdas = make([][]int32, i.filas*i.columnas)
	for n, p := range nodos {
		f, c := i.de(p)
		i.celdas[f*i.columnas+c] = append(i.celdas[f*i.columnas+c], int32(n))
	}
	return i
}

func extremos(nodos []rutas.Punto) (lo, hi rutas.Punto) {
	lo, hi = nodos[0], nodos[0]
	for _, p := range nodos {
		lo.Lat, lo.Lon = min(lo.Lat, p.Lat), min(lo.Lon, p.Lon)
		hi.Lat, hi.Lon = max(hi.Lat, p.Lat), max(hi.Lon, p.Lon)
	}
	return lo, hi
}

func (i *indice) de(punto rutas.Punto) (fila, columna int) {
	return int(
		math.Floor((punto.Lat - i.base.Lat) / celda),
	), int(math.Floor((punto.Lon - i.base.Lon) / celda))
}

// cercano gives the junction nearest to punto and its distance in m; ok is false when none is within limite metres.
func (r *Red) cercano(punto rutas.Punto, limite float64) (nodo int32, lejos float64, ok bool) {
	i := &r.indice
	if !i.alAlcance(punto.Lat, limite) {
		return 0, limite, false
	}
	f, c := i.de(punto)
	lejos = limite
	// A cell is as high as celda and, in m, narrower by the cosine of the latitude.
	ancho := celda * metrosPorGrado * math.Cos(punto.Lat*math.Pi/180)
	for anillo := 0; float64(anillo-1)*ancho <= lejos; anillo++ {
		i.anillo(f, c, anillo, func(n int32) {
			if d := metros(punto, r.nodos[n]); d <= lejos {
				nodo, lejos, ok = n, d, true
			}
		})
	}
	return nodo, lejos, ok
}

// alAlcance reports whether the network may have a junction within limite metres of a latitude. It is false at a pole,
// where cells have no width and a search in rings would never end.
func (i *indice) alAlcance(lat, limite float64) bool {
	grados := limite / metrosPorGrado
	return lat >= i.base.Lat-grados && lat <= i.base.Lat+float64(i.filas)*celda+grados
}

// anillo visits the junctions of all cells at distance k (in cells) from (f, c).
func (i *indice) anillo(f, c, k int, ver func(int32)) {
	for df := -k; df <= k; df++ {
		paso := 2 * k
		if df == -k || df == k || k == 0 {
			paso = 1
		}
		for dc := -k; dc <= k; dc += paso {
			i.celda(f+df, c+dc, ver)
		}
	}
}

func (i *indice) celda(f, c int, ver func(int32)) {
	if f < 0 || c < 0 || f >= i.filas || c >= i.columnas {
		return
	}
	for _, n := range i.celdas[f*i.columnas+c] {
		ver(n)
	}
}
