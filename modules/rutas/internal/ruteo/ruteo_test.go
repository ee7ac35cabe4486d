package ruteo

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"despensa/modules/rutas"
)

var opciones = Opciones{LejosMetros: 1500, AccesoKmh: 15, Arboles: 8}

// bellmanFord calculates the same costs by a slow and simple algorithm.
func bellmanFord(red *Red, metrica Metrica, raiz int32) []int64 {
	costo := make([]int64, red.Nodos())
	for n := range costo {
		costo[n] = inalcanzable
	}
	costo[raiz] = 0
	for cambio := true; cambio; {
		cambio = false
		for _, t := range red.tramos {
			if costo[t.Desde] == inalcanzable {
				continue
			}
			if c := costo[t.Desde] + metrica.Costo(t); c < costo[t.Hasta] {
				costo[t.Hasta], cambio = c, true
			}
		}
	}
	return costo
}

func TestTheCityIsReadyInTime(t *testing.T) {
	inicio := time.Now()
	r := Ciudad()
	if d := time.Since(inicio); d > 500*time.Millisecond {
		t.Errorf("the city took %v", d)
	}
	if n := r.Nodos(); n < 4000 || n > 10_000 {
		t.Errorf("%d junctions", n)
	}
}

func TestTheCityIsAlwaysTheSame(t *testing.T) {
	a, b := Ciudad(), Ciudad()
	for n := range a.nodos {
		if a.nodos[n] != b.nodos[n] {
			t.Fatalf("junction %d moved", n)
		}
	}
}

func TestEveryJunctionReachesEveryOther(t *testing.T) {
	r := Ciudad()
	reves := make([]Tramo, len(r.tramos))
	for i, v := range r.tramos {
		v.Desde, v.Hasta = v.Hasta, v.Desde
		reves[i] = v
	}
	for nombre, red := range map[string]*Red{"from the centre": r, "to the centre": nuevaRed(r.nodos, reves)} {
		a := arbol(red, tiempoMinimo{}, cruce(lado/2, lado/2))
		for n, c := range a.costo {
			if c == inalcanzable {
				t.Fatalf("%s: junction %d is cut off", nombre, n)
			}
		}
	}
}

func TestDijkstraIsExactOnTheCity(t *testing.T) {
	r := Ciudad()
	azar := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		raiz := int32(azar.IntN(r.Nodos()))
		a, want := arbol(r, tiempoMinimo{}, raiz), bellmanFord(r, tiempoMinimo{}, raiz)
		for n := range want {
			if a.costo[n] != want[n] {
				t.Fatalf("from %d to %d: %d ms, want %d", raiz, n, a.costo[n], want[n])
			}
		}
	}
}

func TestDijkstraIsExactOnRandomNetworks(t *testing.T) {
	azar := rand.New(rand.NewPCG(3, 4))
	for caso := range 200 {
		nodos := make([]rutas.Punto, 2+azar.IntN(30))
		var tramos []Tramo
		for range azar.IntN(120) {
			tramos = append(
				tramos,
				Tramo{Desde: int32(azar.IntN(len(nodos))), Hasta: int32(azar.IntN(len(nodos))),
					Clase: Clase(azar.IntN(4)), Metros: float64(azar.IntN(1000))},
			)
		}
		r := nuevaRed(nodos, tramos)
		a, want := arbol(r, tiempoMinimo{}, 0), bellmanFord(r, tiempoMinimo{}, 0)
		for n := range want {
			if a.costo[n] != want[n] {
				t.Fatalf("network %d, to %d: %d, want %d", caso, n, a.costo[n], want[n])
			}
		}
	}
}

func TestSnapFindsTheNearestJunction(t *testing.T) {
	r := Ciudad()
	azar := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		p := rutas.Punto{
			Lat: centroLat + (azar.Float64()-0.5)*0.22,
			Lon: centroLon + (azar.Float64()-0.5)*0.26,
		}
		mejor := 1500.0
		hay := false
		for _, n := range r.nodos {
			if d := metros(p, n); d <= mejor {
				mejor, hay = d, true
			}
		}
		_, d, ok := r.cercano(p, 1500)
		if ok != hay || ok && d != mejor {
			t.Fatalf("at %v: %v %v, want %v %v", p, d, ok, mejor, hay)
		}
	}
}

// At a pole a cell of the index has no width: the search must end there too.
func TestSnapEndsAnywhereOnEarth(t *testing.T) {
	r := Ciudad()
	for _, lat := range []float64{90, -90, 89.999999, 0, centroLat + 1, centroLat - 1} {
		for _, lon := range []float64{0, 180, -180, centroLon} {
			if _, _, ok := r.cercano(rutas.Punto{Lat: lat, Lon: lon}, 1500); ok {
				t.Errorf("a junction within 1500 m of %v %v", lat, lon)
			}
		}
	}
}

func TestTheWayAgreesWithItsTime(t *testing.T) {
	m := NewMotor(Ciudad(), opciones)
	azar := rand.New(rand.NewPCG(7, 8))
	lugar := func() rutas.Punto {
		return rutas.Punto{
			Lat: centroLat + (azar.Float64()-0.5)*0.17,
			Lon: centroLon + (azar.Float64()-0.5)*0.2,
		}
	}
	for range 50 {
		p := Peticion{Desde: lugar(), Hasta: lugar(), Algoritmo: TiempoMinimo}
		ruta, err := m.Calcular(p)
		if err != nil {
			t.Fatal(err)
		}
		viaje, err := m.Viaje(p.Desde, p.Hasta)
		if err != nil || viaje != ruta.Duracion {
			t.Fatalf("Viaje %v %v, Calcular %v", viaje, err, ruta.Duracion)
		}
		if directo := metros(p.Desde, p.Hasta); ruta.Metros < directo-1 {
			t.Fatalf("the way is %v m, the straight line %v m", ruta.Metros, directo)
		}
		if len(m.arboles) > opciones.Arboles {
			t.Fatalf("%d trees kept", len(m.arboles))
		}
	}
}

func TestRefusals(t *testing.T) {
	m := NewMotor(Ciudad(), opciones)
	centro := rutas.Punto{Lat: centroLat, Lon: centroLon}
	tests := map[string]struct {
		p    Peticion
		want error
	}{
		"far away": {
			Peticion{
				Desde:     centro,
				Hasta:     rutas.Punto{Lat: -31.4, Lon: -64.2},
				Algoritmo: TiempoMinimo,
			},
			rutas.ErrFueraDeArea,
		},
		"from far away": {
			Peticion{Desde: rutas.Punto{}, Hasta: centro, Algoritmo: TiempoMinimo},
			rutas.ErrFueraDeArea,
		},
		"2 km off the edge": {Peticion{Desde: centro,
			Hasta:     rutas.Punto{Lat: centroLat + 12_000/metrosPorGrado, Lon: centroLon},
			Algoritmo: TiempoMinimo}, rutas.ErrFueraDeArea},
		"no such algorithm": {
			Peticion{Desde: centro, Hasta: centro, Algoritmo: "teletransporte"},
			ErrAlgoritmo,
		},
	}
	for nombre, c := range tests {
		t.Run(nombre, func(t *testing.T) {
			if _, err := m.Calcular(c.p); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestOneKilometreOffTheEdgeIsReached(t *testing.T) {
	m := NewMotor(Ciudad(), opciones)
	borde := rutas.Punto{Lat: centroLat + 11_000/metrosPorGrado, Lon: centroLon}
	d, err := m.Viaje(rutas.Punto{Lat: centroLat, Lon: centroLon}, borde)
	if err != nil || d < 10*time.Minute || d > time.Hour {
		t.Errorf("%v %v", d, err)
	}
}

func TestManyAskAtOnce(t *testing.T) {
	m := NewMotor(Ciudad(), opciones)
	centro := rutas.Punto{Lat: centroLat, Lon: centroLon}
	want, err := m.Viaje(m.red.Nodo(0), centro)
	if err != nil {
		t.Fatal(err)
	}
	var espera sync.WaitGroup
	for n := range 32 {
		espera.Go(func() {
			if _, err := m.Viaje(m.red.Nodo(int32(n*100)), centro); err != nil {
				t.Error(err)
			}
			if got, err := m.Viaje(m.red.Nodo(0), centro); err != nil || got != want {
				t.Errorf("%v %v, want %v", got, err, want)
			}
		})
	}
	espera.Wait()
}

func BenchmarkViaje(b *testing.B) {
	m := NewMotor(Ciudad(), opciones)
	a, c := rutas.Punto{
		Lat: centroLat,
		Lon: centroLon,
	}, rutas.Punto{
		Lat: centroLat + 0.05,
		Lon: centroLon + 0.05,
	}
	for b.Loop() {
		if _, err := m.Viaje(a, c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkArbol(b *testing.B) {
	r := Ciudad()
	for b.Loop() {
		arbol(r, tiempoMinimo{}, 0)
	}
}
