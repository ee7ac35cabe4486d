package contrato

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Comparar lists, sorted, the promises of antes that ahora no longer keeps: changes that break programs written
// against antes. Mere additions are not listed.
func Comparar(antes, ahora *Documento) []string {
	c := &comparacion{antes: antes, ahora: ahora, vistos: map[string]bool{}}
	for _, o := range antes.Operaciones() {
		otra := ahora.Paths[o.Ruta][strings.ToLower(o.Metodo)]
		if otra == nil {
			c.rompe(o.Metodo+" "+o.Ruta, "removed")
			continue
		}
		c.operacion(o.Metodo+" "+o.Ruta, o.Operacion, otra)
	}
	for codigo, estado := range antes.Codigos {
		if nuevo, ok := ahora.Codigos[codigo]; !ok {
			c.rompe("error "+codigo, "removed")
		} else if nuevo != estado {
			c.rompe("error "+codigo, "status %d was %d", nuevo, estado)
		}
	}
	slices.Sort(c.rupturas)
	return slices.Compact(c.rupturas)
}

type comparacion struct {
	antes, ahora *Documento
	vistos       map[string]bool // pairs of schemas that are being compared
	rupturas     []string
}

func (c *comparacion) rompe(donde, formato string, args ...any) {
	c.rupturas = append(c.rupturas, donde+": "+fmt.Sprintf(formato, args...))
}

func (c *comparacion) operacion(donde string, a, b *Operacion) {
	if a.ID != b.ID {
		c.rompe(donde, "operationId %s was %s", b.ID, a.ID)
	}
	c.acceso(donde, a, b)
	c.parametros(donde, a, b)
	c.cuerpo(donde, a, b)
	for _, estado := range slices.Sorted(maps.Keys(a.Respuestas)) {
		r, ok := b.Respuestas[estado]
		if !ok {
			c.rompe(donde, "status %s removed", estado)
			continue
		}
		c.respuesta(donde+" "+estado, a.Respuestas[estado], r)
	}
}

// acceso notes the roles and scopes that a admits and b does not.
func (c *comparacion) acceso(donde string, a, b *Operacion) {
	if b.Publica() {
		return
	}
	if a.Publica() {
		c.rompe(donde, "a token is asked for")
		return
	}
	for _, rol := range a.Roles {
		if !slices.Contains(b.Roles, rol) {
			c.rompe(donde, "role %s removed", rol)
		}
	}
	for _, permiso := range a.Permisos {
		if !slices.Contains(b.Permisos, permiso) {
			c.rompe(donde, "scope %s removed", permiso)
		}
	}
}

// parametros notes each parameter of a that b lacks or takes fewer values of, and each one that b newly requires.
func (c *comparacion) parametros(donde string, a, b *Operacion) {
	igual := func(p Parametro) func(Parametro) bool {
		return func(q Parametro) bool { return p.En == q.En && strings.EqualFold(p.Nombre, q.Nombre) }
	}
	for _, p := range a.Parametros {
		lugar := donde + " " + p.En + "." + p.Nombre
		i := slices.IndexFunc(b.Parametros, igual(p))
		if i < 0 {
			c.rompe(lugar, "removed")
			continue
		}
		q := b.Parametros[i]
		if q.Obligatorio && !p.Obligatorio {
			c.rompe(lugar, "required now")
		}
		c.pide(lugar, p.Esquema, q.Esquema)
	}
	for _, q := range b.Parametros {
		if q.Obligatorio && !slices.ContainsFunc(a.Parametros, igual(q)) {
			c.rompe(donde+" "+q.En+"."+q.Nombre, "added and required")
		}
	}
}

// cuerpo notes the bodies that a takes and b does not: larger ones, absent ones, other content types, other values.
func (c *comparacion) cuerpo(donde string, a, b *Operacion) {
	lugar := donde + " body"
	if a.MaxCuerpo > 0 && b.MaxCuerpo > 0 && b.MaxCuerpo < a.MaxCuerpo {
		c.rompe(lugar, "at most %d bytes, %d before", b.MaxCuerpo, a.MaxCuerpo)
	}
	switch {
	case a.Cuerpo == nil && b.Cuerpo == nil:
		return
	case a.Cuerpo == nil:
		if b.Cuerpo.Obligatorio {
			c.rompe(lugar, "added and required")
		}
		return
	case b.Cuerpo == nil:
		c.rompe(lugar, "removed")
		return
	}
	if b.Cuerpo.Obligatorio && !a.Cuerpo.Obligatorio {
		c.rompe(lugar, "required now")
	}
	for tipo, m := range a.Cuerpo.Contenido {
		if n, ok := b.Cuerpo.Contenido[tipo]; ok {
			c.pide(lugar, m.Esquema, n.Esquema)
		} else {
			c.rompe(lugar, "%s removed", tipo)
		}
	}
}

func (c *comparacion) respuesta(donde string, a, b Respuesta) {
	for nombre := range a.Cabeceras {
		if nombre == "Content-Type" { // readers of OpenAPI ignore it
			continue
		}
		q, ok := b.Cabeceras[nombre]
		if !ok {
			c.rompe(donde, "header %s removed", nombre)
			continue
		}
		c.da(donde+" header."+nombre, a.Cabeceras[nombre].Esquema, q.Esquema)
	}
	for tipo, m := range a.Contenido {
		if n, ok := b.Contenido[tipo]; ok {
			c.da(donde, m.Esquema, n.Esquema)
		} else {
			c.rompe(donde, "%s removed", tipo)
		}
	}
}
