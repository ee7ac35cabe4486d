package rest_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"despensa/modules/clientes/internal/rest"
	"despensa/platform/httpapi/httpapitest"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

func persona(rol string) oidc.Principal {
	return oidc.Principal{Sub: rol, ID: oidc.IDOf(rol), Roles: []string{rol}}
}

// The people of the tests.
var ana, auditora, operador = persona("cliente"), persona("auditor"), persona("operador")

const (
	casa  = "0198c0de-0000-7000-8000-0000000000ca"
	otraA = "0198c0de-0000-7000-8000-0000000000cb"
)

var (
	ahora = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	// errOculto is no error of any contract.
	errOculto = errors.New("the falla-secreta of a store")
)

// escenario is one call of the API over a fake authorization layer.
type escenario struct {
	httpapitest.Scenario
	debajo falso // the answers of the layer below
	pide   any   // the question that it must have got; nil: any
}

func escenarios() map[string]escenario {
	todos := map[string]escenario{}
	for tema, es := range map[string]map[string]escenario{
		"profile": dePerfil(), "addresses": deDirecciones(), "trail": delRastro(),
	} {
		for nombre, e := range es {
			todos[tema+"/"+nombre] = e
		}
	}
	return todos
}

// puente puts the fake of the present scenario behind the API.
type puente struct{ *falso }

func nuevoBanco(t *testing.T) (*httpapitest.Bed, *puente) {
	p := &puente{}
	return httpapitest.New(t, func(api huma.API) { rest.Register(api, p) }), p
}

func TestScenarios(t *testing.T) {
	banco, puente := nuevoBanco(t)
	var todos []httpapitest.Scenario
	for nombre, e := range escenarios() {
		e.Lacks = append(e.Lacks, "falla-secreta", "sub-secreto")
		todos = append(todos, e.Scenario)
		t.Run(nombre, func(t *testing.T) {
			puente.falso = &e.debajo
			banco.Check(t, e.Scenario)
			if e.pide != nil && !reflect.DeepEqual(e.debajo.pedido, e.pide) {
				t.Errorf("asked %+v, want %+v", e.debajo.pedido, e.pide)
			}
			if e.debajo.pedido != nil &&
				(e.Status == 401 || e.Status == 403 && e.debajo.err == nil) {
				t.Errorf("the layer below was asked all the same: %+v", e.debajo.pedido)
			}
		})
	}
	banco.Covered(t, todos)
	t.Logf("%d scenarios of %d operations", len(todos), len(banco.Operations()))
}

// TestWhoGetsIn: every operation, as every role.
func TestWhoGetsIn(t *testing.T) {
	banco, puente := nuevoBanco(t)
	for nombre, e := range escenarios() {
		if e.Status >= 300 {
			continue
		}
		t.Run(nombre, func(t *testing.T) {
			for rol, entra := range map[string]bool{
				"admin":        true,
				"cliente":      nombre[:5] != "trail",
				"auditor":      nombre[:5] == "trail",
				"operador":     false,
				"repartidor":   false,
				"gestor_rutas": false,
				"sistema":      false,
			} {
				e.Caller, puente.falso = persona(rol), &falso{}
				if r := banco.Do(t.Context(), e.Scenario); (r.Code == 403) == entra {
					t.Errorf("%s: %d", rol, r.Code)
				}
				e.Caller.Machine, e.Caller.Roles = true, nil
				if r := banco.Do(t.Context(), e.Scenario); r.Code != 403 {
					t.Errorf("a machine: %d", r.Code)
				}
			}
		})
	}
}
