package contrato

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Compare lists, sorted, the promises of antes that ahora no longer keeps: changes that break programs written
// against antes. Mere additions are not listed.
func Compare(antes, ahora *Document) []string {
	c := &comparison{before: antes, now: ahora, pairs: map[string]bool{}}
	for _, o := range antes.Operations() {
		otra := ahora.Paths[o.Path][strings.ToLower(o.Method)]
		if otra == nil {
			c.breaksAt(o.Method+" "+o.Path, "removed")
			continue
		}
		c.operation(o.Method+" "+o.Path, o.Operation, otra)
	}
	for codigo, estado := range antes.Codes {
		if nuevo, ok := ahora.Codes[codigo]; !ok {
			c.breaksAt("error "+codigo, "removed")
		} else if nuevo != estado {
			c.breaksAt("error "+codigo, "status %d was %d", nuevo, estado)
		}
	}
	slices.Sort(c.breaks)
	return slices.Compact(c.breaks)
}

type comparison struct {
	before, now *Document
	pairs       map[string]bool // pairs of schemas that are being compared
	breaks      []string
}

func (c *comparison) breaksAt(donde, formato string, args ...any) {
	c.breaks = append(c.breaks, donde+": "+fmt.Sprintf(formato, args...))
}

func (c *comparison) operation(donde string, a, b *Operation) {
	if a.ID != b.ID {
		c.breaksAt(donde, "operationId %s was %s", b.ID, a.ID)
	}
	c.access(donde, a, b)
	c.parameters(donde, a, b)
	c.body(donde, a, b)
	for _, estado := range slices.Sorted(maps.Keys(a.Responses)) {
		r, ok := b.Responses[estado]
		if !ok {
			c.breaksAt(donde, "status %s removed", estado)
			continue
		}
		c.response(donde+" "+estado, a.Responses[estado], r)
	}
}

// access notes the roles and scopes that a admits and b does not.
func (c *comparison) access(donde string, a, b *Operation) {
	if b.IsPublic() {
		return
	}
	if a.IsPublic() {
		c.breaksAt(donde, "a token is asked for")
		return
	}
	for _, rol := range a.Roles {
		if !slices.Contains(b.Roles, rol) {
			c.breaksAt(donde, "role %s removed", rol)
		}
	}
	for _, permiso := range a.Permissions {
		if !slices.Contains(b.Permissions, permiso) {
			c.breaksAt(donde, "scope %s removed", permiso)
		}
	}
}

// parameters notes each parameter of a that b lacks or takes fewer values of, and each one that b newly requires.
func (c *comparison) parameters(donde string, a, b *Operation) {
	igual := func(p Parameter) func(Parameter) bool {
		return func(q Parameter) bool { return p.In == q.In && strings.EqualFold(p.Name, q.Name) }
	}
	for _, p := range a.Parameters {
		lugar := donde + " " + p.In + "." + p.Name
		i := slices.IndexFunc(b.Parameters, igual(p))
		if i < 0 {
			c.breaksAt(lugar, "removed")
			continue
		}
		q := b.Parameters[i]
		if q.Required && !p.Required {
			c.breaksAt(lugar, "required now")
		}
		c.takes(lugar, p.Schema, q.Schema)
	}
	for _, q := range b.Parameters {
		if q.Required && !slices.ContainsFunc(a.Parameters, igual(q)) {
			c.breaksAt(donde+" "+q.In+"."+q.Name, "added and required")
		}
	}
}

// body notes the bodies that a takes and b does not: larger ones, absent ones, other content types, other values.
func (c *comparison) body(donde string, a, b *Operation) {
	lugar := donde + " body"
	if a.MaxBody > 0 && b.MaxBody > 0 && b.MaxBody < a.MaxBody {
		c.breaksAt(lugar, "at most %d bytes, %d before", b.MaxBody, a.MaxBody)
	}
	switch {
	case a.Body == nil && b.Body == nil:
		return
	case a.Body == nil:
		if b.Body.Required {
			c.breaksAt(lugar, "added and required")
		}
		return
	case b.Body == nil:
		c.breaksAt(lugar, "removed")
		return
	}
	if b.Body.Required && !a.Body.Required {
		c.breaksAt(lugar, "required now")
	}
	for tipo, m := range a.Body.Content {
		if n, ok := b.Body.Content[tipo]; ok {
			c.takes(lugar, m.Schema, n.Schema)
		} else {
			c.breaksAt(lugar, "%s removed", tipo)
		}
	}
}

func (c *comparison) response(donde string, a, b Response) {
	for nombre := range a.Headers {
		if nombre == "Content-Type" { // readers of OpenAPI ignore it
			continue
		}
		q, ok := b.Headers[nombre]
		if !ok {
			c.breaksAt(donde, "header %s removed", nombre)
			continue
		}
		c.gives(donde+" header."+nombre, a.Headers[nombre].Schema, q.Schema)
	}
	for tipo, m := range a.Content {
		if n, ok := b.Content[tipo]; ok {
			c.gives(donde, m.Schema, n.Schema)
		} else {
			c.breaksAt(donde, "%s removed", tipo)
		}
	}
}
