package oidc

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// errList says that a claim has a form from which no texts can be read.
var errList = errors.New("oidc: neither a text nor a list of texts nor an object")

// readList reads the texts of a claim in any unambiguous form: one text, a list of texts, or an object with the
// texts as its keys. A key with the value false or null is left out. A key with a text or a number refuses the claim,
// because "false" and 0 could mean either. Null and an absent claim give no texts. Errors: errList.
func readList(rawMessage json.RawMessage) ([]string, error) {
	if len(rawMessage) == 0 {
		return nil, nil
	}
	var v any
	if err := json.Unmarshal(rawMessage, &v); err != nil {
		return nil, errList
	}
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return withoutBlanks([]string{v}), nil
	case []any:
		return readTexts(v)
	case map[string]any:
		return objectKeys(v)
	}
	return nil, errList
}

func readTexts(anys []any) ([]string, error) {
	out := []string{}
	for _, x := range anys {
		s, ok := x.(string)
		if !ok {
			return nil, errList
		}
		out = append(out, s)
	}
	return withoutBlanks(out), nil
}

func objectKeys(v map[string]any) ([]string, error) {
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
			return nil, errList
		}
	}
	return withoutBlanks(out), nil
}

// withoutBlanks trims texts and leaves out blank ones.
func withoutBlanks(textos []string) []string {
	out := []string{}
	for _, t := range textos {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// words are the words of a claim such as scope: one text of words between blanks, or a list of texts.
type words struct {
	present bool // the claim is there
	all     []string
}

// UnmarshalJSON reads the claim. Errors: errList.
func (p *words) UnmarshalJSON(b []byte) error {
	textos, err := readList(b)
	if err != nil {
		return err
	}
	p.present = string(b) != "null"
	for _, t := range textos {
		p.all = append(p.all, strings.Fields(t)...)
	}
	return nil
}
