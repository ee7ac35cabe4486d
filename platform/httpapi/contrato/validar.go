package contrato

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Validar lists what of a JSON document is not as the schema says, with its places.
// A document that cannot be read is one fault.
func (d *Documento) Validar(e *Esquema, crudo []byte) []string {
	var v any
	if err := json.Unmarshal(crudo, &v); err != nil {
		return []string{"not JSON: " + err.Error()}
	}
	r := &revision{d: d}
	r.valor("$", e, v)
	return r.faltas
}

type revision struct {
	d      *Documento
	faltas []string
}

func (r *revision) falta(donde, formato string, args ...any) {
	r.faltas = append(r.faltas, donde+": "+fmt.Sprintf(formato, args...))
}

func (r *revision) valor(donde string, e *Esquema, v any) {
	if e == nil {
		return
	}
	s := r.d.Resolver(e)
	if s == nil {
		r.falta(donde, "schema %s is not in the document", e.Ref)
		return
	}
	if !s.esTipo(v) {
		r.falta(donde, "%s, want %v", tipoDe(v), []string(s.Tipos))
		return
	}
	if len(s.Enum) > 0 && !slices.ContainsFunc(s.Enum, func(x any) bool { return reflect.DeepEqual(x, v) }) {
		r.falta(donde, "%v is not of %v", v, s.Enum)
	}
	r.opciones(donde, s, v)
	switch x := v.(type) {
	case string:
		r.texto(donde, s, x)
	case float64:
		r.numero(donde, s, x)
	case []any:
		r.items(donde, s, x)
	case map[string]any:
		r.objeto(donde, s, x)
	}
}

func tipoDe(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func (e *Esquema) esTipo(v any) bool {
	t := tipoDe(v)
	f, _ := v.(float64)
	entero := t == "number" && f == math.Trunc(f) && slices.Contains(e.Tipos, "integer")
	return len(e.Tipos) == 0 || slices.Contains(e.Tipos, t) || entero
}

// opciones checks oneOf, anyOf and allOf.
func (r *revision) opciones(donde string, s *Esquema, v any) {
	valen := func(ops []*Esquema) (n int) {
		for _, o := range ops {
			otra := &revision{d: r.d}
			if otra.valor(donde, o, v); len(otra.faltas) == 0 {
				n++
			}
		}
		return n
	}
	if n := valen(s.UnoDe); len(s.UnoDe) > 0 && n != 1 {
		r.falta(donde, "fits %d of oneOf", n)
	}
	if len(s.AlgunoDe) > 0 && valen(s.AlgunoDe) == 0 {
		r.falta(donde, "fits none of anyOf")
	}
	for _, o := range s.TodosDe {
		r.valor(donde, o, v)
	}
}

func (r *revision) texto(donde string, s *Esquema, x string) {
	r.entre(donde, "length", float64(utf8.RuneCountInString(x)), s.LargoMinimo, s.LargoMaximo)
	if s.Patron != "" {
		if p, err := regexp.Compile(s.Patron); err != nil || !p.MatchString(x) {
			r.falta(donde, "%q does not match %s", x, s.Patron)
		}
	}
	if f, ok := formas[s.Formato]; ok && !f(x) {
		r.falta(donde, "%q is no %s", x, s.Formato)
	}
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// formas are the formats that are checked.
var formas = map[string]func(string) bool{
	"uuid":      uuid.MatchString,
	"date":      func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil },
	"date-time": func(s string) bool { _, err := time.Parse(time.RFC3339, s); return err == nil && s[len(s)-1] == 'Z' },
}

func (r *revision) numero(donde string, s *Esquema, x float64) {
	r.entre(donde, "value", x, s.Minimo, s.Maximo)
	if s.MinimoExclusivo != nil && x <= *s.MinimoExclusivo || s.MaximoExclusivo != nil && x >= *s.MaximoExclusivo {
		r.falta(donde, "%v is out of bounds", x)
	}
}

func (r *revision) entre(donde, que string, x float64, lo, hi *float64) {
	if lo != nil && x < *lo || hi != nil && x > *hi {
		r.falta(donde, "%s %v is out of bounds", que, x)
	}
}

func (r *revision) items(donde string, s *Esquema, xs []any) {
	r.entre(donde, "items", float64(len(xs)), s.ItemsMinimo, s.ItemsMaximo)
	for i, x := range xs {
		r.valor(donde+"["+strconv.Itoa(i)+"]", s.Items, x)
		if s.ItemsUnicos && slices.ContainsFunc(xs[:i], func(y any) bool { return reflect.DeepEqual(x, y) }) {
			r.falta(donde, "item %d is there twice", i)
		}
	}
}

func (r *revision) objeto(donde string, s *Esquema, x map[string]any) {
	for _, k := range s.Obligatorias {
		if _, ok := x[k]; !ok {
			r.falta(donde, "lacks %s", k)
		}
	}
	libre, forma := s.otras()
	for _, k := range slices.Sorted(maps.Keys(x)) {
		p, ok := s.Propiedades[k]
		switch {
		case ok:
			r.valor(donde+"."+k, p, x[k])
		case !libre:
			r.falta(donde, "%s is not in the document", k)
		default:
			r.valor(donde+"."+k, forma, x[k])
		}
	}
}
