package rest_test

import (
	"strings"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/authz"
	"despensa/platform/audit"
	"despensa/platform/httpapi/httpapitest"
	"despensa/platform/oidc"
)

const elYo = "/clientes/yo"

func texto(s string) *string { return &s }

// mal is a call that is refused for one member of its body.
func mal(metodo, ruta, miembro, valor string) escenario {
	return escenario{Scenario: httpapitest.Scenario{
		Caller: ana, Method: metodo, Path: ruta, Body: `{"` + miembro + `":` + valor + `}`,
		Status: 422, Has: []string{"datos-invalidos", "body." + miembro},
	}}
}

// dePerfil are the scenarios of the profile.
func dePerfil() map[string]escenario {
	// ve and cambia are calls that the layer below refuses with err.
	ve := func(err error, estado int, tiene ...string) escenario {
		return escenario{Scenario: httpapitest.Scenario{
			Caller: ana, Method: "GET", Path: elYo, Status: estado, Has: tiene, Lacks: []string{"ana@example.com"},
		}, debajo: falso{err: err}}
	}
	cambia := func(err error, estado int, tiene ...string) escenario {
		return escenario{Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{"nombre":"Ana"}`, Header: []string{`If-Match: "1"`},
			Status: estado, Has: tiene, Lacks: []string{"ana@example.com"},
		}, debajo: falso{err: err}}
	}
	todo := authz.CambioPerfil{
		Nombre:    texto("Ana"),
		Correo:    texto(""),
		Telefono:  texto("+541145550101"),
		Documento: texto("30.111.222"),
		Versiones: []int64{2},
	}
	return map[string]escenario{
		"seen": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "GET", Path: elYo, Status: 200, Sends: []string{`ETag: "2"`},
			Has: []string{
				`"id":"` + ana.ID,
				`"nombre":"Ana"`,
				`"correo":"ana@example.com"`,
				`"correo_confirmado":true`,
				`"documento":"30111222"`,
			},
		}},
		"seen by a stranger": {
			Scenario: httpapitest.Scenario{
				Method: "GET",
				Path:   elYo,
				Status: 401,
				Has:    []string{"token-ausente"},
			},
		},
		"seen by an operator": {
			Scenario: httpapitest.Scenario{
				Caller: operador,
				Method: "GET",
				Path:   elYo,
				Status: 403,
			},
		},
		"not recorded":          ve(audit.ErrNoRecord, 503, "auditoria-no-disponible"),
		"of an erased customer": ve(clientes.ErrSinClave, 404, "cliente-borrado"),
		"refused below":         ve(authz.ErrPermiso, 403, "sin-permiso"),
		"the provider is away":  ve(oidc.ErrProfile, 503),
		"what nobody declared":  ve(errOculto, 500, "error-interno"),
		"with a member too many": {
			Scenario: httpapitest.Scenario{
				Caller: ana,
				Method: "GET",
				Path:   elYo + "?id=1",
				Status: 422,
			},
		},

		"changed": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Header: []string{`If-Match: "2"`}, Status: 200,
			Sends: []string{`ETag: "2"`},
			Body:  `{"nombre":"Ana","correo":"","telefono":"+54 11 4555-0101","documento":"30.111.222"}`,
		},
			pide: todo},
		"changed blindly": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{"telefono":""}`, Status: 200,
		},
			pide: authz.CambioPerfil{Telefono: texto("")}},
		"changed, whatever it is": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{}`, Header: []string{"If-Match: *"}, Status: 200,
		},
			pide: authz.CambioPerfil{}},
		"changed by a tag of others": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{}`, Header: []string{"If-Match: x"}, Status: 412,
			Has: []string{"version-vieja"},
		}},
		"changed meanwhile":     cambia(authz.ErrVersion, 412, "version-vieja"),
		"change, not recorded":  cambia(audit.ErrNoRecord, 503, "auditoria-no-disponible"),
		"change, refused below": cambia(authz.ErrPermiso, 403, "sin-permiso"),
		"no name":               mal("PATCH", elYo, "nombre", `""`),
		"a blank name":          mal("PATCH", elYo, "nombre", `"  "`),
		"a name of two lines":   mal("PATCH", elYo, "nombre", `"Ana\nPérez"`),
		"a name without an end": mal(
			"PATCH",
			elYo,
			"nombre",
			`"`+strings.Repeat("a", 121)+`"`,
		),
		"no e-mail address":      mal("PATCH", elYo, "correo", `"ana"`),
		"two e-mail addresses":   mal("PATCH", elYo, "correo", `"ana@a.ar,b@b.ar"`),
		"an e-mail with blanks":  mal("PATCH", elYo, "correo", `"ana\u00a0p@a.ar"`),
		"an empty-looking name":  mal("PATCH", elYo, "nombre", `"\u00a0\u2003"`),
		"a name turned around":   mal("PATCH", elYo, "nombre", `"Ana\u202eanA"`),
		"half a character":       mal("PATCH", elYo, "nombre", `"Ana \ud800"`),
		"an e-mail with a ghost": mal("PATCH", elYo, "correo", `"ana\u200b@a.ar"`),
		"another's e-mail": cambia(
			authz.ErrEnUso.WithField("body.correo", "belongs to another customer"),
			409,
			"dato-en-uso",
			"body.correo",
		),
		"telephone as people write it": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{"telefono":"(011) 4321-0000"}`, Status: 200,
		},
			pide: authz.CambioPerfil{Telefono: texto("+541143210000")}},
		"telephone of no area": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{"telefono":"0800 222-1234"}`, Status: 200,
		},
			pide: authz.CambioPerfil{Telefono: texto("08002221234")}},
		"name in one form": {Scenario: httpapitest.Scenario{
			Caller: ana, Method: "PATCH", Path: elYo, Body: `{"nombre":"Jose\u0301"}`, Status: 200,
		},
			pide: authz.CambioPerfil{Nombre: texto("José")}},
		"no telephone":         mal("PATCH", elYo, "telefono", `"no tengo"`),
		"no document":          mal("PATCH", elYo, "documento", `"1"`),
		"a member that is not": mal("PATCH", elYo, "rol", `"admin"`),
	}
}
