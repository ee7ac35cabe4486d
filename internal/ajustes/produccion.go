package ajustes

import (
	"errors"
	"net"
	"net/url"
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
		{"auditoria.elasticsearch", base(c.Auditoria.Elasticsearch)},
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
	case v == "":
		return Falta
	case v == deFabrica, conocido(v), reservado(servidorDe(v)):
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
	case local(u.Hostname()):
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
	if strings.HasSuffix(strings.TrimSuffix(direccion, "/"), strings.TrimSuffix(RutaOIDC, "/")) {
		return DeSuplente
	}
	return publica(direccion)
}

// pasarela looks at the address of the gateway.
func pasarela(direccion string) Queja {
	if strings.HasSuffix(strings.TrimSuffix(direccion, "/"), devmp.Prefijo) {
		return DeSuplente
	}
	return publica(direccion)
}

// local reports whether a host is this machine, whoever asks.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// reservado reports whether a host has a name that nobody can own (RFC 2606).
func reservado(host string) bool {
	for _, d := range []string{"example", "test", "invalid", "example.com", "example.net", "example.org"} {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

// base looks at the address of a store, which may hold a password. It may be on this
// machine: many run their database beside the program, or behind a local proxy.
func base(direccion config.Secreto) Queja {
	switch v := direccion.Valor(); {
	case v == "":
		return Falta
	case conocido(v), slices.ContainsFunc(servidoresDe(v), reservado):
		return DeEjemplo
	}
	return ""
}

// servidoresDe are the hosts of an address of stores, which may be several between commas.
func servidoresDe(direccion string) (hosts []string) {
	_, resto, _ := strings.Cut(direccion, "://")
	resto, _, _ = strings.Cut(resto, "?")
	resto, _, _ = strings.Cut(resto, "/")
	for h := range strings.SplitSeq(resto[strings.LastIndex(resto, "@")+1:], ",") {
		h, _, _ = strings.Cut(h, ":")
		hosts = append(hosts, h)
	}
	return hosts
}

// secreto looks at a secret of at least n bytes.
func secreto(s config.Secreto, n int) Queja {
	v := s.Valor()
	switch {
	case v == "":
		return Falta
	case v == devoidc.SecretoWeb, v == devoidc.SecretoMaquina, v == devoidc.SecretoDispositivo, v == devoidc.Clave, v == SecretoDePrueba,
		strings.HasPrefix(v, "TEST-"): // so begin the gateway's own test credentials, which charge nobody
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

// regular reports whether a secret was not drawn by lot: few different bytes, one piece
// repeated, or runs such as 0123 and aaaa. One in a million random ones of 16 letters are
// called so; who draws such a one draws again.
func regular(v string) bool {
	distintos, corridos := map[byte]bool{}, 0
	for i := range len(v) {
		distintos[v[i]] = true
		if i > 0 && (v[i] == v[i-1] || v[i] == v[i-1]+1 || v[i] == v[i-1]-1) {
			corridos++
		}
	}
	return len(distintos) < 6 || 2*corridos > len(v) || periodico(v)
}

// periodico reports whether v is one piece, over and over.
func periodico(v string) bool {
	for n := 1; n <= len(v)/2; n++ {
		if strings.HasPrefix(v, v[n:]) {
			return true
		}
	}
	return false
}

// RutaOIDC is where the embedded identity provider is mounted.
const RutaOIDC = "/dev/oidc/"

// What the gateway's simulator is asked with unless the configuration says otherwise.
const (
	TokenDePrueba   = "TEST-despensa"
	SecretoDePrueba = "secreto-de-prueba"
)
