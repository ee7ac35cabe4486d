package inicio_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"despensa/platform/dev/inicio"
)

// abrir opens a stream. The state of the orders is the next value of estados; once estados is closed the state cannot
// be read.
func abrir(t *testing.T, estados <-chan string) (*http.Response, *bufio.Scanner) {
	t.Helper()
	mirar := func(http.ResponseWriter, *http.Request) (func(context.Context) (string, error), bool) {
		return func(ctx context.Context) (string, error) {
			select {
			case e, hay := <-estados:
				if !hay {
					return "", errors.New("the store is away")
				}
				return e, nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}, true
	}
	srv := httptest.NewServer(inicio.Live(mirar, time.Millisecond))
	t.Cleanup(srv.Close)
	// Limits the wait for an event that never comes.
	ctx, soltar := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(soltar)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res, bufio.NewScanner(res.Body)
}

// TestAnEventForEachChange: one event at the opening, none while the state stays the same, and the end of the stream
// when the state cannot be read.
func TestAnEventForEachChange(t *testing.T) {
	estados := make(chan string, 9)
	for _, e := range []string{"a", "a", "a", "b", "b", "a", ""} {
		estados <- e
	}
	close(estados)
	res, lineas := abrir(t, estados)
	if tipo := res.Header.Get("Content-Type"); res.StatusCode != 200 ||
		tipo != "text/event-stream" {
		t.Fatalf("HTTP %d, %s", res.StatusCode, tipo)
	}
	var texto strings.Builder
	for lineas.Scan() {
		texto.WriteString(lineas.Text() + "\n")
	}
	const uno = "event: cambio\ndata: {}\n\n"
	if want := "retry: 1000\n\n" + strings.Repeat(uno, 4); texto.String() != want { // opened, b, a, nothing
		t.Errorf("%q", texto.String())
	}
}

// TestAnEventComesAtOnce: an event arrives before the next change of the state.
func TestAnEventComesAtOnce(t *testing.T) {
	estados := make(chan string)
	go func() { estados <- "a" }()
	_, lineas := abrir(t, estados)
	for _, want := range []string{"retry: 1000", "", "event: cambio", "data: {}", ""} {
		if !lineas.Scan() || lineas.Text() != want {
			t.Fatalf("%q, want %q", lineas.Text(), want)
		}
	}
	estados <- "b"
	if !lineas.Scan() || lineas.Text() != "event: cambio" {
		t.Errorf("%q", lineas.Text())
	}
}

func TestNobodyIsToldNothing(t *testing.T) {
	w := httptest.NewRecorder()
	inicio.Live(func(http.ResponseWriter, *http.Request) (func(context.Context) (string, error), bool) {
		return nil, false
	}, time.Millisecond).
		ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, inicio.LivePath, nil))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("HTTP %d", w.Code)
	}
}
