package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"despensa/platform/fault"
	"despensa/platform/httpapi"
)

// escuchar serves banco on a port of its own; the second function waits for the end.
func escuchar(t *testing.T, banco *banco) (url string, parar func() error) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, soltar := context.WithCancel(t.Context())
	fin := make(chan error, 1)
	go func() { fin <- banco.s.Serve(ctx, l) }()
	return "http://" + l.Addr().String(), func() error { soltar(); return <-fin }
}

type respuesta struct {
	status int
	cuerpo string
	err    error
}

func traer(ctx context.Context, cliente *http.Client, url string) respuesta {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return respuesta{err: err}
	}
	res, err := cliente.Do(r)
	if err != nil {
		return respuesta{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	return respuesta{status: res.StatusCode, cuerpo: string(b), err: err}
}

func nuevoCliente(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 20 * time.Second}
}

func TestParadaTerminaLoEmpezado(t *testing.T) {
	b := nuevoBanco(t)
	url, parar := escuchar(t, b)
	c := nuevoCliente(t)
	enVuelo, flujo := make(chan respuesta, 1), make(chan respuesta, 1)
	go func() { enVuelo <- traer(t.Context(), c, url+"/api/v1/cosas/espera") }()
	<-b.api.entro
	go func() { flujo <- traer(t.Context(), c, url+"/api/v1/cosas/x/vivo") }()
	<-b.api.entro
	fin := make(chan error, 1)
	go func() { fin <- parar() }()
	if r := <-flujo; r.err != nil || r.status != 200 || r.cuerpo != ": hola\n\n" {
		t.Errorf("stream: %+v", r) // ended by the stop, not by the end of the request in flight
	}
	select {
	case err := <-fin:
		t.Fatalf("stopped before the request in flight was done: %v", err)
	case r := <-enVuelo:
		t.Fatalf("in flight, cut off: %+v", r)
	default:
	}
	if r := traer(t.Context(), nuevoCliente(t), url+"/salud/vivo"); r.err == nil {
		t.Errorf("a new connection was taken: %+v", r)
	}
	close(b.api.sigue)
	if r := <-enVuelo; r.err != nil || r.status != 200 {
		t.Errorf("in flight: %+v", r)
	}
	if err := <-fin; err != nil {
		t.Error(err)
	}
}

func TestParadaTieneFin(t *testing.T) {
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.Cierre = 20 * time.Millisecond })
	url, parar := escuchar(t, b)
	fin := make(chan respuesta, 1)
	c := nuevoCliente(t)
	go func() { fin <- traer(t.Context(), c, url+"/api/v1/cosas/espera") }()
	<-b.api.entro
	if err := parar(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stop: %v", err)
	}
	if r := <-fin; r.err == nil {
		t.Errorf("cut off, yet %+v", r)
	}
}

func TestPlazo(t *testing.T) {
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.Plazo = 20 * time.Millisecond })
	w := b.pedir(
		httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/cosas/espera", nil),
	)
	if w.Code != http.StatusServiceUnavailable {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	comprobarProblema(t, w, "tiempo-agotado")
}

func TestCuerpoQueNoLlega(t *testing.T) {
	b := nuevoBanco(t)
	url, parar := escuchar(t, b)
	defer func() {
		if err := parar(); err != nil {
			t.Error(err)
		}
	}()
	c, err := (&net.Dialer{}).DialContext(
		t.Context(),
		"tcp",
		strings.TrimPrefix(url, "http://"),
	)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	const half = "POST /api/v1/cosas HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer cliente\r\nContent-Length: 50\r\n\r\n{"
	if _, err := io.WriteString(c, half); err != nil {
		t.Fatal(err)
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	todo, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(todo), "HTTP/1.1 400 ") ||
		!strings.Contains(string(todo), "solicitud-invalida") {
		t.Errorf("%v %s", err, todo)
	}
}

func TestHead(t *testing.T) {
	b := nuevoBanco(t)
	url, parar := escuchar(t, b)
	defer func() { _ = parar() }()
	r, _ := http.NewRequestWithContext(
		t.Context(),
		http.MethodHead,
		url+"/api/v1/cosas/nada",
		nil,
	)
	res, err := nuevoCliente(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if b, err := io.ReadAll(res.Body); res.StatusCode != http.StatusNotFound || len(b) != 0 ||
		err != nil {
		t.Errorf("%d %q %v", res.StatusCode, b, err)
	}
}

// TestLimitePorQuien: the limit counts the calls of a subject from all addresses together, and no measure counts
// health checks.
func TestLimitePorQuien(t *testing.T) {
	ahora := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	b := nuevoBanco(t, func(o *httpapi.Options) {
		o.Config.Limite = 2
		o.Now = func() time.Time { return ahora }
	})
	pedir := func(token, desde string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/cosas/a", nil)
		r.RemoteAddr = desde + ":1234"
		// Must change nothing.
		r.Header.Set("X-Forwarded-For", fmt.Sprint(time.Now().UnixNano()))
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		return b.pedir(r)
	}
	for range 4 { // twice the rate at once
		if w := pedir("cliente", "10.0.0.1"); w.Code != 200 {
			t.Fatal(w.Code)
		}
	}
	w := pedir("cliente", "10.0.0.2")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	comprobarProblema(t, w, "demasiadas-solicitudes")
	for _, q := range [][2]string{{"otro", "10.0.0.1"}, {"", "10.0.0.1"}} {
		if w := pedir(q[0], q[1]); w.Code != 200 {
			t.Errorf("%v: %d", q, w.Code)
		}
	}
	ahora = ahora.Add(500 * time.Millisecond)
	if w := pedir("cliente", "10.0.0.1"); w.Code != 200 {
		t.Errorf("after half a second: %d", w.Code)
	}
	if w := pedir("cliente", "10.0.0.1"); w.Code != http.StatusTooManyRequests {
		t.Errorf("one token in half a second: %d", w.Code)
	}
	if w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/salud/vivo", nil)); w.Code != 200 {
		t.Errorf("health: %d", w.Code)
	}
}

func TestListo(t *testing.T) {
	var falla error
	b := nuevoBanco(t, func(o *httpapi.Options) {
		o.Ready = map[string]func(context.Context) error{
			"pedidos": func(context.Context) error { return falla },
		}
	})
	pedir := func() *httptest.ResponseRecorder {
		return b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/salud/listo", nil))
	}
	if w := pedir(); w.Code != 200 || !strings.Contains(w.Body.String(), `"pedidos":"bien"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	falla = fmt.Errorf("secreto: %w", fault.ErrStoreAway)
	if w := pedir(); w.Code != 200 || !strings.Contains(w.Body.String(),
		`{"estado":"degradado","partes":{"pedidos":"degradado"}}`) {
		t.Errorf("a store that others share is away: %d %s", w.Code, w.Body)
	}
	falla = errors.New("secreto")
	w := pedir()
	if w.Code != 503 || !strings.Contains(w.Body.String(), `"pedidos":"mal"`) ||
		strings.Contains(w.Body.String(), "secreto") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestListoNamesTheOneThatHangs: a check that hangs until its two seconds are over does not make the other checks
// fail.
func TestListoNamesTheOneThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := nuevoBanco(t, func(o *httpapi.Options) {
			o.Ready = map[string]func(context.Context) error{
				"pagos":   func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
				"pedidos": func(ctx context.Context) error { return ctx.Err() },
				"rutas":   func(ctx context.Context) error { return ctx.Err() },
			}
		})
		w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/salud/listo", nil))
		if w.Code != 503 || w.Header().Get("Retry-After") == "" ||
			!strings.Contains(
				w.Body.String(),
				`{"pagos":"mal","pedidos":"bien","rutas":"bien"}`,
			) {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	})
}

func TestMontar(t *testing.T) {
	b := nuevoBanco(t)
	b.s.Mount("/dev/oidc/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, r.Method, " ", r.URL.Path)
	}))
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/dev/oidc/u/login", nil)
	if w := b.pedir(r); w.Body.String() != "POST /dev/oidc/u/login" ||
		w.Header().Get("Content-Security-Policy") != "" {
		t.Errorf("%s %v", w.Body, w.Header())
	}
}

// TestMountedRefusals: a path or method that a mounted handler lacks is refused with a problem, and the handler's own
// answers stay as they are.
func TestMountedRefusals(t *testing.T) {
	b := nuevoBanco(t)
	m := http.NewServeMux()
	m.HandleFunc("POST /sesion/fin", func(http.ResponseWriter, *http.Request) {})
	m.HandleFunc("GET /sesion/propio", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"own":1}`)
	})
	b.s.Mount("/sesion/", m)
	for call, want := range map[string]struct {
		status      int
		kind, holds string
	}{
		"GET /sesion/fin":    {status: 405, kind: "application/problem+json", holds: `"code":"metodo-no-permitido"`},
		"GET /sesion/":       {status: 404, kind: "application/problem+json", holds: `"code":"no-encontrado"`},
		"GET /sesion/nada":   {status: 404, kind: "application/problem+json", holds: `"code":"no-encontrado"`},
		"GET /sesion/propio": {status: 404, kind: "application/json", holds: `{"own":1}`},
		"POST /sesion/fin":   {status: 200},
	} {
		method, path, _ := strings.Cut(call, " ")
		w := b.pedir(httptest.NewRequestWithContext(t.Context(), method, path, nil))
		if w.Code != want.status || w.Header().Get("Content-Type") != want.kind ||
			!strings.Contains(w.Body.String(), want.holds) {
			t.Errorf("%s: %d %s %s", call, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if w.Code == http.StatusMethodNotAllowed && w.Header().Get("Allow") != "POST" {
			t.Errorf("%s: Allow %q", call, w.Header().Get("Allow"))
		}
	}
}

func TestMetricasDeConjuntosCerrados(t *testing.T) {
	b := nuevoBanco(t)
	for i := range 5 {
		r := httptest.NewRequestWithContext(
			t.Context(),
			fmt.Sprint("RARO", i),
			fmt.Sprint("/nada/", i),
			nil,
		)
		r.Host = fmt.Sprint("host", i)
		b.pedir(r)
	}
	w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/metricas", nil))
	if n := strings.Count(w.Body.String(), "despensa_http_requests_total{"); n != 1 {
		t.Errorf("%d series: %.1500s", n, w.Body)
	}
}

func TestMetricasAparte(t *testing.T) {
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Config.Metricas = "127.0.0.1:0" })
	if w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/metricas", nil)); w.Code != 404 {
		t.Errorf("on the main listener: %d", w.Code)
	}
	url, parar := escuchar(t, b)
	if r := traer(t.Context(), nuevoCliente(t), url+"/salud/vivo"); r.status != 200 {
		t.Errorf("%+v", r)
	}
	if err := parar(); err != nil {
		t.Error(err)
	}
}

// TestMetricsOfAListenerThatIsOpen: the server serves /metricas on a listener that the program has opened before.
func TestMetricsOfAListenerThatIsOpen(t *testing.T) {
	l, err := httpapi.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := nuevoBanco(
		t,
		func(o *httpapi.Options) { o.Config.Metricas, o.MetricsListener = l.Addr().String(), l },
	)
	_, parar := escuchar(t, b)
	if r := traer(t.Context(), nuevoCliente(t), "http://"+l.Addr().String()+"/metricas"); r.status != 200 {
		t.Errorf("%+v", r)
	}
	if err := parar(); err != nil {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("still open")
	}
}

func TestDocumento(t *testing.T) {
	b := nuevoBanco(t)
	w := b.pedir(
		httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/openapi.json", nil),
	)
	var d struct {
		OpenAPI string                                `json:"openapi"`
		Servers []struct{ URL string }                `json:"servers"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(d.OpenAPI, "3.1") || len(d.Servers) != 1 ||
		d.Servers[0].URL != "/api/v1" {
		t.Errorf("%s %v", d.OpenAPI, d.Servers)
	}
	crear := string(d.Paths["/cosas"]["post"])
	for _, s := range []string{
		`"x-roles":["cliente"]`, `"x-permisos":["crear:cosas"]`, `"x-max-body-bytes":400`,
		`"security":[{"oidc":["openid"]},{"oidc":["crear:cosas"]},{"bearer":[]},{"cookie":[]}]`,
		`"401"`, `"403"`, `"409"`, `"413"`, `"415"`, `"422"`, `"429":{"$ref":"#/components/responses/Problema429"}`,
		`"500"`,
	} {
		if !strings.Contains(crear, s) {
			t.Errorf("the document lacks %s: %s", s, crear)
		}
	}
	if ver := string(d.Paths["/cosas/{id}"]["get"]); strings.Contains(ver, `"403"`) ||
		!strings.Contains(ver, `"404"`) {
		t.Errorf("public: %s", ver)
	}
	for _, s := range []string{
		`"Problema429":{"content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problema"}}}`,
		`"Retry-After":{`, `"WWW-Authenticate":{`, `"x-codigos":{`, `"sin-permiso":403`, `"metodo-no-permitido":405`,
	} {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("the document lacks %s", s)
		}
	}
	if !bytes.Contains(w.Body.Bytes(), []byte(`"solicitud"`)) ||
		bytes.Contains(w.Body.Bytes(), []byte(`"$schema"`)) {
		t.Error("schema of the problem")
	}
}

func TestCodigosDeLosModulos(t *testing.T) {
	propio := fault.New(fault.Conflict, "cosa-de-modulo", "A module says so.")
	b := nuevoBanco(t, func(o *httpapi.Options) { o.Codes = []*fault.Error{propio} })
	for _, c := range []struct {
		code   string
		status int
	}{{"cosa-de-modulo", 200}, {"cosa-ocupada", 404}} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/problemas/"+c.code, nil)
		if w := b.pedir(r); w.Code != c.status {
			t.Errorf("%s: %d", c.code, w.Code)
		}
	}
	b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/api/v1/cosas/ocupada", nil))
	if w := b.pedir(httptest.NewRequestWithContext(t.Context(), "GET", "/problemas/cosa-ocupada", nil)); w.Code != 200 {
		t.Errorf("an answered code: %d", w.Code)
	}
}

func TestDiaDeBuenosAires(t *testing.T) {
	desde, hasta, err := httpapi.Day("2026-11-24")
	if err != nil || desde.Format(time.RFC3339) != "2026-11-24T03:00:00Z" ||
		hasta.Format(time.RFC3339) != "2026-11-25T03:00:00Z" {
		t.Errorf("%v %v %v", desde, hasta, err)
	}
	if _, _, err := httpapi.Day("24/11/2026"); !errors.Is(err, httpapi.ErrDay) {
		t.Error(err)
	}
}

func TestConfigQueNoSirve(t *testing.T) {
	casos := map[string]func(*httpapi.Config){
		"http.direccion":       func(c *httpapi.Config) { c.Direccion = "8080" },
		"http.url":             func(c *httpapi.Config) { c.URL = "http://x/" },
		"http.limite":          func(c *httpapi.Config) { c.Limite = 0 },
		"http.limite_fallos":   func(c *httpapi.Config) { c.LimiteFallos = -1 },
		"http.limite_anonimo":  func(c *httpapi.Config) { c.LimiteAnonimo = -1 },
		"http.limite_avisos":   func(c *httpapi.Config) { c.LimiteAvisos = -1 },
		"http.limite_ingresos": func(c *httpapi.Config) { c.LimiteIngresos = 2_000_000_000 },
		"http.cierre":          func(c *httpapi.Config) { c.Cierre = 0 },
		"http.metricas":        func(c *httpapi.Config) { c.Metricas = "x" },
		"http.proxies":         func(c *httpapi.Config) { c.Proxies = make([]string, 65) },
		"http.cors":            func(c *httpapi.Config) { c.CORS = make([]string, 65) },
	}
	for clave, romper := range casos {
		c := configuracion()
		romper(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), clave+":") {
			t.Errorf("%s: %v", clave, err)
		}
	}
}

func TestConfigLists(t *testing.T) {
	for name, row := range map[string]struct {
		proxies, cors []string
		wrong         string // key; empty: none
	}{
		"neither":                {},
		"networks and addresses": {proxies: []string{"127.0.0.0/8", "::1", "10.1.2.3", "fc00::/7"}},
		"a name":                 {proxies: []string{"proxy.local"}, wrong: "http.proxies"},
		"empty":                  {proxies: []string{""}, wrong: "http.proxies"},
		"with a port":            {proxies: []string{"10.0.0.1:80"}, wrong: "http.proxies"},
		"with a zone":            {proxies: []string{"fe80::1%eth0"}, wrong: "http.proxies"},
		"address in a network":   {proxies: []string{"10.0.0.1/8"}, wrong: "http.proxies"},
		"IPv4 in IPv6":           {proxies: []string{"::ffff:0:0/96"}, wrong: "http.proxies"},
		"origins":                {cors: []string{shop, "http://localhost:3000", "https://[::1]:8443"}},
		"any origin":             {cors: []string{"*"}, wrong: "http.cors"},
		"hidden origin":          {cors: []string{"null"}, wrong: "http.cors"},
		"any subdomain":          {cors: []string{"https://*.lahuerta.com.ar"}, wrong: "http.cors"},
		"with a slash":           {cors: []string{shop + "/"}, wrong: "http.cors"},
		"with a path":            {cors: []string{shop + "/x"}, wrong: "http.cors"},
		"with its port":          {cors: []string{shop + ":443"}, wrong: "http.cors"},
		"capitals":               {cors: []string{"https://Tienda.lahuerta.com.ar"}, wrong: "http.cors"},
		"another scheme":         {cors: []string{"chrome-extension://abc"}, wrong: "http.cors"},
		"with a user":            {cors: []string{"https://u@tienda.lahuerta.com.ar"}, wrong: "http.cors"},
		"a good and a bad one":   {cors: []string{shop, "tienda"}, wrong: "http.cors"},
		"our own":                {cors: []string{"http://prueba.local"}, wrong: "http.cors"},
	} {
		c := configuracion()
		c.Proxies, c.CORS = row.proxies, row.cors
		err := c.Validate()
		if (err == nil) != (row.wrong == "") ||
			err != nil && !strings.HasPrefix(err.Error(), row.wrong+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFlujoSinPlazo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := nuevoBanco(t)
		ctx, soltar := context.WithCancel(t.Context())
		fin := make(chan *httptest.ResponseRecorder, 1)
		go func() { fin <- b.pedir(httptest.NewRequestWithContext(ctx, "GET", "/api/v1/cosas/x/vivo", nil)) }()
		<-b.api.entro
		<-time.After(time.Hour) // fake time
		select {
		case <-fin:
			t.Error("the stream was ended by the deadline")
		default:
		}
		soltar()
		<-fin
	})
}
