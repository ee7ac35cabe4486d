package promesas_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/breaker/breakertest"
	"despensa/platform/config"
	"despensa/platform/httpapi/contrato"
	"despensa/pruebas/kit"
)

// sinAlmacen are the operations that need no store: data compiled into the program, and routes between places that
// the caller names.
var sinAlmacen = []string{"ver-maquina", "listar-algoritmos", "calcular-ruta"}

// TestEveryOperationWhileItsStoresAreAway calls every operation of the document, with its examples where it has some:
// while all stores are silent, while they refuse connections, while each store alone does so, and as a browser. A
// call that needs a store that is away is answered with the reason and the time to come back.
func TestEveryOperationWhileItsStoresAreAway(t *testing.T) {
	t.Parallel()
	puertas := map[string]*breakertest.Proxy{}
	c := kit.Start(t, func(c *kit.Program) {
		kit.WithSettings(func(k *ajustes.Configuracion) {
			if c.Servers.Postgres == "" || c.Servers.Mongo == "" {
				return
			}
			for modulo, donde := range map[string]*config.Secret{
				"clientes": &k.Clientes.Postgres, "pagos": &k.Pagos.Postgres,
				"rutas": &k.Rutas.Postgres, "pedidos": &k.Pedidos.MongoDB,
			} {
				puertas[modulo], *donde = detras(t, donde.Value())
			}
		})(c)
	})
	if len(puertas) == 0 {
		t.Skip("SKIPPED: needs DESPENSA_TEST_POSTGRES and DESPENSA_TEST_MONGODB")
	}
	f := &funcion{Program: c, doc: kit.Document(t, c.RawDocument())}
	n := kit.NewBrowser(t, c)
	n.LogIn("cliente1", "/")
	todas := slices.Sorted(maps.Keys(puertas))
	for nombre, x := range map[string]struct {
		romper func(*breakertest.Proxy)
		faltan []string
	}{
		"all are silent": {(*breakertest.Proxy).Silence, todas}, "all are gone": {(*breakertest.Proxy).Close, todas},
		"clientes alone": {(*breakertest.Proxy).Close, []string{"clientes"}},
		"pagos alone":    {(*breakertest.Proxy).Close, []string{"pagos"}},
		"rutas alone":    {(*breakertest.Proxy).Close, []string{"rutas"}},
		"pedidos alone":  {(*breakertest.Proxy).Close, []string{"pedidos"}},
	} {
		for _, m := range x.faltan {
			x.romper(puertas[m])
		}
		partes(c, nombre, x.faltan)
		var siguen []string
		for _, o := range f.doc.Operations() {
			if !f.negada(nombre, o) {
				siguen = append(siguen, o.ID)
			}
		}
		t.Logf("%s: these go on: %v", nombre, siguen)
		if len(x.faltan) == len(todas) && !slices.Equal(siguen, sinAlmacen) {
			t.Errorf("%s: these went on, want %v: %v", nombre, sinAlmacen, siguen)
		}
		if slices.Contains(x.faltan, "clientes") {
			f.navegar(nombre, n)
		}
		for _, m := range x.faltan {
			puertas[m].Open()
		}
		partes(c, nombre+" and back", nil)
		c.Until("the browser's session goes on", func() bool { return n.Me() == 200 })
	}
}

// navegar: a browser's session cannot be checked while a store is away, and is not lost.
func (f *funcion) navegar(nombre string, browser *kit.Browser) {
	if res, cuerpo := browser.Visit("GET", "/api/v1/pedidos", ""); res.StatusCode != 503 ||
		!strings.Contains(cuerpo, `"base-no-disponible"`) {
		f.T.Errorf("%s: a browser's call: %d %s", nombre, res.StatusCode, cuerpo)
	}
	if res, _ := browser.Visit("POST", "/sesion/fin", "todas=1", "Origin: "+f.URL); res.StatusCode != 503 {
		f.T.Errorf("%s: the end of all sessions: %d", nombre, res.StatusCode)
	}
}

// detras makes a door in front of the server of direccion, and returns the address to use.
func detras(t *testing.T, direccion string) (*breakertest.Proxy, config.Secret) {
	u, err := url.Parse(direccion)
	if err != nil {
		t.Fatal(err)
	}
	p := breakertest.New(t, u.Host)
	u.Host = p.Address
	return p, config.Secret(u.String())
}

// negada calls o with each of its examples, or without one, and reports whether each answer says that a store is
// away.
func (f *funcion) negada(nombre string, place contrato.Place) bool {
	muestras := slices.Sorted(maps.Keys(place.Examples))
	if len(muestras) == 0 {
		muestras = []string{"ejemplo"}
	}
	negadas := 0
	for _, m := range muestras {
		v := valoresDe(place, m)
		for _, p := range place.Parameters {
			if _, dado := v.partes["path."+p.Name]; p.In == "path" && !dado {
				v.partes["path."+p.Name] = kit.NoID()
			}
		}
		login := place.Examples[m].As
		if login == "" {
			login = f.alguien(place)
		}
		if f.negado(nombre+": "+place.ID+"/"+m, f.armar(place, login, v)) {
			negadas++
		}
	}
	return negadas == len(muestras)
}

// negado makes a call and reports whether the answer says that a store is away; an answer that tells a client nothing
// fails the test.
func (f *funcion) negado(cual string, q *http.Request) bool {
	ctx, soltar := context.WithCancel(q.Context())
	defer soltar() // of a stream
	res, err := f.HTTP.Do(q.WithContext(ctx))
	if err != nil {
		f.T.Errorf("%s: %v", cual, err)
		return false
	}
	defer res.Body.Close()
	if res.StatusCode < http.StatusInternalServerError {
		return false
	}
	b, _ := io.ReadAll(res.Body)
	var p struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(b, &p) // only a problem has a code
	espera, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	if res.StatusCode != http.StatusServiceUnavailable || !slices.Contains(kit.Away, p.Code) ||
		espera < 1 ||
		res.Header.Get("Content-Type") != "application/problem+json" {
		f.T.Errorf("%s: %d, Retry-After %d: %.300s", cual, res.StatusCode, espera, b)
	}
	return true
}

// partes waits until readiness says that these stores are away, and no other.
func partes(program *kit.Program, nombre string, faltan []string) {
	program.T.Helper()
	igual := map[string]string{
		"pedidos": "bien", "clientes": "bien", "auditoria": "bien", "pagos": "bien", "rutas": "bien"}
	for _, m := range faltan {
		igual[m] = "degradado" // and this process stays where it is: its neighbours have the same stores
	}
	program.Until(nombre+": readiness says so", func() bool {
		res, err := program.HTTP.Get(program.URL + "/salud/listo")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		var s struct {
			Partes map[string]string `json:"partes"`
		}
		err = json.NewDecoder(res.Body).Decode(&s)
		return err == nil && res.StatusCode == http.StatusOK && maps.Equal(s.Partes, igual)
	})
}
