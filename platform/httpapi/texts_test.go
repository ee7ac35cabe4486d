package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"despensa/platform/httpapi"
)

// carta is a body with texts in every place: a line, several lines, in a struct, a list, a map and a free value.
type carta struct {
	Nombre  string            `json:"nombre,omitempty" minLength:"1" maxLength:"5"`
	Notas   *string           `json:"notas,omitempty" text:"lines"`
	Lineas  []renglon         `json:"lineas,omitempty"`
	Motivos []string          `json:"motivos,omitempty"`
	Nombres map[string]string `json:"nombres,omitempty"`
	Libre   any               `json:"libre,omitempty"`
}

type renglon struct {
	Lote string `json:"lote,omitempty"`
}

type cartaIn struct{ Body carta }

type cartaOut struct{ Body carta }

type consulta struct {
	Q string `query:"q"`
}

// conCartas is a server that answers a carta as its handler received it.
func conCartas(t *testing.T) *banco {
	b := nuevoBanco(t)
	todos := httpapi.Access{Public: true}
	httpapi.Register(
		b.s.API(),
		operation("eco", "POST /cartas"),
		todos,
		func(_ context.Context, in *cartaIn) (*cartaOut, error) { return &cartaOut{in.Body}, nil },
	)
	httpapi.Register(b.s.API(), operation("cartas", "GET /cartas"), todos,
		func(context.Context, *consulta) (*cartaOut, error) { return &cartaOut{}, nil })
	return b
}

func TestTextsOfABody(t *testing.T) {
	b := conCartas(t)
	tests := map[string]struct {
		body   string
		kept   string // the carta that the handler received
		places string // the places of the refusal; empty: none
	}{
		"as it is": {body: `{"nombre":"Piñón"}`, kept: `{"nombre":"Piñón"}`},
		"combining accents": {
			body: `{"nombre":"Jose\u0301"}`,
			kept: `{"nombre":"José"}`,
		},
		"limits count what is kept": {
			body: `{"nombre":"Josue\u0301"}`,
			kept: `{"nombre":"Josué"}`,
		},
		"and in lists": {
			body: `{"lineas":[{"lote":"an\u0303o"}]}`,
			kept: `{"lineas":[{"lote":"año"}]}`,
		},
		"and in texts of a list": {
			body: `{"motivos":["an\u0303o"]}`,
			kept: `{"motivos":["año"]}`,
		},
		"and in maps": {
			body: `{"nombres":{"a":"an\u0303o"}}`,
			kept: `{"nombres":{"a":"año"}}`,
		},
		"notes of several lines": {body: `{"notas":"uno\r\ndos\ttres\rcuatro"}`,
			kept: `{"notas":"uno\ndos\ttres\ncuatro"}`},
		"emoji of two halves": {
			body: `{"nombre":"\ud83d\ude00"}`,
			kept: `{"nombre":"😀"}`,
		},
		"longer in its normal form": {
			body:   `{"nombre":"\u0958\u0958\u0958"}`,
			places: "body.nombre",
		},
		"blank":               {body: `{"nombre":" \u00a0"}`, places: "body.nombre"},
		"two lines in a name": {body: `{"nombre":"a\nb"}`, places: "body.nombre"},
		"a tab in an item": {
			body:   `{"lineas":[{"lote":"x"},{"lote":"a\tb"}]}`,
			places: "body.lineas[1].lote",
		},
		"a tab in a text of a list": {body: `{"motivos":["a","a\tb"],"nombres":{"k":"a\nb"}}`,
			places: "body.motivos[1] body.nombres.k"},
		"half of a pair": {body: `{"notas":"\ud800"}`, places: "body.notas"},
		"half of a pair, free": {
			body:   `{"libre":{"x":["\udc00"]}}`,
			places: "body.libre.x[0]",
		},
		"half of a pair as a name": {
			body:   `{"libre":{"\ud800":1}}`,
			places: "body.libre.\ufffd",
		},
		"direction":            {body: `{"notas":"a\u202eb"}`, places: "body.notas"},
		"direction, unescaped": {body: "{\"notas\":\"a\u202eb\"}", places: "body.notas"},
		"direction in a name":  {body: "{\"libre\":{\"a\u202eb\":1}}", places: "body"},
		"zero width": {
			body:   `{"lineas":[{"lote":"a\u200bb"}]}`,
			places: "body.lineas[0].lote",
		},
		"NUL": {
			body:   `{"nombres":{"k":"a\u0000"}}`,
			places: "body.nombres.k",
		},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(
				http.MethodPost,
				httpapi.Prefix+"/cartas",
				strings.NewReader(c.body),
			)
			r.Header.Set("Content-Type", "application/json")
			w := b.pedir(r)
			if c.places == "" {
				if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusOK ||
					got != c.kept {
					t.Errorf("%d %s, want %s", w.Code, got, c.kept)
				}
				return
			}
			if got := refusedAt(t, w); got != c.places {
				t.Errorf("refused at %q, want %q", got, c.places)
			}
		})
	}
}

func TestTextsOfAQuery(t *testing.T) {
	b := conCartas(t)
	for value, place := range map[string]string{
		"piñón": "", "pin\u0303on": "", "": "", "a\u202eb": "query.q", "a\u200b": "query.q", "\x00": "query.q",
		"a\nb": "query.q", "\xed\xa0\x80": "query.q", "\xff": "query.q",
	} {
		r := httptest.NewRequest(
			http.MethodGet,
			httpapi.Prefix+"/cartas?q="+url.QueryEscape(value),
			nil,
		)
		w := b.pedir(r)
		if place == "" {
			if w.Code != http.StatusOK {
				t.Errorf("%+q: %d %s", value, w.Code, w.Body)
			}
			continue
		}
		if got := refusedAt(t, w); got != place {
			t.Errorf("%+q: refused at %q", value, got)
		}
	}
}

// refusedAt gives the places that a 422 names. It fails the test when the 422 repeats a refused character.
func refusedAt(t *testing.T, responseRecorder *httptest.ResponseRecorder) string {
	t.Helper()
	var p struct {
		Code   string
		Errors []struct{ Location, Message string }
	}
	err := json.Unmarshal(responseRecorder.Body.Bytes(), &p)
	if err != nil || responseRecorder.Code != http.StatusUnprocessableEntity ||
		p.Code != "datos-invalidos" {
		t.Fatalf("%d %s %v", responseRecorder.Code, responseRecorder.Body, err)
	}
	var places []string
	for _, e := range p.Errors {
		if e.Message == "" || strings.ContainsAny(e.Location+e.Message, "\u202e\u200b\x00") {
			t.Errorf("%+q", e)
		}
		places = append(places, e.Location)
	}
	return strings.Join(places, " ")
}
