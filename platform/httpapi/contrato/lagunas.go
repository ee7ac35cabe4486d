package contrato

import (
	"fmt"
	"maps"
	"slices"
)

// Lagunas lists the gaps of d at which a reader would have to guess: operations, parameters, headers, members, tags
// and security schemes without a description; answers that are closed, and requests that are open.
func Lagunas(d *Documento) []string {
	l := &lagunas{d: d, vistos: map[string]bool{}}
	temas := map[string]string{}
	for _, t := range d.Temas {
		temas[t.Nombre] = t.Descripcion
	}
	for _, o := range d.Operaciones() {
		l.operacion(o, temas)
	}
	alcances := map[string]string{}
	for nombre, s := range d.Componentes.Seguridad {
		l.dicho("security scheme "+nombre, s.Descripcion)
		maps.Copy(alcances, s.Alcances)
	}
	for _, o := range d.Operaciones() {
		for _, permiso := range o.Permisos {
			l.dicho("scope "+permiso, alcances[permiso])
		}
	}
	slices.Sort(l.faltas)
	return slices.Compact(l.faltas)
}

type lagunas struct {
	d      *Documento
	vistos map[string]bool // schemas that have been read, by reference and direction
	faltas []string
}

func (l *lagunas) dicho(que, descripcion string) {
	if descripcion == "" {
		l.faltas = append(l.faltas, que+" has no description")
	}
}

// operacion notes the gaps of an operation: its texts, tags, parameters, body and answers. temas describes the tags, by name.
func (l *lagunas) operacion(lugar Lugar, temas map[string]string) {
	l.dicho("operation "+lugar.ID, lugar.Descripcion)
	if lugar.Resumen == "" {
		l.faltas = append(l.faltas, "operation "+lugar.ID+" has no summary")
	}
	for _, t := range lugar.Temas {
		l.dicho("tag "+t, temas[t])
	}
	if len(lugar.Temas) == 0 {
		l.faltas = append(l.faltas, "operation "+lugar.ID+" has no tag")
	}
	for _, p := range lugar.Parametros {
		l.dicho(lugar.ID+" "+p.En+"."+p.Nombre, p.dicha())
		l.esquema(lugar.ID+" "+p.En+"."+p.Nombre, p.Esquema, true)
	}
	if lugar.Cuerpo != nil {
		for _, m := range lugar.Cuerpo.Contenido {
			l.esquema(lugar.ID+" body", m.Esquema, true)
		}
	}
	for estado, r := range lugar.Respuestas {
		l.dicho(lugar.ID+" "+estado, r.Descripcion)
		for _, nombre := range slices.Sorted(maps.Keys(r.Cabeceras)) {
			c := r.Cabeceras[nombre]
			l.dicho(lugar.ID+" "+estado+" header "+nombre, c.dicha())
			if nombre == "Content-Type" {
				l.faltas = append(l.faltas, lugar.ID+" "+estado+" header Content-Type: its content says that")
			}
		}
		for _, m := range r.Contenido {
			l.esquema(lugar.ID+" "+estado, m.Esquema, false)
		}
	}
}

// dicha is the description of a parameter or a header, beside its schema or in it.
func (p Parametro) dicha() string {
	if p.Descripcion == "" && p.Esquema != nil {
		return p.Esquema.Descripcion
	}
	return p.Descripcion
}

// esquema notes the gaps in the members of a schema, which a caller sends (pide) or receives.
func (l *lagunas) esquema(donde string, esquema *Esquema, pide bool) {
	if esquema == nil {
		return
	}
	if esquema.Ref != "" {
		donde = esquema.Ref
		clave := fmt.Sprint(esquema.Ref, pide)
		if l.vistos[clave] {
			return
		}
		l.vistos[clave] = true
		esquema = l.d.Resolver(esquema)
		if esquema == nil {
			l.faltas = append(l.faltas, donde+" is not there")
			return
		}
	}
	abierto, forma := esquema.otras()
	if len(esquema.Propiedades) > 0 && abierto != !pide && forma == nil && string(esquema.Otras) != "true" {
		falta := "an answer that is closed"
		if pide {
			falta = "a request that is open"
		}
		l.faltas = append(l.faltas, donde+": "+falta)
	}
	for _, nombre := range slices.Sorted(maps.Keys(esquema.Propiedades)) {
		p := esquema.Propiedades[nombre]
		l.dicho(donde+"."+nombre, p.Descripcion)
		l.esquema(donde+"."+nombre, p, pide)
	}
	l.esquema(donde+"[]", esquema.Items, pide)
	for _, x := range slices.Concat(esquema.UnoDe, esquema.AlgunoDe, esquema.TodosDe) {
		l.esquema(donde, x, pide)
	}
}
