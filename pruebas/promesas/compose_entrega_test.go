//go:build linux

package promesas_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	devoidc "despensa/platform/dev/oidc"
	"despensa/pruebas/kit"
)

// The set-up of docker-compose.yml works. The same servers run as programs of this machine on the ports that the file
// names. The program and its stand-ins run with exactly the variables, users and volumes of the file, in a root that
// has the image's files alone. A customer logs in at http://localhost and gets an order delivered.
func TestComposeDelivers(t *testing.T) {
	if os.Getenv("DESPENSA_TEST_COMPOSE") == "" {
		t.Skip("SKIPPED: DESPENSA_TEST_COMPOSE is not set: " +
			"it takes root, PostgreSQL, a JDK, Maven and the ports of docker-compose.yml")
	}
	if err := puedeEncerrar(t); err != nil {
		t.Skipf("SKIPPED: no container without Docker: %v", err)
	}
	c, i := leerComposicion(t, kit.ReadText(t, "docker-compose.yml")), leerImagen(t)
	dir, err := os.MkdirTemp("", "despensa-compose-")
	debe(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	debe(t, os.Chmod(dir, 0o755)) // the servers do not run as root
	for _, p := range append(c.puertosDeServidores(), "8080", "8081") {
		if !libre(t, p) {
			t.Skipf("SKIPPED: port %s of docker-compose.yml is taken on this machine", p)
		}
	}
	c.arrancarServidores(t, dir)
	binario := filepath.Join(dir, "despensa.bin")
	i.construir(t, binario)

	suplentes := nuevoContenedor(t, dir, "suplentes", c, i, binario)
	suplentes.arrancar()
	despensa := nuevoContenedor(t, dir, "despensa", c, i, binario)
	despensa.arrancar()
	s := kit.NewClient(t)
	s.Readdress(c.Servicios["despensa"].Entorno["DESPENSA_HTTP_URL"])
	s.Dev = c.Servicios["suplentes"].Entorno["DESPENSA_HTTP_URL"]
	n := navegarHastaEntrar(s, "cliente1")
	id := comprar(n, s.NewPurchase("cliente1"))
	s.Deliver("cliente1", id)

	if out, err := suplentes.comando(t.Context(), "/despensa", "token", "cliente1").Output(); err != nil ||
		!strings.HasPrefix(string(out), "ey") {
		t.Errorf("a token from the stand-ins' container: %q %v", out, err)
	}
	c.probarRoles(t)
	s.Until(
		"the audit trail is in Elasticsearch",
		func() bool { return auditados(t, c.puerto(t, "elasticsearch")) > 0 },
	)
	despensa.encerrado()
	suplentes.encerrado()
	despensa.parar()
	suplentes.parar()
	archivos, err := filepath.Glob(filepath.Join(dir, "volumen-despensa", "*"))
	t.Logf("left in the program's volume: %v %v", archivos, err)
	for _, a := range archivos {
		if strings.HasSuffix(a, ".db") {
			t.Errorf("a store is not on its server: %s", a)
		}
	}
}

// navegarHastaEntrar logs a browser in: from the program's page to the provider's form, which lies on another port,
// and back.
func navegarHastaEntrar(client *kit.Client, login string) *kit.Browser {
	client.T.Helper()
	jarra, err := cookiejar.New(nil)
	debe(client.T, err)
	cliente := &http.Client{Jar: jarra, Transport: client.HTTP.Transport, Timeout: kit.Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	n := &kit.Browser{Client: cliente, T: client.T, Program: client.URL}
	res, _ := n.Visit("GET", "/sesion/inicio?a=%2Fdev%2F", "")
	lugar := res.Header.Get("Location")
	if !strings.HasPrefix(lugar, client.Dev+ajustes.RutaOIDC) {
		client.T.Fatalf("the login leads to %q", lugar)
	}
	_, pagina := n.Visit("GET", lugar, "")
	accion := kit.Form.FindStringSubmatch(pagina)
	pendiente := kit.InProgress.FindStringSubmatch(pagina)
	if accion == nil || pendiente == nil {
		client.T.Fatalf("no form at %s: %s", lugar, pagina)
	}
	q := url.Values{
		"pendiente": {html.UnescapeString(pendiente[1])},
		"username":  {login},
		"password":  {devoidc.Password},
	}
	res, _ = n.Visit("POST", client.Dev+accion[1], q.Encode(), "Origin: "+client.Dev)
	res, texto := n.Visit("GET", res.Header.Get("Location"), "")
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/dev/" ||
		n.Me() != http.StatusOK {
		client.T.Fatalf(
			"after the login: %d %s %s",
			res.StatusCode,
			res.Header.Get("Location"),
			texto,
		)
	}
	return n
}

// comprar places an order with the browser's session, and returns its id.
func comprar(browser *kit.Browser, que kit.Body) string {
	browser.T.Helper()
	b, err := json.Marshal(que)
	debe(browser.T, err)
	res, texto := browser.Visit(
		"POST",
		"/api/v1/pedidos",
		string(b),
		"Origin: "+browser.Program,
		"Content-Type: application/json",
		"Idempotency-Key: compose",
	)
	var p kit.Order
	if err := json.Unmarshal([]byte(texto), &p); err != nil ||
		res.StatusCode != http.StatusCreated {
		browser.T.Fatalf("order: %d %s", res.StatusCode, texto)
	}
	return p.ID
}

// enElServidor has, by store, the setting with its address.
var enElServidor = map[string]string{
	"postgres":      "DESPENSA_CLIENTES_POSTGRES",
	"mongodb":       "DESPENSA_PEDIDOS_MONGODB",
	"elasticsearch": "DESPENSA_AUDITORIA_ELASTICSEARCH",
}

// puerto is the port of a store in the program's settings.
func (c composicion) puerto(t *testing.T, tienda string) string {
	t.Helper()
	u, err := url.Parse(c.Servicios["despensa"].Entorno[enElServidor[tienda]])
	debe(t, err)
	if u.Hostname() != tienda {
		t.Fatalf("%s leads to %s, not to %s", enElServidor[tienda], u.Hostname(), tienda)
	}
	return u.Port()
}

func (c composicion) puertosDeServidores() (out []string) {
	for _, variable := range enElServidor {
		u, err := url.Parse(c.Servicios["despensa"].Entorno[variable])
		if err == nil && u.Port() != "" {
			out = append(out, u.Port())
		}
	}
	return out
}

// arrancarServidores starts the stores; it skips the test when one cannot be started.
func (c composicion) arrancarServidores(t *testing.T, dir string) {
	t.Helper()
	for tienda, guion := range map[string]string{
		"postgres": ".ci/postgres", "mongodb": ".ci/mongo", "elasticsearch": ".ci/elasticsearch",
	} {
		donde := filepath.Join(dir, tienda)
		cmd := exec.CommandContext(t.Context(), guion, "start", donde, c.puerto(t, tienda))
		var dicho strings.Builder
		cmd.Stdout, cmd.Stderr = &dicho, &dicho
		if err := cmd.Run(); err != nil {
			t.Skipf("SKIPPED: %s cannot be started here: %v\n%s", tienda, err, dicho.String())
		}
		t.Cleanup(func() {
			if out, err := exec.Command(guion, "stop", donde).CombinedOutput(); err != nil { // the test's context is over
				t.Errorf("%s: %v\n%s", guion, err, out)
			}
		})
	}
	c.prepararPostgres(t, filepath.Join(dir, "postgres"))
}

// prepararPostgres does the work of the image on an empty volume: it asks for passwords, makes the database and runs
// the file's SQL in the database.
func (c composicion) prepararPostgres(t *testing.T, donde string) {
	t.Helper()
	jefe := "postgres://despensa@127.0.0.1:" + c.puerto(t, "postgres") + "/"
	debe(t, os.WriteFile(
		filepath.Join(donde, "base", "pg_hba.conf"),
		[]byte(
			"host all despensa 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n",
		),
		0o644,
	))
	base := c.Servicios["postgres"].Entorno["POSTGRES_DB"]
	ordenar(t, jefe+"postgres", "select pg_reload_conf()", "create database "+base)
	for _, v := range c.Servicios["postgres"].Volumenes {
		if archivo, lugar, _ := strings.Cut(v, ":"); strings.HasPrefix(
			lugar,
			"/docker-entrypoint-initdb.d/",
		) {
			ordenar(t, jefe+base, kit.ReadText(t, archivo))
		}
	}
}

// auditados counts the records of the audit trail on the server.
func auditados(t *testing.T, puerto string) (n int) {
	t.Helper()
	res, err := http.Get(
		"http://127.0.0.1:" + puerto + "/auditoria-*/_count?allow_no_indices=true",
	)
	debe(t, err)
	defer res.Body.Close()
	var r struct {
		Count int `json:"count"`
	}
	debe(t, json.NewDecoder(res.Body).Decode(&r))
	return r.Count
}

// probarRoles checks that each module's role needs its own password, and that no role reaches another's schema.
func (c composicion) probarRoles(t *testing.T) {
	t.Helper()
	urls := map[string]string{}
	for _, m := range []string{"clientes", "pagos", "rutas"} {
		u := c.Servicios["despensa"].Entorno["DESPENSA_"+strings.ToUpper(m)+"_POSTGRES"]
		urls[m] = strings.Replace(u, "@postgres:", "@127.0.0.1:", 1)
		_, err := consultar(
			t,
			regexp.MustCompile(`:[^:@]*@`).ReplaceAllString(urls[m], ":otra@"),
			"select 1",
		)
		if codigoSQL(err) != "28P01" {
			t.Errorf("%s gets in with any password: %v", m, err)
		}
	}
	rolesAparte(
		t,
		"postgres://despensa@127.0.0.1:"+c.puerto(
			t,
			"postgres",
		)+"/"+c.Servicios["postgres"].Entorno["POSTGRES_DB"],
		urls,
	)
}
