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

// readLayer puts the settings of one YAML layer into campos, by their paths. A layer is one document. A layer without
// keys and a key without a value change nothing. Errors name keys and lines, never a value.
func readLayer(campos map[string]reflect.Value, texto []byte) []error {
	texto, err := withoutBOM(texto)
	if err != nil {
		return []error{err}
	}
	d := yaml.NewDecoder(bytes.NewReader(texto))
	var doc, otro yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return []error{withoutText(err)}
	}
	if err := d.Decode(&otro); err == nil {
		return []error{
			fmt.Errorf("line %d: a second YAML document; one expected", max(otro.Line, 1)),
		}
	} else if !errors.Is(err, io.EOF) {
		return []error{withoutText(err)}
	}
	l := layer{fields: campos}
	l.section("", doc.Content[0])
	return l.errs
}

// lineNumber is the line number in an error of the YAML library.
var lineNumber = regexp.MustCompile(`line \d+`)

// withoutText gives an error of the YAML library without the parts of the file that it quotes.
func withoutText(err error) error {
	dicho := strings.TrimPrefix(err.Error(), "yaml: ")
	if !strings.ContainsAny(dicho, "'\"`") {
		return fmt.Errorf("not YAML: %s", dicho)
	}
	if r := lineNumber.FindString(dicho); r != "" {
		return fmt.Errorf("not YAML: %s", r)
	}
	return errors.New("not YAML: an anchor, a tag or a directive that cannot be read")
}

// layer is one layer while readLayer reads it.
type layer struct {
	fields map[string]reflect.Value
	errs   []error
}

func (l *layer) bad(clave string, node *yaml.Node, err error) {
	l.errs = append(l.errs, fmt.Errorf("%s: %w (line %d)", clave, err, node.Line))
}

var (
	errSection  = errors.New("keys with values expected")
	errRepeated = errors.New("written twice")
	errUnknown  = errors.New("no such setting")
	errOneValue = errors.New("one value expected")
	errList     = errors.New("a list of texts expected")
	errMerge    = errors.New("keys cannot be merged (<<)")
	keyName     = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// section reads the keys of the section camino; "" is the whole file.
func (l *layer) section(camino string, node *yaml.Node) {
	node = target(node)
	if isEmpty(node) {
		return
	}
	if node.Kind != yaml.MappingNode {
		l.bad(placeOf(camino), node, errSection)
		return
	}
	vistas := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		llave, valor := node.Content[i], node.Content[i+1]
		clave := strings.TrimPrefix(camino+"."+llave.Value, ".")
		switch {
		case llave.Kind != yaml.ScalarNode || !keyName.MatchString(llave.Value):
			if llave.ShortTag() == "!!merge" {
				l.bad(placeOf(camino), llave, errMerge)
				continue
			}
			// The key may be a misplaced value: it is not shown.
			l.bad(placeOf(camino), llave, errUnknown)
		case vistas[clave]:
			l.bad(clave, llave, errRepeated)
		default:
			vistas[clave] = true
			l.key(clave, llave, valor)
		}
	}
}

// key reads valor, the value of the key llave, which has the path clave: a setting or a section.
func (l *layer) key(clave string, llave, valor *yaml.Node) {
	if campo, ok := l.fields[clave]; ok {
		if err := setNode(campo, target(valor)); err != nil {
			l.bad(clave, valor, err)
		}
		return
	}
	for otra := range l.fields {
		if strings.HasPrefix(otra, clave+".") {
			l.section(clave, valor)
			return
		}
	}
	l.bad(clave, llave, errUnknown)
}

// setNode sets campo, one setting, from its YAML value. Errors: errOneValue, errList, those of set.
func setNode(campo reflect.Value, node *yaml.Node) error {
	switch {
	case isEmpty(node):
		return nil
	case node.Kind == yaml.SequenceNode && campo.Kind() == reflect.Slice:
		textos := []string{}
		for _, m := range node.Content {
			if m = target(m); m.Kind != yaml.ScalarNode || isEmpty(m) || !plainTag(m) {
				return errList
			}
			textos = append(textos, m.Value)
		}
		return setList(campo, textos)
	case node.Kind != yaml.ScalarNode || !plainTag(node):
		return errOneValue
	}
	return set(campo, node.Value)
}

// plainTag reports whether a value has no tag of its own, such as !!binary.
func plainTag(node *yaml.Node) bool {
	switch node.ShortTag() {
	case "!!str", "!!int", "!!float", "!!bool", "!!timestamp":
		return true
	}
	return false
}

// target gives the value that an alias points to; any other node as it is.
func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// isEmpty reports whether a key has no value, or null.
func isEmpty(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null"
}

// placeOf names the section camino in an error.
func placeOf(camino string) string {
	if camino == "" {
		return "the file"
	}
	return camino
}
