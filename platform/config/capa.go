package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// leerCapa puts the settings of one YAML layer into campos, by their paths. A layer is one document. A layer without
// keys and a key without a value change nothing. Errors name keys and lines, never a value.
func leerCapa(campos map[string]reflect.Value, texto []byte) []error {
	texto, err := sinBOM(texto)
	if err != nil {
		return []error{err}
	}
	d := yaml.NewDecoder(bytes.NewReader(texto))
	var doc, otro yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return []error{sinTexto(err)}
	}
	if err := d.Decode(&otro); err == nil {
		return []error{fmt.Errorf("line %d: a second YAML document; one expected", max(otro.Line, 1))}
	} else if !errors.Is(err, io.EOF) {
		return []error{sinTexto(err)}
	}
	l := capa{campos: campos}
	l.seccion("", doc.Content[0])
	return l.errs
}

// renglon is the line number in an error of the YAML library.
var renglon = regexp.MustCompile(`line \d+`)

// sinTexto gives an error of the YAML library without the parts of the file that it quotes.
func sinTexto(err error) error {
	dicho := strings.TrimPrefix(err.Error(), "yaml: ")
	if !strings.ContainsAny(dicho, "'\"`") {
		return fmt.Errorf("not YAML: %s", dicho)
	}
	if r := renglon.FindString(dicho); r != "" {
		return fmt.Errorf("not YAML: %s", r)
	}
	return errors.New("not YAML: an anchor, a tag or a directive that cannot be read")
}

// capa is one layer while leerCapa reads it.
type capa struct {
	campos map[string]reflect.Value
	errs   []error
}

func (l *capa) mal(clave string, n *yaml.Node, err error) {
	l.errs = append(l.errs, fmt.Errorf("%s: %w (line %d)", clave, err, n.Line))
}

var (
	errSeccion    = errors.New("keys with values expected")
	errRepetida   = errors.New("written twice")
	errSinAjuste  = errors.New("no such setting")
	errUnValor    = errors.New("one value expected")
	errUnaLista   = errors.New("a list of texts expected")
	errMezcla     = errors.New("keys cannot be merged (<<)")
	nombreDeClave = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// seccion reads the keys of the section camino; "" is the whole file.
func (l *capa) seccion(camino string, n *yaml.Node) {
	n = apuntado(n)
	if vacio(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		l.mal(donde(camino), n, errSeccion)
		return
	}
	vistas := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		llave, valor := n.Content[i], n.Content[i+1]
		clave := strings.TrimPrefix(camino+"."+llave.Value, ".")
		switch {
		case llave.Kind != yaml.ScalarNode || !nombreDeClave.MatchString(llave.Value):
			if llave.ShortTag() == "!!merge" {
				l.mal(donde(camino), llave, errMezcla)
				continue
			}
			l.mal(donde(camino), llave, errSinAjuste) // the key may be a misplaced value: it is not shown
		case vistas[clave]:
			l.mal(clave, llave, errRepetida)
		default:
			vistas[clave] = true
			l.clave(clave, llave, valor)
		}
	}
}

// clave reads valor, the value of the key llave, which has the path clave: a setting or a section.
func (l *capa) clave(clave string, llave, valor *yaml.Node) {
	if campo, ok := l.campos[clave]; ok {
		if err := ponerNodo(campo, apuntado(valor)); err != nil {
			l.mal(clave, valor, err)
		}
		return
	}
	for otra := range l.campos {
		if strings.HasPrefix(otra, clave+".") {
			l.seccion(clave, valor)
			return
		}
	}
	l.mal(clave, llave, errSinAjuste)
}

// ponerNodo sets campo, one setting, from its YAML value. Errors: errUnValor, errUnaLista, those of poner.
func ponerNodo(campo reflect.Value, n *yaml.Node) error {
	switch {
	case vacio(n):
		return nil
	case n.Kind == yaml.SequenceNode && campo.Kind() == reflect.Slice:
		textos := []string{}
		for _, m := range n.Content {
			if m = apuntado(m); m.Kind != yaml.ScalarNode || vacio(m) || !conocida(m) {
				return errUnaLista
			}
			textos = append(textos, m.Value)
		}
		return ponerLista(campo, textos)
	case n.Kind != yaml.ScalarNode || !conocida(n):
		return errUnValor
	}
	return poner(campo, n.Value)
}

// conocida reports whether a value has no tag of its own, such as !!binary.
func conocida(n *yaml.Node) bool {
	switch n.ShortTag() {
	case "!!str", "!!int", "!!float", "!!bool", "!!timestamp":
		return true
	}
	return false
}

// apuntado gives the value that an alias points to; any other node as it is.
func apuntado(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// vacio reports whether a key has no value, or null.
func vacio(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// donde names the section camino in an error.
func donde(camino string) string {
	if camino == "" {
		return "the file"
	}
	return camino
}
