package httpapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"despensa/platform/httpapi"
)

type IDsEn struct {
	ID    string   `path:"id" format:"uuid"`
	Parte string   `path:"parte" maxLength:"60"`
	De    string   `query:"de" format:"uuid"`
	Quien string   `query:"quien" maxLength:"60"`
	Unos  []string `query:"unos,explode" format:"uuid"`
}

type idsCuerpo struct {
	IDsEn
	Body struct {
		ID     string   `json:"id,omitempty" format:"uuid"`
		Otro   *string  `json:"otro,omitempty" format:"uuid"`
		Todos  []string `json:"todos,omitempty" format:"uuid"`
		Lineas []struct {
			ID string `json:"id" format:"uuid"`
		} `json:"lineas,omitempty"`
		Notas string `json:"notas,omitempty"`
	}
}

// conIDs is a server with operations that answer the ids of their calls.
func conIDs(t *testing.T) *banco {
	b := nuevoBanco(t)
	every := httpapi.Access{Public: true}
	say := func(in IDsEn) string { return fmt.Sprint(in.ID, in.Parte, in.De, in.Quien, in.Unos) }
	httpapi.Register(b.s.API(), operation("ids", "GET /ids/{id}/{parte}"), every,
		func(_ context.Context, in *IDsEn) (*hoja, error) {
			return &hoja{Body: httpapi.Lista[string]{Datos: []string{say(*in)}}}, nil
		})
	httpapi.Register(b.s.API(), operation("ids-cuerpo", "POST /ids/{id}/{parte}"), every,
		func(_ context.Context, in *idsCuerpo) (*hoja, error) {
			x := in.Body
			otro := ""
			if x.Otro != nil {
				otro = *x.Otro
			}
			return &hoja{
				Body: httpapi.Lista[string]{
					Datos: []string{say(in.IDsEn) + fmt.Sprint(x.ID, otro, x.Todos, x.Lineas,
						x.Notas)},
				},
			}, nil
		})
	httpapi.RegisterStream(
		b.s.API(),
		operation("ids-vivo", "GET /ids/{id}/{parte}/vivo"),
		every,
		map[string]any{
			"ids": "",
		},
		func(_ context.Context, in *IDsEn) (func(context.Context, *httpapi.Stream) error,
			error) {
			return func(_ context.Context, c *httpapi.Stream) error {
				if err := c.Send(httpapi.Event{Type: "ids", Data: say(*in)}); err != nil {
					return err
				}
				return context.Canceled // the end
			}, nil
		},
	)
	return b
}

// TestIDsInAnyLetters: an id in capitals or percent-encoded is the same id, in path, query and body. Texts that are
// no id keep their letters.
func TestIDsInAnyLetters(t *testing.T) {
	const id = "9ca1b2c3-0000-4000-8000-00000000abcd"
	up := strings.ToUpper(id)
	escaped := strings.ReplaceAll(up, "-", "%2D")
	b := conIDs(t)
	for name, row := range map[string]struct {
		method, path, body string
		want               string // the ids that the operation received
	}{
		"small":              {method: "GET", path: "/ids/" + id + "/" + id, want: id + id + "[]"},
		"capitals":           {method: "GET", path: "/ids/" + up + "/" + up, want: id + id + "[]"},
		"percent-encoded":    {method: "GET", path: "/ids/" + escaped + "/" + escaped, want: id + id + "[]"},
		"letters encoded":    {method: "GET", path: "/ids/%39" + up[1:] + "/x", want: id + "x[]"},
		"no id":              {method: "GET", path: "/ids/" + id + "/ABC", want: id + "ABC[]"},
		"no id, encoded":     {method: "GET", path: "/ids/" + id + "/A%2DB", want: id + "A-B[]"},
		"an encoded percent": {method: "GET", path: "/ids/" + id + "/100%25", want: id + "100%[]"},
		"encoded twice":      {method: "GET", path: "/ids/" + id + "/%252D%2D", want: id + "%2D-[]"},
		"in a query": {method: "GET", path: "/ids/" + id + "/x?de=" + escaped + "&quien=" + up,
			want: id + "x" + id + id + "[]"},
		"in a list of a query": {method: "GET", path: "/ids/" + id + "/x?unos=" + up + "&unos=" + up,
			want: id + "x[" + id + " " + id + "]"},
		"no id in a query": {method: "GET", path: "/ids/" + id + "/x?quien=SISTEMA", want: id + "xSISTEMA[]"},
		"in a stream": {method: "GET", path: "/ids/" + escaped + "/" + up + "/vivo?de=" + up,
			want: id + id + id + "[]"},
		"with a body": {method: "POST", path: "/ids/" + escaped + "/x?de=" + up, body: `{}`,
			want: id + "x" + id + "[][] []"},
		"in a body": {method: "POST", path: "/ids/" + id + "/x",
			body: `{"id":"` + up + `","otro":"` + up + `"}`, want: id + "x[]" + id + id + "[] []"},
		"in lists of a body": {method: "POST", path: "/ids/" + id + "/x",
			body: `{"todos":["` + up + `"],"lineas":[{"id":"` + up + `"}]}`, want: id + "x[][" + id + "] [{" + id + "}]"},
		"words of a body's text": {method: "POST", path: "/ids/" + id + "/x", body: `{"notas":"` + up + `"}`,
			want: id + "x[][] []" + up},
	} {
		w := b.pedir(
			call{
				method: row.method,
				path:   httpapi.Prefix + row.path,
				body:   row.body,
			}.request(t),
		)
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if w.Code != http.StatusOK ||
			!strings.Contains(squeeze(w.Body.String()), `"`+squeeze(row.want)+`"`) {
			t.Errorf("%s: %d %s, want %s", name, w.Code, w.Body, row.want)
		}
	}
}
