package rest_test

import (
	"reflect"
	"testing"
	"time"
	_ "time/tzdata"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/rest"
	"despensa/platform/httpapi/httpapitest"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

func persona(rol string) oidc.Principal {
	return oidc.Principal{Sub: rol, ID: oidc.IDOf(rol), Roles: []string{rol}}
}

func maquina(permisos ...string) oidc.Principal {
	return oidc.Principal{
		Sub:         "m@clients",
		ID:          oidc.IDOf("m@clients"),
		Machine:     true,
		Permissions: permisos,
	}
}

// The callers of the tests.
var (
	nadie      = oidc.Principal{} // a call without a token
	ana        = persona("cliente")
	operador   = persona("operador")
	admin      = persona("admin")
	repartidor = persona("repartidor")
)

// The ids and paths of the tests.
const (
	unID       = "0198c0de-0000-7000-8000-000000000001"
	otroID     = "0198c0de-0000-7000-8000-000000000002"
	productoID = "0198c0de-0000-7000-8000-00000000000a"
	casa       = "0198c0de-0000-7000-8000-0000000000ca"
	devolID    = "0198c0de-0000-7000-8000-0000000000de"
)

var ahora = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// secretos are in the orders and errors of the tests and in no answer.
var secretos = []string{
	"tok-secreto",
	"sello-secreto",
	"duenio-secreto",
	"clave-secreta",
	"huella-secreta",
	"falla-secreta",
	"-34.61",
}

// escenario is one call of the API over a fake app, and the answer that has to come.
type escenario struct {
	quien     oidc.Principal // its zero value: without a token
	metodo    string
	ruta      string
	cuerpo    string
	cabeceras []string // "Name: value"

	app  falso // the answers of the app
	pide any   // the question that the app must have got; nil: any

	estado int
	tiene  []string
	sin    []string
	van    []string // "Name: value", the headers of the answer
}

// escenarios are all calls of these tests, by name.
func escenarios() map[string]escenario {
	todos := map[string]escenario{}
	for sala, es := range map[string]map[string]escenario{
		"products": deProductos(), "stock": deStock(), "orders": dePedidos(), "lists": deListas(), "the diary": deDiario(),
		"actions": deAcciones(), "returns": deDevoluciones(), "support": deSoporte(),
	} {
		for nombre, e := range es {
			todos[sala+"/"+nombre] = e
		}
	}
	return todos
}

// llamada is e as the bed makes it. No answer may have one of the secretos in it.
func (e escenario) llamada() httpapitest.Scenario {
	return httpapitest.Scenario{
		Caller: e.quien,
		Method: e.metodo,
		Path:   e.ruta,
		Body:   e.cuerpo,
		Header: e.cabeceras,
		Status: e.estado,
		Has:    e.tiene,
		Lacks:  append(e.sin, secretos...),
		Sends:  e.van,
	}
}

// puente puts the fake app of the present scenario behind the API.
type puente struct{ *falso }

// nuevoBanco makes the API over an app that each scenario puts in.
func nuevoBanco(t *testing.T) (*httpapitest.Bed, *puente) {
	p := &puente{}
	return httpapitest.New(t, func(api huma.API) { rest.Register(api, p) }), p
}

func TestScenarios(t *testing.T) {
	banco, puente := nuevoBanco(t)
	var todos []httpapitest.Scenario
	for nombre, e := range escenarios() {
		todos = append(todos, e.llamada())
		t.Run(nombre, func(t *testing.T) {
			puente.falso = &e.app
			banco.Check(t, e.llamada())
			if e.pide != nil && !reflect.DeepEqual(e.app.pedido, e.pide) {
				t.Errorf("asked %+v, want %+v", e.app.pedido, e.pide)
			}
			if e.app.veces > 0 && (e.estado == 401 || e.estado == 403) {
				t.Errorf("the app was asked all the same: %+v", e.app.pedido)
			}
		})
	}
	banco.Covered(t, append(todos, seguido().llamada()))
	t.Logf("%d scenarios of %d operations", len(todos), len(banco.Operations()))
}

// unPedido is ana's order for two units, confirmed and with a truck.
func unPedido() *pedido.Pedido {
	p := pedido.Crear(pedido.Nuevo{
		ID:      unID,
		Cliente: ana.ID,
		Huella:  "huella-secreta",
		Lineas: []pedido.Linea{
			{Producto: productoID, Nombre: "Yerba", Cantidad: 2, Precio: 10_000, Total: 20_000,
				Tasa: "21"},
		},
		Envio: pedido.Linea{Total: 1_000},
		Destino: pedido.Destino{
			Direccion: casa,
			Lat:       -34.61,
			Lon:       -58.4,
			Sellado:   []byte("sello-secreto"),
		},
		Pago: pedido.Pago{
			Metodo:         "tarjeta_credito",
			Token:          "tok-secreto",
			MarcaDeTarjeta: "visa",
			Cuotas:         3,
		},
		Ahora: ahora,
	})
	p.Estado, p.Version, p.Duenio, p.Publicados = pedido.Confirmado, 7, "duenio-secreto", 1
	p.Acciones = []pedido.Accion{{Llave: "clave-secreta", Huella: "huella-secreta"}}
	p.Pago.Cobrado = p.Total
	p.NuevaVisita()
	p.Entrega = pedido.Entrega{Visita: 1, Camion: otroID, Patente: "AB123CD", Desde: ahora,
		Hasta: ahora.Add(time.Hour)}
	return p
}

// con is unPedido with a change.
func con(f func(p *pedido.Pedido)) *pedido.Pedido {
	p := unPedido()
	f(p)
	return p
}
