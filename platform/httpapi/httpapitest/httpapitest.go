// Package httpapitest tests packages that register operations, one call at a time: its status, and the texts that the
// answer must and must not contain. The server is httpapi's own; only the verifier of tokens is a fake.
package httpapitest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// Scenario is one call and the answer that it must get.
type Scenario struct {
	Caller oidc.Principal // its zero value: a call without a token
	Method string
	Path   string   // behind httpapi.Prefix, with its query
	Body   string   // JSON; empty: none
	Header []string // further headers, "Name: value"

	Status int
	Has    []string // texts that are in the answer's body
	Lacks  []string // texts that are not
	Sends  []string // headers of the answer, "Name: value"; an empty value: it is absent
	// Undocumented is why the operation's document does not name Status; empty: it does.
	Undocumented string
}

// Bed is a server with the operations of one package. One goroutine uses it.
type Bed struct {
	server *httpapi.Server
	caller oidc.Principal
}

// New makes a server and lets register add its operations.
func New(t testing.TB, register func(api huma.API)) *Bed {
	t.Helper()
	b := &Bed{}
	s, err := httpapi.New(httpapi.Options{
		Config: httpapi.Config{
			Direccion:    "127.0.0.1:0",
			URL:          "http://prueba.local",
			Limite:       1_000_000,
			LimiteFallos: 1_000_000,
			Flujos:       100,
			Plazo:        5 * time.Second,
			Cabecera:     5 * time.Second,
			Cierre:       time.Second,
		},
		Verifier: b,
		Log:      slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	register(s.API())
	b.server = s
	return b
}

// Verify is httpapi.Verifier's: every token belongs to the caller of the present scenario.
func (b *Bed) Verify(context.Context, string) (oidc.Principal, error) { return b.caller, nil }

// Do makes the call of scenario and gives the answer, unchecked.
func (b *Bed) Do(ctx context.Context, scenario Scenario) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(
		ctx,
		scenario.Method,
		httpapi.Prefix+scenario.Path,
		strings.NewReader(scenario.Body),
	)
	if scenario.Body != "" {
		r.Header.Set("Content-Type", "application/json")
	} else {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	for _, h := range scenario.Header {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	if b.caller = scenario.Caller; scenario.Caller.Sub != "" {
		r.Header.Set("Authorization", "Bearer a-token")
	}
	w := httptest.NewRecorder()
	b.server.Handler().ServeHTTP(w, r)
	return w
}

// Check makes the call of scenario and compares the answer. The document must name the status, and the code of a
// problem, for the operation; otherwise scenario.Undocumented must give the reason.
func (b *Bed) Check(t *testing.T, scenario Scenario) {
	t.Helper()
	w := b.Do(t.Context(), scenario)
	body := w.Body.String()
	if w.Code != scenario.Status {
		t.Fatalf("%d, want %d: %s", w.Code, scenario.Status, body)
	}
	op := b.operation(scenario)
	if named := op != nil && op.Responses[strconv.Itoa(scenario.Status)] != nil; named == (scenario.Undocumented != "") {
		t.Errorf(
			"the document names status %d: %v (%s)",
			scenario.Status,
			named,
			scenario.Undocumented,
		)
	}
	if code := problemOf(w); op != nil && scenario.Undocumented == "" && code != "" &&
		!b.codes(t)[op.OperationID][code] {
		t.Errorf("the document does not name %s among the errors of %s", code, op.OperationID)
	}
	for _, x := range scenario.Has {
		if !strings.Contains(body, x) {
			t.Errorf("%s is not in %s", x, body)
		}
	}
	for _, x := range scenario.Lacks {
		if strings.Contains(body, x) {
			t.Errorf("%s is in %s", x, body)
		}
	}
	for _, h := range scenario.Sends {
		name, value, _ := strings.Cut(h, ": ")
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

// problemOf gives the code of a problem; "" for any other answer.
func problemOf(responseRecorder *httptest.ResponseRecorder) string {
	var p struct {
		Code string `json:"code"`
	}
	if responseRecorder.Code < http.StatusBadRequest ||
		json.Unmarshal(responseRecorder.Body.Bytes(), &p) != nil {
		return ""
	}
	return p.Code
}

// codes reads from the document the codes that each operation answers.
func (b *Bed) codes(t *testing.T) map[string]map[string]bool {
	t.Helper()
	r := httptest.NewRequestWithContext(
		t.Context(),
		http.MethodGet,
		httpapi.Prefix+"/openapi.json",
		nil,
	)
	w := httptest.NewRecorder()
	b.server.Handler().ServeHTTP(w, r)
	var d struct {
		Paths map[string]map[string]struct {
			ID    string         `json:"operationId"`
			Codes map[string]int `json:"x-codigos"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for _, methods := range d.Paths {
		for _, op := range methods {
			out[op.ID] = map[string]bool{}
			for code := range op.Codes {
				out[op.ID][code] = true
			}
		}
	}
	return out
}

// Covered fails the test for each operation without a scenario of success, and for each without a scenario of
// refusal.
func (b *Bed) Covered(t *testing.T, all []Scenario) {
	t.Helper()
	succeeds, refuses := map[string]bool{}, map[string]bool{}
	for _, s := range all {
		if s.Status < http.StatusBadRequest {
			succeeds[b.Operation(s)] = true
		} else {
			refuses[b.Operation(s)] = true
		}
	}
	for _, op := range b.operations() {
		if !succeeds[op.OperationID] {
			t.Errorf("%s has no scenario in which it succeeds", op.OperationID)
		}
		if !refuses[op.OperationID] {
			t.Errorf("%s has no scenario in which it refuses", op.OperationID)
		}
	}
}

// Operations lists the ids of the registered operations, sorted.
func (b *Bed) Operations() (ids []string) {
	for _, op := range b.operations() {
		ids = append(ids, op.OperationID)
	}
	slices.Sort(ids)
	return ids
}

// Operation gives the id of the operation that scenario calls; "" when the path matches none.
func (b *Bed) Operation(scenario Scenario) string {
	if op := b.operation(scenario); op != nil {
		return op.OperationID
	}
	return ""
}

func (b *Bed) operations() (ops []*huma.Operation) {
	for _, p := range b.server.API().OpenAPI().Paths {
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op != nil {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

var parameter = regexp.MustCompile(`\{\w+\}`)

// operation finds the operation of scenario: of two paths that match, that with fewer parameters.
func (b *Bed) operation(scenario Scenario) (found *huma.Operation) {
	path, _, _ := strings.Cut(scenario.Path, "?")
	for _, op := range b.operations() {
		mould := regexp.MustCompile("^" + parameter.ReplaceAllString(op.Path, "[^/]+") + "$")
		if op.Method != scenario.Method || !mould.MatchString(path) {
			continue
		}
		if found == nil || strings.Count(op.Path, "{") < strings.Count(found.Path, "{") {
			found = op
		}
	}
	return found
}
