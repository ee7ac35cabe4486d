package httpapi

import (
	"encoding/json"
	"fmt"

	"despensa/platform/idempotency"

	"github.com/danielgtaylor/huma/v2"
)

// Muestra is an example of an operation: a call that runs as written on a fresh demo instance, after the examples in
// Despues. It answers with the operation's status of success.
type Muestra struct {
	Nombre  string            // kebab-case, once per operation; "" is "ejemplo"
	Resumen string            // purpose of the call, for the document
	Como    string            // demo login of the caller; "": without a token
	Partes  map[string]string // parameters of path, query and header, by name
	Cuerpo  any               // written as JSON; nil: none
	Despues []string          // examples that run before: "operation" or "operation/name"
	Cuando  string            // the estado that orders made by the examples in Despues must have reached
}

// Hecha is the id of the resource that a demo login creates with the Idempotency-Key clave; operacion is that of
// ConClave.Llave.
func Hecha(login, operacion, clave string) string {
	return idempotency.Derive(SujetoDemo(login), operacion, clave)
}

// SujetoDemo is the subject of a demo login's tokens.
func SujetoDemo(login string) string { return "dev|" + login }

// anotaEjemplos is where an operation notes the names of its examples, in their order.
const anotaEjemplos = "despensa.ejemplos"

// Ejemplos writes examples into the document, by operation id, after the operations have been registered. The first
// example of an operation is the one that pages offer to try. It panics on an example of an operation, a parameter or
// a body that does not exist, as registering does.
func Ejemplos(api huma.API, muestras map[string][]Muestra) {
	for id, ms := range muestras {
		op := operacionDe(api, id)
		if op == nil {
			panic("httpapi: examples of no operation: " + id)
		}
		modos := map[string]any{}
		nombres := []string{}
		for _, m := range ms {
			if m.Nombre == "" {
				m.Nombre = "ejemplo"
			}
			if m.Como != "" && m.Resumen != "" {
				m.Resumen += " (as " + m.Como + ")"
			}
			modos[m.Nombre] = m.modo()
			nombres = append(nombres, m.Nombre)
			m.enPartes(id, op)
			m.enCuerpo(id, op)
		}
		op.Extensions["x-ejemplos"] = modos
		if op.Metadata == nil {
			op.Metadata = map[string]any{}
		}
		op.Metadata[anotaEjemplos] = nombres
	}
}

func operacionDe(api huma.API, id string) *huma.Operation {
	for _, p := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op != nil && op.OperationID == id {
				return op
			}
		}
	}
	return nil
}

// modo is the member of x-ejemplos that says how to run the example: login, examples before, estado of their orders.
func (m Muestra) modo() map[string]any {
	modo := map[string]any{}
	if m.Como != "" {
		modo["como"] = m.Como
	}
	if len(m.Despues) > 0 {
		modo["despues"] = m.Despues
	}
	if m.Cuando != "" {
		modo["cuando"] = m.Cuando
	}
	return modo
}

func (m Muestra) enPartes(id string, op *huma.Operation) {
	puestas := 0
	for _, p := range op.Parameters {
		valor, ok := m.Partes[p.Name]
		if !ok {
			continue
		}
		puestas++
		p.Example = nil // a parameter has one example or several
		if p.Examples == nil {
			p.Examples = map[string]*huma.Example{}
		}
		p.Examples[m.Nombre] = &huma.Example{Summary: m.Resumen, Value: comoEs(p, valor)}
	}
	if puestas != len(m.Partes) {
		panic(fmt.Sprintf("httpapi: example %s of %s names a parameter that is not there", m.Nombre, id))
	}
}

// comoEs gives the value of a parameter in the type of its schema: the JSON value, or the text itself.
func comoEs(p *huma.Param, valor string) any {
	if p.Schema != nil && p.Schema.Type != huma.TypeString && json.Valid([]byte(valor)) {
		return json.RawMessage(valor)
	}
	return valor
}

func (m Muestra) enCuerpo(id string, op *huma.Operation) {
	if m.Cuerpo == nil {
		return
	}
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		panic(fmt.Sprintf("httpapi: example %s of %s has a body", m.Nombre, id))
	}
	medio := op.RequestBody.Content["application/json"]
	b, err := enJSON(m.Cuerpo)
	if err != nil {
		panic(fmt.Sprintf("httpapi: example %s of %s: %v", m.Nombre, id, err))
	}
	if medio.Examples == nil {
		medio.Examples = map[string]*huma.Example{}
	}
	medio.Examples[m.Nombre] = &huma.Example{Summary: m.Resumen, Value: json.RawMessage(b)}
}
