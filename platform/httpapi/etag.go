package httpapi

import (
	"strconv"
	"strings"
)

// Etiqueta writes a version as an ETag.
func Etiqueta(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// sufijoGzip ends the ETag of an answer that is compressed, inside its quotes: its bytes are others.
const sufijoGzip = "-gzip"

const cabeceraSiCoincide = "If-Match"

// ConSiCoincide is embedded in the input of PATCH, PUT and DELETE.
type ConSiCoincide struct {
	IfMatch string `header:"If-Match" maxLength:"1000" example:"*" doc:"The ETag that was read, or a list of ETags of which one must be the present one."`
}

// Versiones reads If-Match, all header lines as one list: the present version must be among what it returns; nil: any
// will do, because none was sent or "*". exigida asks for the header ("*" is one). A weak ETag names no version, nor does
// what is no ETag of ours. Errors: ErrSinIfMatch; ErrVersion when nothing in the list names a version.
func (c ConSiCoincide) Versiones(exigida bool) ([]int64, error) {
	lista := strings.TrimSpace(c.IfMatch)
	switch {
	case lista == "" && exigida:
		return nil, ErrSinIfMatch
	case lista == "" || lista == "*":
		return nil, nil
	}
	var vs []int64
	for etiqueta := range strings.SplitSeq(lista, ",") { // the ETags that are ours hold no comma
		if v, ok := versionDe(strings.TrimSpace(etiqueta)); ok {
			vs = append(vs, v)
		}
	}
	if len(vs) == 0 {
		return nil, ErrVersion
	}
	return vs, nil
}

// versionDe reads an ETag of ours, with or without sufijoGzip.
func versionDe(etiqueta string) (int64, bool) {
	texto, abre := strings.CutPrefix(etiqueta, `"`)
	texto, cierra := strings.CutSuffix(texto, `"`)
	v, err := strconv.ParseInt(strings.TrimSuffix(texto, sufijoGzip), 10, 64)
	ok := abre && cierra && err == nil && (etiqueta == Etiqueta(v) || etiqueta == comprimida(Etiqueta(v)))
	return v, ok
}

// comprimida is the ETag of the same thing, compressed.
func comprimida(etiqueta string) string { return strings.TrimSuffix(etiqueta, `"`) + sufijoGzip + `"` }

// ConEtiqueta is embedded in the output that shows one guarded thing.
type ConEtiqueta struct {
	ETag string `header:"ETag" doc:"Version of what is shown, for If-Match."`
}
