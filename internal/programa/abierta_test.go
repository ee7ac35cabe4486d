package programa

import (
	"testing"

	"despensa/internal/ajustes"
	devoidc "despensa/platform/dev/oidc"
)

// A program with demo logins warns when it can be reached from another machine.
func TestWhoIsWarned(t *testing.T) {
	for nombre, x := range map[string]struct {
		direccion, url string
		demo, aca      bool // demo logins at `despensa dev`; the provider is in this process
		quiero         bool
	}{
		"this machine":             {direccion: "127.0.0.1:8080", url: "http://127.0.0.1:8080", demo: true, aca: true},
		"this machine, IPv6":       {direccion: "[::1]:8080", url: "http://[::1]:8080", demo: true, aca: true},
		"this machine by its name": {direccion: "127.0.0.1:8080", url: "http://localhost:8080", demo: true, aca: true},
		"every IPv4 address": {direccion: "0.0.0.0:8080", url: "http://127.0.0.1:8080", demo: true, aca: true,
			quiero: true},
		"every address": {direccion: "[::]:8080", url: "http://[::1]:8080", demo: true, aca: true,
			quiero: true},
		"one of the network": {direccion: "192.168.1.5:8080", url: "http://192.168.1.5:8080", demo: true,
			aca: true, quiero: true},
		"one of the network, IPv6": {direccion: "[fe80::1%eth0]:8080", url: "http://[fe80::1%25eth0]:8080", demo: true,
			aca: true, quiero: true},
		"a proxy's address": {direccion: "127.0.0.1:8080", url: "https://prueba.lahuerta.com.ar", demo: true,
			aca: true, quiero: true},
		"stand-ins alone":              {direccion: "0.0.0.0:8081", url: "http://127.0.0.1:8081", aca: true, quiero: true},
		"stand-ins of another process": {direccion: "0.0.0.0:8080", url: "http://127.0.0.1:8080", demo: true, quiero: true},
		"a real provider":              {direccion: "0.0.0.0:8080", url: "https://pedidos.lahuerta.com.ar"},
	} {
		p := &Programa{conDemo: x.demo}
		if x.aca {
			p.idp = &devoidc.Provider{}
		}
		p.Ajustes = ajustes.Configuracion{}
		p.Ajustes.HTTP.Direccion, p.Ajustes.HTTP.URL = x.direccion, x.url
		if got := p.abierta(); got != x.quiero {
			t.Errorf("%s: %v", nombre, got)
		}
	}
}
