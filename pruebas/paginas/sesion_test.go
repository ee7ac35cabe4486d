package paginas_test

import (
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

// jwt is how a token begins (RFC 7519): a header, a dot, and claims. Three letters alone stand in sealed bytes by
// chance.
var jwt = regexp.MustCompile(`eyJ[\w-]+\.eyJ`)

// A session: the login leads back to paths of the program alone, cookies show no token, the session has the rights of
// its login, survives a restart and ends with the logout.
func TestBrowserSession(t *testing.T) {
	c := kit.Start(t)
	n := kit.NewBrowser(t, c)
	if s := n.Me(); s != http.StatusUnauthorized {
		t.Errorf("before the login: %d", s)
	}
	for a, quiero := range map[string]string{
		"/dev/pedidos?x=1": "/dev/pedidos?x=1", "//mal.example/": "/", "https://mal.example/": "/",
		`/\mal.example`: "/", "": "/",
		"/sesion/inicio": "/", "/%0d%0aSet-Cookie:x": "/%0d%0aSet-Cookie:x", "javascript:alert(1)": "/",
	} {
		if tengo := n.LogIn("cliente1", a); tengo != quiero {
			t.Errorf("after a login for %q the browser is at %q", a, tengo)
		}
	}
	if s := n.Me(); s != http.StatusOK {
		t.Errorf("after the login: %d", s)
	}
	for _, g := range n.Cookies() {
		if jwt.MatchString(g.Value) {
			t.Errorf("cookie %s shows a token", g.Name)
		}
	}
	id := c.Order("cliente1", c.NewPurchase("cliente1")).ID
	res, _ := n.Visit("GET", "/api/v1/pedidos/"+id, "")
	ajeno, _ := n.Visit("GET", "/api/v1/depositos", "")
	if res.StatusCode != 200 || ajeno.StatusCode != 403 {
		t.Errorf("own order %d, managers' list %d", res.StatusCode, ajeno.StatusCode)
	}
	c.Reopen() // nothing was stored in memory
	if s := n.Me(); s != http.StatusOK {
		t.Errorf("after a restart: %d", s)
	}
	res, _ = n.Visit("POST", "/sesion/fin", "x=1", "Origin: "+n.Program)
	if res.StatusCode != http.StatusSeeOther ||
		!strings.HasPrefix(
			res.Header.Get("Location"),
			c.URL+"/dev/oidc/oidc/logout",
		) || n.Me() != 401 {
		t.Errorf("after the logout: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

// A page of another site, in a browser that is logged in here, can change nothing.
func TestForeignPagesChangeNothing(t *testing.T) {
	c := kit.Start(t)
	n := kit.NewBrowser(t, c)
	n.LogIn("cliente1", "/")
	casos := map[string]struct {
		cabecera []string
		status   int
	}{
		"our own page":               {[]string{"Origin: " + c.URL}, 201},
		"our own, by Fetch Metadata": {[]string{"Sec-Fetch-Site: same-origin"}, 201},
		"another site":               {[]string{"Origin: https://mal.example"}, 403},
		"another port of ours":       {[]string{"Origin: http://127.0.0.1:1"}, 403},
		"ours, that hides its origin": {
			[]string{"Origin: null", "Sec-Fetch-Site: same-origin"},
			201,
		},
		"a hidden origin": {[]string{"Origin: null"}, 403},
		"ours, says another site": {
			[]string{"Origin: " + c.URL, "Sec-Fetch-Site: cross-site"},
			403,
		},
		"a sister of our site": {[]string{"Sec-Fetch-Site: same-site"}, 403},
		"typed in by hand":     {[]string{"Sec-Fetch-Site: none"}, 403},
		"who says nothing":     {nil, 403},
	}
	const cuerpo = `{"nombre":"Casa","calle":"Gurruchaga 500","lat":-34.59,"lon":-58.42}`
	for nombre, x := range casos {
		res, texto := n.Visit("POST", "/api/v1/clientes/yo/direcciones", cuerpo,
			append(x.cabecera, "Content-Type: application/json")...)
		if res.StatusCode != x.status ||
			x.status == 403 && !strings.Contains(texto, `"origen-ajeno"`) {
			t.Errorf("%s: %d %s", nombre, res.StatusCode, texto)
		}
	}
	if res, _ := n.Visit("POST", "/sesion/fin", "todas=1", "Origin: https://mal.example"); res.StatusCode != 403 ||
		n.Me() != 200 {
		t.Errorf("another site logs out: %d", res.StatusCode)
	}
	token := c.Token("cliente1") // a bearer token is not sent by a browser of its own accord
	res, texto := n.Visit(
		"POST",
		"/api/v1/clientes/yo/direcciones",
		cuerpo,
		"Authorization: Bearer "+token,
		"Content-Type: application/json",
	)
	if res.StatusCode != 201 {
		t.Errorf("a token beside the cookie: %d %s", res.StatusCode, texto)
	}
	if res, _ := n.Visit("GET", "/api/v1/clientes/yo", "", "Authorization: Bearer falso"); res.StatusCode != 401 {
		t.Errorf("a bad token beside a good cookie: %d", res.StatusCode)
	}
}

// A forged, cut or expired session cookie opens nothing, and the program deletes a forged one.
func TestForgedAndExpiredSessions(t *testing.T) {
	c := kit.Start(t, kit.WithSettings(func(k *ajustes.Configuracion) {
		k.Sesion.Edad, k.Sesion.Inactividad = 4*time.Hour, 2*time.Hour
	}))
	n := kit.NewBrowser(t, c)
	n.LogIn("cliente1", "/")
	buena := n.Cookies()[0]
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
		f := kit.NewBrowser(t, c)
		u, _ := url.Parse(c.URL)
		f.Jar.SetCookies(u, []*http.Cookie{&otra})
		if s := f.Me(); s != 401 || len(f.Cookies()) != 0 {
			t.Errorf("%s: %d, %d cookies left", nombre, s, len(f.Cookies()))
		}
	}
	if s := n.Me(); s != 200 {
		t.Fatalf("the good one: %d", s)
	}
	p := c.Programa.Sesiones
	viejo := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	viejo.AddCookie(buena)
	if err := p.StillOpen(viejo); err != nil {
		t.Errorf("now: %v", err)
	}
	for nombre, x := range map[string]struct {
		edad, inactividad time.Duration
		bien              bool
	}{
		"long enough":       {edad: time.Hour, inactividad: time.Hour, bien: true},
		"older than it may": {edad: time.Nanosecond, inactividad: time.Hour, bien: false},
		"idle too long":     {edad: time.Hour, inactividad: time.Nanosecond, bien: false},
	} {
		clave := c.Programa.Ajustes.Sesion.Clave
		s, err := sesion.New(sesion.Options{
			Config: sesion.Config{Clave: clave, Edad: x.edad, Inactividad: x.inactividad},
			URL:    func() string { return c.URL },
			Ends:   c.Programa.Clientes,
			Now:    func() time.Time { return time.Now().Add(2 * time.Second) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.StillOpen(viejo); (err == nil) != x.bien {
			t.Errorf("%s: %v", nombre, err)
		}
	}
}

// Cookies from before a login have no part in the session after it, and a login that began in one browser does not
// end in another.
func TestSessionFixation(t *testing.T) {
	c := kit.Start(t)
	ladron, victima := kit.NewBrowser(t, c), kit.NewBrowser(t, c)
	ladron.LogIn("cliente2", "/")
	u, _ := url.Parse(c.URL)
	victima.Jar.SetCookies(u, ladron.Cookies()) // planted
	victima.LogIn("cliente1", "/")
	if _, texto := victima.Visit("GET", "/api/v1/clientes/yo", ""); !strings.Contains(texto, "cliente1@") {
		t.Errorf("the victim is not who logged in: %s", texto)
	}
	if _, texto := ladron.Visit("GET", "/api/v1/clientes/yo", ""); !strings.Contains(texto, "cliente2@") {
		t.Errorf("the thief became somebody else: %s", texto)
	}
	otro := kit.NewBrowser(t, c)
	vuelta := ladron.Authorize("cliente2", "/") // and the thief sends this link to another
	if res, _ := otro.Visit("GET", vuelta, ""); res.StatusCode != 400 || otro.Me() != 401 {
		t.Errorf("somebody else's login ends here: %d", res.StatusCode)
	}
	if res, _ := ladron.Visit("GET", vuelta, ""); res.StatusCode != http.StatusSeeOther {
		t.Errorf("one's own login: %d", res.StatusCode)
	}
	if res, _ := ladron.Visit("GET", vuelta, ""); res.StatusCode != 400 {
		t.Errorf("the same login twice: %d", res.StatusCode)
	}
}
