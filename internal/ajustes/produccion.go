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

// Queja is why produccion refuses the value of a setting; empty: it does not.
type Queja string

// The reasons for which production refuses a value.
const (
	Falta       Queja = "missing, and produccion fills nothing in"
	DeEjemplo   Queja = "a local, default or example value"
	DeSuplente  Queja = "what a stand-in is known by"
	SinCifrar   Queja = "https expected"
	Adivinable  Queja = "too short or too regular for a secret"
	DeLaMaquina Queja = "an address of this machine only"
	Cualquiera  Queja = "a network that anybody may be in"
)

// faltantes names every address and secret that produccion does not go without, and each
// that anybody could know. It shows no value, and leaves out what dicho names already.
func (c Configuracion) faltantes(dicho error) (errs []error) {
	for _, x := range []struct {
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
		if x.queja != "" && (dicho == nil || !strings.Contains(dicho.Error(), x.clave+":")) {
			errs = append(errs, errors.New(x.clave+": "+string(x.queja)))
		}
	}
	return errs
}

// audienciaDeFabrica is the audience of configs/default.yaml, good for the stand-in alone.
const audienciaDeFabrica = "https://api.despensa.local"

// marcas are parts of values that stand in files everybody has: docker-compose.yml,
// produccion.ejemplo.yaml, documents.
var marcas = []string{"solo-local", "de-la-aplicacion", "cambiame", "changeme"}

// conocido reports whether a value is one that everybody has, by marcas and others.
func conocido(v string, otras ...string) bool {
	v = strings.ToLower(v)
	return slices.ContainsFunc(slices.Concat(otras, marcas), func(m string) bool { return strings.Contains(v, m) })
}

// propia looks at a value that is ours alone to choose.
func propia(v, deFabrica string) Queja {
	switch {
	case strings.TrimSpace(v) == "":
		return Falta
	case strings.EqualFold(strings.TrimRight(strings.TrimSpace(v), "/"), deFabrica), conocido(v),
		reservado(servidorDe(v)):
		return DeEjemplo
	}
	return ""
}

// servidorDe is the host of an address; empty: it is no address.
func servidorDe(direccion string) string {
	u, err := url.Parse(direccion)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// publica looks at an address that people and other machines use.
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

// proxies looks at the networks whose X-Forwarded-For is believed: one that is wider than the private ones (10.0.0.0/8,
// fc00::/7) has strangers in it, who could call under any address.
func proxies(networks []string) Queja {
	for _, s := range networks {
		p, err := httpapi.ParseProxy(s)
		if err != nil {
			continue // http.Validar says so
		}
		if p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 7 {
			return Cualquiera
		}
	}
	return ""
}

// origins looks at the origins whose pages may call the API.
func origins(all []string) Queja {
	for _, o := range all {
		if q := publica(o); q != "" {
			return q
		}
	}
	return ""
}

// emisor looks at the address of the identity provider.
func emisor(direccion string) Queja {
	if deSuplente(direccion, RutaOIDC) {
		return DeSuplente
	}
	return publica(direccion)
}

// pasarela looks at the address of the gateway.
func pasarela(direccion string) Queja {
	if deSuplente(direccion, devmp.Prefijo) {
		return DeSuplente
	}
	return publica(direccion)
}

// deSuplente reports whether an address leads to ruta, where a stand-in is mounted, however its slashes, dots and
// capitals are written.
func deSuplente(direccion, ruta string) bool {
	u, err := url.Parse(strings.ToLower(direccion))
	return err == nil && strings.HasSuffix(path.Clean("/"+u.Path), strings.TrimSuffix(ruta, "/"))
}

// base looks at the address of a store, which may hold a password. It may be on this
// machine: many run their database beside the program, or behind a local proxy.
func base(direccion config.Secreto) Queja {
	switch a := leerBase(direccion.Valor()); {
	case direccion == "":
		return Falta
	case conocido(direccion.Valor()), slices.ContainsFunc(a.hosts, reservado):
		return DeEjemplo
	case a.clave != "" && deFabrica(a.usuario, a.clave):
		return Adivinable
	}
	return ""
}

// busca looks at the address of Elasticsearch, which is spoken to over HTTP: over a network it is https.
func busca(direccion config.Secreto) Queja {
	if q := base(direccion); q != "" {
		return q
	}
	a := leerBase(direccion.Valor())
	if a.esquema != "https" && !slices.ContainsFunc(a.hosts, DeEstaMaquina) {
		return SinCifrar
	}
	return ""
}

// dePrueba is how the gateway's own test credentials begin, which charge nobody; also between quotes or behind the
// scheme of a header.
var dePrueba = regexp.MustCompile(`(?i)^[^\pL\pN]*(bearer[^\pL\pN]+)?test[-_]`)

// secreto looks at a secret of at least n bytes.
func secreto(s config.Secreto, n int) Queja {
	v := strings.TrimSpace(s.Valor())
	switch {
	case v == "":
		return Falta
	case v == devoidc.SecretoWeb, v == devoidc.SecretoMaquina, v == devoidc.SecretoDispositivo,
		v == devoidc.Clave, v == SecretoDePrueba, dePrueba.MatchString(v):
		return DeSuplente
	case conocido(v, "ejemplo", "example"):
		return DeEjemplo
	case len(v) < n, regular(v):
		return Adivinable
	}
	return ""
}

// siHay looks at a secret that need not be there.
func siHay(s config.Secreto, n int) Queja {
	if s == "" {
		return ""
	}
	return secreto(s, n)
}

// sello looks at each of the keys of cookies.
func sello(claves config.Secreto) Queja {
	for k := range strings.SplitSeq(claves.Valor(), ",") {
		if q := secreto(config.Secreto(strings.TrimSpace(k)), 32); q != "" {
			return q
		}
	}
	return ""
}

// RutaOIDC is where the embedded identity provider is mounted.
const RutaOIDC = "/dev/oidc/"

// What the gateway's simulator is asked with unless the configuration says otherwise.
const (
	TokenDePrueba   = "TEST-despensa"
	SecretoDePrueba = "secreto-de-prueba"
)
