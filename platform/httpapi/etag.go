package httpapi

import (
	"strconv"
	"strings"
)

// ETag writes a version as an ETag.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// gzipSuffix ends the ETag of a compressed answer, inside the quotes: an ETag names bytes, and the plain answer has
// different ones.
const gzipSuffix = "-gzip"

const ifMatchHeader = "If-Match"

// WithIfMatch is embedded in the input of PATCH, PUT and DELETE.
type WithIfMatch struct {
	IfMatch string `header:"If-Match" maxLength:"1000" example:"*" doc:"The ETag that was read, or a list of ETags of which one must be the present one."`
}

// Versions reads the versions that If-Match lists, over all its header lines. The present version of the resource
// must be one of them; nil: any version will do, because the header is absent or "*". exigida refuses an absent
// header ("*" counts as present). Weak ETags and ETags of other servers name no version. Errors: ErrNoIfMatch;
// ErrVersion when no ETag of the list names a version.
func (c WithIfMatch) Versions(exigida bool) ([]int64, error) {
	lista := strings.TrimSpace(c.IfMatch)
	switch {
	case lista == "" && exigida:
		return nil, ErrNoIfMatch
	case lista == "" || lista == "*":
		return nil, nil
	}
	var vs []int64
	for etiqueta := range strings.SplitSeq(lista, ",") { // the ETags that are ours hold no comma
		if v, ok := versionOf(strings.TrimSpace(etiqueta)); ok {
			vs = append(vs, v)
		}
	}
	if len(vs) == 0 {
		return nil, ErrVersion
	}
	return vs, nil
}

// versionOf reads the version out of an ETag that ETag wrote, with or without gzipSuffix; false for any other
// ETag.
func versionOf(etiqueta string) (int64, bool) {
	texto, abre := strings.CutPrefix(etiqueta, `"`)
	texto, cierra := strings.CutSuffix(texto, `"`)
	v, err := strconv.ParseInt(strings.TrimSuffix(texto, gzipSuffix), 10, 64)
	ok := abre && cierra && err == nil &&
		(etiqueta == ETag(v) || etiqueta == compressedETag(ETag(v)))
	return v, ok
}

// compressedETag is the ETag of the compressed answer, given the ETag of the plain one.
func compressedETag(etiqueta string) string {
	return strings.TrimSuffix(etiqueta, `"`) + gzipSuffix + `"`
}

// WithETag is embedded in the output of an operation that shows one resource guarded by If-Match.
type WithETag struct {
	ETag string `header:"ETag" doc:"Version of what is shown, for If-Match."`
}
