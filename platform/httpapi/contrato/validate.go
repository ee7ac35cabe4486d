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

// resource is the address under which the checker of schemas knows the document.
const resource = "mem:///documento.json"

// Validate lists the faults of the JSON value crudo against the schema e, each with its place as a JSON pointer behind
// "$". A value that cannot be read is one fault. A member that the document does not name is a fault too, although
// the document leaves answers open: a client must tolerate such a member, but a release must not send an undocumented
// one.
func (d *Document) Validate(schema *Schema, crudo []byte) []string {
	if schema == nil {
		return nil
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(crudo))
	if err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	s, err := d.compile(schema)
	if err != nil {
		return []string{err.Error()}
	}
	var falta *jsonschema.ValidationError
	if errors.As(s.Validate(v), &falta) {
		return leaves(nil, *falta.DetailedOutput())
	}
	return nil
}

// leaves adds to faltas the faults below outputUnit that have no further cause.
func leaves(faltas []string, outputUnit jsonschema.OutputUnit) []string {
	if len(outputUnit.Errors) == 0 && outputUnit.Error != nil {
		return append(
			faltas,
			fmt.Sprintf("$%s: %s", outputUnit.InstanceLocation, outputUnit.Error),
		)
	}
	for _, x := range outputUnit.Errors {
		faltas = leaves(faltas, x)
	}
	return faltas
}

// compile makes the checker of e, once for each schema. Errors: a schema that is not valid JSON Schema.
func (d *Document) compile(schema *Schema) (*jsonschema.Schema, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.compiler == nil {
		d.compiler = compilerOf(d.raw)
		d.compiled = map[string]*jsonschema.Schema{}
	}
	crudo := schema.raw
	if crudo == nil {
		crudo = fmt.Appendf(nil, `{"$ref":%q}`, schema.Ref)
	}
	var x any
	if err := json.Unmarshal(crudo, &x); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	closeSchemas(x)
	refer(x)
	texto, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	if s, ok := d.compiled[string(texto)]; ok {
		return s, nil
	}
	lugar := fmt.Sprintf("mem:///%d.json", len(d.compiled))
	if err := d.compiler.AddResource(lugar, x); err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	s, err := d.compiler.Compile(lugar)
	if err != nil {
		return nil, fmt.Errorf("contrato: %w", err)
	}
	d.compiled[string(texto)] = s
	return s, nil
}

func compilerOf(documento any) *jsonschema.Compiler {
	compilador := jsonschema.NewCompiler()
	compilador.DefaultDraft(jsonschema.Draft2020)
	compilador.AssertFormat()
	for nombre, vale := range forms {
		compilador.RegisterFormat(&jsonschema.Format{Name: nombre, Validate: func(v any) error {
			if s, ok := v.(string); ok && !vale(s) {
				return fmt.Errorf("no %s of this API", nombre)
			}
			return nil
		}})
	}
	closeSchemas(documento)
	// Cannot fail: the address is well formed and used once.
	_ = compilador.AddResource(resource, documento)
	return compilador
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// forms are the formats that this API accepts and writes in one form alone.
var forms = map[string]func(string) bool{
	"uuid":      uuid.MatchString,
	"date-time": func(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil && s[len(s)-1] == 'Z' },
}

// closeSchemas closes the schemas in x to further members, except those that state additionalProperties.
func closeSchemas(x any) {
	walk(x, func(m map[string]any) {
		if _, hay := m["properties"].(map[string]any); !hay {
			return
		}
		if _, dicho := m["additionalProperties"]; !dicho {
			m["additionalProperties"] = false
		}
	})
}

// refer turns the local references in x into references to the document's resource.
func refer(x any) {
	walk(x, func(m map[string]any) {
		if r, ok := m["$ref"].(string); ok && strings.HasPrefix(r, "#") {
			m["$ref"] = resource + r
		}
	})
}

// walk calls f for every object in x, except inside the values that a schema lists (enum, examples, default).
func walk(x any, f func(map[string]any)) {
	switch v := x.(type) {
	case map[string]any:
		f(v)
		for k, y := range v {
			if !slices.Contains([]string{"enum", "examples", "example", "default", "x-extensible-enum"}, k) {
				walk(y, f)
			}
		}
	case []any:
		for _, y := range v {
			walk(y, f)
		}
	}
}
