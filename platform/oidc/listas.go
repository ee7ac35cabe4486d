package oidc

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// errLista says that a claim has a form from which no texts can be read.
var errLista = errors.New("oidc: neither a text nor a list of texts nor an object")

// leerLista reads the texts of a claim in any unambiguous form: one text, a list of texts, or an object with the
// texts as its keys. A key with the value false or null is left out. A key with a text or a number refuses the claim,
// because "false" and 0 could mean either. Null and an absent claim give no texts. Errors: errLista.
func leerLista(b json.RawMessage) ([]string, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, errLista
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return sinVacios([]string{v}), nil
	case []any:
		return leerTextos(v)
	case map[string]any:
		return leerClavesDe(v)
	}
	return nil, errLista
}

func leerTextos(v []any) ([]string, error) {
	out := []string{}
	for _, x := range v {
		s, ok := x.(string)
		if !ok {
			return nil, errLista
		}
		out = append(out, s)
	}
	return sinVacios(out), nil
}

func leerClavesDe(v map[string]any) ([]string, error) {
	out := []string{}
	for _, k := range slices.Sorted(maps.Keys(v)) {
		switch x := v[k].(type) {
		case nil:
		case bool:
			if x {
				out = append(out, k)
			}
		case map[string]any, []any:
			out = append(out, k)
		default:
			return nil, errLista
		}
	}
	return sinVacios(out), nil
}

// sinVacios trims texts and leaves out blank ones.
func sinVacios(textos []string) []string {
	out := []string{}
	for _, t := range textos {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// palabras are the words of a claim such as scope: one text of words between blanks, or a list of texts.
type palabras struct {
	hay   bool // the claim is there
	todas []string
}

// UnmarshalJSON reads the claim. Errors: errLista.
func (p *palabras) UnmarshalJSON(b []byte) error {
	textos, err := leerLista(b)
	if err != nil {
		return err
	}
	p.hay = string(b) != "null"
	for _, t := range textos {
		p.todas = append(p.todas, strings.Fields(t)...)
	}
	return nil
}
