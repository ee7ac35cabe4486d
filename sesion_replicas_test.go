//go:build !race

package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"despensa/platform/oidc/sesion"
)

// Two replicas that share nothing but the key and the stores: a session of one is good at
// the other, a login begun at one ends at the other, and a foreign key opens nothing.
func TestSessionAtAnotherReplica(t *testing.T) {
	c := alquilar(t)
	n := nuevoNavegador(t, c)
	n.entrar("cliente1", "/")
	otra := nuevoNavegador(t, c)
	otra.casa = c.replica()
	u, _ := url.Parse(otra.casa)
	otra.Jar.SetCookies(u, n.galletas())
	if s := otra.yo(); s != 200 {
		t.Errorf("the cookie of one at the other: %d", s)
	}
	vuelta := n.autorizar("cliente1", "/")
	otra.Jar.SetCookies(u, n.galletas())
	if res, _ := otra.ir("GET", strings.Replace(vuelta, n.casa, otra.casa, 1), ""); res.StatusCode != http.StatusSeeOther {
		t.Errorf("a login begun at one, at the other: %d", res.StatusCode)
	}
	if s := otra.yo(); s != 200 {
		t.Errorf("after that login: %d", s)
	}
	n.ir("POST", "/sesion/fin", "todas=1", "Origin: "+c.url)
	if s := otra.yo(); s != 401 {
		t.Errorf("logged out everywhere at the other replica: %d", s)
	}
	ajena, err := sesion.Nueva(sesion.Opciones{Config: sesion.Config{Clave: "otra-clave-de-mas-de-treinta-y-dos-bytes", Edad: time.Hour, Inactividad: time.Hour},
		URL: func() string { return c.url }, Cortes: c.p.clientes})
	if err != nil {
		t.Fatal(err)
	}
	n.entrar("cliente1", "/")
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.AddCookie(n.galletas()[0])
	if err := ajena.Vigente(r); err == nil {
		t.Error("a foreign key opens the cookie")
	}
}

// Development keeps its key, for its owner alone, and makes another when a crash cut it off.
func TestDevelopmentKeepsItsSessionKey(t *testing.T) {
	archivo := filepath.Join(t.TempDir(), "sesion.clave")
	if err := os.WriteFile(archivo, []byte("cortada"), 0o600); err != nil {
		t.Fatal(err)
	}
	una, err := claveDeSesion(archivo)
	if err != nil || len(una) < sesion.ClaveMin {
		t.Fatalf("%d bytes, %v", len(una), err)
	}
	if otra, err := claveDeSesion(archivo); err != nil || otra != una {
		t.Errorf("the second start has another key: %v", err)
	}
	if f, err := os.Stat(archivo); err != nil || f.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", f.Mode(), err)
	}
}
