package module

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/config"
)

// Config is the section pagos of the configuration.
type Config struct {
	// Postgres is the URL of a PostgreSQL database, in which the schema pagos is this
	// module's; a secret, because it may hold a password. Empty: a file in datos.
	Postgres config.Secret `yaml:"postgres"`
	// Plazo is the deadline of one try of a gateway call.
	Plazo time.Duration `yaml:"plazo"`
	// Intentos is how often one gateway call is tried, with one idempotency key.
	Intentos int `yaml:"intentos"`
	// EsperaMin and EsperaMax bound the wait between two tries; it doubles.
	EsperaMin time.Duration `yaml:"espera_min"`
	EsperaMax time.Duration `yaml:"espera_max"`
	// EnCurso is how long one gateway call, with all its tries, may run. Other calls on the same payment are answered
	// "not yet" meanwhile.
	EnCurso time.Duration `yaml:"en_curso"`
	// CorteFallos is how many failures in a row open the circuit breaker.
	CorteFallos int `yaml:"corte_fallos"`
	// CortePausa is how long the circuit breaker stays open.
	CortePausa time.Duration `yaml:"corte_pausa"`
	// SondeoMin and SondeoMax bound the wait between two looks at a payment that is not
	// decided; it doubles.
	SondeoMin time.Duration `yaml:"sondeo_min"`
	SondeoMax time.Duration `yaml:"sondeo_max"`
	// SondeoReserva is the wait between two looks at money that is reserved.
	SondeoReserva time.Duration `yaml:"sondeo_reserva"`
	// SondeoCobrado is the wait before the first look at money that was taken; the waits double with the payment's age,
	// until 180 days after it was made.
	SondeoCobrado time.Duration `yaml:"sondeo_cobrado"`
	// Vigilancia is how long the gateway is searched for the order of a charge that it has not shown.
	Vigilancia time.Duration `yaml:"vigilancia"`
	// AvisoReposo is how long a notice waits for others of the same payment, where the payment is decided and needs
	// nothing.
	AvisoReposo time.Duration `yaml:"aviso_reposo"`
	// AvisoGuarda is how long notices are kept, and tried while their order is unknown.
	AvisoGuarda time.Duration `yaml:"aviso_guarda"`
	// Ronda is how often the background work looks for payments and notices that are due.
	Ronda time.Duration `yaml:"ronda"`
	// Limpieza is how often old notices are removed.
	Limpieza time.Duration `yaml:"limpieza"`
	// Tanda is how many rows the background work takes at once.
	Tanda int `yaml:"tanda"`
	// Paralelo is how many of them are worked on at the same time.
	Paralelo int `yaml:"paralelo"`
}

// ConfigMercadoPago is the section mercadopago of the configuration.
type ConfigMercadoPago struct {
	// URL is the address of the gateway. Empty selects the embedded simulator; main then fills in its address.
	URL string `yaml:"url"`
	// Token is the access token of our application.
	Token config.Secret `yaml:"token"`
	// Secreto keys the signatures of webhooks.
	Secreto config.Secret `yaml:"secreto"`
	// Avisos is where the simulator sends its webhooks; empty: http.url.
	Avisos string `yaml:"avisos"`
	// Tolerancia is how old the signature of a webhook may be.
	Tolerancia time.Duration `yaml:"tolerancia"`
}

// Validar returns an error that names the first key of c with an impossible value, and its bounds; nil when all are
// possible.
func (c Config) Validar() error {
	duraciones := []struct {
		clave        string
		valor, desde time.Duration
	}{
		{clave: "plazo", valor: c.Plazo, desde: time.Millisecond},
		{clave: "espera_min", valor: c.EsperaMin, desde: time.Millisecond},
		{clave: "espera_max", valor: c.EsperaMax, desde: c.EsperaMin},
		{clave: "en_curso", valor: c.EnCurso, desde: c.Plazo},
		{clave: "corte_pausa", valor: c.CortePausa, desde: time.Millisecond},
		{clave: "sondeo_min", valor: c.SondeoMin, desde: time.Millisecond},
		{clave: "sondeo_max", valor: c.SondeoMax, desde: c.SondeoMin},
		{clave: "sondeo_reserva", valor: c.SondeoReserva, desde: time.Millisecond},
		{clave: "sondeo_cobrado", valor: c.SondeoCobrado, desde: time.Millisecond},
		{clave: "vigilancia", valor: c.Vigilancia, desde: c.EnCurso},
		{clave: "aviso_reposo", valor: c.AvisoReposo, desde: 0},
		{clave: "aviso_guarda", valor: c.AvisoGuarda, desde: time.Minute},
		{clave: "ronda", valor: c.Ronda, desde: time.Millisecond},
		{clave: "limpieza", valor: c.Limpieza, desde: time.Second},
	}
	for _, d := range duraciones {
		if d.valor < d.desde {
			return fmt.Errorf("pagos.%s: at least %v", d.clave, d.desde)
		}
	}
	enteros := []struct {
		clave        string
		valor, hasta int
	}{
		{clave: "intentos", valor: c.Intentos, hasta: 20},
		{clave: "corte_fallos", valor: c.CorteFallos, hasta: 1000},
		{clave: "tanda", valor: c.Tanda, hasta: 1000},
		{clave: "paralelo", valor: c.Paralelo, hasta: 256},
	}
	for _, e := range enteros {
		if e.valor < 1 || e.valor > e.hasta {
			return fmt.Errorf("pagos.%s: 1 to %d", e.clave, e.hasta)
		}
	}
	return nil
}

// ValidarDirecciones names the first address that is none, without showing it. Neither may hold a password or a
// query: addresses are printed, and secrets have keys of their own. Both may be empty.
func (c ConfigMercadoPago) ValidarDirecciones() error {
	for _, x := range []struct{ clave, valor string }{{"url", c.URL}, {"avisos", c.Avisos}} {
		u, err := url.Parse(x.valor)
		if x.valor != "" &&
			(err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil ||
				strings.ContainsAny(x.valor, "?#")) {
			return fmt.Errorf(
				"mercadopago.%s: an absolute http or https URL without user, password and query expected",
				x.clave,
			)
		}
	}
	return nil
}

// Validar returns an error that names the first key of c with an impossible value; nil when all are possible.
func (c ConfigMercadoPago) Validar() error {
	if err := c.ValidarDirecciones(); err != nil {
		return err
	}
	switch {
	case c.URL == "":
		return fmt.Errorf("mercadopago.url: missing")
	case c.Token == "":
		return fmt.Errorf("mercadopago.token: missing")
	case c.Secreto == "":
		return fmt.Errorf("mercadopago.secreto: missing")
	case c.Tolerancia <= 0:
		return fmt.Errorf("mercadopago.tolerancia: more than 0")
	}
	return nil
}

func (c Config) plazos() gateway.Plazos {
	return gateway.Plazos{
		Llamada:   c.Plazo,
		Intentos:  uint(c.Intentos),
		EsperaMin: c.EsperaMin,
		EsperaMax: c.EsperaMax,
		Fallos:    uint32(c.CorteFallos),
		Pausa:     c.CortePausa,
	}
}

func (c Config) reglas() cobros.Reglas {
	return cobros.Reglas{
		EnCurso: c.EnCurso, Reposo: c.AvisoReposo, Guarda: c.AvisoGuarda, Tanda: c.Tanda, Paralelo: c.Paralelo,
		Sondeo: cobros.Sondeo{
			Min:        c.SondeoMin,
			Max:        c.SondeoMax,
			Reserva:    c.SondeoReserva,
			Cobrado:    c.SondeoCobrado,
			Vigilancia: c.Vigilancia,
		},
	}
}
