package ruteo

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"despensa/modules/rutas"
)

// TestEveryAlgorithm checks every name in Algoritmos, so that a new algorithm needs no test of its own.
func TestEveryAlgorithm(t *testing.T) {
	if !slices.Contains(Algoritmos(), TiempoMinimo) || !slices.IsSorted(Algoritmos()) {
		t.Errorf("algorithms %v", Algoritmos())
	}
	red := Ciudad()
	for _, nombre := range Algoritmos() {
		t.Run(nombre, func(t *testing.T) {
			if Minimiza(nombre) == "" {
				t.Error("does not say what it keeps small")
			}
			for _, v := range red.tramos {
				if metricas[nombre].Costo(v) < 0 {
					t.Fatalf("a piece costs less than nothing: %+v", v)
				}
			}
			azar := rand.New(rand.NewPCG(11, 12))
			for range 3 {
				conforme(t, red, nombre, azar)
			}
		})
	}
	if Minimiza("teletransporte") != "" {
		t.Error("says what is kept small by an algorithm that there is not")
	}
}

// conforme calculates ways from one place to several and compares each with the network.
func conforme(t *testing.T, red *Red, nombre string, azar *rand.Rand) {
	t.Helper()
	m := NewMotor(red, opciones)
	lugar := func() rutas.Punto {
		return rutas.Punto{
			Lat: centroLat + (azar.Float64()-0.5)*0.17,
			Lon: centroLon + (azar.Float64()-0.5)*0.2,
		}
	}
	desde := lugar()
	raiz, _, _ := red.cercano(desde, opciones.LejosMetros)
	minimo := bellmanFord(red, metricas[nombre], raiz)
	for range 20 {
		p := Peticion{Desde: desde, Hasta: lugar(), Algoritmo: nombre}
		b, err := m.preparar(p)
		if err != nil {
			t.Fatal(err)
		}
		camino, ok := m.arbol(b).camino(red, b.hasta.nodo)
		ruta, err := m.Calcular(p)
		if err != nil || !ok {
			t.Fatalf("no way: %v %v", ok, err)
		}
		if fin, costo := andar(t, red, nombre, raiz, camino); fin != b.hasta.nodo ||
			costo != minimo[fin] {
			t.Fatalf(
				"ends at %d for %d, want %d for %d",
				fin,
				costo,
				b.hasta.nodo,
				minimo[b.hasta.nodo],
			)
		}
		sumas(t, m, b, ruta, camino)
	}
}

// andar walks along a way, which must use existing streets in their direction, and gives its last junction and its
// cost.
func andar(
	t *testing.T,
	red *Red,
	nombre string,
	desde int32,
	camino []Tramo,
) (hasta int32, costo int64) {
	t.Helper()
	for _, v := range camino {
		if v.Desde != desde ||
			!slices.Contains(red.tramos[red.primero[desde]:red.primero[desde+1]], v) {
			t.Fatalf("%+v is no street that leaves %d", v, desde)
		}
		desde = v.Hasta
		costo += metricas[nombre].Costo(v)
	}
	return desde, costo
}

// sumas compares the answer with its pieces: its line, its length, its time.
func sumas(t *testing.T, motor *Motor, busqueda busqueda, ruta Ruta, camino []Tramo) {
	t.Helper()
	linea := []rutas.Punto{ruta.Puntos[0], motor.red.Nodo(busqueda.desde.nodo)}
	largo, tiempo := busqueda.desde.metros+busqueda.hasta.metros, motor.acceso(busqueda)
	for _, v := range camino {
		linea = append(linea, motor.red.Nodo(v.Hasta))
		largo += v.Metros
		tiempo += time.Duration(
			math.Round(v.Metros/(velocidades[v.Clase]/3.6)*1000),
		) * time.Millisecond
	}
	if linea = append(linea, ruta.Puntos[len(ruta.Puntos)-1]); !slices.Equal(ruta.Puntos, linea) {
		t.Fatalf(
			"the line is not that of its pieces: %d points, want %d",
			len(ruta.Puntos),
			len(linea),
		)
	}
	if metros(linea[0], linea[1]) != busqueda.desde.metros ||
		metros(linea[len(linea)-1], linea[len(linea)-2]) != busqueda.hasta.metros {
		t.Fatal("the ends are not where they were asked for")
	}
	if math.Abs(ruta.Metros-largo) > 0.01 || ruta.Duracion != tiempo ||
		ruta.Algoritmo != busqueda.algoritmo {
		t.Fatalf(
			"%s: %v m in %v, the pieces say %v m in %v",
			ruta.Algoritmo,
			ruta.Metros,
			ruta.Duracion,
			largo,
			tiempo,
		)
	}
}

// Each algorithm finds a way at least as good as every other one by its own metric.
func TestAlgorithmsKeepSmallWhatTheySay(t *testing.T) {
	m := NewMotor(Ciudad(), opciones)
	azar := rand.New(rand.NewPCG(13, 14))
	distintas := 0
	for range 60 {
		p := Peticion{
			Desde: m.red.Nodo(int32(azar.IntN(m.red.Nodos()))),
			Hasta: m.red.Nodo(int32(azar.IntN(m.red.Nodos()))),
		}
		p.Algoritmo = TiempoMinimo
		rapida, err := m.Calcular(p)
		if err != nil {
			t.Fatal(err)
		}
		p.Algoritmo = DistanciaMinima
		corta, err := m.Calcular(p)
		if err != nil {
			t.Fatal(err)
		}
		if corta.Metros > rapida.Metros+1 || rapida.Duracion > corta.Duracion {
			t.Errorf(
				"shortest %v m in %v, fastest %v m in %v",
				corta.Metros,
				corta.Duracion,
				rapida.Metros,
				rapida.Duracion,
			)
		}
		if corta.Metros < rapida.Metros-1 {
			distintas++
		}
	}
	if distintas == 0 {
		t.Error("the shortest way is always the fastest: the test shows nothing")
	}
}
