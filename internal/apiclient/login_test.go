package apiclient_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
	dev "despensa/platform/dev/oidc"
	"despensa/platform/oidc"
)

const (
	audiencia = "https://api.despensa.local"
	rolClaim  = "https://despensa.local/roles"
)

// conProveedor serves the embedded provider under /dev/oidc/ and gives the server's URL.
func conProveedor(t *testing.T, emisor func(url string) string) string {
	t.Helper()
	m := http.NewServeMux()
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	p, err := dev.New(dev.Options{
		Issuer: emisor(s.URL), Audience: audiencia, RoleClaim: rolClaim,
		Folder: t.TempDir(), Redirects: []string{s.URL + "/sesion/vuelta"},
	})
	if err != nil {
		t.Fatal(err)
	}
	m.Handle("/dev/oidc/", p.Handler())
	return s.URL
}

func embebido(url string) string { return url + "/dev/oidc/" }

func TestIngresoDemo(t *testing.T) {
	url := conProveedor(t, embebido)
	crudo, err := apiclient.DemoLogin(t.Context(), url+"/", "cliente1", "despensa")
	if err != nil {
		t.Fatal(err)
	}
	v, err := oidc.NewVerifier(oidc.Options{Config: oidc.Config{
		Emisor: embebido(url), Audiencia: audiencia, RolClaim: rolClaim, ExigePermisos: true,
		ClavesRefresco: time.Minute, ClavesEdad: time.Hour, ClavesPausa: time.Second,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	p, err := v.Verify(t.Context(), crudo)
	if err != nil || p.Sub != "dev|cliente1" || !p.HasRole("cliente") {
		t.Fatalf("%+v %v", p, err)
	}
	f, err := v.Profile(oidc.WithCaller(t.Context(), p))
	if err != nil || f.Name == "" || !strings.Contains(f.Email, "@") {
		t.Errorf("%+v %v", f, err)
	}
}

func TestIngresoDemoRehusado(t *testing.T) {
	casos := map[string]struct {
		emisor       func(string) string
		login, clave string
		err          error
	}{
		"wrong password": {
			emisor: embebido,
			login:  "cliente1",
			clave:  "otra",
			err:    apiclient.ErrLogin,
		},
		"unknown login": {
			emisor: embebido,
			login:  "nadie",
			clave:  "despensa",
			err:    apiclient.ErrLogin,
		},
		"issuer elsewhere": {
			emisor: func(string) string { return "http://otra.parte/dev/oidc/" },
			login:  "cliente1",
			clave:  "despensa",
			err:    apiclient.ErrIssuer,
		},
		"embedded elsewhere": {emisor: func(u string) string { return u + "/otro/oidc/" },
			login: "cliente1", clave: "despensa", err: apiclient.ErrIssuer},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			_, err := apiclient.DemoLogin(
				t.Context(),
				conProveedor(t, x.emisor),
				x.login,
				x.clave,
			)
			if !errors.Is(err, x.err) {
				t.Error(err)
			}
		})
	}
}

func TestIngresoMaquina(t *testing.T) {
	url := conProveedor(t, embebido)
	aparato := dev.AppDevice(2)
	crudo, err := apiclient.MachineLogin(t.Context(), url, aparato, dev.SecretDevice)
	if err != nil || strings.Count(crudo, ".") != 2 {
		t.Errorf("%q %v", crudo, err)
	}
	if _, err := apiclient.MachineLogin(t.Context(), url, aparato, "otro"); !errors.Is(err, apiclient.ErrLogin) {
		t.Error(err)
	}
	_, err = apiclient.MachineLogin(t.Context(), url+"/x", aparato, dev.SecretDevice)
	if !errors.Is(err, apiclient.ErrIssuer) {
		t.Error(err)
	}
}
