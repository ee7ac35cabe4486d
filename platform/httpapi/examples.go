package httpapi

import (
	"encoding/json"
	"fmt"

	"despensa/platform/idempotency"

	"github.com/danielgtaylor/huma/v2"
)

// Example is an example of an operation: a call that runs as written on a fresh demo instance, after the examples in
// After. It answers with the operation's status of success.
type Example struct {
	Name       string            // kebab-case, once per operation; "" is "ejemplo"
	Summary    string            // purpose of the call, for the document
	As         string            // demo login of the caller; "": without a token
	Parameters map[string]string // parameters of path, query and header, by name
	Body       any               // written as JSON; nil: none
	After      []string          // examples that run before: "operation" or "operation/name"
	When       string            // the estado that orders made by the examples in After must have reached
}

// DemoResourceID is the id of the resource that a demo login creates with the Idempotency-Key clave; operacion is that
// of WithKey.Key.
func DemoResourceID(login, operacion, clave string) string {
	return idempotency.Derive(DemoSubject(login), operacion, clave)
}

// DemoSubject is the subject of a demo login's tokens.
func DemoSubject(login string) string { return "dev|" + login }

// examplesNote is where an operation notes the names of its examples, in their order.
const examplesNote = "despensa.ejemplos"

// AddExamples writes examples into the document, by operation id, after the operations have been registered. The first
// example of an operation is the one that pages offer to try. It panics on an example of an operation, a parameter or
// a body that does not exist, as registering does.
func AddExamples(api huma.API, muestras map[string][]Example) {
	for id, ms := range muestras {
		op := operationByID(api, id)
		if op == nil {
			panic("httpapi: examples of no operation: " + id)
		}
		modos := map[string]any{}
		nombres := []string{}
		for _, m := range ms {
			if m.Name == "" {
				m.Name = "ejemplo"
			}
			if m.As != "" && m.Summary != "" {
				m.Summary += " (as " + m.As + ")"
			}
			modos[m.Name] = m.mode()
			nombres = append(nombres, m.Name)
			m.inParameters(id, op)
			m.inBody(id, op)
		}
		op.Extensions["x-ejemplos"] = modos
		if op.Metadata == nil {
			op.Metadata = map[string]any{}
		}
		op.Metadata[examplesNote] = nombres
	}
}

func operationByID(api huma.API, id string) *huma.Operation {
	for _, p := range api.OpenAPI().Paths {
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op != nil && op.OperationID == id {
				return op
			}
		}
	}
	return nil
}

// mode is the member of x-ejemplos that says how to run the example: login, examples before, estado of their orders.
func (m Example) mode() map[string]any {
	modo := map[string]any{}
	if m.As != "" {
		modo["como"] = m.As
	}
	if len(m.After) > 0 {
		modo["despues"] = m.After
	}
	if m.When != "" {
		modo["cuando"] = m.When
	}
	return modo
}

func (m Example) inParameters(id string, operation *huma.Operation) {
	puestas := 0
	for _, p := range operation.Parameters {
		valor, ok := m.Parameters[p.Name]
		if !ok {
			continue
		}
		puestas++
		p.Example = nil // a parameter has one example or several
		if p.Examples == nil {
			p.Examples = map[string]*huma.Example{}
		}
		p.Examples[m.Name] = &huma.Example{Summary: m.Summary, Value: typedValue(p, valor)}
	}
	if puestas != len(m.Parameters) {
		panic(
			fmt.Sprintf(
				"httpapi: example %s of %s names a parameter that is not there",
				m.Name,
				id,
			),
		)
	}
}

// typedValue gives the value of a parameter in the type of its schema: the JSON value, or the text itself.
func typedValue(param *huma.Param, valor string) any {
	if param.Schema != nil && param.Schema.Type != huma.TypeString &&
		json.Valid([]byte(valor)) {
		return json.RawMessage(valor)
	}
	return valor
}

func (m Example) inBody(id string, operation *huma.Operation) {
	if m.Body == nil {
		return
	}
	if operation.RequestBody == nil ||
		operation.RequestBody.Content["application/json"] == nil {
		panic(fmt.Sprintf("httpapi: example %s of %s has a body", m.Name, id))
	}
	medio := operation.RequestBody.Content["application/json"]
	b, err := toJSON(m.Body)
	if err != nil {
		panic(fmt.Sprintf("httpapi: example %s of %s: %v", m.Name, id, err))
	}
	if medio.Examples == nil {
		medio.Examples = map[string]*huma.Example{}
	}
	medio.Examples[m.Name] = &huma.Example{Summary: m.Summary, Value: json.RawMessage(b)}
}
