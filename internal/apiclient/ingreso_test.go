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
	p, err := dev.Nuevo(dev.Opciones{
		Emisor: emisor(s.URL), Audiencia: audiencia, RolClaim: rolClaim,
		Carpeta: t.TempDir(), Redirecciones: []string{s.URL + "/sesion/vuelta"},
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
	crudo, err := apiclient.IngresoDemo(t.Context(), url+"/", "cliente1", "despensa")
	if err != nil {
		t.Fatal(err)
	}
	v, err := oidc.Nuevo(oidc.Opciones{Config: oidc.Config{
		Emisor: embebido(url), Audiencia: audiencia, RolClaim: rolClaim, ExigePermisos: true,
		ClavesRefresco: time.Minute, ClavesEdad: time.Hour, ClavesPausa: time.Second,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Cerrar)
	p, err := v.Verificar(t.Context(), crudo)
	if err != nil || p.Sub != "dev|cliente1" || !p.Tiene("cliente") {
		t.Fatalf("%+v %v", p, err)
	}
	f, err := v.Perfil(oidc.Con(t.Context(), p))
	if err != nil || f.Nombre == "" || !strings.Contains(f.Correo, "@") {
		t.Errorf("%+v %v", f, err)
	}
}

func TestIngresoDemoRehusado(t *testing.T) {
	casos := map[string]struct {
		emisor       func(string) string
		login, clave string
		err          error
	}{
		"wrong password": {emisor: embebido, login: "cliente1", clave: "otra", err: apiclient.ErrIngreso},
		"unknown login":  {emisor: embebido, login: "nadie", clave: "despensa", err: apiclient.ErrIngreso},
		"issuer elsewhere": {emisor: func(string) string { return "http://otra.parte/dev/oidc/" },
			login: "cliente1", clave: "despensa", err: apiclient.ErrEmisor},
		"embedded elsewhere": {emisor: func(u string) string { return u + "/otro/oidc/" },
			login: "cliente1", clave: "despensa", err: apiclient.ErrEmisor},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			_, err := apiclient.IngresoDemo(t.Context(), conProveedor(t, x.emisor), x.login, x.clave)
			if !errors.Is(err, x.err) {
				t.Error(err)
			}
		})
	}
}

func TestIngresoMaquina(t *testing.T) {
	url := conProveedor(t, embebido)
	aparato := dev.AppDispositivo(2)
	crudo, err := apiclient.IngresoMaquina(t.Context(), url, aparato, dev.SecretoDispositivo)
	if err != nil || strings.Count(crudo, ".") != 2 {
		t.Errorf("%q %v", crudo, err)
	}
	if _, err := apiclient.IngresoMaquina(t.Context(), url, aparato, "otro"); !errors.Is(err, apiclient.ErrIngreso) {
		t.Error(err)
	}
	_, err = apiclient.IngresoMaquina(t.Context(), url+"/x", aparato, dev.SecretoDispositivo)
	if !errors.Is(err, apiclient.ErrEmisor) {
		t.Error(err)
	}
}
