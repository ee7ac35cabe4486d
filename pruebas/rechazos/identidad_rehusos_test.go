package rechazos_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"despensa/internal/ajustes"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"

	"golang.org/x/oauth2"
)

// rehusados: tokens of Keycloak that are no access tokens of this API open nothing, with and without
// oidc.exige_permisos.
func rehusados(t *testing.T, keycloak *keycloak) {
	bueno := keycloak.tokens(devoidc.AppCLI, "cliente1")
	descuidado := keycloak.tokens(appDescuidada, "cliente1")
	id := func(tk *oauth2.Token) string { s, _ := tk.Extra("id_token").(string); return s }
	sinRol := keycloak.tokens(devoidc.AppCLI, "sinrol").AccessToken
	const invalido = "401 token-invalido"
	casos := map[string]struct{ token, sinExigir, exigiendo string }{
		"access token": {
			token:     bueno.AccessToken,
			sinExigir: "200",
			exigiendo: "200",
		},
		"of a careless application": {
			token:     descuidado.AccessToken,
			sinExigir: "200",
			exigiendo: "200",
		},
		"of a person without permissions": {
			token:     sinRol,
			sinExigir: "403 sin-permiso",
			exigiendo: invalido,
		},
		"ID token": {
			token:     id(bueno),
			sinExigir: invalido,
			exigiendo: invalido,
		},
		"ID token with our audience": {
			token:     id(descuidado),
			sinExigir: invalido,
			exigiendo: invalido,
		},
		"refresh token": {
			token:     bueno.RefreshToken,
			sinExigir: invalido,
			exigiendo: invalido,
		},
		"of another API": {
			token: keycloak.tokens(
				appAjena,
				"cliente1",
			).AccessToken, sinExigir: invalido, exigiendo: invalido},
		"of another API, ID token": {
			token:     id(keycloak.tokens(appAjena, "cliente1")),
			sinExigir: invalido,
			exigiendo: invalido},
		"access token with one more letter": {
			token:     bueno.AccessToken + "A",
			sinExigir: invalido,
			exigiendo: invalido,
		},
		"access token of the house's logins": {
			token: deEmbebido(t).token("cliente1"), sinExigir: invalido, exigiendo: invalido},
	}
	for _, exige := range []bool{false, true} {
		exigiendo := kit.WithSettings(
			func(c *ajustes.Configuracion) { c.OIDC.ExigePermisos = exige },
		)
		e := &escena{
			Program: kit.Start(t, conKeycloak(keycloak), exigiendo),
			tokens:  map[string]string{},
		}
		for nombre, x := range casos {
			quiero := map[bool]string{false: x.sinExigir, true: x.exigiendo}[exige]
			e.tokens[nombre] = x.token
			if tengo := e.tocar(t, malo{login: nombre, metodo: "GET", camino: "/pedidos"}); tengo != quiero {
				t.Errorf("%s, exige_permisos %v: %s, want %s", nombre, exige, tengo, quiero)
			}
		}
	}
}

// navegarCon logs a browser in, lets its tokens be renewed twice, and logs the browser out, at the program and at
// Keycloak.
func navegarCon(t *testing.T, keycloak *keycloak) {
	c := kit.Start(t, conKeycloak(keycloak))
	n := keycloak.navegador(c)
	entrar := func() string {
		res, _ := n.Visit(
			"GET",
			"/sesion/inicio?login_hint=cliente1&a=%2Fapi%2Fv1%2Fproductos",
			"",
		)
		return res.Header.Get("Location")
	}
	res, _ := n.Visit("GET", identificarse(n, entrar(), "cliente1"), "")
	if res.StatusCode != http.StatusSeeOther ||
		res.Header.Get("Location") != "/api/v1/productos" ||
		n.Me() != http.StatusOK {
		t.Fatalf("after the login: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	for _, g := range n.Cookies() {
		if strings.Contains(g.Value, "eyJ") {
			t.Errorf("cookie %s shows a token", g.Name)
		}
	}
	for range 2 { // the second time with the refresh token that came with the first
		antes := n.Cookies()
		c.Until("the tokens are renewed", func() bool {
			return n.Me() != http.StatusOK || !reflect.DeepEqual(antes, n.Cookies())
		})
		if s := n.Me(); s != http.StatusOK {
			t.Fatalf("after a renewal: %d", s)
		}
	}
	salirDe(n, t, keycloak)
	if s := n.Me(); s != http.StatusUnauthorized {
		t.Errorf("after the logout: %d", s)
	}
	// The form again, because the session at Keycloak is over as well.
	identificarse(n, entrar(), "cliente1")
}

// salirDe presses the program's logout button; Keycloak ends its session too and leads back to the program.
func salirDe(browser *kit.Browser, t *testing.T, keycloak *keycloak) {
	t.Helper()
	res, _ := browser.Visit("POST", "/sesion/fin", "x=1", "Origin: "+browser.Program)
	lugar := res.Header.Get("Location")
	if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(lugar, keycloak.emisor) {
		t.Fatalf("logout: %d %s", res.StatusCode, lugar)
	}
	if res, _ = browser.Visit("GET", lugar, ""); res.Header.Get(
		"Location",
	) != browser.Program+"/" {
		t.Errorf("after Keycloak's logout: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

// claveDeFirma is a signing key in the form of Keycloak's API.
func claveDeFirma(activa string) map[string]any {
	c := map[string][]string{"priority": {"200"}, "algorithm": {"RS256"}, "keySize": {"2048"},
		"enabled": {activa}, "active": {activa}}
	return map[string]any{"name": "de-prueba", "providerId": "rsa-generated",
		"providerType": "org.keycloak.keys.KeyProvider", "config": c}
}

// rotar: a token signed with a new key is accepted at once. A token signed with a key that the provider has given up
// is refused when the program's copy of the keys is older than ClavesEdad.
func rotar(t *testing.T, keycloak *keycloak) {
	e := &escena{
		Program: kit.Start(
			t,
			conKeycloak(keycloak),
			kit.WithSettings(func(c *ajustes.Configuracion) {
				c.OIDC.ClavesPausa = 10 * time.Millisecond
				c.OIDC.ClavesRefresco = 200 * time.Millisecond
				c.OIDC.ClavesEdad = time.Second
				c.OIDC.Memoria = 0
			}),
		),
		tokens: map[string]string{},
	}
	dice := func(login, quiero string) func() bool {
		return func() bool { return e.tocar(t, malo{login: login, metodo: "GET", camino: "/pedidos"}) == quiero }
	}
	e.tokens["antes"] = keycloak.tokens(devoidc.AppCLI, "cliente1").AccessToken
	e.Until("a token is taken", dice("antes", "200"))
	clave := keycloak.administrar("POST", "/components", claveDeFirma("true"))
	t.Cleanup(func() { keycloak.administrar("DELETE", "/components/"+clave, nil) })
	e.tokens["nueva"] = keycloak.tokens(devoidc.AppCLI, "cliente1").AccessToken
	if kid := func(s string) string { return strings.Split(e.tokens[s], ".")[0] }; kid(
		"antes",
	) == kid(
		"nueva",
	) {
		t.Fatal("Keycloak signs with the old key")
	}
	e.Until("a token of the new key is taken", dice("nueva", "200"))
	if !dice("antes", "200")() {
		t.Error("a token of the old key is refused while both are there")
	}
	keycloak.administrar("PUT", "/components/"+clave, claveDeFirma("false"))
	e.Until("a token of the disabled key is refused", dice("nueva", "401 token-invalido"))
	if !dice("antes", "200")() {
		t.Error("a token of the key that stays is refused")
	}
}
