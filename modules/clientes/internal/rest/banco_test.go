package rest_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"despensa/modules/clientes/internal/authz"
	"despensa/modules/clientes/internal/rest"
	"despensa/platform/httpapi/httpapitest"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

func persona(rol string) oidc.Principal {
	return oidc.Principal{Sub: rol, ID: oidc.IDDe(rol), Roles: []string{rol}}
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

// escenario is one call of the API: what the layer behind it answers and was asked.
type escenario struct {
	httpapitest.Scenario
	debajo falso
	pide   any // what the layer behind must have been asked; nil: anything
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

// puente is the layer behind the API: that of the present scenario.
type puente struct{ *falso }

func nuevoBanco(t *testing.T) (*httpapitest.Bed, *puente) {
	p := &puente{}
	return httpapitest.New(t, func(api huma.API) { rest.Rutas(api, p) }), p
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
			if e.debajo.pedido != nil && (e.Status == 401 || e.Status == 403 && e.debajo.err == nil) {
				t.Errorf("the layer behind was asked all the same: %+v", e.debajo.pedido)
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
				e.Caller.Maquina, e.Caller.Roles = true, nil
				if r := banco.Do(t.Context(), e.Scenario); r.Code != 403 {
					t.Errorf("a machine: %d", r.Code)
				}
			}
		})
	}
}

// falso is a layer of authorization that gives the same answer to everything and keeps what
// it was asked.
type falso struct {
	repetida bool
	dirs     []authz.Direccion
	asientos []authz.Asiento
	err      error
	corte    error // of an export, once it has begun

	pedido any // the last question
}

type pregunta = []any

func laCasa() authz.Direccion {
	return authz.Direccion{ID: casa, Nombre: "Casa", Calle: "Yatay 1", Notas: "timbre", Lat: -34.6, Lon: -58.4,
		Version: 4, Creado: ahora}
}

func elPerfil() authz.Perfil {
	return authz.Perfil{ID: ana.ID, Nombre: "Ana", Correo: "ana@example.com", Telefono: "4321", Documento: "30111222",
		Version: 2, Creado: ahora}
}

func (f *falso) Perfil(context.Context) (authz.Perfil, error) {
	f.pedido = pregunta{}
	return elPerfil(), f.err
}

func (f *falso) CambiarPerfil(_ context.Context, c authz.CambioPerfil) (authz.Perfil, error) {
	f.pedido = c
	return elPerfil(), f.err
}

func (f *falso) Direcciones(_ context.Context, desde *authz.Marca, n int) ([]authz.Direccion, error) {
	f.pedido = pregunta{desde, n}
	return f.dirs, f.err
}

func (f *falso) Direccion(_ context.Context, id string) (authz.Direccion, error) {
	f.pedido = id
	return laCasa(), f.err
}

func (f *falso) CrearDireccion(_ context.Context, n authz.AltaDireccion) (authz.Direccion, bool, error) {
	n.Llave.ID, n.Llave.Huella = "", ""
	f.pedido = n
	return laCasa(), f.repetida, f.err
}

func (f *falso) CambiarDireccion(_ context.Context, id string, c authz.CambioDireccion) (authz.Direccion, error) {
	f.pedido = pregunta{id, c}
	return laCasa(), f.err
}

func (f *falso) BorrarDireccion(_ context.Context, id string, version *int64) error {
	f.pedido = pregunta{id, version}
	return f.err
}

func (f *falso) Rastro(_ context.Context, x authz.Filtro, tras int64, n int) ([]authz.Asiento, error) {
	f.pedido = pregunta{x, tras, n}
	return f.asientos, f.err
}

func (f *falso) ExportarRastro(_ context.Context,
	x authz.Filtro) (func(context.Context, func([]authz.Asiento) error) error, error) {
	f.pedido = x
	return func(_ context.Context, dar func([]authz.Asiento) error) error {
		if err := dar(f.asientos); err != nil {
			return err
		}
		return f.corte
	}, f.err
}
