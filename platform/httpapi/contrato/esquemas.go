package contrato

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// abrir resolves a pair of schemas; false when the pair needs no comparison (any more).
func (c *comparacion) abrir(modo, donde string, a, b *Esquema) (*Esquema, *Esquema, bool) {
	if a == nil || b == nil {
		if a == nil && b != nil && modo == "pide" || a != nil && b == nil && modo == "da" {
			c.rompe(donde, "another schema")
		}
		return nil, nil, false
	}
	if c.visto(modo, donde, a, b) {
		return nil, nil, false
	}
	a, b = c.antes.Resolver(a), c.ahora.Resolver(b)
	if a == nil || b == nil {
		c.rompe(donde, "a schema is not in its document")
		return nil, nil, false
	}
	return a, b, true
}

// visto marks a pair as compared, if one of the two is a reference, and reports whether it was marked before.
func (c *comparacion) visto(modo, donde string, a, b *Esquema) bool {
	if a.Ref == "" && b.Ref == "" {
		return false
	}
	if a.Ref != "" && b.Ref != "" {
		donde = "" // two references break the same promises in every place
	}
	par := modo + " " + donde + " " + a.Ref + " " + b.Ref
	antes := c.vistos[par]
	c.vistos[par] = true
	return antes
}

// pide compares the values that a caller may send: b must accept every value that a accepts.
func (c *comparacion) pide(donde string, a, b *Esquema) {
	a, b, ok := c.abrir("pide", donde, a, b)
	if !ok {
		return
	}
	if !abarca(b.Tipos, a.Tipos) {
		c.rompe(donde, "type %v was %v", []string(b.Tipos), []string(a.Tipos))
		return
	}
	if c.ensancha(donde, a, b) {
		return
	}
	c.valores(donde, a, b)
	c.limites(donde, a, b)
	c.alternativas(donde, a, b, (*comparacion).pide)
	c.partes(donde, a, b, (*comparacion).pide)
	for _, k := range b.Obligatorias {
		if !slices.Contains(a.Obligatorias, k) {
			c.rompe(donde+"."+k, "required now")
		}
	}
	antes, _ := a.otras()
	if ahora, _ := b.otras(); antes && !ahora {
		c.rompe(donde, "further members are refused now")
	}
}

// ensancha compares a schema without alternatives to one with some (anyOf): one alternative of b must accept every
// value that a accepts. It reports whether the comparison of the pair ends here.
func (c *comparacion) ensancha(donde string, a, b *Esquema) bool {
	if len(a.AlgunoDe) > 0 || len(b.AlgunoDe) == 0 {
		return false
	}
	if !slices.ContainsFunc(b.AlgunoDe, func(x *Esquema) bool { return c.sirve((*comparacion).pide, donde, a, x) }) {
		c.rompe(donde, "taken by none of the alternatives")
		return true
	}
	return len(b.Propiedades) == 0 && b.Items == nil
}

// sirve reports whether b replaces a without a break, as m compares them.
func (c *comparacion) sirve(m modo, donde string, a, b *Esquema) bool {
	otra := &comparacion{antes: c.antes, ahora: c.ahora, vistos: maps.Clone(c.vistos)}
	m(otra, donde, a, b)
	return len(otra.rupturas) == 0
}

// valores compares the values that a caller may choose from, and the default.
func (c *comparacion) valores(donde string, a, b *Esquema) {
	switch {
	case len(b.Enum) == 0:
	case len(a.Enum) == 0:
		c.rompe(donde, "only some values are taken now")
	default:
		c.faltan(donde, a.Enum, b.Enum)
	}
	if a.ValorPorOmision != nil && !reflect.DeepEqual(a.ValorPorOmision, b.ValorPorOmision) {
		c.rompe(donde, "default %v was %v", b.ValorPorOmision, a.ValorPorOmision)
	}
}

func (c *comparacion) faltan(donde string, a, b []any) {
	for _, v := range a {
		if !slices.ContainsFunc(b, func(w any) bool { return reflect.DeepEqual(v, w) }) {
			c.rompe(donde, "value %v removed", v)
		}
	}
}

// limites notes each limit of b that is narrower than that of a.
func (c *comparacion) limites(donde string, a, b *Esquema) {
	for _, limite := range []struct {
		nombre string
		a, b   *float64
		signo  float64 // 1: a lower one is narrower
	}{
		{nombre: "maximum", a: a.Maximo, b: b.Maximo, signo: 1},
		{nombre: "minimum", a: a.Minimo, b: b.Minimo, signo: -1},
		{nombre: "exclusiveMaximum", a: a.MaximoExclusivo, b: b.MaximoExclusivo, signo: 1},
		{nombre: "exclusiveMinimum", a: a.MinimoExclusivo, b: b.MinimoExclusivo, signo: -1},
		{nombre: "maxLength", a: a.LargoMaximo, b: b.LargoMaximo, signo: 1},
		{nombre: "minLength", a: a.LargoMinimo, b: b.LargoMinimo, signo: -1},
		{nombre: "maxItems", a: a.ItemsMaximo, b: b.ItemsMaximo, signo: 1},
		{nombre: "minItems", a: a.ItemsMinimo, b: b.ItemsMinimo, signo: -1},
	} {
		if limite.b != nil && (limite.a == nil || limite.signo**limite.b < limite.signo**limite.a) {
			c.rompe(donde, "%s %v, before %s", limite.nombre, *limite.b, o(limite.a))
		}
	}
	for _, l := range []struct{ nombre, a, b string }{
		{nombre: "pattern", a: a.Patron, b: b.Patron},
		{nombre: "format", a: a.Formato, b: b.Formato},
	} {
		if l.b != "" && l.a != l.b {
			c.rompe(donde, "%s %q, before %q", l.nombre, l.b, l.a)
		}
	}
	if b.ItemsUnicos && !a.ItemsUnicos {
		c.rompe(donde, "repeated items are refused now")
	}
}

func o(x *float64) string {
	if x == nil {
		return "none"
	}
	return fmt.Sprint(*x)
}

// da compares the members of an answer: b must keep every promise of a.
func (c *comparacion) da(donde string, a, b *Esquema) {
	a, b, ok := c.abrir("da", donde, a, b)
	if !ok {
		return
	}
	if !abarca(a.Tipos, b.Tipos) {
		c.rompe(donde, "type %v was %v", []string(b.Tipos), []string(a.Tipos))
		return
	}
	c.dichos(donde, a, b)
	if a.Formato != "" && a.Formato != b.Formato {
		c.rompe(donde, "format %q was %q", b.Formato, a.Formato)
	}
	c.alternativas(donde, a, b, (*comparacion).da)
	c.partes(donde, a, b, (*comparacion).da)
	for _, k := range a.Obligatorias {
		if b.Propiedades[k] != nil && !slices.Contains(b.Obligatorias, k) {
			c.rompe(donde+"."+k, "may be absent now")
		}
	}
	antes, _ := a.otras()
	if ahora, _ := b.otras(); antes && !ahora {
		c.rompe(donde, "closed now: no member could be added any more")
	}
}

// dichos compares the values that an answer may hold. A closed set (enum) neither shrinks nor grows: programs list
// its values. A set that may grow (x-extensible-enum) must keep its values, and may be closed.
func (c *comparacion) dichos(donde string, a, b *Esquema) {
	ahora := slices.Concat(b.Enum, b.Conocidos)
	if len(ahora) > 0 {
		c.faltan(donde, slices.Concat(a.Enum, a.Conocidos), ahora)
	}
	switch {
	case len(a.Enum) == 0:
	case len(b.Enum) == 0:
		c.rompe(donde, "its closed set of values may grow now")
	default:
		for _, v := range b.Enum {
			if !slices.ContainsFunc(a.Enum, func(w any) bool { return reflect.DeepEqual(v, w) }) {
				c.rompe(donde, "value %v added to a closed set", v)
			}
		}
	}
}

// abarca reports whether every type of menos is in mas; an empty list stands for every type.
func abarca(mas, menos lista) bool {
	if len(mas) == 0 {
		return true
	}
	return len(menos) > 0 && !slices.ContainsFunc(menos, func(t string) bool {
		return !slices.Contains(mas, t) && (t != "integer" || !slices.Contains(mas, "number"))
	})
}

type modo func(*comparacion, string, *Esquema, *Esquema)

// partes compares, by m, the members and the items of a and b.
func (c *comparacion) partes(donde string, a, b *Esquema, m modo) {
	for _, k := range slices.Sorted(maps.Keys(a.Propiedades)) {
		if b.Propiedades[k] == nil {
			c.rompe(donde+"."+k, "removed")
			continue
		}
		m(c, donde+"."+k, a.Propiedades[k], b.Propiedades[k])
	}
	if a.Items != nil || b.Items != nil {
		m(c, donde+"[]", a.Items, b.Items)
	}
	_, x := a.otras()
	if _, y := b.otras(); x != nil || y != nil {
		m(c, donde+".*", x, y)
	}
}

// alternativas notes each alternative of a that no alternative of b replaces, as m compares them.
func (c *comparacion) alternativas(donde string, a, b *Esquema, m modo) {
	for _, par := range [][2][]*Esquema{{a.UnoDe, b.UnoDe}, {a.AlgunoDe, b.AlgunoDe}, {a.TodosDe, b.TodosDe}} {
		for i, x := range par[0] {
			if !slices.ContainsFunc(par[1], func(y *Esquema) bool { return c.sirve(m, donde, x, y) }) {
				c.rompe(donde, "alternative %d %s removed or changed", i+1, x.Titulo)
			}
		}
	}
}
