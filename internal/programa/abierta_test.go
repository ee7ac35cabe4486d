package programa

import (
	"testing"

	"despensa/internal/ajustes"
	devoidc "despensa/platform/dev/oidc"
)

// Where anybody may log in, whoever is not on this machine should not get there without a word.
func TestWhoIsWarned(t *testing.T) {
	for nombre, x := range map[string]struct {
		direccion, url string
		demo, aca      bool // demo logins at `despensa dev`; the provider is in this process
		quiero         bool
	}{
		"this machine":                 {"127.0.0.1:8080", "http://127.0.0.1:8080", true, true, false},
		"this machine, IPv6":           {"[::1]:8080", "http://[::1]:8080", true, true, false},
		"this machine by its name":     {"127.0.0.1:8080", "http://localhost:8080", true, true, false},
		"every IPv4 address":           {"0.0.0.0:8080", "http://127.0.0.1:8080", true, true, true},
		"every address":                {"[::]:8080", "http://[::1]:8080", true, true, true},
		"one of the network":           {"192.168.1.5:8080", "http://192.168.1.5:8080", true, true, true},
		"one of the network, IPv6":     {"[fe80::1%eth0]:8080", "http://[fe80::1%25eth0]:8080", true, true, true},
		"a proxy's address":            {"127.0.0.1:8080", "https://prueba.lahuerta.com.ar", true, true, true},
		"stand-ins alone":              {"0.0.0.0:8081", "http://127.0.0.1:8081", false, true, true},
		"stand-ins of another process": {"0.0.0.0:8080", "http://127.0.0.1:8080", true, false, true},
		"a real provider":              {"0.0.0.0:8080", "https://pedidos.lahuerta.com.ar", false, false, false},
	} {
		p := &Programa{conDemo: x.demo}
		if x.aca {
			p.idp = &devoidc.Proveedor{}
		}
		p.Ajustes = ajustes.Configuracion{}
		p.Ajustes.HTTP.Direccion, p.Ajustes.HTTP.URL = x.direccion, x.url
		if got := p.abierta(); got != x.quiero {
			t.Errorf("%s: %v", nombre, got)
		}
	}
}
