package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/httpapi"

	"github.com/danielgtaylor/huma/v2"
)

const mermaid = "text/vnd.mermaid"

// Estado is where an order stands: one of the states of pedido's machine.
type Estado pedido.Estado

// Schema implements huma.SchemaProvider: it lists the states of the machine, in the order of an order's life.
func (Estado) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, e := range pedido.Estados() {
		s.Enum = append(s.Enum, string(e))
	}
	return s
}

// Maquina is the machine that every order goes through.
type Maquina struct {
	Estados      []pedido.Estado     `json:"estados" enum:"creado,preprocesado,pago_pendiente,autorizado,aceptado,confirmado,en_reparto,entregado,fallido,rechazado,cancelado,devuelto" doc:"Where an order may stand, in the order of its life."`
	Transiciones []pedido.Transicion `json:"transiciones" doc:"The steps between them."`
}

func (a *API) maquina(api huma.API) {
	o := op(
		"ver-maquina",
		http.MethodGet,
		"/pedidos/maquina",
		"The states of an order and the steps between them",
	)
	esquemas := api.OpenAPI().Components.Schemas
	o.Responses = map[string]*huma.Response{
		"200": {
			Description: "The machine, as JSON or as a diagram",
			Content: map[string]*huma.MediaType{
				"application/json": {
					Schema: esquemas.Schema(reflect.TypeFor[Maquina](), true, "Maquina"),
				},
				mermaid: {Schema: &huma.Schema{Type: huma.TypeString}},
			},
		},
	}
	httpapi.Register(api, o, publico, verMaquina)
}

// VerMaquina is the call that reads the machine, as JSON or as a Mermaid diagram.
type VerMaquina struct {
	Accept string `header:"Accept" doc:"text/vnd.mermaid for a diagram; JSON otherwise."`
}

// MaquinaVista answers with the machine in the form that the Accept header asked for.
type MaquinaVista struct {
	Tipo string `header:"Content-Type" doc:"What of both it is."`
	Body []byte
}

func verMaquina(_ context.Context, in *VerMaquina) (*MaquinaVista, error) {
	if strings.Contains(in.Accept, mermaid) {
		texto, err := pedido.Mermaid()
		return &MaquinaVista{mermaid, []byte(texto)}, err
	}
	b, err := json.Marshal(Maquina{pedido.Estados(), pedido.Maquina()})
	return &MaquinaVista{"application/json", b}, err
}
