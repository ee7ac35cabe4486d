package elastico_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"despensa/modules/clientes/internal/auditoria"
	"despensa/modules/clientes/internal/auditoria/buscadortest"
	"despensa/modules/clientes/internal/auditoria/elastico"
	"despensa/platform/elastictest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func abrir(t *testing.T, url, prefijo string) *elastico.Buscador {
	t.Helper()
	d, err := elastico.New(
		elastico.Opciones{URL: url, Prefijo: prefijo, Plazo: 10 * time.Second},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Cerrar() })
	return d
}

func TestConformance(t *testing.T) {
	if url, _ := elastictest.Prefix(t); url == "" {
		t.Skip(
			"SKIPPED: no Elasticsearch: " + elastictest.Variable + " names none (.ci/elasticsearch starts one)",
		)
	}
	buscadortest.Probar(t, func(t *testing.T) auditoria.Buscador {
		url, prefijo := elastictest.Prefix(t)
		return abrir(t, url, prefijo)
	})
}

// TestNames: each index has the name that its records were given, and the types of the template.
func TestNames(t *testing.T) {
	url, prefijo := elastictest.Prefix(t)
	if url == "" {
		t.Skip(
			"SKIPPED: no Elasticsearch: " + elastictest.Variable + " names none (.ci/elasticsearch starts one)",
		)
	}
	if err := abrir(t, url, prefijo).Enviar(t.Context(), buscadortest.Cadena(20, 10)); err != nil {
		t.Fatal(err)
	}
	var m map[string]struct {
		Mappings struct {
			Dynamic    string
			Properties map[string]struct{ Type string }
		}
	}
	res, err := http.Get(url + "/" + prefijo + "-*/_mapping")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&m); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"-2026.03.03-000001", "-2026.03.03-000002"} {
		x := m[prefijo+n].Mappings
		if x.Dynamic != "strict" || x.Properties["numero"].Type != "long" ||
			x.Properties["actor"].Type != "keyword" ||
			x.Properties["en"].Type != "date" {
			t.Errorf("%s: %+v", n, x)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// servidor stands for an Elasticsearch that answers bulk calls as the test says.
func servidor(t *testing.T, bulk func(w http.ResponseWriter, items int)) *elastico.Buscador {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		b, _ := io.ReadAll(r.Body)
		if strings.HasSuffix(r.URL.Path, "/_bulk") {
			bulk(w, strings.Count(string(b), `{"create":`))
			return
		}
		fmt.Fprint(w, `{"acknowledged":true}`)
	}))
	t.Cleanup(s.Close)
	return abrir(t, s.URL, "prueba")
}

// items writes a bulk answer.
func items(w http.ResponseWriter, estados ...int) {
	var is []string
	for _, e := range estados {
		is = append(is, fmt.Sprintf(`{"create":{"_index":"x","_id":"y","status":%d}}`, e))
	}
	fmt.Fprintf(w, `{"took":1,"errors":true,"items":[%s]}`, strings.Join(is, ","))
}

// TestEveryItem: the answer is 200 whatever has become of the records.
func TestEveryItem(t *testing.T) {
	for nombre, c := range map[string]struct {
		estados []int
		bien    bool
	}{
		"new": {[]int{201, 201, 201}, true}, "there already": {[]int{201, 409, 409}, true},
		"too busy": {[]int{201, 429, 201}, false},
		"failing":  {[]int{503, 201, 201}, false}, "refused": {[]int{201, 201, 400}, false},
		"one not mentioned": {[]int{201, 201}, false},
	} {
		d := servidor(t, func(w http.ResponseWriter, _ int) { items(w, c.estados...) })
		if err := d.Enviar(t.Context(), buscadortest.Cadena(3, 10)); (err == nil) != c.bien ||
			err != nil && !errors.Is(err, auditoria.ErrBuscador) {
			t.Errorf("%s: %v", nombre, err)
		}
	}
}

// TestWholeAnswers: an answer that fails as a whole is auditoria.ErrBuscador, without the address of the server.
func TestWholeAnswers(t *testing.T) {
	for nombre, c := range map[string]func(w http.ResponseWriter, _ int){
		"429":        func(w http.ResponseWriter, _ int) { w.WriteHeader(429) },
		"503":        func(w http.ResponseWriter, _ int) { w.WriteHeader(503) },
		"401":        func(w http.ResponseWriter, _ int) { w.WriteHeader(401) },
		"no JSON":    func(w http.ResponseWriter, _ int) { fmt.Fprint(w, "<html>") },
		"broken off": func(http.ResponseWriter, int) { panic(http.ErrAbortHandler) },
	} {
		err := servidor(t, c).Enviar(t.Context(), buscadortest.Cadena(3, 10))
		if !errors.Is(err, auditoria.ErrBuscador) ||
			strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", nombre, err)
		}
	}
	err := abrir(
		t,
		"http://alguien:secreto@127.0.0.1:1",
		"prueba",
	).Enviar(t.Context(), buscadortest.Cadena(1, 1))
	if !errors.Is(err, auditoria.ErrBuscador) || strings.Contains(err.Error(), "secreto") ||
		strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestBackAtOnce: the first call after a failure reaches the server again.
func TestBackAtOnce(t *testing.T) {
	var caido atomic.Bool
	d := servidor(t, func(w http.ResponseWriter, n int) {
		if caido.Load() {
			panic(http.ErrAbortHandler)
		}
		estados := make([]int, n)
		for i := range estados {
			estados[i] = 201
		}
		items(w, estados...)
	})
	caido.Store(true)
	if err := d.Enviar(t.Context(), buscadortest.Cadena(1, 1)); err == nil {
		t.Fatal("it answered")
	}
	caido.Store(false)
	if err := d.Enviar(t.Context(), buscadortest.Cadena(1, 1)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestAddress(t *testing.T) {
	for _, o := range []elastico.Opciones{
		{URL: "xyzzy", Prefijo: "a"}, {URL: "http://xyzzy:::", Prefijo: "a"}, {URL: "ftp://xyzzy", Prefijo: "a"},
		{URL: "http://h", Prefijo: "Mal"}, {URL: "http://h", Prefijo: "a*"}, {URL: "http://h", Prefijo: ""},
	} {
		if _, err := elastico.New(o); err == nil || strings.Contains(err.Error(), "xyzzy") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
