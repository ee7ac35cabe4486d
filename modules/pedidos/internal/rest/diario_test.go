package rest_test

import (
	"strings"
	"testing"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/rest"
	"despensa/platform/httpapi"
	"despensa/platform/httpapi/httpapitest"

	"github.com/danielgtaylor/huma/v2"
)

const elDiario = "/eventos"

// cursorDe is a cursor with s in the place of its id.
func cursorDe(s string) string { return httpapi.Cursor{ID: s}.Text() }

// deDiario are the calls that read the diary of all orders.
func deDiario() map[string]escenario {
	vigia := maquina("leer:eventos")
	as := []app.EntradaDelDiario{
		{
			Numero: 8,
			Pedido: unID,
			Evento: pedido.Evento{
				Seq:     3,
				Tipo:    "cancelar",
				De:      "creado",
				A:       "cancelado",
				Intento: 2,
				Motivo:  "falla-secreta",
				En:      ahora,
			},
		},
		{
			Numero: 9,
			Pedido: otroID,
			Evento: pedido.Evento{Seq: 1, Tipo: "creado", A: "creado", Intento: 1, En: ahora},
		},
	}
	leer := func(ruta string, e escenario) escenario {
		e.metodo, e.ruta = "GET", elDiario+ruta
		return e
	}
	malo := func(cursor string) escenario {
		return leer(
			"?cursor="+cursor,
			escenario{quien: admin, estado: 422, tiene: []string{"cursor-invalido"}},
		)
	}
	uno := `{"id":"` + unID + `:3","pedido_id":"` + unID + `","seq":3,"tipo":"cancelar","intento":2,` +
		`"estado":"cancelado",` +
		`"momento":"2026-11-30T12:00:00Z"}`
	return map[string]escenario{
		"from the beginning": leer("", escenario{
			quien: admin, app: falso{entradas: as, hasta: 9}, pide: pregunta{"", int64(0), 50}, estado: 200,
			tiene: []string{
				`"datos":[` + uno,
				`"siguiente":"` + cursorDe("diario:9") + `"`,
			}, sin: []string{"motivo", `"de"`},
		}),
		"by a machine, a tipo, from a cursor": leer(
			"?limite=2&tipo=visita_asignada&cursor="+cursorDe("diario:7"),
			escenario{
				quien: vigia, pide: pregunta{"visita_asignada", int64(7), 2}, app: falso{hasta: 30}, estado: 200,
				tiene: []string{`"datos":[]`, `"siguiente":"` + cursorDe("diario:30") + `"`},
			},
		),
		"before anything has happened": leer("", escenario{
			quien: admin, estado: 200, tiene: []string{`"datos":[]`, `"siguiente":"` + cursorDe("diario:0") + `"`},
		}),
		"on from there": leer("?cursor="+cursorDe("diario:0"), escenario{
			quien: admin, pide: pregunta{"", int64(0), 50}, estado: 200,
		}),
		"a store that is away": leer(
			"",
			escenario{
				quien:  admin,
				app:    falso{err: errOculto},
				estado: 500,
				sin:    []string{"siguiente"},
			},
		),
		"a cursor that is none":    malo("x"),
		"of another list":          malo(cursorDe(unID)),
		"of an order's own events": malo(cursorDe("7")),
		"below the beginning":      malo(cursorDe("diario:-1")),
		"of no number":             malo(cursorDe("diario:siete")),
		"beyond all numbers":       malo(cursorDe("diario:9223372036854775808")),
		"a tipo that is none": leer(
			"?tipo=A%20B",
			escenario{quien: admin, estado: 422, tiene: []string{"query.tipo"}},
		),
		"a page too long": leer("?limite=201",
			escenario{quien: admin, estado: 422, tiene: []string{"query.limite"}}),
		"an unknown filter": leer("?estado=creado", escenario{quien: admin, estado: 422}),
		"to a customer":     leer("", escenario{quien: ana, estado: 403}),
		"to an operator":    leer("", escenario{quien: operador, estado: 403}),
		"to a stranger":     leer("", escenario{estado: 401}),
	}
}

// TestWhatTheDiarySaysOfItself: every page has siguiente, and the document says so once.
func TestWhatTheDiarySaysOfItself(t *testing.T) {
	var api huma.API
	httpapitest.New(t, func(a huma.API) { api = a; rest.Register(a, &puente{}) })
	esquema := api.OpenAPI().Components.Schemas.Map()["PedidosPaginaDeDiario"]
	if esquema == nil {
		t.Fatal("there is no schema of it")
	}
	if p := esquema.Properties["siguiente"]; p == nil ||
		!strings.Contains(p.Description, "always given") {
		t.Errorf("siguiente: %+v", p)
	}
	hay := strings.Join(esquema.Required, " ")
	if !strings.Contains(hay, "siguiente") || !strings.Contains(hay, "datos") {
		t.Errorf("required: %s", hay)
	}
}
