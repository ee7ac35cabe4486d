package telemetria

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/rutas"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"
)

// mediodia is the hour at which the tests begin.
var mediodia = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// flotaFalsa is a Flota with the answers that the test sets.
type flotaFalsa struct {
	afuera   map[string]string
	pulso    atomic.Int64
	lecturas atomic.Int64 // how often Afuera was called
}

func (f *flotaFalsa) Afuera(context.Context) (map[string]string, error) {
	f.lecturas.Add(1)
	return f.afuera, nil
}

func (f *flotaFalsa) Pulso(context.Context) (int64, error) { return f.pulso.Load(), nil }

func (f *flotaFalsa) Patentes(_ context.Context, ids []string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range ids {
		out[id] = "P-" + id
	}
	return out, nil
}

// banco is a store of positions of its own, with a clock that the test moves.
type banco struct {
	*Telemetria
	t     testing.TB
	flota *flotaFalsa
	hora  time.Time

	mu     sync.Mutex
	cuenta map[string]int // positions by outcome, as Contar got them
}

func nuevoBanco(t testing.TB) *banco {
	t.Helper()
	sitio := sqldbtest.New(t, "rutas")
	db, err := sqldb.Open(
		t.Context(),
		sqldb.Options{Name: "rutas", File: sitio.File, Postgres: sitio.Postgres,
			Migrations: migrations.De("rutas")},
	)
	if err != nil {
		t.Fatal(err)
	}
	b := &banco{
		t:      t,
		flota:  &flotaFalsa{afuera: map[string]string{}},
		hora:   mediodia,
		cuenta: map[string]int{},
	}
	b.Telemetria = New(
		Opciones{DB: db, Flota: b.flota, Ahora: func() time.Time { return b.hora },
			Reglas: reglas, Guarda: 30 * 24 * time.Hour, Contar: b.contar},
	)
	t.Cleanup(func() {
		b.Cerrar()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

func (b *banco) contar(resultado string, cuantas int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cuenta[resultado] += cuantas
}

// reglas are those of the default configuration.
var reglas = Reglas{
	Antiguedad:   24 * time.Hour,
	DesfaseMax:   5 * time.Minute,
	VelocidadMax: 150,
	PrecisionMax: 200,
}

// en is a position of a sensor, measured so many seconds after eleven; the truck drives
// south at 40 km/h.
func en(sensor Sensor, secuencia, segundos int64) Posicion {
	return Posicion{
		Sensor: sensor, Secuencia: secuencia, Punto: rutas.Punto{Lat: -34.5 - float64(segundos)/10_000, Lon: -58.4},
		En: mediodia.Add(time.Duration(segundos-3600) * time.Second),
	}
}

func (b *banco) recibir(camion string, posiciones ...Posicion) ResultadoDeLote {
	b.t.Helper()
	r, err := b.Recibir(b.t.Context(), camion, posiciones)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// todas reads the positions that pagina selects, page by page, newest first.
func (b *banco) todas(pagina Pagina) (claves []string) {
	b.t.Helper()
	for {
		ps, err := b.Listar(b.t.Context(), pagina)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, x := range ps[:min(len(ps), pagina.Limite)] {
			claves = append(claves, string(x.Sensor[:1])+strconv.FormatInt(x.Secuencia, 10))
			pagina.En, pagina.Clave = x.En, x.Clave()
		}
		if len(ps) <= pagina.Limite {
			return claves
		}
	}
}

// foto is the live view by id of truck, and its version.
func (b *banco) foto() (map[string]EnVivo, int64) {
	b.t.Helper()
	vs, version, err := b.Foto(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string]EnVivo{}
	for _, v := range vs {
		out[v.Camion] = v
	}
	return out, version
}
