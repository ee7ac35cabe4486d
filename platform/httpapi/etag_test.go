package httpapi_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"despensa/platform/httpapi"
)

// TestIfMatch: the present version of the resource is 7.
func TestIfMatch(t *testing.T) {
	for name, row := range map[string]struct {
		lines  []string
		status int
	}{
		"none":                       {nil, 428},
		"any":                        {[]string{"*"}, 200},
		"the present one":            {[]string{`"7"`}, 200},
		"as it was compressed":       {[]string{`"7-gzip"`}, 200},
		"an old one":                 {[]string{`"6"`}, 412},
		"an old one, compressed":     {[]string{`"6-gzip"`}, 412},
		"first of a list":            {[]string{`"7", "1"`}, 200},
		"last of a list":             {[]string{`"1","2" ,  "7"`}, 200},
		"none of a list":             {[]string{`"1", "2"`}, 412},
		"in the second line":         {[]string{`"1"`, `"7"`}, 200},
		"in the first line":          {[]string{`"7-gzip", "3"`, `"1"`}, 200},
		"in no line":                 {[]string{`"1"`, `"2"`}, 412},
		"a list with empty members":  {[]string{`, "7",, `}, 200},
		"weak":                       {[]string{`W/"7"`}, 412},
		"weak, beside an old one":    {[]string{`W/"7", "6"`}, 412},
		"weak, beside the present":   {[]string{`W/"6", "7"`}, 200},
		"somebody else's, beside it": {[]string{`"x", "7"`}, 200},
		"without quotes":             {[]string{`7`}, 412},
		"one quote":                  {[]string{`"7`}, 412},
		"another way to write seven": {[]string{`"07"`}, 412},
		"with a sign":                {[]string{`"+7"`}, 412},
		"another suffix":             {[]string{`"7-br"`}, 412},
		"the suffix twice":           {[]string{`"7-gzip-gzip"`}, 412},
		"any, in a list":             {[]string{`"1", *`}, 412},
		"too long":                   {[]string{strings.Repeat(`"1", `, 300) + `"7"`}, 422},
	} {
		b := nuevoBanco(t)
		r := call{
			method: "PATCH",
			path:   "/api/v1/cosas/a",
			token:  "cliente",
			body:   "{}",
		}.request(t)
		for _, l := range row.lines {
			r.Header.Add("If-Match", l)
		}
		if w := b.pedir(r); w.Code != row.status {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, row.status, w.Body)
		}
	}
}

func TestVersionsOfIfMatch(t *testing.T) {
	for header, want := range map[string][]int64{"": nil, "*": nil, `"7"`: {7}, `"7-gzip", W/"8", "9"`: {7, 9}} {
		got, err := (httpapi.WithIfMatch{IfMatch: header}).Versions(false)
		if err != nil || !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s: %v %v, want %v", header, got, err, want)
		}
	}
	if _, err := (httpapi.WithIfMatch{IfMatch: `W/"8"`}).Versions(false); !errors.Is(
		err,
		httpapi.ErrVersion,
	) {
		t.Errorf("a weak one alone: %v", err)
	}
}

type largo struct {
	httpapi.WithETag
	Body struct {
		Texto string `json:"texto"`
	}
}

// TestACompressedAnswerHasItsOwnETag: the ETags of the compressed and of the plain answer differ, and If-Match
// accepts both.
func TestACompressedAnswerHasItsOwnETag(t *testing.T) {
	for name, row := range map[string]struct {
		length   int
		encoding string
		etag     string
	}{
		"compressed":                {length: 4000, encoding: "gzip", etag: `"7-gzip"`},
		"too short to be":           {length: 10, encoding: "gzip", etag: `"7"`},
		"by a caller who cannot":    {length: 4000, etag: `"7"`},
		"by one who takes another":  {length: 4000, encoding: "br", etag: `"7"`},
		"short, not asked for gzip": {length: 10, etag: `"7"`},
		"by one who refuses it":     {length: 4000, encoding: "gzip;q=0", etag: `"7"`},
		"refused at length":         {length: 4000, encoding: "br, gzip; q=0.000, *;q=1", etag: `"7"`},
		"in capitals":               {length: 4000, encoding: "GZIP", etag: `"7-gzip"`},
		"in a list with weights":    {length: 4000, encoding: "br;q=1.0, gzip;q=0.8, *;q=0.1", etag: `"7-gzip"`},
		"by its old name":           {length: 4000, encoding: "x-gzip", etag: `"7-gzip"`},
		"a word that contains it":   {length: 4000, encoding: "nogzip", etag: `"7"`},
	} {
		b := nuevoBanco(t)
		httpapi.Register(
			b.s.API(),
			operation("largo", "GET /largo"),
			httpapi.Access{Public: true},
			func(context.Context, *struct{}) (*largo, error) {
				out := &largo{WithETag: httpapi.WithETag{ETag: httpapi.ETag(7)}}
				out.Body.Texto = strings.Repeat("x", row.length)
				return out, nil
			},
		)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/largo", nil)
		r.Header.Set("Accept-Encoding", row.encoding)
		w := b.pedir(r)
		if vary := w.Header().Values("Vary"); !slices.Contains(vary, "Accept-Encoding") {
			t.Errorf("%s: a cache would give this answer to anybody: Vary %q", name, vary)
		}
		var body io.Reader = w.Body
		if w.Header().Get("Content-Encoding") == "gzip" {
			var err error
			if body, err = gzip.NewReader(w.Body); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(body)
		got := w.Header().Get("ETag")
		if err != nil || got != row.etag ||
			!strings.Contains(string(text), strings.Repeat("x", row.length)) {
			t.Errorf("%s: ETag %s, want %s; %d bytes, %v", name, got, row.etag, len(text), err)
		}
		r = call{method: "PATCH", path: "/api/v1/cosas/a", token: "cliente", body: "{}",
			header: []string{"If-Match: " + row.etag}}.request(t)
		if w := b.pedir(r); w.Code != http.StatusOK {
			t.Errorf("%s: edited with %s: %d", name, row.etag, w.Code)
		}
	}
}
