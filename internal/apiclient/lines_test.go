package apiclient_test

import (
	"errors"
	"testing"

	"despensa/internal/apiclient"
)

// A list that arrives whole is read to its last line; a list that is broken off is an error.
func TestLineas(t *testing.T) {
	const dos = "{\"numero\":1,\"accion\":\"leer\"}\n{\"numero\":2}\n"
	for nombre, c := range map[string]struct {
		cuerpo string
		n      int
		err    error
	}{
		"whole":      {cuerpo: dos + "{\"fin\":2}\n", n: 2},
		"empty":      {cuerpo: "{\"fin\":0}\n", n: 0},
		"broken off": {cuerpo: dos, n: 2, err: apiclient.ErrIncomplete},
		"in a line":  {cuerpo: dos + "{\"numero\":", n: 2, err: apiclient.ErrIncomplete},
		"nothing":    {cuerpo: "", n: 0, err: apiclient.ErrIncomplete},
	} {
		s := nuevoServidor(t, texto("application/x-ndjson", c.cuerpo))
		var n int
		var err error
		for x, e := range s.cliente(t, nil).ExportarAuditoria(t.Context(), apiclient.FiltroExportarAuditoria{Actor: "a b"}) {
			if err = e; e == nil {
				n++
				if x.Numero != int64(n) {
					t.Errorf("%s: %+v", nombre, x)
				}
			}
		}
		if n != c.n || !errors.Is(err, c.err) ||
			s.pedidos[0].URL.String() != "/api/v1/auditoria/exportacion?actor=a+b" {
			t.Errorf("%s: %d, %v, %v", nombre, n, err, s.pedidos[0].URL)
		}
	}
	s := nuevoServidor(t, mal(403, "sin-permiso", ""))
	for _, e := range s.cliente(t, nil).ExportarAuditoria(t.Context(), apiclient.FiltroExportarAuditoria{}) {
		if apiclient.Code(e) != "sin-permiso" {
			t.Error(e)
		}
	}
}
