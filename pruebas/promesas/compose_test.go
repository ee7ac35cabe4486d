package promesas_test

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/configs"
	"despensa/internal/ajustes"
	"despensa/platform/config"
	"despensa/pruebas/kit"

	"go.yaml.in/yaml/v3"
)

// composicion has the members of docker-compose.yml that tests read.
type composicion struct {
	Servicios map[string]servicio       `yaml:"services"`
	Volumenes map[string]map[string]any `yaml:"volumes"`
	Redes     map[string]struct {
		Interna bool `yaml:"internal"`
	} `yaml:"networks"`
}

// servicio is one container.
type servicio struct {
	Imagen string `yaml:"image"`
	Build  struct {
		Context string            `yaml:"context"`
		Args    map[string]string `yaml:"args"`
	} `yaml:"build"`
	Orden     []string          `yaml:"command"`
	Usuario   string            `yaml:"user"`
	SoloLee   bool              `yaml:"read_only"`
	Entorno   map[string]string `yaml:"environment"`
	Volumenes []string          `yaml:"volumes"`
	Puertos   []string          `yaml:"ports"`
	Redes     []string          `yaml:"networks"`
	ModoRed   string            `yaml:"network_mode"`
	Memoria   string            `yaml:"mem_limit"`
	Quita     []string          `yaml:"cap_drop"`
	Seguridad []string          `yaml:"security_opt"`
	Reinicio  string            `yaml:"restart"`
	Parada    string            `yaml:"stop_grace_period"`
	Salud     struct {
		Test []string `yaml:"test"`
	} `yaml:"healthcheck"`
	Depende map[string]struct {
		Condicion string `yaml:"condition"`
	} `yaml:"depends_on"`
}

// nuestro reports whether a container runs the program.
func (s servicio) nuestro() bool { return s.Build.Context != "" }

func leerComposicion(t *testing.T, texto string) (c composicion) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(texto), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// entornos returns the settings of each of the program's containers.
func (c composicion) entornos() map[string][]string {
	out := map[string][]string{}
	for nombre, s := range c.Servicios {
		if !s.nuestro() {
			continue
		}
		for k, v := range s.Entorno {
			out[nombre] = append(out[nombre], k+"="+v)
		}
	}
	return out
}

// desconocidos returns an error when a name is no setting.
func (c composicion) desconocidos() error {
	for nombre, entorno := range c.entornos() {
		var k ajustes.Configuracion
		if err := config.Load(&k, [][]byte{configs.Defecto()}, entorno); err != nil {
			return fmt.Errorf("%s: %w", nombre, err)
		}
	}
	for nombre, s := range c.Servicios {
		for k := range s.Entorno {
			if !s.nuestro() && strings.HasPrefix(k, "DESPENSA_") {
				return fmt.Errorf("%s: %s is for somebody else", nombre, k)
			}
		}
	}
	return nil
}

// Every name in the file is a setting; a name that no setting knows is found.
func TestComposeNamesAreSettings(t *testing.T) {
	t.Parallel()
	texto := kit.ReadText(t, "docker-compose.yml")
	if err := leerComposicion(t, texto).desconocidos(); err != nil {
		t.Error(err)
	}
	for _, x := range []struct{ viejo, nuevo string }{
		{"DESPENSA_RUTAS_POSTGRES:", "DESPENSA_RUTAS_POSTGRESQL:"},
		{"DESPENSA_MERCADOPAGO_AVISOS:", "DESPENSA_MERCADOPAGO_AVISO:"},
		{"POSTGRES_DB:", "DESPENSA_DB:"},
	} {
		otro := strings.Replace(texto, x.viejo, x.nuevo, 1)
		if otro == texto {
			t.Fatalf("%s is not in the file", x.viejo)
		}
		if err := leerComposicion(t, otro).desconocidos(); err == nil ||
			!strings.Contains(err.Error(), strings.TrimSuffix(x.nuevo, ":")) {
			t.Errorf("%s: %v", x.nuevo, err)
		}
	}
}

// The containers keep the promises in the file's head: none runs as root or can become root, no port is open to the
// network, each has its limits and a health check.
func TestComposeContainers(t *testing.T) {
	t.Parallel()
	c := leerComposicion(t, kit.ReadText(t, "docker-compose.yml"))
	if n := slices.Sorted(maps.Keys(c.Servicios)); !slices.Equal(n,
		[]string{"despensa", "elasticsearch", "mongodb", "postgres", "suplentes"}) {
		t.Fatalf("%v", n)
	}
	for nombre, s := range c.Servicios {
		for que, bien := range map[string]bool{
			"a pinned image": s.nuestro() || strings.Contains(s.Imagen, ":") &&
				!strings.HasSuffix(s.Imagen, ":latest"),
			"a user that is not root":  s.Usuario != "" && !strings.HasPrefix(s.Usuario, "0"),
			"a read-only root":         s.SoloLee || nombre == "elasticsearch", // the file has the reason
			"no capability":            slices.Equal(s.Quita, []string{"ALL"}),
			"no new privileges":        slices.Contains(s.Seguridad, "no-new-privileges:true"),
			"a limit of memory":        octetos(s.Memoria) > 0 && octetos(s.Memoria) <= 1<<30,
			"a health check":           len(s.Salud.Test) > 1,
			"a restart policy":         s.Reinicio == "unless-stopped",
			"a network":                s.ModoRed != "" || len(s.Redes) > 0,
			"its data in named volume": slices.ContainsFunc(s.Volumenes, c.conNombre),
			"time to stop":             !s.nuestro() || segundos(s.Parada) >= 45*time.Second,
		} {
			if !bien {
				t.Errorf("%s has not %s", nombre, que)
			}
		}
		for _, p := range s.Puertos {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s publishes %s", nombre, p)
			}
		}
		for _, r := range s.Redes {
			if !s.nuestro() && !c.Redes[r].Interna {
				t.Errorf("%s is in %s, which has a way out", nombre, r)
			}
		}
		if _, espera := c.Servicios["despensa"].Depende[nombre]; nombre != "despensa" &&
			!espera {
			t.Errorf("despensa does not wait for %s", nombre)
		}
	}
	for nombre, d := range c.Servicios["despensa"].Depende {
		if d.Condicion != "service_healthy" {
			t.Errorf("%s need only be %s", nombre, d.Condicion)
		}
	}
}

// conNombre reports whether the file declares a volume.
func (c composicion) conNombre(v string) bool {
	nombre, _, _ := strings.Cut(v, ":")
	_, hay := c.Volumenes[nombre]
	return hay
}

// The program refuses the settings of the file in production.
func TestComposeIsNotForProduction(t *testing.T) {
	t.Setenv("DESPENSA_CONFIG", "")
	c := leerComposicion(t, kit.ReadText(t, "docker-compose.yml"))
	c.Servicios["despensa"].Entorno["DESPENSA_ENV"] = "produccion"
	_, err := ajustes.Leer(c.entornos()["despensa"])
	for _, quiere := range []string{
		"http.url: " + string(ajustes.SinCifrar),
		"oidc.emisor: " + string(ajustes.DeSuplente), "mercadopago.url: " + string(ajustes.DeSuplente),
		"clientes.postgres: " + string(ajustes.DeEjemplo), "pagos.postgres: " + string(ajustes.DeEjemplo),
		"rutas.postgres: " + string(ajustes.DeEjemplo),
		"clientes.claves: " + string(ajustes.Falta), "sesion.clave: " + string(ajustes.Falta),
	} {
		if err == nil || !strings.Contains(err.Error(), quiere) {
			t.Errorf("%q is not said: %v", quiere, err)
		}
	}
}

// octetos reads a size such as 256m.
func octetos(s string) (n int64) {
	var letra string
	if _, err := fmt.Sscanf(s, "%d%1s", &n, &letra); err != nil {
		return 0
	}
	return n * map[string]int64{"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}[letra]
}

func segundos(s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0
	}
	return d
}

// libre reports whether a port of this machine is free on every address.
func libre(t *testing.T, puerto string) bool {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "0.0.0.0:"+puerto)
	if err != nil {
		return false
	}
	debe(t, l.Close())
	return true
}
