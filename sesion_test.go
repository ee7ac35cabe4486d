//go:build !race

package main

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	devoidc "despensa/platform/dev/oidc"
	"despensa/platform/oidc/sesion"
)

// navegador is a browser as the server sees it: a jar of cookies, and an Origin when it
// posts.
type navegador struct {
	*http.Client
	t    testing.TB
	casa string // our address
}

func nuevoNavegador(t *testing.T, c *casa) *navegador {
	t.Helper()
	jarra, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &navegador{Client: &http.Client{Jar: jarra, Transport: c.http.Transport, Timeout: paciencia,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, t: t, casa: c.url}
}

// ir asks for one page, without following where it leads. cabecera are "Name: value".
func (n *navegador) ir(metodo, direccion, cuerpo string, cabecera ...string) (*http.Response, string) {
	n.t.Helper()
	if strings.HasPrefix(direccion, "/") {
		direccion = n.casa + direccion
	}
	r, err := http.NewRequestWithContext(n.t.Context(), metodo, direccion, strings.NewReader(cuerpo))
	if err != nil {
		n.t.Fatal(err)
	}
	if cuerpo != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cabecera {
		k, v, _ := strings.Cut(c, ": ")
		r.Header.Set(k, v)
	}
	res, err := n.Do(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return res, string(b)
}

var (
	formulario = regexp.MustCompile(`action="([^"]*)"`)
	enCurso    = regexp.MustCompile(`name="pendiente" value="([^"]*)"`)
)

// autorizar goes from /sesion/inicio to the provider's form and gives where the provider
// sends the browser back to.
func (n *navegador) autorizar(login, a string) string {
	n.t.Helper()
	res, _ := n.ir("GET", "/sesion/inicio?login_hint="+login+"&a="+url.QueryEscape(a), "")
	res, pagina := n.ir("GET", res.Header.Get("Location"), "")
	accion, id := formulario.FindStringSubmatch(pagina), enCurso.FindStringSubmatch(pagina)
	if res.StatusCode != 200 || accion == nil || id == nil || !strings.Contains(pagina, login) {
		n.t.Fatalf("no login form: %d", res.StatusCode)
	}
	q := url.Values{"pendiente": {html.UnescapeString(id[1])}, "username": {login}, "password": {devoidc.Clave}}
	res, _ = n.ir("POST", accion[1], q.Encode(), "Origin: "+n.casa)
	return res.Header.Get("Location")
}

// entrar logs in, and gives where the browser ends up.
func (n *navegador) entrar(login, a string) string {
	n.t.Helper()
	res, _ := n.ir("GET", n.autorizar(login, a), "")
	if res.StatusCode != http.StatusSeeOther {
		n.t.Fatalf("login %s: %d", login, res.StatusCode)
	}
	return res.Header.Get("Location")
}

// yo asks who is logged in; the status.
func (n *navegador) yo() int {
	n.t.Helper()
	res, _ := n.ir("GET", "/api/v1/clientes/yo", "")
	return res.StatusCode
}

// galletas are the cookies that n would send.
func (n *navegador) galletas() []*http.Cookie {
	u, _ := url.Parse(n.casa)
	return n.Jar.Cookies(u)
}

func TestBrowserSession(t *testing.T) {
	c := alquilar(t)
	n := nuevoNavegador(t, c)
	if s := n.yo(); s != http.StatusUnauthorized {
		t.Errorf("before the login: %d", s)
	}
	for a, quiero := range map[string]string{
		"/dev/pedidos?x=1": "/dev/pedidos?x=1", "//mal.example/": "/", "https://mal.example/": "/", `/\mal.example`: "/", "": "/",
		"/sesion/inicio": "/", "/%0d%0aSet-Cookie:x": "/%0d%0aSet-Cookie:x", "javascript:alert(1)": "/",
	} {
		if tengo := n.entrar("cliente1", a); tengo != quiero {
			t.Errorf("after a login for %q the browser is at %q", a, tengo)
		}
	}
	if s := n.yo(); s != http.StatusOK {
		t.Errorf("after the login: %d", s)
	}
	for _, g := range n.galletas() {
		if strings.Contains(g.Value, "eyJ") {
			t.Errorf("cookie %s shows a token", g.Name)
		}
	}
	id := c.pedir("cliente1", c.comprar("cliente1")).ID
	res, _ := n.ir("GET", "/api/v1/pedidos/"+id, "")
	ajeno, _ := n.ir("GET", "/api/v1/depositos", "")
	if res.StatusCode != 200 || ajeno.StatusCode != 403 {
		t.Errorf("own order %d, managers' list %d", res.StatusCode, ajeno.StatusCode)
	}
	c.reabrir() // nothing was stored in memory
	if s := n.yo(); s != http.StatusOK {
		t.Errorf("after a restart: %d", s)
	}
	res, _ = n.ir("POST", "/sesion/fin", "x=1", "Origin: "+n.casa)
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), c.url+"/dev/oidc/oidc/logout") || n.yo() != 401 {
		t.Errorf("after the logout: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

// A page of somebody else's, in a browser that is logged in here, can change nothing.
func TestForeignPagesChangeNothing(t *testing.T) {
	c := alquilar(t)
	n := nuevoNavegador(t, c)
	n.entrar("cliente1", "/")
	casos := map[string]struct {
		cabecera []string
		status   int
	}{
		"our own page":                {[]string{"Origin: " + c.url}, 201},
		"our own, by Fetch Metadata":  {[]string{"Sec-Fetch-Site: same-origin"}, 201},
		"another site":                {[]string{"Origin: https://mal.example"}, 403},
		"another port of ours":        {[]string{"Origin: http://127.0.0.1:1"}, 403},
		"ours, that hides its origin": {[]string{"Origin: null", "Sec-Fetch-Site: same-origin"}, 201},
		"a hidden origin":             {[]string{"Origin: null"}, 403},
		"ours, says another site":     {[]string{"Origin: " + c.url, "Sec-Fetch-Site: cross-site"}, 403},
		"a sister of our site":        {[]string{"Sec-Fetch-Site: same-site"}, 403},
		"typed in by hand":            {[]string{"Sec-Fetch-Site: none"}, 403},
		"who says nothing":            {nil, 403},
	}
	const cuerpo = `{"nombre":"Casa","calle":"Gurruchaga 500","lat":-34.59,"lon":-58.42}`
	for nombre, x := range casos {
		res, texto := n.ir("POST", "/api/v1/clientes/yo/direcciones", cuerpo, append(x.cabecera, "Content-Type: application/json")...)
		if res.StatusCode != x.status || x.status == 403 && !strings.Contains(texto, `"origen-ajeno"`) {
			t.Errorf("%s: %d %s", nombre, res.StatusCode, texto)
		}
	}
	if res, _ := n.ir("POST", "/sesion/fin", "todas=1", "Origin: https://mal.example"); res.StatusCode != 403 || n.yo() != 200 {
		t.Errorf("another site logs out: %d", res.StatusCode)
	}
	token := c.ficha("cliente1") // a bearer token is not sent by a browser of its own accord
	res, texto := n.ir("POST", "/api/v1/clientes/yo/direcciones", cuerpo, "Authorization: Bearer "+token, "Content-Type: application/json")
	if res.StatusCode != 201 {
		t.Errorf("a token beside the cookie: %d %s", res.StatusCode, texto)
	}
	if res, _ := n.ir("GET", "/api/v1/clientes/yo", "", "Authorization: Bearer falso"); res.StatusCode != 401 {
		t.Errorf("a bad token beside a good cookie: %d", res.StatusCode)
	}
}

func TestForgedAndExpiredSessions(t *testing.T) {
	c := alquilar(t, conAjustes(func(k *Configuracion) { k.Sesion.Edad, k.Sesion.Inactividad = 4*time.Hour, 2*time.Hour }))
	n := nuevoNavegador(t, c)
	n.entrar("cliente1", "/")
	buena := n.galletas()[0]
	otra := *buena
	for nombre, valor := range map[string]string{
		"nothing of ours":    "xyz",
		"one letter changed": "A" + buena.Value[1:],
		"cut off":            buena.Value[:len(buena.Value)-4],
		"one letter more":    buena.Value + "A",
	} {
		if otra.Value = valor; valor == buena.Value {
			otra.Value = "B" + buena.Value[1:]
		}
		f := nuevoNavegador(t, c)
		u, _ := url.Parse(c.url)
		f.Jar.SetCookies(u, []*http.Cookie{&otra})
		if s := f.yo(); s != 401 || len(f.galletas()) != 0 {
			t.Errorf("%s: %d, %d cookies left", nombre, s, len(f.galletas()))
		}
	}
	if s := n.yo(); s != 200 {
		t.Fatalf("the good one: %d", s)
	}
	p := c.p.sesiones
	viejo := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	viejo.AddCookie(buena)
	if err := p.Vigente(viejo); err != nil {
		t.Errorf("now: %v", err)
	}
	for nombre, x := range map[string]struct {
		edad, inactividad time.Duration
		bien              bool
	}{
		"long enough":       {time.Hour, time.Hour, true},
		"older than it may": {time.Nanosecond, time.Hour, false},
		"idle too long":     {time.Hour, time.Nanosecond, false},
	} {
		s, err := sesion.Nueva(sesion.Opciones{Config: sesion.Config{Clave: c.p.c.Sesion.Clave, Edad: x.edad, Inactividad: x.inactividad},
			URL: func() string { return c.url }, Cortes: c.p.clientes, Ahora: func() time.Time { return time.Now().Add(2 * time.Second) }})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Vigente(viejo); (err == nil) != x.bien {
			t.Errorf("%s: %v", nombre, err)
		}
	}
}

// What was in the browser before a login has no part in the session after it, and a login
// that began in one browser does not end in another.
func TestSessionFixation(t *testing.T) {
	c := alquilar(t)
	ladron, victima := nuevoNavegador(t, c), nuevoNavegador(t, c)
	ladron.entrar("cliente2", "/")
	u, _ := url.Parse(c.url)
	victima.Jar.SetCookies(u, ladron.galletas()) // planted
	victima.entrar("cliente1", "/")
	if _, texto := victima.ir("GET", "/api/v1/clientes/yo", ""); !strings.Contains(texto, "cliente1@") {
		t.Errorf("the victim is not who logged in: %s", texto)
	}
	if _, texto := ladron.ir("GET", "/api/v1/clientes/yo", ""); !strings.Contains(texto, "cliente2@") {
		t.Errorf("the thief became somebody else: %s", texto)
	}
	otro := nuevoNavegador(t, c)
	vuelta := ladron.autorizar("cliente2", "/") // and the thief sends this link to another
	if res, _ := otro.ir("GET", vuelta, ""); res.StatusCode != 400 || otro.yo() != 401 {
		t.Errorf("somebody else's login ends here: %d", res.StatusCode)
	}
	if res, _ := ladron.ir("GET", vuelta, ""); res.StatusCode != http.StatusSeeOther {
		t.Errorf("one's own login: %d", res.StatusCode)
	}
	if res, _ := ladron.ir("GET", vuelta, ""); res.StatusCode != 400 {
		t.Errorf("the same login twice: %d", res.StatusCode)
	}
}
