package escala

import (
	"flag"
	"math"
	"os"
	"strings"
	"testing"
)

var actualizar = flag.Bool("update", false, "write the tables of docs/escala.md anew")

const documento = "../../docs/escala.md"

// TestDocument holds the tables of docs/escala.md against the simulation.
func TestDocument(t *testing.T) {
	b, err := os.ReadFile(documento)
	if err != nil {
		t.Fatal(err)
	}
	texto := string(b)
	for nombre, tabla := range map[string]string{"casas": Tabla(Medidos), "mil": TablaMil(Medidos)} {
		desde, hasta := "<!-- simulation "+nombre+" -->\n", "<!-- end -->"
		antes, resto, ok := strings.Cut(texto, desde)
		vieja, despues, hay := strings.Cut(resto, hasta)
		if !ok || !hay {
			t.Fatalf("%s has no place for %s", documento, nombre)
		}
		if vieja != tabla && !*actualizar {
			t.Errorf("the table %s is not the simulation's; -update writes\n%s", nombre, tabla)
		}
		texto = antes + desde + tabla + hasta + despues
	}
	if !*actualizar {
		return
	}
	if err := os.WriteFile(documento, []byte(texto), 0o644); err != nil {
		t.Fatal(err)
	}
}

// An order without any wait meets one processor for a fixed time: M/D/1. The mean time in the house at half of its
// bound is one and a half times the service.
func TestOneQueue(t *testing.T) {
	c := Costos{CPU: 0.01}
	k := Setup{Replicas: 1, Nucleos: 1}
	r := Simular(c, k, 50, 20_000)
	if uso := r.Uso[deCPU]; math.Abs(uso-0.5) > 0.02 {
		t.Errorf("at half of its bound the processor works %.2f of the time", uso)
	}
	if math.Abs(r.Media/0.015-1) > 0.04 {
		t.Errorf("an order takes %.4f s on average, want 0.015", r.Media)
	}
	if again := Simular(c, k, 50, 20_000); again.P99 != r.P99 {
		t.Error("two runs meet different orders")
	}
}

// Tope names the station that bounds a house, and more of that station raises the bound.
func TestTope(t *testing.T) {
	base := Costos{CPU: 0.01, Pasarela: 0.1,
		Sync: 0.001, Escrituras: [4]int{4, 0, 0, 0}, CPUEscritor: 0.0001,
		Ida: 0.0005, Idas: [4]int{10, 10, 5, 5}, CPUServidor: 0.0001}
	tests := map[string]struct {
		cambia func(*Costos)
		k      Setup
		want   float64
		limite string
	}{
		"two cores, 10 ms an order": {cambia: func(*Costos) {},
			k: Setup{Replicas: 1, Nucleos: 2}, want: 200, limite: deCPU},
		"a writer that does all": {cambia: func(c *Costos) { c.CPUEscritor = 0.005 },
			k: Setup{Replicas: 1, Nucleos: 64}, want: 50, limite: "writer of pedidos"},
		"servers, little program": {cambia: func(*Costos) {},
			k: Setup{
				Replicas:    4,
				Nucleos:     4,
				Servidores:  true,
				NucleosBase: 2,
			},
			want:   667,
			limite: deServidor},
		"two shards": {cambia: func(*Costos) {},
			k: Setup{
				Replicas:    16,
				Nucleos:     4,
				Servidores:  true,
				NucleosBase: 2,
				Fragmentos:  2,
			},
			want:   1333,
			limite: deServidor},
		"one product that everybody takes": {cambia: func(*Costos) {},
			k: Setup{
				Replicas:    16,
				Nucleos:     8,
				Servidores:  true,
				NucleosBase: 64,
				Calientes:   1,
			},
			want:   909,
			limite: deFilas},
	}
	for name, tt := range tests {
		c := base
		tt.cambia(&c)
		tope, limite := Tope(c, tt.k)
		if limite != tt.limite || math.Abs(tope/tt.want-1) > 0.05 {
			t.Errorf(
				"%s: %.0f orders/s, bound by %s; want %.0f by %s",
				name,
				tope,
				limite,
				tt.want,
				tt.limite,
			)
		}
	}
}

// Writes that wait share a commit, so that a slow disk bounds how long an order takes, not how many there are.
func TestCommitsAreShared(t *testing.T) {
	c := Costos{CPU: 0.001, Sync: 0.01, Escrituras: [4]int{3, 0, 0, 0}, CPUEscritor: 0.00001}
	// Three times the rate that single commits would allow.
	r := Simular(c, Setup{Replicas: 1, Nucleos: 2}, 300, 3000)
	if r.PorSegundo < 290 || r.P50 < 0.03 || r.P50 > 0.1 {
		t.Errorf("%.0f orders/s, p50 %.3f s", r.PorSegundo, r.P50)
	}
}
