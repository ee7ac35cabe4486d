//go:build !race

package main

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"despensa/platform/config"
	"despensa/platform/httpapi/contrato"
	"despensa/platform/presencia/presenciatest"
)

// sinAlmacen are the operations that need no store: what is compiled in, ways between
// places that the caller names.
var sinAlmacen = []string{"ver-maquina", "listar-algoritmos", "calcular-ruta"}

// TestEveryOperationWhileItsStoresAreAway calls every operation of the document, with its
// examples where it has some, while PostgreSQL and MongoDB are silent, and then while they
// send everybody away; and as a browser. Each is told so, and when to come back.
func TestEveryOperationWhileItsStoresAreAway(t *testing.T) {
	t.Parallel()
	var puertas []*presenciatest.Paso
	c := alquilar(t, func(c *casa) {
		conAjustes(func(k *Configuracion) {
			if c.bases.postgres == "" || c.bases.mongo == "" {
				return
			}
			a, m := detras(t, c.bases.postgres, &puertas), detras(t, c.bases.mongo, &puertas)
			k.Clientes.Postgres, k.Pagos.Postgres, k.Rutas.Postgres, k.Pedidos.MongoDB = a, a, a, m
		})(c)
	})
	if len(puertas) == 0 {
		t.Skip("SKIPPED: needs DESPENSA_TEST_POSTGRES and DESPENSA_TEST_MONGODB")
	}
	f := &funcion{casa: c, doc: leerDocumento(t, c.documentoCrudo())}
	n := nuevoNavegador(t, c)
	n.entrar("cliente1", "/")
	for nombre, romper := range map[string]func(*presenciatest.Paso){"silent": (*presenciatest.Paso).Callar, "gone": (*presenciatest.Paso).Cerrar} {
		for _, p := range puertas {
			romper(p)
		}
		c.hasta("somebody notices", func() bool { return c.codigo("cliente1", "GET", "/pedidos", nil) == "almacen-no-disponible" })
		for _, o := range f.doc.Operaciones() {
			f.negada(t, nombre, o)
		}
		if res, cuerpo := n.ir("GET", "/api/v1/pedidos", ""); res.StatusCode != 503 || !strings.Contains(cuerpo, `"almacen-no-disponible"`) {
			t.Errorf("%s: a browser's call: %d %s", nombre, res.StatusCode, cuerpo)
		}
		if res, _ := n.ir("POST", "/sesion/fin", "todas=1", "Origin: "+c.url); res.StatusCode != 503 {
			t.Errorf("%s: the end of all sessions: %d", nombre, res.StatusCode)
		}
		c.partes(nombre, 503, "mal")
		for _, p := range puertas {
			p.Abrir()
		}
		c.hasta("it is ready again", func() bool { return c.listo() == 200 })
		c.partes(nombre, 200, "bien")
		if n.yo() != 200 {
			t.Errorf("%s: the browser's session is lost", nombre)
		}
	}
}

// detras gives the address of a door in front of the server of direccion.
func detras(t *testing.T, direccion string, puertas *[]*presenciatest.Paso) config.Secreto {
	u, err := url.Parse(direccion)
	if err != nil {
		t.Fatal(err)
	}
	p := presenciatest.Nuevo(t, u.Host)
	*puertas = append(*puertas, p)
	u.Host = p.Direccion
	return config.Secreto(u.String())
}

// negada calls o with each of its examples, or as it is.
func (f *funcion) negada(t *testing.T, nombre string, o contrato.Lugar) {
	if slices.Contains(sinAlmacen, o.ID) {
		return
	}
	muestras := slices.Sorted(maps.Keys(o.Muestras))
	if len(muestras) == 0 {
		muestras = []string{"ejemplo"}
	}
	for _, m := range muestras {
		v := valoresDe(o, m)
		for _, p := range o.Parametros {
			if _, dado := v.partes["path."+p.Nombre]; p.En == "path" && !dado {
				v.partes["path."+p.Nombre] = nadieEs()
			}
		}
		login := o.Muestras[m].Como
		if login == "" {
			login = f.alguien(o)
		}
		res, err := f.http.Do(f.armar(o, login, v))
		if err != nil {
			t.Errorf("%s: %s %s: %v", nombre, o.ID, m, err)
			continue
		}
		b, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		var p struct {
			Code string `json:"code"`
		}
		_ = json.Unmarshal(b, &p) // what is no problem has no code
		espera, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		if res.StatusCode != http.StatusServiceUnavailable || !slices.Contains(ausentes, p.Code) || espera < 1 || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s (%s) as %q: %d, Retry-After %d: %.300s", nombre, o.ID, m, login, res.StatusCode, espera, b)
		}
	}
}

// listo is the status of readiness.
func (c *casa) listo() int {
	res, err := c.http.Get(c.url + "/salud/listo")
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// partes looks whether readiness says the same of every store.
func (c *casa) partes(nombre string, status int, como string) {
	c.t.Helper()
	var s struct {
		Partes map[string]string `json:"partes"`
	}
	c.hasta(nombre+": every store is "+como, func() bool {
		res, err := c.http.Get(c.url + "/salud/listo")
		if err != nil {
			return false
		}
		defer res.Body.Close()
		err = json.NewDecoder(res.Body).Decode(&s)
		igual := map[string]string{"pedidos": como, "clientes": como, "pagos": como, "rutas": como}
		return err == nil && res.StatusCode == status && maps.Equal(s.Partes, igual)
	})
}
