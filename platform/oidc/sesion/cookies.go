package sesion

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Names of the cookies of this package; over https they begin with __Host-.
const (
	sessionCookie = "despensa"
	loginCookie   = "despensa-ingreso"
)

const (
	pieceSize = 3800 // bytes of a cookie's value: browsers take 4,096 with its name and attributes
	maxPieces = 4
)

// secure reports whether the server is reached over https, so that its cookies are Secure.
func (s *Sessions) secure() bool { return strings.HasPrefix(strings.ToLower(s.o.URL()), "https://") }

func (s *Sessions) cookieName(base string, n int) string {
	if s.secure() {
		base = "__Host-" + base
	}
	if n > 0 {
		base = fmt.Sprintf("%s-%d", base, n)
	}
	return base
}

// setCookie sets the cookie base to valor for dura, in maxPieces pieces at most; the value "" deletes it. Errors: a
// value that does not fit.
func (s *Sessions) setCookie(
	w http.ResponseWriter,
	base, valor string,
	dura time.Duration,
) error {
	if len(valor) > pieceSize*maxPieces {
		return fmt.Errorf(
			"sesion: the tokens have %d bytes, more than cookies hold",
			len(valor),
		)
	}
	for n := range maxPieces {
		parte := valor[min(n*pieceSize, len(valor)):min((n+1)*pieceSize, len(valor))]
		edad := int(dura.Seconds())
		if parte == "" {
			edad = -1
		}
		http.SetCookie(w, &http.Cookie{
			Name: s.cookieName(base, n), Value: parte, Path: "/", MaxAge: edad,
			HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
		})
		if valor == "" && base == loginCookie {
			break // the login's cookie never has pieces
		}
	}
	return nil
}

// readCookie puts the pieces of a cookie together; "" when r has none. A name that comes twice gives "-", which no key
// opens: another site has planted one of the two.
func (s *Sessions) readCookie(r *http.Request, base string) string {
	var b strings.Builder
	for n := range maxPieces {
		c := r.CookiesNamed(s.cookieName(base, n))
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
