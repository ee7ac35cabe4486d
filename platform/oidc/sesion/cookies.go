package sesion

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Names of the cookies of this package; over https they begin with __Host-.
const (
	nombreSesion  = "despensa"
	nombreIngreso = "despensa-ingreso"
)

const (
	trozo     = 3800 // bytes of a cookie's value: browsers take 4,096 with its name and attributes
	trozosMax = 4
)

// seguro reports whether the server is reached over https, so that its cookies are Secure.
func (s *Sesiones) seguro() bool { return strings.HasPrefix(strings.ToLower(s.o.URL()), "https://") }

func (s *Sesiones) nombre(base string, n int) string {
	if s.seguro() {
		base = "__Host-" + base
	}
	if n > 0 {
		base = fmt.Sprintf("%s-%d", base, n)
	}
	return base
}

// poner sets the cookie base to valor for dura, in trozosMax pieces at most; the value "" deletes it. Errors: a value
// that does not fit.
func (s *Sesiones) poner(w http.ResponseWriter, base, valor string, dura time.Duration) error {
	if len(valor) > trozo*trozosMax {
		return fmt.Errorf("sesion: the tokens have %d bytes, more than cookies hold", len(valor))
	}
	for n := range trozosMax {
		parte := valor[min(n*trozo, len(valor)):min((n+1)*trozo, len(valor))]
		edad := int(dura.Seconds())
		if parte == "" {
			edad = -1
		}
		http.SetCookie(w, &http.Cookie{
			Name: s.nombre(base, n), Value: parte, Path: "/", MaxAge: edad,
			HttpOnly: true, Secure: s.seguro(), SameSite: http.SameSiteLaxMode,
		})
		if valor == "" && base == nombreIngreso {
			break // the login's cookie never has pieces
		}
	}
	return nil
}

// leer puts the pieces of a cookie together; "" when r has none. A name that comes twice gives "-", which no key
// opens: another site has planted one of the two.
func (s *Sesiones) leer(r *http.Request, base string) string {
	var b strings.Builder
	for n := range trozosMax {
		c := r.CookiesNamed(s.nombre(base, n))
		if len(c) == 0 {
			break
		}
		if len(c) > 1 {
			return "-"
		}
		b.WriteString(c[0].Value)
	}
	return b.String()
}
