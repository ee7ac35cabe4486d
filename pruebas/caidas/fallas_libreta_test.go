package caidas_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"despensa/pruebas/kit"
)

// libreta counts every answer of the API by class, and keeps those from which a client cannot tell what to do next.
type libreta struct {
	base *http.Transport

	mu     sync.Mutex
	cuenta map[string]int
	quien  map[string]string // the last call of a class
	malas  []string
}

// anotarTodo puts a libreta between the test and the program.
func anotarTodo(client *kit.Client) *libreta {
	base, ok := client.HTTP.Transport.(*http.Transport)
	if !ok {
		client.T.Fatal("somebody stands there already")
	}
	l := &libreta{base: base, cuenta: map[string]int{}, quien: map[string]string{}}
	client.HTTP.Transport = l
	return l
}

// CloseIdleConnections lets http.Client close the idle connections of base.
func (l *libreta) CloseIdleConnections() { l.base.CloseIdleConnections() }

// RoundTrip implements http.RoundTripper.
func (l *libreta) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.base.RoundTrip(r)
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		return res, err
	}
	que := r.Method + " " + r.URL.Path
	if err != nil {
		if r.Context().Err() == nil {
			l.anotar("no answer", que+": "+err.Error())
		}
		return res, err
	}
	if res.StatusCode < http.StatusBadRequest {
		l.anotar(strconv.Itoa(res.StatusCode), "")
		return res, nil
	}
	b, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	l.problema(que, res, b)
	return res, nil
}

// problema judges a refusal: it must be a problem, a store that is away must be 503 with Retry-After, and every other
// status from 500 on is bad.
func (l *libreta) problema(que string, res *http.Response, b []byte) {
	var p struct {
		Code   string `json:"code"`
		Status int    `json:"status"`
	}
	mala := ""
	espera, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	switch err := json.Unmarshal(b, &p); {
	case err != nil || p.Code == "" || p.Status != res.StatusCode ||
		res.Header.Get("Content-Type") != "application/problem+json":
		mala = fmt.Sprintf("%s: %d is no problem: %.200s", que, res.StatusCode, b)
	case res.StatusCode == http.StatusServiceUnavailable && (espera < 1 || !slices.Contains(kit.Away, p.Code)):
		mala = fmt.Sprintf("%s: 503 %s, Retry-After %d", que, p.Code, espera)
	case res.StatusCode == http.StatusServiceUnavailable || res.StatusCode < http.StatusInternalServerError:
	default:
		mala = fmt.Sprintf("%s: %d %s", que, res.StatusCode, p.Code)
	}
	clase := fmt.Sprintf("%d %s", res.StatusCode, p.Code)
	if strings.Contains(que, "/auditoria") {
		clase += " of the trail's search" // it needs Elasticsearch, and may be answered when its time is up
	}
	l.anotar(clase, mala)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.quien[clase] = que
}

func (l *libreta) anotar(clase, mala string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cuenta[clase]++
	if mala != "" && len(l.malas) < 20 {
		l.malas = append(l.malas, mala)
	}
}

// de is the number of answers of a class.
func (l *libreta) de(clase string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cuenta[clase]
}

// String lists the classes with their counts.
func (l *libreta) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []string
	for _, k := range slices.Sorted(maps.Keys(l.cuenta)) {
		out = append(out, fmt.Sprintf("%d × %s", l.cuenta[k], k))
	}
	return strings.Join(out, ", ")
}
