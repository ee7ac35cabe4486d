// Package elastictest gives tests a trail of their own on the Elasticsearch that
// DESPENSA_TEST_ELASTICSEARCH names.
package elastictest

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"strings"
	"testing"
)

// Variable names the server.
const Variable = "DESPENSA_TEST_ELASTICSEARCH"

// Prefijo gives the server's URL and the beginning of the names of a test's indices, which
// are removed with it; both empty when no server is named.
func Prefijo(t testing.TB) (url, prefijo string) {
	t.Helper()
	url = strings.TrimSuffix(os.Getenv(Variable), "/")
	if url == "" {
		return "", ""
	}
	prefijo = "prueba-" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() {
		borrar(t, url+"/"+prefijo+"-*")
		borrar(t, url+"/_index_template/"+prefijo)
	})
	return url, prefijo
}

func borrar(t testing.TB, direccion string) {
	r, err := http.NewRequestWithContext(
		context.Background(),
		http.MethodDelete,
		direccion,
		nil,
	) // cleanups come after the test's context
	if err != nil {
		t.Error(err)
		return
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Error("the server does not answer")
		return
	}
	res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
}
