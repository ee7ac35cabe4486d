package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/platform/httpapi"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// oido is a trail that keeps its records as texts.
type oido struct {
	mu  sync.Mutex
	que []string
}

func (o *oido) anotar(s string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.que = append(o.que, s)
}

func (o *oido) NoToken(direccion string) { o.anotar("from " + direccion) }

func (o *oido) Denied(ctx context.Context, refusal httpapi.Refusal) {
	p, _ := oidc.Caller(ctx)
	o.anotar(
		fmt.Sprintf(
			"%s %s %s/%s %s",
			p.Sub,
			refusal.Operation,
			refusal.Kind,
			refusal.ID,
			httpapi.RequestID(ctx),
		),
	)
}

// TestWhoIsToldOfRefusals: each refusal is recorded once, with caller, operation and resource. Refusals of public
// operations and failures of other kinds are not recorded.
func TestWhoIsToldOfRefusals(t *testing.T) {
	var o oido
	quieto := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	b := nuevoBanco(t, func(op *httpapi.Options) {
		op.Trail = &o
		op.Config.LimiteFallos = 2
		op.Now = func() time.Time { return quieto }
	})
	uno := func(id string, cambiar func(huma.Operation) huma.Operation) {
		op := huma.Operation{
			OperationID: id,
			Method:      "GET",
			Path:        "/" + id + "/{id}/parte",
			Summary:     "s",
			Tags:        []string{"cosas"},
		}
		httpapi.Register(
			b.s.API(),
			cambiar(op),
			httpapi.Access{Roles: []string{"cliente"}},
			b.api.ver,
		)
	}
	uno("propia", func(op huma.Operation) huma.Operation { return op })
	uno("sola", httpapi.RecordsItself)
	for _, row := range []struct {
		camino, token string
		status        int
		quiere        string
	}{
		{camino: "/propia/mia/parte", token: "cliente", status: 200},
		{camino: "/propia/nada/parte", token: "cliente", status: 404, quiere: "c propia cosas/nada id-2"},
		{camino: "/propia/mia/parte", token: "auditor", status: 403, quiere: "a propia cosas/mia id-3"},
		{camino: "/propia/mia/parte", status: 401, quiere: "from 192.0.2.1"},
		{camino: "/propia/mia/parte", token: "malo", status: 401, quiere: "from 192.0.2.1"},
		{camino: "/propia/mia/parte", token: "vencido", status: 401, quiere: "from 192.0.2.1"},
		{camino: "/propia/mia/parte", token: "sin-claves", status: 503},
		{camino: "/propia/rota/parte", token: "cliente", status: 500},
		{camino: "/sola/nada/parte", token: "cliente", status: 404},
		{camino: "/sola/mia/parte", token: "auditor", status: 403, quiere: "a sola cosas/mia id-10"},
		{camino: "/cosas/nada", token: "cliente", status: 404}, // public
		{camino: "/no/hay", token: "cliente", status: 404},
		{camino: "/cosas/uno", token: "malo", status: 401, quiere: "from 192.0.2.1"},
		{camino: "/cosas/uno", token: "malo", status: 401, quiere: "from 192.0.2.1"},
		{camino: "/cosas/uno", token: "malo", status: 429, quiere: "from 192.0.2.1"},
		{camino: "/cosas/uno", status: 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", httpapi.Prefix+row.camino, nil)
		if _, id, hay := strings.Cut(row.quiere, " id-"); hay {
			r.Header.Set("X-Request-Id", "id-"+id)
		}
		if row.token != "" {
			r.Header.Set("Authorization", "Bearer "+row.token)
		}
		antes := len(o.que)
		w := b.pedir(r)
		dicho := strings.Join(o.que[antes:], "; ")
		if w.Code != row.status || dicho != row.quiere {
			t.Errorf(
				"%s as %q: %d, told %q, want %d, %q",
				row.camino,
				row.token,
				w.Code,
				dicho,
				row.status,
				row.quiere,
			)
		}
	}
}

// lineas registers a download of n lines that fails after mal lines; -1: it does not fail.
func lineas(banco *banco, n, mal int) {
	httpapi.RegisterDownload(banco.s.API(), operation("lineas", "GET /numeros/exportacion"),
		httpapi.Access{Roles: []string{"cliente"}}, &huma.Schema{Type: huma.TypeObject},
		func(_ context.Context, in *struct {
			Que string `query:"que"`
		}) (func(context.Context, io.Writer) error, error) {
			if in.Que == "nada" {
				return nil, porNombre["nada"]
			}
			return func(_ context.Context, w io.Writer) error {
				for i := range n {
					if i == mal {
						return errors.New("secreto")
					}
					if _, err := fmt.Fprintf(w, "{\"n\":%d}\n", i); err != nil {
						return err
					}
				}
				_, err := fmt.Fprintf(w, "{\"fin\":%d}\n", n)
				return err
			}, nil
		})
}

// TestWholeLists: a download ends with its last line, or without it after a failure, and never shows the text of the
// error.
func TestWholeLists(t *testing.T) {
	for nombre, row := range map[string]struct {
		mal     int
		token   string
		que     string
		status  int
		renglon int
		entera  bool
	}{
		"whole":      {mal: -1, token: "cliente", status: 200, renglon: 5001, entera: true},
		"broken off": {mal: 3000, token: "cliente", status: 200, renglon: 3000},
		"refused":    {mal: -1, token: "cliente", que: "nada", status: 404},
		"not theirs": {mal: -1, token: "auditor", status: 403},
	} {
		b := nuevoBanco(t)
		lineas(b, 5000, row.mal)
		s := httptest.NewServer(b.s.Handler())
		url := s.URL + httpapi.Prefix + "/numeros/exportacion?que=" + row.que
		r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+row.token)
		res, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		cuerpo, err := io.ReadAll(res.Body)
		res.Body.Close()
		s.Close()
		texto := string(cuerpo)
		if err != nil || res.StatusCode != row.status || strings.Contains(texto, "secreto") ||
			strings.HasSuffix(texto, "{\"fin\":5000}\n") != row.entera {
			t.Errorf("%s: %d %v, %d bytes", nombre, res.StatusCode, err, len(texto))
		}
		n := strings.Count(texto, "\n")
		if row.status == 200 &&
			(n != row.renglon || res.Header.Get("Content-Type") != httpapi.LinesType) {
			t.Errorf("%s: %d lines of %s", nombre, n, res.Header.Get("Content-Type"))
		}
	}
}
