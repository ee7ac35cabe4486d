package paginas_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"despensa/platform/oidc/sesion"
	"despensa/pruebas/kit"
)

// Two replicas that share nothing but the key and the stores: a session of one is good at
// the other, a login begun at one ends at the other, and a foreign key opens nothing.
func TestSessionAtAnotherReplica(t *testing.T) {
	c := kit.Start(t)
	n := kit.NewBrowser(t, c)
	n.LogIn("cliente1", "/")
	otra := kit.NewBrowser(t, c)
	otra.Program = c.Replica()
	u, _ := url.Parse(otra.Program)
	otra.Jar.SetCookies(u, n.Cookies())
	if s := otra.Me(); s != 200 {
		t.Errorf("the cookie of one at the other: %d", s)
	}
	vuelta := n.Authorize("cliente1", "/")
	otra.Jar.SetCookies(u, n.Cookies())
	res, _ := otra.Visit("GET", strings.Replace(vuelta, n.Program, otra.Program, 1), "")
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("a login begun at one, at the other: %d", res.StatusCode)
	}
	if s := otra.Me(); s != 200 {
		t.Errorf("after that login: %d", s)
	}
	otra.Jar.SetCookies(u, n.Cookies())
	if res, _ := n.Visit("POST", "/sesion/fin", "", "Origin: "+c.URL); res.StatusCode != http.StatusSeeOther {
		t.Errorf("logged out: %d", res.StatusCode)
	}
	if s := otra.Me(); s != 401 {
		t.Errorf(
			"a copy of the cookie at the other replica, after the logout at the first: %d",
			s,
		)
	}
	n.LogIn("cliente1", "/")
	otra.Jar.SetCookies(u, n.Cookies())
	if n.Me() != 200 || otra.Me() != 200 {
		t.Error("logins after a logout")
	}
	n.Visit("POST", "/sesion/fin", "todas=1", "Origin: "+c.URL)
	if s := otra.Me(); s != 401 {
		t.Errorf("logged out everywhere at the other replica: %d", s)
	}
	ajena, err := sesion.New(sesion.Options{
		Config: sesion.Config{
			Clave: "otra-clave-de-mas-de-treinta-y-dos-bytes", Edad: time.Hour, Inactividad: time.Hour},
		URL:  func() string { return c.URL },
		Ends: c.Programa.Clientes,
	})
	if err != nil {
		t.Fatal(err)
	}
	n.LogIn("cliente1", "/")
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.AddCookie(n.Cookies()[0])
	if err := ajena.StillOpen(r); err == nil {
		t.Error("a foreign key opens the cookie")
	}
}
