package httpapi

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

// Config is the section http of the configuration.
type Config struct {
	// Direccion is where to listen, host:port; port 0 is any.
	Direccion string `yaml:"direccion"`
	// URL is how others reach this server: scheme, host and port, without a path and without
	// a slash at the end; empty: http:// and the address on which it listens.
	URL string `yaml:"url"`
	// Metricas is the listener of /metricas, host:port. Empty: on the main listener,
	// in production nowhere.
	Metricas string `yaml:"metricas"`
	// Limite is how many requests per second one caller at one address may make; twice
	// as many at once.
	Limite int `yaml:"limite"`
	// LimiteFallos is how many tokens per second one address may have refused; twice
	// as many at once.
	LimiteFallos int `yaml:"limite_fallos"`
	// Plazo is the time that a request of the API has.
	Plazo time.Duration `yaml:"plazo"`
	// Cabecera is the time in which the header of a request must have arrived.
	Cabecera time.Duration `yaml:"cabecera"`
	// Flujos is how many streams one caller may have open in this process.
	Flujos int `yaml:"flujos"`
	// Cierre is how long a stop waits for requests in flight.
	Cierre time.Duration `yaml:"cierre"`
}

// Validar names the first key whose value is not possible.
func (c Config) Validar() error {
	if _, _, err := net.SplitHostPort(c.Direccion); err != nil {
		return fmt.Errorf("http.direccion: host:port expected")
	}
	if c.Metricas != "" {
		if _, _, err := net.SplitHostPort(c.Metricas); err != nil {
			return fmt.Errorf("http.metricas: host:port expected")
		}
	}
	if err := validarURL(c.URL); err != nil {
		return err
	}
	for clave, n := range map[string]int{"limite": c.Limite, "limite_fallos": c.LimiteFallos, "flujos": c.Flujos} {
		if n < 1 || n > 1_000_000_000 {
			return fmt.Errorf("http.%s: 1 to 1000000000", clave)
		}
	}
	for clave, d := range map[string]time.Duration{"plazo": c.Plazo, "cabecera": c.Cabecera, "cierre": c.Cierre} {
		if d < 10*time.Millisecond || d > time.Hour {
			return fmt.Errorf("http.%s: 10ms to 1h", clave)
		}
	}
	return nil
}

func validarURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.ContainsAny(s, "?#") || u.User != nil {
		return fmt.Errorf("http.url: an absolute http or https URL without a slash at the end expected")
	}
	if u.Path != "" {
		return fmt.Errorf("http.url: no path and no slash at the end: pages, API and cookies have fixed paths under the host")
	}
	return nil
}
