package demo

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestARoundOfATruck: the next calls of a full truck, for each answer to its departure.
func TestARoundOfATruck(t *testing.T) {
	const puerta = "/api/v1/visitas/v/"
	tests := map[string]struct {
		status  int
		code    string
		lista   string // query of the list of visits; empty: none is asked for
		marcas  []string
		salidas int
	}{
		"it leaves": {
			status: 200, lista: "estado=en_camino&limite=200&turno_id=t",
			marcas: []string{puerta + "llegada", puerta + "entrega"}, salidas: 1,
		},
		"it is out already, so it finishes its run": {
			status: 409, code: "camion-afuera", lista: "camion_id=k&estado=en_camino&limite=200",
			marcas: []string{puerta + "llegada", puerta + "entrega"},
		},
		"what was firm has been called off": {status: 409, code: "nada-que-llevar"},
		"its shift has been left with":      {status: 409, code: "turno-cerrado"},
	}
	for nombre, x := range tests {
		t.Run(nombre, func(t *testing.T) {
			var marcas []string
			lista := ""
			s := httptest.NewServer(
				http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					switch {
					case strings.HasSuffix(r.URL.Path, "/salida"):
						if x.code != "" {
							w.Header().Set("Content-Type", "application/problem+json")
						}
						w.WriteHeader(x.status)
						fmt.Fprintf(w, `{"code": %q, "status": %d}`, x.code, x.status)
					case strings.HasSuffix(r.URL.Path, "/visitas"):
						lista = r.URL.RawQuery
						fmt.Fprint(w, `{"datos": [{"id": "v", "pedido_id": "p"}]}`)
					case strings.HasPrefix(r.URL.Path, puerta):
						marcas = append(marcas, r.URL.Path)
						fmt.Fprint(w, `{"id": "v"}`)
					default: // the way home
						fmt.Fprint(w, `{"geometria": {"coordinates": [[-58.4, -34.6]]}}`)
					}
				}),
			)
			defer s.Close()
			d := nuevoDia(Opciones{URL: s.URL, Velocidad: 1})
			c := &camion{d: d, chofer: d.cliente(nil)}
			c.c.ID = "k"
			if err := c.recorrido(t.Context(), "t"); err != nil {
				t.Fatal(err)
			}
			if lista != x.lista || !slices.Equal(marcas, x.marcas) || c.salidas != x.salidas {
				t.Errorf("asked for %q, marked %v, %d departures", lista, marcas, c.salidas)
			}
		})
	}
}
