// Package elastictest gives each test an audit trail of its own on the Elasticsearch server with the URL in
// DESPENSA_TEST_ELASTICSEARCH.
package elastictest

import (
	"context"
	"crypto/rand"
	"net/http"
	"os"
	"strings"
	"testing"
)

// Variable is the environment variable with the server's URL.
const Variable = "DESPENSA_TEST_ELASTICSEARCH"

// Prefix gives the server's URL and a prefix for the names of the test's indices. At the end of the test it deletes
// the indices with that prefix. Both are empty when Variable is not set.
func Prefix(t testing.TB) (url, prefijo string) {
	t.Helper()
	url = strings.TrimSuffix(os.Getenv(Variable), "/")
	if url == "" {
		return "", ""
	}
	prefijo = "prueba-" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() {
		remove(t, url+"/"+prefijo+"-*")
		remove(t, url+"/_index_template/"+prefijo)
	})
	return url, prefijo
}

// remove sends a DELETE request to direccion.
func remove(t testing.TB, direccion string) {
	sinFin := context.Background() // the test's context has ended when cleanups run
	r, err := http.NewRequestWithContext(sinFin, http.MethodDelete, direccion, nil)
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
