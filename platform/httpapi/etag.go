package httpapi

import (
	"strconv"
	"strings"
)

// Etiqueta writes a version as an ETag.
func Etiqueta(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// ConSiCoincide is embedded in the input of PATCH, PUT and DELETE.
type ConSiCoincide struct {
	IfMatch string `header:"If-Match" maxLength:"200" example:"*" doc:"The ETag that was read."`
}

// Version reads If-Match; false when any version will do: none was sent, or "*".
// exigida asks for one ("*" is one). Errors: ErrSinIfMatch; ErrVersion for what is no
// ETag of ours, which cannot be the present one (weak ones and lists neither).
func (c ConSiCoincide) Version(exigida bool) (int64, bool, error) {
	switch {
	case c.IfMatch == "" && exigida:
		return 0, false, ErrSinIfMatch
	case c.IfMatch == "" || c.IfMatch == "*":
		return 0, false, nil
	}
	v, err := strconv.ParseInt(strings.Trim(c.IfMatch, `"`), 10, 64)
	if err != nil || Etiqueta(v) != c.IfMatch {
		return 0, false, ErrVersion
	}
	return v, true, nil
}

// ConEtiqueta is embedded in the output that shows one guarded thing.
type ConEtiqueta struct {
	ETag string `header:"ETag" doc:"Version of what is shown, for If-Match."`
}
