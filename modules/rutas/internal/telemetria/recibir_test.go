package telemetria

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/modules/rutas"

	"gorm.io/gorm"
)

// corta writes a position as the letter of its sensor and its number.
func corta(posicion *Posicion) string {
	if posicion == nil {
		return "none"
	}
	return string(posicion.Sensor[:1]) + fmt.Sprint(posicion.Secuencia)
}

// aLas is a position with a number and a place, at so many seconds after noon by its sensor's clock.
func aLas(sensor Sensor, secuencia int64, segundos int, punto rutas.Punto) Posicion {
	return Posicion{
		Sensor:    sensor,
		Secuencia: secuencia,
		Punto:     punto,
		En:        mediodia.Add(time.Duration(segundos) * time.Second),
	}
}

// A sensor that is 290 s fast is corrected by its first arrival: the other sensor's position, one second later,
// becomes the place of the truck.
func TestAFastSensorDoesNotFreezeTheTruck(t *testing.T) {
	for nombre, demora := range map[string]int{
		"sent at once": 0, "sent a minute late": 60, "sent five minutes late": 299,
	} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			for n := range int64(10) {
				b.recibir("a", aLas(Primario, n+1, 290-demora+5*int(n), aqui))
				b.hora = b.hora.Add(time.Second)
				r := b.recibir(
					"a",
					aLas(Secundario, n+1, int(b.hora.Sub(mediodia).Seconds()), aqui),
				)
				if corta(r.Ultima) != fmt.Sprint("s", n+1) {
					t.Fatalf("after %d: the truck is at %s", n+1, corta(r.Ultima))
				}
				b.hora = b.hora.Add(4 * time.Second)
			}
		})
	}
}

// When the right sensor falls silent the fast one shows the place of the truck, and the other way round: neither waits
// for the other's clock.
func TestOneSensorFollowsTheOther(t *testing.T) {
	for nombre, desfase := range map[string]int{"right": 0, "290 s fast": 290, "200 s slow": -200} {
		t.Run(nombre, func(t *testing.T) {
			b := nuevoBanco(t)
			var vista string
			seguir := func(s Sensor, desde, cuantas, mal int) {
				for n := range cuantas {
					b.hora = mediodia.Add(time.Duration(desde+5*n) * time.Second)
					vista = corta(
						b.recibir("a", aLas(s, int64(desde+5*n)+1, desde+5*n+mal, aqui)).Ultima,
					)
				}
			}
			seguir(Secundario, 0, 20, desfase) // by now the offset of its clock is known
			for vez := range 3 {
				seguir(Primario, 100+vez*100, 10, 0)
				if want := fmt.Sprint("p", 146+vez*100); vista != want {
					t.Errorf("at %s, want %s", vista, want)
				}
				seguir(Secundario, 150+vez*100, 2, desfase)
				if want := fmt.Sprint("s", 156+vez*100); vista != want {
					t.Errorf(
						"five seconds after the primary's silence at %s, want %s",
						vista,
						want,
					)
				}
				seguir(Secundario, 160+vez*100, 8, desfase)
			}
		})
	}
}

// A clock that was fast and is put right is followed within little more than a minute,
// though its old positions still say that they are of a later time.
func TestAClockThatIsPutRightIsFollowed(t *testing.T) {
	b := nuevoBanco(t)
	var vista string
	for n := range int64(70) {
		mal := 0
		if n < 50 {
			mal = 290
		}
		b.hora = mediodia.Add(time.Duration(5*n) * time.Second)
		vista = corta(b.recibir("a", aLas(Primario, n+1, int(5*n)+mal, aqui)).Ultima)
	}
	if vista != "p70" {
		t.Errorf("a hundred seconds later the truck is at %s", vista)
	}
}

// An upload of old positions moves neither the truck nor its sensor's clock.
func TestALateUploadMovesNothing(t *testing.T) {
	b := nuevoBanco(t)
	seguir := func(desde, hasta int64) {
		for n := desde; n < hasta; n += 5 {
			b.hora = mediodia.Add(time.Duration(n) * time.Second)
			b.recibir("a", aLas(Primario, n+1, int(n), aqui))
		}
	}
	seguir(0, 200)
	for n := range int64(8) { // two hours to one minute old
		viejas := []Posicion{}
		for k := range int64(100) {
			viejas = append(
				viejas,
				aLas(Primario, -10_000+n*1000+k, 195-int(7200-n*1020)+int(k)/2, aqui),
			)
		}
		b.hora = b.hora.Add(10 * time.Second)
		if r := b.recibir("a", viejas...); corta(r.Ultima) != "p196" || r.Nuevas != 100 {
			t.Errorf("upload %d: at %s, %d new", n, corta(r.Ultima), r.Nuevas)
		}
	}
	var f filaReloj
	if err := b.o.DB.Read(t.Context()).Take(&f).Error; err != nil || f.Desfase != 0 {
		t.Errorf("the clock is taken to be %d ms off, %v", f.Desfase, err)
	}
	seguir(300, 310)
	if vivo, _ := b.foto(); corta(&vivo["a"].Ultima.Posicion) != "p306" {
		t.Errorf("at %s", corta(&vivo["a"].Ultima.Posicion))
	}
}

// A phone that is installed anew counts from 1 again, and is followed.
func TestNumbersBeginAnew(t *testing.T) {
	b := nuevoBanco(t)
	primera, segunda := []Posicion{}, []Posicion{}
	for n := range int64(5) {
		primera = append(primera, aLas(Primario, n+1, int(n)-100, aqui))
		segunda = append(
			segunda,
			aLas(Primario, n+1, int(n)-10, rutas.Punto{Lat: -34.605, Lon: -58.4}),
		)
	}
	b.recibir("a", primera...)
	r := b.recibir("a", segunda...)
	if r.Nuevas != 5 || r.Repetidas != 0 || r.Ultima.Punto.Lat != -34.605 {
		t.Errorf("%+v at %v", r, r.Ultima)
	}
	r = b.recibir("a", append(primera, segunda...)...)
	if r.Nuevas != 0 || r.Repetidas != 10 || r.Ultima.Punto.Lat != -34.605 {
		t.Errorf("again: %+v", r)
	}
	otra := segunda[4]
	otra.Sensor = Secundario
	if r := b.recibir("a", otra); r.Nuevas != 1 {
		t.Errorf("the other sensor: %+v", r)
	}
	if r := b.recibir("b", segunda[4]); r.Nuevas != 1 {
		t.Errorf("another truck: %+v", r)
	}
	if ps := b.todas(Pagina{Camion: "a", Limite: 2}); strings.Join(
		ps,
		" ",
	) != "s5 p5 p4 p3 p2 p1 p5 p4 p3 p2 p1" {
		t.Errorf("%v", ps)
	}
}

// sospechosas are the marks of a truck's positions, by their names.
func (b *banco) sospechosas(camion string) map[string]Sospecha {
	b.t.Helper()
	ps, err := b.Listar(b.t.Context(), Pagina{Camion: camion, Limite: 5000})
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string]Sospecha{}
	for _, p := range ps {
		out[corta(&p)] = p.Sospecha
	}
	return out
}

// A jump is kept with its mark; once the truck turns out to be there, it has none.
func TestJumpsAreMarkedUntilTheyAreBelieved(t *testing.T) {
	b := nuevoBanco(t)
	b.recibir("a", aLas(Primario, 1, -100, aqui))
	for n := range int64(3) {
		if r := b.recibir("a", aLas(Primario, 2+n, -95+5*int(n), alla)); r.Nuevas != 1 ||
			corta(r.Ultima) != "p1" {
			t.Errorf("%d: %+v", n, r)
		}
	}
	if m := b.sospechosas("a"); m["p1"] != SinSospecha || m["p2"] != Salto || m["p4"] != Salto {
		t.Errorf("%v", m)
	}
	if r := b.recibir("a", aLas(Primario, 5, -80, alla)); corta(r.Ultima) != "p5" {
		t.Errorf("%+v", r)
	}
	if m := b.sospechosas("a"); m["p1"] != Salto || m["p2"] != SinSospecha ||
		m["p5"] != SinSospecha {
		t.Errorf("%v", m)
	}
}

// Positions that come late, and many at once, are judged by those of their own time.
func TestLateJumpsAreMarkedToo(t *testing.T) {
	b := nuevoBanco(t)
	for n := range int64(100) {
		b.recibir("a", aLas(Primario, n+1, int(n)*5-600, aqui))
	}
	if r := b.recibir("a", aLas(Primario, 200, -598, africa)); corta(r.Ultima) != "p100" {
		t.Errorf("%+v", r)
	}
	viejas := []Posicion{}
	for n := range int64(300) {
		p := aqui
		if n%50 == 7 {
			p = africa
		}
		viejas = append(viejas, aLas(Secundario, n+1, int(n)-7000, p))
	}
	if r := b.recibir("a", viejas...); r.Nuevas != 300 || corta(r.Ultima) != "p100" {
		t.Errorf("%d new, at %s", r.Nuevas, corta(r.Ultima))
	}
	saltos := 0
	for nombre, m := range b.sospechosas("a") {
		if m == Salto {
			saltos++
		}
		if nombre == "p200" && m != Salto || nombre == "s8" && m != Salto ||
			nombre == "s9" && m != SinSospecha {
			t.Errorf("%s: %q", nombre, m)
		}
	}
	if saltos != 7 {
		t.Errorf("%d jumps", saltos)
	}
}

// Whatever the order of the batches, and however often each comes, the truck is at the same
// place in the end and the same positions have no mark.
func TestShuffledAndRepeatedUploads(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: -short: 10,000 positions, one after another")
	}
	azar := rand.New(rand.NewPCG(15, 14))
	for vez := range 12 {
		b := nuevoBanco(t)
		lotes := lotesAlAzar(azar)
		var visto string
		for orden := range 4 {
			camion := fmt.Sprint(orden)
			azar.Shuffle(len(lotes), func(i, j int) { lotes[i], lotes[j] = lotes[j], lotes[i] })
			var u *Posicion
			nuevas := 0
			for _, l := range append(slices.Clone(lotes), lotes[:len(lotes)/2]...) {
				azar.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
				r := b.recibir(camion, l...)
				u, nuevas = r.Ultima, nuevas+r.Nuevas
			}
			vivo, _ := b.foto()
			ahora := fmt.Sprint(nuevas, corta(u), u.En, corta(&vivo[camion].Ultima.Posicion))
			if orden > 0 && ahora != visto {
				t.Fatalf("%d: %s, before %s", vez, ahora, visto)
			}
			visto = ahora
		}
	}
}

// lotesAlAzar are uploads of a truck that drives south with two sensors, one of which has a
// wrong clock, with jumps and coarse places, and with one number used twice.
func lotesAlAzar(azar *rand.Rand) (lotes [][]Posicion) {
	desfase := azar.IntN(590) - 295
	var lote []Posicion
	for n := range int64(150) {
		s, mal := sensores[azar.IntN(2)], 0
		if s == Secundario {
			mal = desfase
		}
		p := aLas(
			s,
			n+1,
			int(n)*2-300+min(mal, 290),
			rutas.Punto{Lat: -34.5 - float64(n)/5000, Lon: -58.4},
		)
		switch azar.IntN(12) {
		case 0:
			p.Punto = africa
		case 1:
			p = conRadio(p, 900)
		case 2:
			p.Secuencia = 1
		}
		if lote = append(lote, p); azar.IntN(9) == 0 {
			lotes, lote = append(lotes, lote), nil
		}
	}
	return append(
		lotes,
		append(lote, aLas(Primario, 999, 0, rutas.Punto{Lat: -34.53, Lon: -58.4})),
	)
}

// Rows of release 0.3.0 have neither a mark nor the time in their keys. They are read and listed, their repetition is
// recognized, and a device may use their numbers again.
func TestRowsOfTheReleaseBefore(t *testing.T) {
	b := nuevoBanco(t)
	vieja := aLas(Primario, 1, -60, aqui)
	err := b.o.DB.Write(t.Context(), "prueba", func(tx *gorm.DB) error {
		for _, tabla := range []string{"posiciones (", "ultimas (revision, "} {
			valores := "values ("
			if tabla != "posiciones (" {
				valores += "7, "
			}
			x := tx.Exec(
				"insert into "+tabla+"camion, clave, sensor, secuencia, lat, lon, en, recibida) "+
					valores+"?, ?, ?, ?, ?, ?, ?, ?)",
				"a",
				vieja.Clave(),
				"primario",
				1,
				vieja.Punto.Lat,
				vieja.Punto.Lon,
				vieja.En.UnixMilli(),
				vieja.En.UnixMilli(),
			)
			if x.Error != nil {
				return x.Error
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if vivo, _ := b.foto(); corta(&vivo["a"].Ultima.Posicion) != "p1" ||
		vivo["a"].Ultima.Sospecha != SinSospecha {
		t.Errorf("shown: %+v", vivo["a"].Ultima)
	}
	if r := b.recibir("a", vieja); r.Nuevas != 0 || r.Repetidas != 1 ||
		corta(r.Ultima) != "p1" {
		t.Errorf("the same again: %+v", r)
	}
	if r := b.recibir("a", aLas(Primario, 1, -50, africa)); r.Nuevas != 1 ||
		!r.Ultima.En.Equal(vieja.En) {
		t.Errorf("its number again, in Africa: %+v", r)
	}
	otras := []Posicion{}
	for n := range int64(4) {
		otras = append(otras, aLas(Primario, 1+n, -40+5*int(n), alla))
	}
	if r := b.recibir("a", otras...); corta(r.Ultima) != "p4" {
		t.Errorf("others overtake it: %+v", r)
	}
	ps, err := b.Listar(t.Context(), Pagina{Camion: "a", Limite: 9})
	if err != nil || len(ps) != 6 || ps[5].Sospecha != Salto || ps[4].Sospecha != Salto ||
		ps[0].Sospecha != SinSospecha {
		t.Errorf("%+v, %v", ps, err)
	}
}

// A late position does not move a truck back, even when the positions of its present place are no longer kept.
func TestTheLastPlaceOutlivesItsPositions(t *testing.T) {
	b := nuevoBanco(t)
	b.o.Guarda = time.Hour
	b.recibir("a", aLas(Primario, 9, 0, aqui))
	b.hora = mediodia.Add(90 * time.Minute)
	if n, err := b.Olvidar(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if r := b.recibir("a", aLas(Primario, 8, -3600, aqui)); corta(r.Ultima) != "p9" ||
		r.Nuevas != 1 {
		t.Errorf("%+v", r)
	}
	if r := b.recibir("a", aLas(Primario, 10, 5400, aqui)); corta(r.Ultima) != "p10" {
		t.Errorf("%+v", r)
	}
}

// A position with an arrival in the future, written by a fast clock of the server, does not hold the truck in place
// once the clock is right.
func TestOurClockWasADayAhead(t *testing.T) {
	b := nuevoBanco(t)
	b.hora = mediodia.Add(24 * time.Hour)
	for n := range int64(40) {
		b.recibir("a", aLas(Primario, n+1, 24*3600-int(n), aqui))
	}
	b.hora = mediodia
	if r := b.recibir("a", aLas(Primario, 99, 0, alla)); corta(r.Ultima) != "p99" {
		t.Errorf("at %s", corta(r.Ultima))
	}
}

// A row that cannot be read costs no other position, and not the truck's place.
func TestAnUnreadablePositionCostsNoOther(t *testing.T) {
	b := nuevoBanco(t)
	b.recibir("a", en(Primario, 1, 10), en(Primario, 2, 20))
	for _, tabla := range []string{"posiciones", "ultimas"} {
		err := b.o.DB.Write(t.Context(), "prueba", func(tx *gorm.DB) error {
			return tx.Exec("update " + tabla + " set lat = 'x' where secuencia = 2").Error
		})
		if err != nil {
			t.Skip("a server checks its types")
		}
	}
	if r := b.recibir("a", en(Primario, 3, 30)); r.Nuevas != 1 || corta(r.Ultima) != "p3" {
		t.Errorf("%+v", r)
	}
}
