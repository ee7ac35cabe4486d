package ajustes

import (
	"errors"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"despensa/platform/config"
	devmp "despensa/platform/dev/mercadopago"
	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/httpapi"
)

// Queja is the reason why production refuses the value of a setting; empty: it takes the value.
type Queja string

// The reasons of refusals.
const (
	Falta       Queja = "missing, and produccion fills nothing in"
	DeEjemplo   Queja = "a local, default or example value"
	DeSuplente  Queja = "an address or a secret of a stand-in"
	SinCifrar   Queja = "https expected"
	Adivinable  Queja = "too short or too regular for a secret"
	DeLaMaquina Queja = "an address of this machine only"
	Cualquiera  Queja = "a network that is open to everyone"
)

// faltantes gives an error for each address and secret that production needs and lacks, and for each one that
// strangers could know. An error names the key and shows no value. Keys that dicho names are left out.
func (c Configuracion) faltantes(dicho error) (errs []error) {
	for _, ajuste := range []struct {
		clave string
		queja Queja
	}{
		{"http.url", publica(c.HTTP.URL)},
		{"http.proxies", proxies(c.HTTP.Proxies)},
		{"http.cors", origins(c.HTTP.CORS)},
		{"oidc.emisor", emisor(c.OIDC.Emisor)},
		{"oidc.audiencia", propia(c.OIDC.Audiencia, audienciaDeFabrica)},
		{"oidc.cliente", propia(c.OIDC.Cliente, devoidc.AppWeb)},
		{"oidc.secreto", siHay(c.OIDC.Secreto, 16)},
		{"sesion.clave", sello(c.Sesion.Clave)},
		{"mercadopago.url", pasarela(c.MercadoPago.URL)},
		{"mercadopago.token", secreto(c.MercadoPago.Token, 16)},
		{"mercadopago.secreto", secreto(c.MercadoPago.Secreto, 16)},
		{"clientes.claves", secreto(c.Clientes.Claves, 64)},
		{"clientes.postgres", base(c.Clientes.Postgres)},
		{"pagos.postgres", base(c.Pagos.Postgres)},
		{"rutas.postgres", base(c.Rutas.Postgres)},
		{"pedidos.mongodb", base(c.Pedidos.MongoDB)},
		{"auditoria.elasticsearch", busca(c.Auditoria.Elasticsearch)},
	} {
		if ajuste.queja != "" &&
			(dicho == nil || !strings.Contains(dicho.Error(), ajuste.clave+":")) {
			errs = append(errs, errors.New(ajuste.clave+": "+string(ajuste.queja)))
		}
	}
	return errs
}

// audienciaDeFabrica is the audience of configs/default.yaml, which only the stand-in knows.
const audienciaDeFabrica = "https://api.despensa.local"

// marcas are parts of the values in published files: docker-compose.yml, produccion.ejemplo.yaml, documents.
var marcas = []string{"solo-local", "de-la-aplicacion", "cambiame", "changeme"}

// conocido reports whether a value is published: it contains one of marcas or otras.
func conocido(v string, otras ...string) bool {
	v = strings.ToLower(v)
	return slices.ContainsFunc(
		slices.Concat(otras, marcas),
		func(m string) bool { return strings.Contains(v, m) },
	)
}

// propia checks a value that the company chooses: present, not the default one, not of an example.
func propia(v, deFabrica string) Queja {
	switch {
	case strings.TrimSpace(v) == "":
		return Falta
	case strings.EqualFold(strings.TrimRight(strings.TrimSpace(v), "/"), deFabrica),
		conocido(v),
		reservado(servidorDe(v)):
		return DeEjemplo
	}
	return ""
}

// servidorDe is the host of an address; empty for a text that is no address.
func servidorDe(direccion string) string {
	u, err := url.Parse(direccion)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// publica checks an address at which people and other machines reach the program.
func publica(direccion string) Queja {
	u, err := url.Parse(direccion)
	switch {
	case direccion == "":
		return Falta
	case err != nil || u.Scheme != "https":
		return SinCifrar
	case DeEstaMaquina(u.Hostname()):
		return DeLaMaquina
	case reservado(u.Hostname()):
		return DeEjemplo
	}
	return ""
}

// proxies checks the networks from which X-Forwarded-For is believed. A network wider than the private ones
// (10.0.0.0/8, fc00::/7) has machines of strangers in it, which could pretend any client address.
func proxies(networks []string) Queja {
	for _, s := range networks {
		p, err := httpapi.ParseProxy(s)
		if err != nil {
			continue // HTTP.Validar reports it
		}
		if p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 7 {
			return Cualquiera
		}
	}
	return ""
}

// origins checks the origins of the web pages that may call the API.
func origins(all []string) Queja {
	for _, o := range all {
		if q := publica(o); q != "" {
			return q
		}
	}
	return ""
}

// emisor checks the address of the identity provider.
func emisor(direccion string) Queja {
	if deSuplente(direccion, RutaOIDC) {
		return DeSuplente
	}
	return publica(direccion)
}

// pasarela checks the address of the payment gateway.
func pasarela(direccion string) Queja {
	if deSuplente(direccion, devmp.Prefix) {
		return DeSuplente
	}
	return publica(direccion)
}

// deSuplente reports whether an address leads to ruta, the path of a stand-in, in any spelling of its slashes, dots
// and capitals.
func deSuplente(direccion, ruta string) bool {
	u, err := url.Parse(strings.ToLower(direccion))
	return err == nil &&
		strings.HasSuffix(path.Clean("/"+u.Path), strings.TrimSuffix(ruta, "/"))
}

// base checks the address of a store, which may hold a password. The store may be on this machine: many companies run
// their database beside the program, or behind a local proxy.
func base(direccion config.Secret) Queja {
	switch a := leerBase(direccion.Value()); {
	case direccion == "":
		return Falta
	case conocido(direccion.Value()), slices.ContainsFunc(a.hosts, reservado):
		return DeEjemplo
	case a.clave != "" && deFabrica(a.usuario, a.clave):
		return Adivinable
	}
	return ""
}

// busca checks the address of Elasticsearch: https, unless Elasticsearch is on this machine.
func busca(direccion config.Secret) Queja {
	if q := base(direccion); q != "" {
		return q
	}
	a := leerBase(direccion.Value())
	if a.esquema != "https" && !slices.ContainsFunc(a.hosts, DeEstaMaquina) {
		return SinCifrar
	}
	return ""
}

// dePrueba matches the beginning of the gateway's test credentials, with which no card is charged; also between quotes
// or behind the scheme of a header.
var dePrueba = regexp.MustCompile(`(?i)^[^\pL\pN]*(bearer[^\pL\pN]+)?test[-_]`)

// secreto checks a secret: at least n bytes, of no stand-in and no example, not guessable.
func secreto(secret config.Secret, n int) Queja {
	v := strings.TrimSpace(secret.Value())
	switch {
	case v == "":
		return Falta
	case v == devoidc.SecretWeb, v == devoidc.SecretMachine, v == devoidc.SecretDevice,
		v == devoidc.Password, v == SecretoDePrueba, dePrueba.MatchString(v):
		return DeSuplente
	case conocido(v, "ejemplo", "example"):
		return DeEjemplo
	case len(v) < n, regular(v):
		return Adivinable
	}
	return ""
}

// siHay checks a secret that may be missing.
func siHay(secret config.Secret, n int) Queja {
	if secret == "" {
		return ""
	}
	return secreto(secret, n)
}

// sello checks each of the keys that seal cookies.
func sello(claves config.Secret) Queja {
	for k := range strings.SplitSeq(claves.Value(), ",") {
		if q := secreto(config.Secret(strings.TrimSpace(k)), 32); q != "" {
			return q
		}
	}
	return ""
}

// RutaOIDC is the path of the embedded identity provider.
const RutaOIDC = "/dev/oidc/"

// The credentials of the gateway's simulator, unless the configuration has others.
const (
	TokenDePrueba   = "TEST-despensa"
	SecretoDePrueba = "secreto-de-prueba"
)
