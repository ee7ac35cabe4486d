package paginas_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/platform/oidc/sesion"
	"despensa/pruebas/kit"
)

func TestLogoutEverywhere(t *testing.T) {
	c := kit.Start(t)
	casa, oficina, ajeno := kit.NewBrowser(t, c), kit.NewBrowser(t, c), kit.NewBrowser(t, c)
	casa.LogIn("cliente1", "/")
	oficina.LogIn("cliente1", "/")
	ajeno.LogIn("cliente2", "/")
	if res, _ := casa.Visit("POST", "/sesion/fin", "todas=1", "Origin: "+c.URL); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("logout everywhere: %d", res.StatusCode)
	}
	if casa.Me() != 401 || oficina.Me() != 401 || ajeno.Me() != 200 {
		t.Error("every session of this person ends, and nobody else's")
	}
	oficina.LogIn("cliente1", "/")
	if s := oficina.Me(); s != 200 {
		t.Errorf("a login after it: %d", s)
	}
}

// apretar presses a button of the page at camino, as a browser does. A page that hides its own address from other
// sites (Referrer-Policy) hides the origin of its forms too.
func apretar(browser *kit.Browser, camino, boton string) *http.Response {
	browser.T.Helper()
	res, pagina := browser.Visit("GET", camino, "")
	accion := kit.Form.FindStringSubmatch(pagina)
	if accion == nil || !strings.Contains(pagina, boton) {
		browser.T.Fatalf("%s has no button %q", camino, boton)
	}
	origen := browser.Program
	if res.Header.Get("Referrer-Policy") == "no-referrer" {
		origen = "null"
	}
	cuerpo := "_="
	if m := regexp.MustCompile(`<button name="(\w+)" value="(\w+)">` + boton).FindStringSubmatch(pagina); m != nil {
		cuerpo = m[1] + "=" + m[2]
	}
	res, _ = browser.Visit("POST", accion[1], cuerpo, "Origin: "+origen)
	return res
}

// The logout of one browser leaves another one logged in; the logout everywhere does not. Neither leaves a cookie or
// a refresh token that works.
func TestLogoutButtons(t *testing.T) {
	c := kit.Start(t)
	aca, alla := kit.NewBrowser(t, c), kit.NewBrowser(t, c)
	for boton, sigue := range map[string]int{"Salir</button>": 200, "Salir en todas partes": 401} {
		aca.LogIn("cliente1", "/dev/")
		alla.LogIn("cliente1", "/dev/")
		guardada := aca.Cookies()
		if res := apretar(aca, "/dev/", boton); res.StatusCode != http.StatusSeeOther ||
			aca.Me() != 401 ||
			alla.Me() != sigue {
			t.Errorf(
				"%s: %d; here %d, elsewhere %d",
				boton,
				res.StatusCode,
				aca.Me(),
				alla.Me(),
			)
		}
		ladron := kit.NewBrowser(t, c) // with a copy of the cookie
		u, _ := url.Parse(c.URL)
		ladron.Jar.SetCookies(u, guardada)
		if s := ladron.Me(); s != 401 {
			t.Errorf("%s: a copy of the cookie: %d", boton, s)
		}
		if renovable(c, guardada) {
			t.Errorf("%s: the refresh token of the session that ended still works", boton)
		}
	}
}

// sinCortes knows of no session that has ended.
type sinCortes struct{}

func (sinCortes) End(context.Context, string, time.Time) error { return nil }
func (sinCortes) EndedUntil(context.Context, string, string) (time.Time, bool, error) {
	return time.Time{}, false, nil
}

// renovable reports whether the provider would renew the session in galletas, if the program had not ended it.
func renovable(program *kit.Program, galletas []*http.Cookie) bool {
	program.T.Helper()
	k := program.Programa.Ajustes
	s, err := sesion.New(sesion.Options{
		Config: sesion.Config{
			Clave: k.Sesion.Clave, Edad: 9 * time.Hour, Inactividad: 9 * time.Hour, Renovar: time.Hour},
		ClientID: k.OIDC.Cliente,
		Secret:   k.OIDC.Secreto.Value(),
		URL:      func() string { return program.URL },
		Verifier: program.Programa.Verificador,
		Ends:     sinCortes{},
		Now:      func() time.Time { return time.Now().Add(50 * time.Minute) },
	})
	if err != nil {
		program.T.Fatal(err)
	}
	defer s.Close()
	r := httptest.NewRequestWithContext(program.T.Context(), "GET", "/", nil)
	for _, g := range galletas {
		r.AddCookie(g)
	}
	w := httptest.NewRecorder()
	if _, err := s.Token(w, r); err != nil {
		program.T.Fatalf("the access token has ten minutes left: %v", err)
	}
	return len(w.Result().Cookies()) > 0
}

// A browser that opens the program as localhost is redirected to the program's own name, because the provider leads
// back to that name.
func TestLoginAtLocalhost(t *testing.T) {
	c := kit.Start(t)
	n := kit.NewBrowser(t, c)
	camino := "/sesion/inicio?login_hint=cliente1&a=%2Fdev%2F"
	res, _ := n.Visit("GET", strings.Replace(c.URL, "127.0.0.1", "localhost", 1)+camino, "")
	if lugar := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther ||
		lugar != c.URL+camino {
		t.Errorf("%d %s", res.StatusCode, lugar)
	}
}

func TestLogoutEverywhereIsHonest(t *testing.T) {
	c := kit.Start(t)
	n, otro := kit.NewBrowser(t, c), kit.NewBrowser(t, c)
	otro.LogIn("cliente1", "/")
	res, pagina := n.Visit("POST", "/sesion/fin", "todas=1", "Origin: "+c.URL)
	if res.StatusCode != 401 || !strings.Contains(pagina, "no se cerraron las demás") ||
		otro.Me() != 200 {
		t.Errorf("without a session: %d %s", res.StatusCode, pagina)
	}
}

// Many logins begun or ended by one address are too many, as calls are.
func TestLoginsAreLimited(t *testing.T) {
	c := kit.Start(t, kit.WithSettings(func(k *ajustes.Configuracion) { k.HTTP.Limite = 5 }))
	n := kit.NewBrowser(t, c)
	for range 20 {
		if res, _ := n.Visit("GET", "/sesion/vuelta?state=x&code=y", ""); res.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("twenty at once pass")
}
