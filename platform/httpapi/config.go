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
	// Direccion is the address of the main listener, host:port; port 0 is any free port.
	Direccion string `yaml:"direccion"`
	// URL is the address under which clients reach this server: scheme, host and port, without a path and without a
	// slash at the end; empty: http:// and the address of the listener.
	URL string `yaml:"url"`
	// Metricas is the listener of /metricas, host:port. Empty: on the main listener,
	// in production nowhere.
	Metricas string `yaml:"metricas"`
	// Proxies are the networks (10.1.0.0/16) and single addresses of the proxies in front of the server. X-Forwarded-For
	// is read only on connections from them; empty: clients connect directly and the header is ignored.
	Proxies []string `yaml:"proxies"`
	// CORS are the origins, exactly as browsers write them, from which pages may call the API with a bearer token;
	// empty: none.
	CORS []string `yaml:"cors"`
	// Limite is how many requests per second one caller may make, from all addresses together, with a burst of twice as
	// many. The other limits are per network (an IPv4 address, the /64 of an IPv6 address), with a burst of twice as
	// many too.
	Limite int `yaml:"limite"`
	// LimiteAnonimo is how many requests of the API without a token one network may make per second; 0: the value of
	// Limite.
	LimiteAnonimo int `yaml:"limite_anonimo"`
	// LimiteFallos is how many tokens per second one network may have refused.
	LimiteFallos int `yaml:"limite_fallos"`
	// LimiteAvisos is how many notices of other machines (webhooks) one network may send per second; 0: the value of
	// Limite.
	LimiteAvisos int `yaml:"limite_avisos"`
	// LimiteIngresos is how many requests under /sesion/ one network may make per second; 0: the value of Limite.
	LimiteIngresos int `yaml:"limite_ingresos"`
	// Plazo is the time within which a request of the API must be answered; streams have none.
	Plazo time.Duration `yaml:"plazo"`
	// Cabecera is the time in which the header of a request must have arrived.
	Cabecera time.Duration `yaml:"cabecera"`
	// Flujos is how many streams one caller may have open in this process.
	Flujos int `yaml:"flujos"`
	// Cierre is how long a stop waits for requests in flight.
	Cierre time.Duration `yaml:"cierre"`
}

// Validate checks every setting. Errors: the first key with an impossible value, and its range.
func (c Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.Direccion); err != nil {
		return fmt.Errorf("http.direccion: host:port expected")
	}
	if c.Metricas != "" {
		if _, _, err := net.SplitHostPort(c.Metricas); err != nil {
			return fmt.Errorf("http.metricas: host:port expected")
		}
	}
	if err := validateURL(c.URL); err != nil {
		return err
	}
	for clave, n := range map[string]int{"limite": c.Limite, "limite_fallos": c.LimiteFallos, "flujos": c.Flujos} {
		if n < 1 || n > 1_000_000_000 {
			return fmt.Errorf("http.%s: 1 to 1000000000", clave)
		}
	}
	for clave, n := range map[string]int{
		"limite_anonimo": c.LimiteAnonimo, "limite_avisos": c.LimiteAvisos, "limite_ingresos": c.LimiteIngresos,
	} {
		if n < 0 || n > 1_000_000_000 {
			return fmt.Errorf("http.%s: 0 to 1000000000", clave)
		}
	}
	if err := c.validateLists(); err != nil {
		return err
	}
	for clave, d := range map[string]time.Duration{"plazo": c.Plazo, "cabecera": c.Cabecera, "cierre": c.Cierre} {
		if d < 10*time.Millisecond || d > time.Hour {
			return fmt.Errorf("http.%s: 10ms to 1h", clave)
		}
	}
	return nil
}

// listMax is how many members http.proxies and http.cors may have.
const listMax = 64

// validateLists checks the settings that are lists.
func (c Config) validateLists() error {
	if len(c.Proxies) > listMax {
		return fmt.Errorf("http.proxies: %d at most", listMax)
	}
	for _, s := range c.Proxies {
		if _, err := ParseProxy(s); err != nil {
			return err
		}
	}
	return validateOrigins(c.CORS, c.URL)
}

func validateURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") ||
		strings.ContainsAny(s, "?#") || u.User != nil {
		return fmt.Errorf(
			"http.url: an absolute http or https URL without a slash at the end expected",
		)
	}
	if u.Path != "" {
		return fmt.Errorf("http.url: no path and no slash at the end: " +
			"pages, API and cookies have fixed paths under the host")
	}
	return nil
}
