package ajustes

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// DeEstaMaquina reports whether a host, as it stands in a URL, is the machine of the process that connects to it, in
// any spelling: localhost in capitals or with a dot at its end, ::1, 127.1, 0.0.0.0.
func DeEstaMaquina(host string) bool {
	nombre := normal(host)
	for _, n := range []string{"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "localhost6"} {
		if nombre == n {
			return true
		}
	}
	if strings.HasSuffix(nombre, ".localhost") {
		return true
	}
	ip, ok := numerica(nombre)
	return ok && (ip.IsLoopback() || ip.IsUnspecified() || ip.Is4() && ip.As4()[0] == 0)
}

// normal is a host's name in small letters, without the brackets and the zone of an IPv6 address and without the dot
// that ends a full name.
func normal(host string) string {
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	host, _, _ = strings.Cut(host, "%")
	// Clients normalize a host in the same way before they look it up.
	host = strings.ReplaceAll(norm.NFKC.String(host), "\u3002", ".")
	return strings.TrimRight(strings.ToLower(host), ".")
}

// numerica reads an IP address as the resolvers of the C library do, which take 127.1, 0x7f.0.0.1 and 2130706433 for
// 127.0.0.1.
func numerica(nombre string) (netip.Addr, bool) {
	if ip, err := netip.ParseAddr(nombre); err == nil {
		return ip.Unmap(), true
	}
	partes := strings.Split(nombre, ".")
	if len(partes) > 4 {
		return netip.Addr{}, false
	}
	var valor uint64
	for i, p := range partes {
		bits := 8
		if i == len(partes)-1 { // the last part fills the rest of the 32 bits
			bits = 8 * (4 - i)
		}
		n, err := strconv.ParseUint(p, 0, bits)
		if err != nil || strings.ContainsAny(p, "_obOB") {
			return netip.Addr{}, false
		}
		valor = valor<<bits | n
	}
	return netip.AddrFrom4(
		[4]byte{byte(valor >> 24), byte(valor >> 16), byte(valor >> 8), byte(valor)},
	), true
}

// reservado reports whether a host has a name that RFC 2606 reserves for examples and tests.
func reservado(host string) bool {
	host = normal(host)
	for _, d := range []string{"example", "test", "invalid", "example.com", "example.net", "example.org"} {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

// direccionDeBase is the address of a store, taken apart.
type direccionDeBase struct {
	esquema        string
	usuario, clave string
	hosts          []string // more than one for a cluster
}

// leerBase takes the address of a store apart: a URL, with one host or several between commas, or PostgreSQL's list of
// members such as host=base password=x. It leaves out the parts that it does not understand.
func leerBase(direccion string) (a direccionDeBase) {
	esquema, resto, esURL := strings.Cut(direccion, "://")
	if !esURL {
		return leerMiembros(direccion)
	}
	a.esquema = strings.ToLower(esquema)
	resto, consulta, _ := strings.Cut(resto, "?")
	autoridad, _, _ := strings.Cut(resto, "/")
	quien := ""
	if i := strings.LastIndex(resto, "@"); i > len(autoridad) { // a slash in the password
		autoridad, _, _ = strings.Cut(resto[i:], "/")
		quien = resto[:i]
		autoridad = autoridad[1:]
	} else if i := strings.LastIndex(autoridad, "@"); i >= 0 {
		quien, autoridad = autoridad[:i], autoridad[i+1:]
	}
	usuario, clave, _ := strings.Cut(quien, ":")
	a.usuario, a.clave = desescapar(usuario), desescapar(clave)
	for h := range strings.SplitSeq(autoridad, ",") {
		a.hosts = append(a.hosts, sinPuerto(h))
	}
	q, _ := url.ParseQuery(consulta) // ParseQuery gives the members before a wrong one, too
	if v := q.Get("user"); v != "" {
		a.usuario = v
	}
	if v := q.Get("password"); v != "" {
		a.clave = v
	}
	if v := q.Get("host"); v != "" {
		a.hosts = append(a.hosts, strings.Split(v, ",")...)
	}
	return a
}

func desescapar(s string) string {
	if t, err := url.PathUnescape(s); err == nil {
		return t
	}
	return s
}

// sinPuerto is the host of host:port.
func sinPuerto(h string) string {
	if i := strings.LastIndex(h, ":"); i > strings.LastIndex(h, "]") {
		return h[:i]
	}
	return h
}

// leerMiembros reads PostgreSQL's key=value form; a value may stand between single quotes.
func leerMiembros(texto string) (a direccionDeBase) {
	for texto = strings.TrimSpace(texto); texto != ""; texto = strings.TrimSpace(texto) {
		nombre, resto, ok := strings.Cut(texto, "=")
		if !ok {
			return a
		}
		var valor string
		valor, texto = miembro(strings.TrimSpace(resto))
		switch strings.ToLower(strings.TrimSpace(nombre)) {
		case "user":
			a.usuario = valor
		case "password":
			a.clave = valor
		case "host", "hostaddr":
			a.hosts = append(a.hosts, strings.Split(valor, ",")...)
		}
	}
	return a
}

// miembro takes one value off the beginning of texto.
func miembro(texto string) (valor, resto string) {
	comillas := strings.HasPrefix(texto, "'")
	var b strings.Builder
	for i := 0; i < len(texto); i++ {
		switch c := texto[i]; {
		case i == 0 && comillas:
		case c == '\\' && i+1 < len(texto):
			i++
			b.WriteByte(texto[i])
		case comillas && c == '\'', !comillas && (c == ' ' || c == '\t' || c == '\n'):
			return b.String(), texto[i+1:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
