package module

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"despensa/modules/rutas"
	"despensa/platform/wiring"

	"golang.org/x/sync/errgroup"
)

// configDePrueba has the figures of the defaults.
func configDePrueba() Config {
	return Config{
		Horizonte: 336 * time.Hour, Franja: 4 * time.Hour,
		Servicio: 5 * time.Minute, ViajeCompartido: 10, ViajeMax: 2 * time.Hour,
		Candidatos: 256, VisitasMax: 80, LejosMetros: 1500, AccesoKmh: 15, Arboles: 256, Lapida: 720 * time.Hour,
		Clave: 72 * time.Hour, Olvido: 720 * time.Hour, Cierre: 15 * time.Second, Limpieza: time.Hour,
		SalidaAntes: 2 * time.Hour, RegresoMax: 4 * time.Hour,
		Posiciones: ConfigPosiciones{
			Antiguedad: 24 * time.Hour, Guarda: 720 * time.Hour,
			DesfaseMax: 5 * time.Minute, VelocidadMaxKmh: 150, PrecisionMaxMetros: 200,
		},
	}
}

func abrir(t *testing.T, ahora time.Time) *Module {
	t.Helper()
	m, err := New(t.Context(), Opciones{
		Options: wiring.Options{
			Folder: t.TempDir(),
			Now:    func() time.Time { return ahora },
		},
		Config: configDePrueba(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Cerrar(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// TestEachDemoDepotTakesFiveHundredOrders begins when today's shifts are nearly over.
func TestEachDemoDepotTakesFiveHundredOrders(t *testing.T) {
	ahora := time.Date(2026, 11, 25, 23, 30, 0, 0, time.UTC)
	m := abrir(t, ahora)
	tres := []Repartidor{{"r1", "Uno"}, {"r2", "Dos"}, {"r3", "Tres"}}
	if err := m.Sembrar(t.Context(), Semilla{Repartidores: tres}); err != nil {
		t.Fatal(err)
	}
	lejos := masLejos(t, m, ahora)
	var grupo errgroup.Group
	grupo.SetLimit(32)
	for _, codigo := range []string{"DEP-1", "DEP-2", "DEP-3"} {
		for n := range 500 {
			e := rutas.Encargo{
				Clave: rutas.Clave{
					Pedido:  fmt.Sprint(codigo, "-", n),
					Intento: 1,
					Numero:  1,
				},
				Deposito: DepositoDemo(codigo),
				Punto:    lejos[DepositoDemo(codigo)].Punto,
				Carga:    carga,
				NoAntes:  ahora,
			}
			grupo.Go(func() error {
				_, err := m.Reservar(t.Context(), e)
				return err
			})
		}
	}
	if err := grupo.Wait(); err != nil {
		t.Fatal(err)
	}
}

type distancia struct {
	rutas.Punto
	viaje time.Duration
}

// masLejos is, for each demo depot, the demo address farthest from it.
func masLejos(t *testing.T, module *Module, ahora time.Time) map[string]distancia {
	t.Helper()
	lejos := map[string]distancia{}
	for _, p := range PuntosDemo() {
		o, err := module.Ofrecer(
			t.Context(),
			rutas.Consulta{Punto: p, Carga: carga, NoAntes: ahora, Limite: 60},
		)
		if err != nil || len(o) != 3 || o[0].Viaje > o[1].Viaje || len(o[0].Ventanas) < 50 {
			t.Fatalf("offer at %v: %+v, %v", p, o, err)
		}
		for _, c := range o {
			if c.Viaje > lejos[c.ID].viaje {
				lejos[c.ID] = distancia{p, c.Viaje}
			}
		}
	}
	return lejos
}

// carga is the largest load of a demo order, refrigerated.
var carga = rutas.Carga{PesoGramos: 5000, VolumenML: 10_000, Frio: true}

func TestTheConfigurationIsChecked(t *testing.T) {
	tests := map[string]func(*Config){
		"rutas.horizonte: at least 1h0m0s":                   func(c *Config) { c.Horizonte = 0 },
		"rutas.horizonte: at most 1440h0m0s":                 func(c *Config) { c.Horizonte = 61 * 24 * time.Hour },
		"rutas.clave: at least 24h0m0s":                      func(c *Config) { c.Clave = time.Hour },
		"rutas.viaje_compartido: 0 to 100":                   func(c *Config) { c.ViajeCompartido = 101 },
		"rutas.lejos_metros: 1 to 100000":                    func(c *Config) { c.LejosMetros = 0 },
		"rutas.posiciones.desfase_max: 10s to 1h":            func(c *Config) { c.Posiciones.DesfaseMax = time.Hour + 1 },
		"rutas.posiciones.velocidad_max_kmh: 30 to 300":      func(c *Config) { c.Posiciones.VelocidadMaxKmh = 301 },
		"rutas.posiciones.precision_max_metros: 1 to 100000": func(c *Config) { c.Posiciones.PrecisionMaxMetros = 0 },
		"rutas.salida_antes: at least 1m0s":                  func(c *Config) { c.SalidaAntes = 0 },
		"rutas.salida_antes: at most 336h0m0s":               func(c *Config) { c.SalidaAntes = c.Horizonte + 1 },
		"rutas.regreso_max: at least 1m0s":                   func(c *Config) { c.RegresoMax = -1 },
		"rutas.regreso_max: at most 168h0m0s":                func(c *Config) { c.RegresoMax = regresoTope + 1 },
	}
	for want, cambio := range tests {
		c := configDePrueba()
		cambio(&c)
		if _, err := New(t.Context(), Opciones{
			Options: wiring.Options{
				Folder: t.TempDir(),
			},
			Config: c,
		}); err == nil ||
			err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTheJobsStopWithTheirContext(t *testing.T) {
	m := abrir(t, time.Date(2026, 11, 25, 15, 0, 0, 0, time.UTC))
	ctx, parar := context.WithCancel(t.Context())
	fin := make(chan error, 1)
	go func() { fin <- m.Correr(ctx) }()
	parar()
	select {
	case err := <-fin:
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the jobs go on")
	}
}
