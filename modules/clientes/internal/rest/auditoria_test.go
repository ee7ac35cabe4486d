package rest_test

import (
	"time"

	"despensa/modules/clientes/internal/authz"
	"despensa/platform/audit"
	"despensa/platform/fault"
	"despensa/platform/httpapi"
	"despensa/platform/httpapi/httpapitest"
)

const (
	elRastro    = "/auditoria"
	exportacion = elRastro + "/exportacion"
)

// errLejos is the error of a trail on a server that is away.
var errLejos = fault.New(fault.Unavailable, "rastro-no-disponible", "Not just now.").
	WithRetry(5 * time.Second)

func asiento(n int64) authz.Asiento {
	return authz.Asiento{
		Numero: n, ID: casa, En: ahora, Actor: ana.ID, Rol: "cliente", Accion: "clientes.perfil.leer",
		Clase: "cliente", Recurso: ana.ID,
		Cliente: ana.ID, Resultado: audit.Allowed, Solicitud: "s1", Veces: 1, Indice: "auditoria-1",
		Anterior: [32]byte{0xab}, Hash: [32]byte{0xcd},
	}
}

// delRastro are the scenarios of the search and of the export of the trail.
func delRastro() map[string]escenario {
	ve := func(ruta string, err error, estado int, tiene ...string) escenario {
		return escenario{Scenario: httpapitest.Scenario{
			Caller: auditora, Method: "GET", Path: ruta, Status: estado, Has: tiene,
			Lacks: []string{"clientes.perfil.leer"},
		}, debajo: falso{err: err, asientos: []authz.Asiento{asiento(1)}}}
	}
	dos := falso{asientos: []authz.Asiento{asiento(9), asiento(8)}}
	marca := httpapi.NumberCursor(ahora, 9)
	dia := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	filtro := authz.Filtro{
		Actor:     "sistema",
		Accion:    "a",
		Clase:     "pedido",
		Recurso:   casa,
		Cliente:   otraA,
		Resultado: audit.Denied,
		Desde:     dia,
		Hasta:     dia.AddDate(0, 0, 2),
	}
	const conTodo = "?actor=sistema&accion=a&clase=pedido&recurso=" + casa + "&cliente=" + otraA +
		"&resultado=negado&desde=2026-03-01&hasta=2026-03-02"
	return map[string]escenario{
		"searched": {Scenario: httpapitest.Scenario{
			Caller: auditora, Method: "GET", Path: elRastro + conTodo + "&limite=1", Status: 200,
			Lacks: []string{`"numero":8`},
			Has: []string{`"numero":9`, `"anterior":"ab00`, `"hash":"cd00`, `"veces":1`,
				`"siguiente":"` + marca.Text()},
		}, debajo: dos, pide: pregunta{filtro, int64(0), 2}},
		"the next page": {Scenario: httpapitest.Scenario{
			Caller: auditora, Method: "GET", Path: elRastro + "?cursor=" + marca.Text(), Status: 200,
			Has: []string{`"datos":[]`},
		}, pide: pregunta{authz.Filtro{}, int64(9), 51}},
		"by a cursor of others": ve(
			elRastro+"?cursor="+httpapi.Cursor{Created: ahora, ID: casa}.Text(),
			nil,
			422,
			"cursor-invalido",
		),
		"of days upside down": ve(
			elRastro+"?desde=2026-03-02&hasta=2026-03-01",
			nil,
			422,
			"dia-invalido",
		),
		"by a result there is not": ve(
			elRastro+"?resultado=quizas",
			nil,
			422,
			"query.resultado",
		),
		"while it is away": ve(elRastro, errLejos, 503, "rastro-no-disponible"),
		"not recorded":     ve(elRastro, audit.ErrNoRecord, 503, "auditoria-no-disponible"),
		"refused below":    ve(elRastro, authz.ErrPermiso, 403, "sin-permiso"),
		"by a customer": {
			Scenario: httpapitest.Scenario{
				Caller: ana,
				Method: "GET",
				Path:   elRastro,
				Status: 403,
			},
		},

		"exported": {Scenario: httpapitest.Scenario{
			Caller: auditora, Method: "GET", Path: exportacion + conTodo, Status: 200,
			Has:   []string{"\"numero\":9", "{\"fin\":2}\n"},
			Sends: []string{"Content-Type: application/x-ndjson"},
		},
			debajo: dos,
			pide:   filtro},
		"exported, of nothing": {Scenario: httpapitest.Scenario{
			Caller: auditora, Method: "GET", Path: exportacion, Status: 200, Has: []string{"{\"fin\":0}\n"},
		}},
		"exported, cut short": {
			Scenario: httpapitest.Scenario{ // the end is missing: it is not whole
				Caller: auditora, Method: "GET", Path: exportacion, Status: 200, Lacks: []string{"fin"},
			},
			debajo: falso{asientos: dos.asientos, corte: errOculto},
		},
		"exported, bad days":        ve(exportacion+"?desde=ayer", nil, 422, "query.desde"),
		"exported while it is away": ve(exportacion, errLejos, 503, "rastro-no-disponible"),
		"exported by a customer": {
			Scenario: httpapitest.Scenario{
				Caller: ana,
				Method: "GET",
				Path:   exportacion,
				Status: 403,
			},
		},
	}
}
