package httpapi

import (
	"strconv"
	"strings"
)

// Etiqueta writes a version as an ETag.
func Etiqueta(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// sufijoGzip ends the ETag of a compressed answer, inside the quotes: an ETag names bytes, and the plain answer has
// different ones.
const sufijoGzip = "-gzip"

const cabeceraSiCoincide = "If-Match"

// ConSiCoincide is embedded in the input of PATCH, PUT and DELETE.
type ConSiCoincide struct {
	IfMatch string `header:"If-Match" maxLength:"1000" example:"*" doc:"The ETag that was read, or a list of ETags of which one must be the present one."`
}

// Versiones reads the versions that If-Match lists, over all its header lines. The present version of the resource
// must be one of them; nil: any version will do, because the header is absent or "*". exigida refuses an absent
// header ("*" counts as present). Weak ETags and ETags of other servers name no version. Errors: ErrSinIfMatch;
// ErrVersion when no ETag of the list names a version.
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

// versionDe reads the version out of an ETag that Etiqueta wrote, with or without sufijoGzip; false for any other
// ETag.
func versionDe(etiqueta string) (int64, bool) {
	texto, abre := strings.CutPrefix(etiqueta, `"`)
	texto, cierra := strings.CutSuffix(texto, `"`)
	v, err := strconv.ParseInt(strings.TrimSuffix(texto, sufijoGzip), 10, 64)
	ok := abre && cierra && err == nil && (etiqueta == Etiqueta(v) || etiqueta == comprimida(Etiqueta(v)))
	return v, ok
}

// comprimida is the ETag of the compressed answer, given the ETag of the plain one.
func comprimida(etiqueta string) string { return strings.TrimSuffix(etiqueta, `"`) + sufijoGzip + `"` }

// ConEtiqueta is embedded in the output of an operation that shows one resource guarded by If-Match.
type ConEtiqueta struct {
	ETag string `header:"ETag" doc:"Version of what is shown, for If-Match."`
}
