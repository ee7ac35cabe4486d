package programa

import (
	"log/slog"
	"net"
	"strings"
	"testing"

	"despensa/platform/httpapi"
)

// An address that cannot be listened on is an error before the program says that it is ready, and no listener stays
// open.
func TestBothListenersAreOpenBeforeItIsReady(t *testing.T) {
	busy, err := httpapi.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	for name, x := range map[string]struct {
		metrics string
		fails   string // part of the error; "": no error
	}{
		"none":    {"", ""},
		"any":     {"127.0.0.1:0", ""},
		"in use":  {busy.Addr().String(), "http.metricas: "},
		"no port": {"127.0.0.1:99999", "http.metricas: no such host or port"},
	} {
		p := &Programa{log: slog.New(slog.DiscardHandler)}
		p.Ajustes.HTTP.Direccion, p.Ajustes.HTTP.Metricas = "127.0.0.1:0", x.metrics
		err := p.abrirOyente(t.Context(), Pruebas{})
		if x.fails == "" && (err != nil || (p.oyenteMetricas != nil) != (x.metrics != "")) ||
			x.fails != "" && (err == nil || !strings.Contains(err.Error(), x.fails)) {
			t.Errorf("%s: %v %v", name, p.oyenteMetricas, err)
		}
		if err := p.Cerrar(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, l := range []net.Listener{p.oyente, p.oyenteMetricas} {
			if l == nil {
				continue
			}
			if _, err := l.Accept(); err == nil {
				t.Errorf("%s: %s is still open", name, l.Addr())
			}
		}
	}
}
