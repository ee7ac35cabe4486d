package contrato

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// recurso is the address under which the checker of schemas knows the document.
const recurso = "mem:///documento.json"

// Validar lists the faults of the JSON value crudo against the schema e, each with its place as a JSON pointer behind
// "$". A value that cannot be read is one fault. A member that the document does not name is a fault too, although
// the document leaves answers open: a client must tolerate such a member, but a release must not send an undocumented
// one.
func (d *Documento) Validar(e *Esquema, crudo []byte) []string {
	if e == nil {
		return nil
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(crudo))
	if err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	s, err := d.compilar(e)
	if err != nil {
		return []string{err.Error()}
	}
	var falta *jsonschema.ValidationError
	if errors.As(s.Validate(v), &falta) {
		return hojas(nil, *falta.DetailedOutput())
	}
	return nil
}

// hojas adds to faltas the faults below u that have no further cause.
func hojas(faltas []string, u jsonschema.OutputUnit) []string {
	if len(u.Errors) == 0 && u.Error != nil {
		return append(faltas, fmt.Sprintf("$%s: %s", u.InstanceLocation, u.Error))
	}
	for _, x := range u.Errors {
		faltas = hojas(faltas, x)
	}
	return faltas
}

// compilar makes the checker of e, once for each schema. Errors: a schema that is not valid JSON Schema.
func (d *Documento) compilar(e *Esquema) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.compilador == nil {
		d.compilador = compiladorDe(d.crudo)
		d.compilados = map[string]*jsonschema.Schema{}
	}
	crudo := e.crudo
	if crudo == nil {
		crudo = fmt.Appendf(nil, `{"$ref":%q}`, e.Ref)
	}
	var x any
	if err := json.Unmarshal(crudo, &x); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	cerrar(x)
	remitir(x)
	texto, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	if s, ok := d.compilados[string(texto)]; ok {
		return s, nil
	}
	lugar := fmt.Sprintf("mem:///%d.json", len(d.compilados))
	if err := d.compilador.AddResource(lugar, x); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	s, err := d.compilador.Compile(lugar)
	if err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	d.compilados[string(texto)] = s
	return s, nil
}

func compiladorDe(documento any) *jsonschema.Compiler {
	compilador := jsonschema.NewCompiler()
	compilador.DefaultDraft(jsonschema.Draft2020)
	compilador.AssertFormat()
	for nombre, vale := range formas {
		compilador.RegisterFormat(&jsonschema.Format{Name: nombre, Validate: func(v any) error {
			if s, ok := v.(string); ok && !vale(s) {
				return fmt.Errorf("no %s of this API", nombre)
			}
			return nil
		}})
	}
	cerrar(documento)
	_ = compilador.AddResource(recurso, documento) // cannot fail: the address is well formed and used once
	return compilador
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// formas are the formats that this API accepts and writes in one form alone.
var formas = map[string]func(string) bool{
	"uuid":      uuid.MatchString,
	"date-time": func(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil && s[len(s)-1] == 'Z' },
}

// cerrar closes the schemas in x to further members, except those that state additionalProperties.
func cerrar(x any) {
	recorrer(x, func(m map[string]any) {
		if _, hay := m["properties"].(map[string]any); !hay {
			return
		}
		if _, dicho := m["additionalProperties"]; !dicho {
			m["additionalProperties"] = false
		}
	})
}

// remitir turns the local references in x into references to the document's resource.
func remitir(x any) {
	recorrer(x, func(m map[string]any) {
		if r, ok := m["$ref"].(string); ok && strings.HasPrefix(r, "#") {
			m["$ref"] = recurso + r
		}
	})
}

// recorrer calls f for every object in x, except inside the values that a schema lists (enum, examples, default).
func recorrer(x any, f func(map[string]any)) {
	switch v := x.(type) {
	case map[string]any:
		f(v)
		for k, y := range v {
			if !slices.Contains([]string{"enum", "examples", "example", "default", "x-extensible-enum"}, k) {
				recorrer(y, f)
			}
		}
	case []any:
		for _, y := range v {
			recorrer(y, f)
		}
	}
}
