package telemetria

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestPositionsAreKeptOnce(t *testing.T) {
	b := nuevoBanco(t)
	movida := en(Primario, 2, 20)
	movida.Punto.Lat = -30
	pasos := []struct {
		nombre            string
		lote              []Posicion
		nuevas, repetidas int
		ultima            string
	}{
		{
			nombre:    "a batch",
			lote:      []Posicion{en(Primario, 1, 10), en(Primario, 2, 20)},
			nuevas:    2,
			repetidas: 0,
			ultima:    "p2",
		},
		{
			nombre:    "the batch again",
			lote:      []Posicion{en(Primario, 1, 10), en(Primario, 2, 20)},
			nuevas:    0,
			repetidas: 2,
			ultima:    "p2",
		},
		{
			nombre:    "partly again",
			lote:      []Posicion{en(Primario, 2, 20), en(Primario, 3, 30)},
			nuevas:    1,
			repetidas: 1,
			ultima:    "p3",
		},
		{
			nombre:    "twice in one batch",
			lote:      []Posicion{en(Primario, 4, 40), en(Primario, 4, 40)},
			nuevas:    1,
			repetidas: 1,
			ultima:    "p4",
		},
		{
			nombre:    "the key with another content",
			lote:      []Posicion{movida},
			nuevas:    0,
			repetidas: 1,
			ultima:    "p4",
		},
		{
			nombre:    "out of order",
			lote:      []Posicion{en(Primario, 6, 60), en(Primario, 5, 50)},
			nuevas:    2,
			repetidas: 0,
			ultima:    "p6",
		},
		{
			nombre:    "late",
			lote:      []Posicion{en(Primario, 7, 15)},
			nuevas:    1,
			repetidas: 0,
			ultima:    "p6",
		},
		{
			nombre:    "the other sensor, earlier",
			lote:      []Posicion{en(Secundario, 1, 59)},
			nuevas:    1,
			repetidas: 0,
			ultima:    "p6",
		},
		{
			nombre:    "the other sensor, later",
			lote:      []Posicion{en(Secundario, 2, 61)},
			nuevas:    1,
			repetidas: 0,
			ultima:    "s2",
		},
		{
			nombre:    "both at one moment",
			lote:      []Posicion{en(Secundario, 3, 70), en(Primario, 8, 70)},
			nuevas:    2,
			repetidas: 0,
			ultima:    "s3",
		},
		{
			nombre:    "both at one moment, again",
			lote:      []Posicion{en(Primario, 8, 70), en(Secundario, 3, 70)},
			nuevas:    0,
			repetidas: 2,
			ultima:    "s3",
		},
	}
	for _, p := range pasos {
		r := b.recibir("a", p.lote...)
		if r.Nuevas != p.nuevas || r.Repetidas != p.repetidas {
			t.Errorf("%s: %d new, %d repeated", p.nombre, r.Nuevas, r.Repetidas)
		}
		if u := string(r.Ultima.Sensor[:1]) + fmt.Sprint(r.Ultima.Secuencia); u != p.ultima {
			t.Errorf("%s: last seen at %s, want %s", p.nombre, u, p.ultima)
		}
		if vivo, _ := b.foto(); vivo["a"].Ultima.Clave() != r.Ultima.Clave() {
			t.Errorf(
				"%s: shown at %s, said to be at %s",
				p.nombre,
				vivo["a"].Ultima.Clave(),
				r.Ultima.Clave(),
			)
		}
	}
	ps, err := b.Listar(t.Context(), Pagina{Camion: "a", Limite: 50})
	if err != nil || len(ps) != 11 {
		t.Fatalf("%d kept, %v", len(ps), err)
	}
	if slices.ContainsFunc(ps, func(p Posicion) bool { return p.Punto.Lat == -30 }) {
		t.Error("the second content of a key was kept")
	}
}

// A stored position is read back with every member.
func TestPositionsComeBackWhole(t *testing.T) {
	b := nuevoBanco(t)
	velocidad, rumbo, radio := 0.0, 359.5, 3.25
	p := en(Secundario, 1<<53, 5)
	p.Velocidad = &velocidad
	p.Rumbo = &rumbo
	p.Radio = &radio
	p.En = p.En.Add(7 * time.Millisecond)
	b.recibir("a", p, en(Primario, 1, 1))
	ps, err := b.Listar(t.Context(), Pagina{Camion: "a", Limite: 5})
	if err != nil || len(ps) != 2 {
		t.Fatal(ps, err)
	}
	v := ps[0]
	if *v.Velocidad != velocidad || *v.Rumbo != rumbo || *v.Radio != radio ||
		v.Punto != p.Punto ||
		!v.En.Equal(p.En) ||
		v.Secuencia != p.Secuencia ||
		!v.Recibida.Equal(mediodia) {
		t.Errorf("%+v", v)
	}
	if o := ps[1]; o.Velocidad != nil || o.Rumbo != nil || o.Radio != nil {
		t.Errorf("measured what was not: %+v", o)
	}
}

func TestMomentsThatCannotBe(t *testing.T) {
	b := nuevoBanco(t)
	for nombre, c := range map[string]struct {
		en      time.Time
		detalle string
	}{
		"now":                  {mediodia, ""},
		"a little ahead":       {mediodia.Add(reglas.DesfaseMax), ""},
		"ahead":                {mediodia.Add(reglas.DesfaseMax + time.Millisecond), "en: is in the future"},
		"as old as can be":     {mediodia.Add(-24 * time.Hour), ""},
		"older":                {mediodia.Add(-24*time.Hour - time.Millisecond), "en: is too old"},
		"before the epoch":     {time.Time{}, "en: is too old"},
		"beyond what we count": {time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), "en: is in the future"},
	} {
		t.Run(nombre, func(t *testing.T) {
			camion, otra := "c "+nombre, en(Primario, 2, 0)
			otra.En = c.en
			r := b.recibir(camion, en(Primario, 1, 0), otra, en(Primario, 3, 1))
			quedan, malas := 3, []Rechazada(nil)
			if c.detalle != "" {
				quedan = 2
				malas = []Rechazada{
					{Indice: 1, Codigo: "momento-imposible", Detalle: c.detalle},
				}
			}
			if r.Nuevas != quedan || r.Repetidas != 0 || !slices.Equal(r.Rechazadas, malas) {
				t.Errorf("%+v", r)
			}
			if ps := b.todas(Pagina{Camion: camion, Limite: 9}); len(ps) != quedan {
				t.Errorf("kept %v", ps)
			}
		})
	}
}

// A batch of refused positions alone is answered like any batch.
func TestABatchWithoutAGoodPosition(t *testing.T) {
	b := nuevoBanco(t)
	vieja := en(Primario, 1, -100_000)
	if r := b.recibir("a", vieja); r.Nuevas != 0 || len(r.Rechazadas) != 1 || r.Ultima != nil {
		t.Errorf("never seen: %+v", r)
	}
	b.recibir("a", en(Primario, 2, 5))
	r := b.recibir("a", vieja, en(Primario, 2, 5))
	if len(r.Rechazadas) != 1 || r.Ultima == nil || r.Ultima.Secuencia != 2 {
		t.Errorf("seen: %+v", r)
	}
	if want := map[string]int{"nueva": 1, "repetida": 1, "rechazada": 2}; !maps.Equal(
		b.cuenta,
		want,
	) {
		t.Errorf("counted %v", b.cuenta)
	}
}

func TestListIsNewestFirstWithoutGaps(t *testing.T) {
	b := nuevoBanco(t)
	var lote []Posicion
	for n := range int64(30) {
		// Several positions of one moment.
		lote = append(lote, en(Primario, n+1, n/3), en(Secundario, n+1, n/2))
	}
	azar := rand.New(rand.NewPCG(1, 1))
	azar.Shuffle(len(lote), func(i, j int) { lote[i], lote[j] = lote[j], lote[i] })
	b.recibir("a", lote...)
	b.recibir("b", en(Primario, 1, 3))
	entera := b.todas(Pagina{Camion: "a", Limite: 100})
	if len(entera) != 60 || entera[0] != "s30" || entera[1] != "s29" || entera[59] != "p1" {
		t.Fatalf("%d: %v", len(entera), entera)
	}
	for _, limite := range []int{1, 2, 7, 59, 60} {
		if ps := b.todas(Pagina{Camion: "a", Limite: limite}); !slices.Equal(ps, entera) {
			t.Errorf("by %d: %v, want %v", limite, ps, entera)
		}
	}
	ps := b.todas(Pagina{Camion: "a", Sensor: Primario, Limite: 7})
	if len(ps) != 30 || ps[0] != "p30" || ps[29] != "p1" {
		t.Errorf("of one sensor: %v", ps)
	}
	desde, hasta := en(Primario, 1, 2).En, en(Primario, 1, 4).En
	ps = b.todas(Pagina{Camion: "a", Desde: desde, Hasta: hasta, Limite: 3})
	if !slices.Equal(
		ps,
		[]string{"s8", "s7", "p12", "p11", "p10", "s6", "s5", "p9", "p8", "p7"},
	) {
		t.Errorf("of two seconds: %v", ps)
	}
}

func TestOlvidarLetsGoOfWhatIsOld(t *testing.T) {
	b := nuevoBanco(t)
	b.recibir("a", en(Primario, 1, 1), en(Primario, 2, 2))
	b.hora = mediodia.Add(time.Hour)
	b.recibir("a", en(Primario, 3, 3))
	for _, p := range []struct {
		pasado time.Duration
		n      int
		queda  []string
	}{
		{pasado: 0, n: 0, queda: []string{"p3", "p2", "p1"}},
		{pasado: time.Millisecond, n: 2, queda: []string{"p3"}},
		{pasado: time.Hour + time.Millisecond, n: 1},
		{pasado: 2 * time.Hour, n: 0},
	} {
		b.hora = mediodia.Add(b.o.Guarda + p.pasado)
		n, err := b.Olvidar(t.Context())
		if err != nil || n != p.n {
			t.Errorf("after %v: %d %v", p.pasado, n, err)
		}
		if ps := b.todas(Pagina{Camion: "a", Limite: 9}); !slices.Equal(ps, p.queda) {
			t.Errorf("after %v: %v", p.pasado, ps)
		}
	}
	if vivo, _ := b.foto(); vivo["a"].Ultima == nil || vivo["a"].Ultima.Secuencia != 3 {
		t.Error("where it was last seen is forgotten too")
	}
}

// Eight trucks send at once, each batch twice: no position is lost or doubled.
func TestManyDevicesAtOnce(t *testing.T) {
	b := nuevoBanco(t)
	var wg sync.WaitGroup
	for c := range 8 {
		for range 2 {
			wg.Go(func() {
				for n := range int64(5) {
					if _, err := b.Recibir(t.Context(), fmt.Sprint(c), []Posicion{en(Primario, n+1, n)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	wg.Wait()
	vivo, _ := b.foto()
	revisiones := map[int64]bool{}
	for c := range 8 {
		id := fmt.Sprint(c)
		if ps := b.todas(Pagina{Camion: id, Limite: 9}); len(ps) != 5 ||
			vivo[id].Ultima.Secuencia != 5 {
			t.Errorf("truck %s: %v, last %+v", id, ps, vivo[id].Ultima)
		}
		revisiones[vivo[id].Ultima.revision] = true
	}
	if len(revisiones) != 8 {
		t.Errorf("two trucks have one revision: %v", revisiones)
	}
}

func BenchmarkRecibir(b *testing.B) {
	for _, tamano := range []int{1, 10, 100} {
		b.Run(fmt.Sprint(tamano), func(b *testing.B) {
			x, n := nuevoBanco(b), int64(0)
			for b.Loop() {
				lote := make([]Posicion, tamano)
				for i := range lote {
					n++
					lote[i] = en(Primario, n, n%3600)
				}
				x.recibir("a", lote...)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "posiciones/s")
		})
	}
}
