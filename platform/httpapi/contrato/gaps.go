package contrato

import (
	"fmt"
	"maps"
	"slices"
)

// Gaps lists the gaps of document at which a reader would have to guess: operations, parameters, headers, members, tags
// and security schemes without a description; answers that are closed, and requests that are open.
func Gaps(document *Document) []string {
	l := &gaps{d: document, seen: map[string]bool{}}
	temas := map[string]string{}
	for _, t := range document.Tags {
		temas[t.Name] = t.Description
	}
	for _, o := range document.Operations() {
		l.operation(o, temas)
	}
	alcances := map[string]string{}
	for nombre, s := range document.Components.Security {
		l.described("security scheme "+nombre, s.Description)
		maps.Copy(alcances, s.Scopes)
	}
	for _, o := range document.Operations() {
		for _, permiso := range o.Permissions {
			l.described("scope "+permiso, alcances[permiso])
		}
	}
	slices.Sort(l.missing)
	return slices.Compact(l.missing)
}

type gaps struct {
	d       *Document
	seen    map[string]bool // schemas that have been read, by reference and direction
	missing []string
}

func (l *gaps) described(que, descripcion string) {
	if descripcion == "" {
		l.missing = append(l.missing, que+" has no description")
	}
}

// operation notes the gaps of an operation: its texts, tags, parameters, body and answers. temas describes the tags, by
// name.
func (l *gaps) operation(lugar Place, temas map[string]string) {
	l.described("operation "+lugar.ID, lugar.Description)
	if lugar.Summary == "" {
		l.missing = append(l.missing, "operation "+lugar.ID+" has no summary")
	}
	for _, t := range lugar.Tags {
		l.described("tag "+t, temas[t])
	}
	if len(lugar.Tags) == 0 {
		l.missing = append(l.missing, "operation "+lugar.ID+" has no tag")
	}
	for _, p := range lugar.Parameters {
		l.described(lugar.ID+" "+p.In+"."+p.Name, p.described())
		l.schema(lugar.ID+" "+p.In+"."+p.Name, p.Schema, true)
	}
	if lugar.Body != nil {
		for _, m := range lugar.Body.Content {
			l.schema(lugar.ID+" body", m.Schema, true)
		}
	}
	for estado, r := range lugar.Responses {
		l.described(lugar.ID+" "+estado, r.Description)
		for _, nombre := range slices.Sorted(maps.Keys(r.Headers)) {
			c := r.Headers[nombre]
			l.described(lugar.ID+" "+estado+" header "+nombre, c.described())
			if nombre == "Content-Type" {
				l.missing = append(
					l.missing,
					lugar.ID+" "+estado+" header Content-Type: its content says that",
				)
			}
		}
		for _, m := range r.Content {
			l.schema(lugar.ID+" "+estado, m.Schema, false)
		}
	}
}

// described is the description of a parameter or a header, beside its schema or in it.
func (p Parameter) described() string {
	if p.Description == "" && p.Schema != nil {
		return p.Schema.Description
	}
	return p.Description
}

// schema notes the gaps in the members of a schema, which a caller sends (pide) or receives.
func (l *gaps) schema(donde string, esquema *Schema, pide bool) {
	if esquema == nil {
		return
	}
	if esquema.Ref != "" {
		donde = esquema.Ref
		clave := fmt.Sprint(esquema.Ref, pide)
		if l.seen[clave] {
			return
		}
		l.seen[clave] = true
		esquema = l.d.Resolve(esquema)
		if esquema == nil {
			l.missing = append(l.missing, donde+" is not there")
			return
		}
	}
	abierto, forma := esquema.others()
	if len(esquema.Properties) > 0 && abierto != !pide && forma == nil &&
		string(esquema.Others) != "true" {
		falta := "an answer that is closed"
		if pide {
			falta = "a request that is open"
		}
		l.missing = append(l.missing, donde+": "+falta)
	}
	for _, nombre := range slices.Sorted(maps.Keys(esquema.Properties)) {
		p := esquema.Properties[nombre]
		l.described(donde+"."+nombre, p.Description)
		l.schema(donde+"."+nombre, p, pide)
	}
	l.schema(donde+"[]", esquema.Items, pide)
	for _, x := range slices.Concat(esquema.OneOf, esquema.AnyOf, esquema.AllOf) {
		l.schema(donde, x, pide)
	}
}
