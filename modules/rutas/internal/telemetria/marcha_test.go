package telemetria

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"despensa/modules/rutas"
)

// enMarcha is the place of a truck that drives south at 60 km/h since noon.
func enMarcha(segundos float64) rutas.Punto {
	return rutas.Punto{Lat: -34.5 - segundos*1000/60/111_195, Lon: -58.4}
}

// The shown place is one of the truck at most ten seconds ago, for any error of the second clock, with either sensor
// silent, and with old positions in between.
func TestTheShownPlaceIsNearTheTruck(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: a thousand uploads, one after another")
	}
	azar := rand.New(rand.NewPCG(15, 8))
	for _, desfase := range []int{290, 5, -200} {
		t.Run(fmt.Sprint(desfase), func(t *testing.T) {
			b := nuevoBanco(t)
			for s := 0; s < 900; s += 5 {
				b.hora = mediodia.Add(time.Duration(s)*time.Second + 400*time.Millisecond)
				var visto *Posicion
				if s < 300 || s >= 600 {
					visto = b.recibir(
						"a",
						aLas(Primario, int64(s)+1, s, enMarcha(float64(s))),
					).Ultima
				}
				if s < 600 || s >= 800 {
					visto = b.recibir(
						"a",
						aLas(Secundario, int64(s)+1, s+desfase, enMarcha(float64(s))),
					).Ultima
				}
				if azar.IntN(10) == 0 && s > 100 {
					vieja := azar.IntN(s - 50)
					visto = b.recibir(
						"a",
						aLas(Primario, int64(vieja)+2, vieja+1, enMarcha(float64(vieja+1))),
					).Ultima
				}
				metros := math.Abs(visto.Punto.Lat-enMarcha(float64(s)).Lat) * 111_195
				if s >= 70 && metros > 170 {
					t.Fatalf(
						"after %d s it is shown %.0f m from where it is, by %s",
						s,
						metros,
						corta(visto),
					)
				}
			}
		})
	}
}
