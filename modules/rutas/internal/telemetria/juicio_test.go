package telemetria

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"despensa/modules/rutas"
)

// aqui, alla: two places of a city and one of Africa.
var (
	aqui   = rutas.Punto{Lat: -34.6, Lon: -58.4}
	alla   = rutas.Punto{Lat: -34.7, Lon: -58.4} // 11.1 km from aqui
	africa = rutas.Punto{Lat: 10, Lon: 3}
)

// medida is a position of sensor at a place, so many seconds after noon, that arrived at once.
func medida(sensor Sensor, segundos int, punto rutas.Punto) Posicion {
	en := mediodia.Add(time.Duration(segundos) * time.Second)
	return Posicion{
		Sensor:    sensor,
		Secuencia: int64(segundos) + 1000,
		Punto:     punto,
		En:        en,
		Recibida:  en,
	}
}

// serie are positions of the primary sensor at one place, five seconds apart.
func serie(desde, cuantas int, punto rutas.Punto) (ps []Posicion) {
	for i := range cuantas {
		ps = append(ps, medida(Primario, desde+5*i, punto))
	}
	return ps
}

func conRadio(
	posicion Posicion,
	m float64,
) Posicion {
	posicion.Radio = &m
	return posicion
}

func conVelocidad(
	posicion Posicion,
	k float64,
) Posicion {
	posicion.Velocidad = &k
	return posicion
}

// letras writes marks, a letter each.
func letras(sospechas []Sospecha) string {
	var b strings.Builder
	for _, m := range sospechas {
		b.WriteString(
			map[Sospecha]string{SinSospecha: ".", Salto: "s", Imprecisa: "i", Veloz: "v"}[m],
		)
	}
	return b.String()
}

func TestWhatCannotBeIsNotShown(t *testing.T) {
	uno := medida(Primario, 0, aqui)
	con := func(ps ...Posicion) []Posicion { return append([]Posicion{uno}, ps...) }
	en := func(segundos int, p rutas.Punto) Posicion { return medida(Primario, segundos, p) }
	grado := func(lat, lon float64) rutas.Punto { return rutas.Punto{Lat: lat, Lon: lon} }
	for nombre, c := range map[string]struct {
		ps     []Posicion
		marcas string
		ultima int
	}{
		"nothing":                         {ps: nil, ultima: -1},
		"one":                             {ps: serie(0, 1, aqui), marcas: ".", ultima: 0},
		"one in Africa":                   {ps: serie(0, 1, africa), marcas: ".", ultima: 0},
		"the truck stands":                {ps: serie(0, 5, aqui), marcas: ".....", ultima: 4},
		"five seconds to Africa":          {ps: con(en(5, africa)), marcas: ".s", ultima: 0},
		"twice":                           {ps: con(en(5, africa), en(10, africa)), marcas: ".ss", ultima: 0},
		"there and back":                  {ps: con(en(5, africa), en(10, aqui)), marcas: ".s.", ultima: 2},
		"there and back, again and again": {ps: con(en(5, africa), en(10, aqui), en(15, africa)), marcas: ".s.s", ultima: 2},
		"at one moment":                   {ps: con(medida(Secundario, 0, africa)), marcas: ".s", ultima: 0},
		"by the other sensor":             {ps: con(medida(Secundario, 5, africa)), marcas: ".s", ultima: 0},
		"the first was wrong": {ps: append(serie(0, 1, africa), serie(5, 4, aqui)...), marcas: "s....",
			ultima: 4},
		"most were right": {ps: append(serie(0, 20, aqui), serie(100, 10, alla)...),
			marcas: strings.Repeat(".", 20) + "ssssssssss", ultima: 19},
		"most are there": {ps: append(serie(0, 3, aqui), serie(15, 10, alla)...), marcas: "sss..........",
			ultima: 12},
		"after a silence that is enough": {ps: con(en(264, alla)), marcas: "..", ultima: 1},
		"after a silence that is not":    {ps: con(en(260, alla)), marcas: ".s", ultima: 0},
		"after a silence, other sensor":  {ps: con(medida(Secundario, 259, alla)), marcas: "..", ultima: 1},
		"three days later":               {ps: con(en(3*24*3600, africa)), marcas: "..", ultima: 1},
		"it wanders while it stands":     {ps: con(en(0, grado(-34.601, -58.4))), marcas: "..", ultima: 1},
		"it wanders further":             {ps: con(en(0, grado(-34.602, -58.4))), marcas: ".s", ultima: 0},
		"it wanders as far as it may":    {ps: con(conRadio(en(0, grado(-34.602, -58.4)), 100)), marcas: "..", ultima: 1},
		"as coarse as can be":            {ps: con(conRadio(en(5, aqui), 200)), marcas: "..", ultima: 1},
		"too coarse":                     {ps: con(conRadio(en(5, aqui), 200.5)), marcas: ".i", ultima: 0},
		"nothing but coarse":             {ps: []Posicion{conRadio(uno, 5000)}, marcas: "i", ultima: -1},
		"as fast as a truck":             {ps: con(conVelocidad(en(5, aqui), 150)), marcas: "..", ultima: 1},
		"faster than a truck":            {ps: con(conVelocidad(en(5, aqui), 150.5)), marcas: ".v", ultima: 0},
		"coarse ones are no company": {ps: con(conRadio(en(5, africa), 9000), en(10, africa)), marcas: ".is",
			ultima: 0},
		"over the date line": {ps: []Posicion{en(0, grado(0, 179.9999)), en(5, grado(0, -179.9999))},
			marcas: "..", ultima: 1},
		"at the pole every meridian is one": {ps: []Posicion{en(0, grado(90, 0)), en(5, grado(90, 120))}, marcas: "..",
			ultima: 1},
	} {
		t.Run(nombre, func(t *testing.T) {
			marcas, ultima := reglas.juzgar(c.ps, nil)
			if letras(marcas) != c.marcas || ultima != c.ultima {
				t.Errorf(
					"%s, at %d; want %s, at %d",
					letras(marcas),
					ultima,
					c.marcas,
					c.ultima,
				)
			}
		})
	}
}

// A sensor with a fast clock does not hold the truck at a place that it has left.
func TestTheClocksAreCorrected(t *testing.T) {
	adelantada := medida(Primario, 290, aqui)
	adelantada.Recibida = mediodia
	rapido := relojes{Primario: {Desfase: -290 * time.Second}}
	sabidos := relojes{
		Primario:   {Desfase: -291 * time.Second},
		Secundario: {Desfase: 200 * time.Second},
	}
	tarde := medida(Secundario, -200, aqui)
	tarde.Recibida = mediodia
	for nombre, c := range map[string]struct {
		otra   Posicion
		rs     relojes
		ultima int
	}{
		"the other one later":                   {otra: medida(Secundario, 1, aqui), rs: rapido, ultima: 1},
		"the other one at the same moment":      {otra: medida(Secundario, 0, aqui), rs: rapido, ultima: 1},
		"the other one before":                  {otra: medida(Secundario, -1, aqui), rs: rapido, ultima: 0},
		"nothing is known of it yet":            {otra: medida(Secundario, 1, aqui), ultima: 1},
		"the other one's clock is slow":         {otra: medida(Secundario, -200, aqui), rs: rapido, ultima: 0},
		"the other one's clock is known as bad": {otra: tarde, rs: sabidos, ultima: 1},
	} {
		t.Run(nombre, func(t *testing.T) {
			if _, ultima := reglas.juzgar([]Posicion{adelantada, c.otra}, c.rs); ultima != c.ultima {
				t.Errorf("at %d, want %d", ultima, c.ultima)
			}
		})
	}
}

// The judgement is of a set: the order does not matter.
func TestTheOrderDoesNotMatter(t *testing.T) {
	azar := rand.New(rand.NewPCG(15, 12))
	lugares := []rutas.Punto{aqui, aqui, aqui, alla, africa}
	for vez := range 300 {
		rs := relojes{Primario: {Desfase: time.Duration(azar.IntN(600)-300) * time.Second}}
		var ps []Posicion
		for i := range 1 + azar.IntN(60) {
			p := medida(
				sensores[azar.IntN(2)],
				azar.IntN(300)-150,
				lugares[azar.IntN(len(lugares))],
			)
			p.Secuencia = int64(i + 1)
			p.Recibida = mediodia.Add(time.Duration(azar.IntN(300)) * time.Second)
			ps = append(ps, conRadio(p, azar.Float64()*220))
		}
		marcas, ultima := reglas.juzgar(ps, rs)
		orden := azar.Perm(len(ps))
		otras := make([]Posicion, len(ps))
		for i, j := range orden {
			otras[i] = ps[j]
		}
		otrasMarcas, otraUltima := reglas.juzgar(otras, rs)
		for i, j := range orden {
			if otrasMarcas[i] != marcas[j] {
				t.Fatalf("%d: a mark depends on the order", vez)
			}
		}
		if (ultima < 0) != (otraUltima < 0) || ultima >= 0 && orden[otraUltima] != ultima {
			t.Fatalf("%d: the place depends on the order", vez)
		}
		if ultima >= 0 && marcas[ultima] != SinSospecha {
			t.Fatalf("%d: a marked position is shown", vez)
		}
	}
}

// A truck can drive through all positions without a mark, one after the other.
func TestWhatIsLeftCanBeDriven(t *testing.T) {
	azar := rand.New(rand.NewPCG(15, 13))
	for range 300 {
		var ps []Posicion
		for i := range 40 {
			p := medida(Primario, i*5, rutas.Punto{Lat: -34.6 + azar.Float64()/50, Lon: -58.4})
			ps = append(ps, p)
		}
		marcas, _ := reglas.juzgar(ps, nil)
		quedan := slices.Collect(func(yield func(Posicion) bool) {
			for i, p := range ps {
				if marcas[i] == SinSospecha && !yield(p) {
					return
				}
			}
		})
		for i := 1; i < len(quedan); i++ {
			a, b := quedan[i-1], quedan[i]
			metros := (b.Punto.Lat - a.Punto.Lat) * 111_195
			if limite := b.En.Sub(a.En).Seconds()*150/3.6 + vaiven + 1; metros > limite ||
				-metros > limite {
				t.Fatalf("%s: %.0f m in %v", strconv.Itoa(i), metros, b.En.Sub(a.En))
			}
		}
	}
}

func BenchmarkJuzgar(b *testing.B) {
	ps := serie(0, 128, aqui)
	for b.Loop() {
		reglas.juzgar(ps, nil)
	}
}
