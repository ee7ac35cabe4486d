//go:build !race

package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"despensa/platform/oidc/sesion"
)

func TestLogoutEverywhere(t *testing.T) {
	c := alquilar(t)
	casa, oficina, ajeno := nuevoNavegador(t, c), nuevoNavegador(t, c), nuevoNavegador(t, c)
	casa.entrar("cliente1", "/")
	oficina.entrar("cliente1", "/")
	ajeno.entrar("cliente2", "/")
	if res, _ := casa.ir("POST", "/sesion/fin", "todas=1", "Origin: "+c.url); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("logout everywhere: %d", res.StatusCode)
	}
	if casa.yo() != 401 || oficina.yo() != 401 || ajeno.yo() != 200 {
		t.Error("every session of this person ends, and nobody else's")
	}
	oficina.entrar("cliente1", "/")
	if s := oficina.yo(); s != 200 {
		t.Errorf("a login after it: %d", s)
	}
}

// apretar presses a button of the page at camino, as a browser does: a page that hides where
// it comes from hides the origin of its forms too.
func (n *navegador) apretar(camino, boton string) *http.Response {
	n.t.Helper()
	res, pagina := n.ir("GET", camino, "")
	accion := formulario.FindStringSubmatch(pagina)
	if accion == nil || !strings.Contains(pagina, boton) {
		n.t.Fatalf("%s has no button %q", camino, boton)
	}
	origen := n.casa
	if res.Header.Get("Referrer-Policy") == "no-referrer" {
		origen = "null"
	}
	cuerpo := "_="
	if m := regexp.MustCompile(`<button name="(\w+)" value="(\w+)">` + boton).FindStringSubmatch(pagina); m != nil {
		cuerpo = m[1] + "=" + m[2]
	}
	res, _ = n.ir("POST", accion[1], cuerpo, "Origin: "+origen)
	return res
}

func TestLogoutButtons(t *testing.T) {
	c := alquilar(t)
	aca, alla := nuevoNavegador(t, c), nuevoNavegador(t, c)
	for boton, sigue := range map[string]int{"Salir</button>": 200, "Salir en todas partes": 401} {
		aca.entrar("cliente1", "/dev/")
		alla.entrar("cliente1", "/dev/")
		guardada := aca.galletas()
		if res := aca.apretar("/dev/", boton); res.StatusCode != http.StatusSeeOther || aca.yo() != 401 || alla.yo() != sigue {
			t.Errorf("%s: %d; here %d, elsewhere %d", boton, res.StatusCode, aca.yo(), alla.yo())
		}
		ladron := nuevoNavegador(t, c) // with a copy of the cookie, when its access token has ended
		u, _ := url.Parse(c.url)
		ladron.Jar.SetCookies(u, guardada)
		if ladron.yo() == 200 && c.renovable(guardada) {
			t.Errorf("%s: the refresh token of the session that ended still works", boton)
		}
	}
}

// renovable reports whether the provider would renew the session in galletas.
func (c *casa) renovable(galletas []*http.Cookie) bool {
	c.t.Helper()
	s, err := sesion.Nueva(sesion.Opciones{Config: sesion.Config{Clave: c.p.c.Sesion.Clave, Edad: 9 * time.Hour, Inactividad: 9 * time.Hour, Renovar: time.Hour},
		Cliente: c.p.c.OIDC.Cliente, Secreto: c.p.c.OIDC.Secreto.Valor(), URL: func() string { return c.url },
		Verificador: c.p.verifica, Cortes: c.p.clientes, Ahora: func() time.Time { return time.Now().Add(50 * time.Minute) }})
	if err != nil {
		c.t.Fatal(err)
	}
	defer s.Cerrar()
	r := httptest.NewRequestWithContext(c.t.Context(), "GET", "/", nil)
	for _, g := range galletas {
		r.AddCookie(g)
	}
	w := httptest.NewRecorder()
	if _, err := s.Token(w, r); err != nil {
		c.t.Fatalf("the access token has ten minutes left: %v", err)
	}
	return len(w.Result().Cookies()) > 0
}

// Whoever opens the program as localhost is led to its own name, for the provider leads back there.
func TestLoginAtLocalhost(t *testing.T) {
	c := alquilar(t)
	n := nuevoNavegador(t, c)
	camino := "/sesion/inicio?login_hint=cliente1&a=%2Fdev%2F"
	res, _ := n.ir("GET", strings.Replace(c.url, "127.0.0.1", "localhost", 1)+camino, "")
	if lugar := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || lugar != c.url+camino {
		t.Errorf("%d %s", res.StatusCode, lugar)
	}
}

func TestLogoutEverywhereIsHonest(t *testing.T) {
	c := alquilar(t)
	n, otro := nuevoNavegador(t, c), nuevoNavegador(t, c)
	otro.entrar("cliente1", "/")
	res, pagina := n.ir("POST", "/sesion/fin", "todas=1", "Origin: "+c.url)
	if res.StatusCode != 401 || !strings.Contains(pagina, "no se cerraron las demás") || otro.yo() != 200 {
		t.Errorf("without a session: %d %s", res.StatusCode, pagina)
	}
}

// Many logins begun or ended by one address are too many, as calls are.
func TestLoginsAreLimited(t *testing.T) {
	c := alquilar(t, conAjustes(func(k *Configuracion) { k.HTTP.Limite = 5 }))
	n := nuevoNavegador(t, c)
	for range 20 {
		if res, _ := n.ir("GET", "/sesion/vuelta?state=x&code=y", ""); res.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("twenty at once pass")
}
