package contrato

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// open resolves a pair of schemas; false when the pair needs no comparison (any more).
func (c *comparison) open(modo, donde string, a, b *Schema) (*Schema, *Schema, bool) {
	if a == nil || b == nil {
		if a == nil && b != nil && modo == "pide" || a != nil && b == nil && modo == "da" {
			c.breaksAt(donde, "another schema")
		}
		return nil, nil, false
	}
	if c.seen(modo, donde, a, b) {
		return nil, nil, false
	}
	a, b = c.before.Resolve(a), c.now.Resolve(b)
	if a == nil || b == nil {
		c.breaksAt(donde, "a schema is not in its document")
		return nil, nil, false
	}
	return a, b, true
}

// seen marks a pair as compared, if one of the two is a reference, and reports whether it was marked before.
func (c *comparison) seen(modo, donde string, a, b *Schema) bool {
	if a.Ref == "" && b.Ref == "" {
		return false
	}
	if a.Ref != "" && b.Ref != "" {
		donde = "" // two references break the same promises in every place
	}
	par := modo + " " + donde + " " + a.Ref + " " + b.Ref
	antes := c.pairs[par]
	c.pairs[par] = true
	return antes
}

// takes compares the values that a caller may send: b must accept every value that a accepts.
func (c *comparison) takes(donde string, a, b *Schema) {
	a, b, ok := c.open("pide", donde, a, b)
	if !ok {
		return
	}
	if !covers(b.Types, a.Types) {
		c.breaksAt(donde, "type %v was %v", []string(b.Types), []string(a.Types))
		return
	}
	if c.widens(donde, a, b) {
		return
	}
	c.values(donde, a, b)
	c.limits(donde, a, b)
	c.alternatives(donde, a, b, (*comparison).takes)
	c.parts(donde, a, b, (*comparison).takes)
	for _, k := range b.Required {
		if !slices.Contains(a.Required, k) {
			c.breaksAt(donde+"."+k, "required now")
		}
	}
	antes, _ := a.others()
	if ahora, _ := b.others(); antes && !ahora {
		c.breaksAt(donde, "further members are refused now")
	}
}

// widens compares a schema without alternatives to one with some (anyOf): one alternative of b must accept every
// value that a accepts. It reports whether the comparison of the pair ends here.
func (c *comparison) widens(donde string, a, b *Schema) bool {
	if len(a.AnyOf) > 0 || len(b.AnyOf) == 0 {
		return false
	}
	if !slices.ContainsFunc(
		b.AnyOf,
		func(x *Schema) bool { return c.replaces((*comparison).takes, donde, a, x) },
	) {
		c.breaksAt(donde, "taken by none of the alternatives")
		return true
	}
	return len(b.Properties) == 0 && b.Items == nil
}

// replaces reports whether b replaces a without a break, as mode compares them.
func (c *comparison) replaces(mode mode, donde string, a, b *Schema) bool {
	otra := &comparison{before: c.before, now: c.now, pairs: maps.Clone(c.pairs)}
	mode(otra, donde, a, b)
	return len(otra.breaks) == 0
}

// values compares the values that a caller may choose from, and the default.
func (c *comparison) values(donde string, a, b *Schema) {
	switch {
	case len(b.Enum) == 0:
	case len(a.Enum) == 0:
		c.breaksAt(donde, "only some values are taken now")
	default:
		c.missing(donde, a.Enum, b.Enum)
	}
	if a.Default != nil && !reflect.DeepEqual(a.Default, b.Default) {
		c.breaksAt(donde, "default %v was %v", b.Default, a.Default)
	}
}

func (c *comparison) missing(donde string, a, b []any) {
	for _, v := range a {
		if !slices.ContainsFunc(b, func(w any) bool { return reflect.DeepEqual(v, w) }) {
			c.breaksAt(donde, "value %v removed", v)
		}
	}
}

// limits notes each limit of b that is narrower than that of a.
func (c *comparison) limits(donde string, a, b *Schema) {
	for _, limite := range []struct {
		nombre string
		a, b   *float64
		signo  float64 // 1: a lower one is narrower
	}{
		{nombre: "maximum", a: a.Maximum, b: b.Maximum, signo: 1},
		{nombre: "minimum", a: a.Minimum, b: b.Minimum, signo: -1},
		{nombre: "exclusiveMaximum", a: a.ExclusiveMaximum, b: b.ExclusiveMaximum, signo: 1},
		{nombre: "exclusiveMinimum", a: a.ExclusiveMinimum, b: b.ExclusiveMinimum, signo: -1},
		{nombre: "maxLength", a: a.MaxLength, b: b.MaxLength, signo: 1},
		{nombre: "minLength", a: a.MinLength, b: b.MinLength, signo: -1},
		{nombre: "maxItems", a: a.MaxItems, b: b.MaxItems, signo: 1},
		{nombre: "minItems", a: a.MinItems, b: b.MinItems, signo: -1},
	} {
		if limite.b != nil &&
			(limite.a == nil || limite.signo**limite.b < limite.signo**limite.a) {
			c.breaksAt(donde, "%s %v, before %s", limite.nombre, *limite.b, orNone(limite.a))
		}
	}
	for _, l := range []struct{ nombre, a, b string }{
		{nombre: "pattern", a: a.Pattern, b: b.Pattern},
		{nombre: "format", a: a.Format, b: b.Format},
	} {
		if l.b != "" && l.a != l.b {
			c.breaksAt(donde, "%s %q, before %q", l.nombre, l.b, l.a)
		}
	}
	if b.UniqueItems && !a.UniqueItems {
		c.breaksAt(donde, "repeated items are refused now")
	}
}

func orNone(x *float64) string {
	if x == nil {
		return "none"
	}
	return fmt.Sprint(*x)
}

// gives compares the members of an answer: b must keep every promise of a.
func (c *comparison) gives(donde string, a, b *Schema) {
	a, b, ok := c.open("da", donde, a, b)
	if !ok {
		return
	}
	if !covers(a.Types, b.Types) {
		c.breaksAt(donde, "type %v was %v", []string(b.Types), []string(a.Types))
		return
	}
	c.answers(donde, a, b)
	if a.Format != "" && a.Format != b.Format {
		c.breaksAt(donde, "format %q was %q", b.Format, a.Format)
	}
	c.alternatives(donde, a, b, (*comparison).gives)
	c.parts(donde, a, b, (*comparison).gives)
	for _, k := range a.Required {
		if b.Properties[k] != nil && !slices.Contains(b.Required, k) {
			c.breaksAt(donde+"."+k, "may be absent now")
		}
	}
	antes, _ := a.others()
	if ahora, _ := b.others(); antes && !ahora {
		c.breaksAt(donde, "closed now: no member could be added any more")
	}
}

// answers compares the values that an answer may hold. A closed set (enum) neither shrinks nor grows: programs list
// its values. A set that may grow (x-extensible-enum) must keep its values, and may be closed.
func (c *comparison) answers(donde string, a, b *Schema) {
	ahora := slices.Concat(b.Enum, b.Known)
	if len(ahora) > 0 {
		c.missing(donde, slices.Concat(a.Enum, a.Known), ahora)
	}
	switch {
	case len(a.Enum) == 0:
	case len(b.Enum) == 0:
		c.breaksAt(donde, "its closed set of values may grow now")
	default:
		for _, v := range b.Enum {
			if !slices.ContainsFunc(
				a.Enum,
				func(w any) bool { return reflect.DeepEqual(v, w) },
			) {
				c.breaksAt(donde, "value %v added to a closed set", v)
			}
		}
	}
}

// covers reports whether every type of menos is in mas; an empty list stands for every type.
func covers(mas, menos typeList) bool {
	if len(mas) == 0 {
		return true
	}
	return len(menos) > 0 && !slices.ContainsFunc(menos, func(t string) bool {
		return !slices.Contains(mas, t) && (t != "integer" || !slices.Contains(mas, "number"))
	})
}

type mode func(*comparison, string, *Schema, *Schema)

// parts compares, by mode, the members and the items of a and b.
func (c *comparison) parts(donde string, a, b *Schema, mode mode) {
	for _, k := range slices.Sorted(maps.Keys(a.Properties)) {
		if b.Properties[k] == nil {
			c.breaksAt(donde+"."+k, "removed")
			continue
		}
		mode(c, donde+"."+k, a.Properties[k], b.Properties[k])
	}
	if a.Items != nil || b.Items != nil {
		mode(c, donde+"[]", a.Items, b.Items)
	}
	_, x := a.others()
	if _, y := b.others(); x != nil || y != nil {
		mode(c, donde+".*", x, y)
	}
}

// alternatives notes each alternative of a that no alternative of b replaces, as mode compares them.
func (c *comparison) alternatives(donde string, a, b *Schema, mode mode) {
	for _, par := range [][2][]*Schema{{a.OneOf, b.OneOf}, {a.AnyOf, b.AnyOf}, {a.AllOf, b.AllOf}} {
		for i, x := range par[0] {
			if !slices.ContainsFunc(
				par[1],
				func(y *Schema) bool { return c.replaces(mode, donde, x, y) },
			) {
				c.breaksAt(donde, "alternative %d %s removed or changed", i+1, x.Title)
			}
		}
	}
}
