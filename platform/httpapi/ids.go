package httpapi

import (
	"net/url"
	"reflect"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// canonicalID gives a UUID in small letters, as it is stored. Any other text stays as it is.
func canonicalID(s string) string {
	if len(s) != len(uuid.Nil.String()) || uuid.Validate(s) != nil {
		return s
	}
	return strings.ToLower(s)
}

// canonicalParams decodes the percent-encoded parameters of the path, which echo does not, and gives ids their
// canonical form. Errors: ErrRequest for an encoding that cannot be decoded.
func canonicalParams(ectx echo.Context) error {
	values := ectx.ParamValues()
	for i, v := range values {
		if ectx.Request().URL.RawPath != "" { // without it the path was decoded before it was matched
			var err error
			if v, err = url.PathUnescape(v); err != nil {
				return ErrRequest
			}
		}
		values[i] = canonicalID(v)
	}
	ectx.SetParamValues(values...)
	return nil
}

// canonicalQuery gives the ids in the query members of in, a pointer to a decoded input, their canonical form.
// keepTexts does the same for the body.
func canonicalQuery(in any) { canonicalMembers(reflect.ValueOf(in).Elem()) }

func canonicalMembers(value reflect.Value) {
	for i := range value.NumField() {
		f, m := value.Type().Field(i), value.Field(i)
		_, query := f.Tag.Lookup("query")
		switch {
		case f.Anonymous && m.Kind() == reflect.Struct:
			canonicalMembers(m)
		case query && m.Kind() == reflect.String && m.CanSet():
			m.SetString(canonicalID(m.String()))
		case query && m.Kind() == reflect.Slice && m.Type().Elem().Kind() == reflect.String:
			for j := range m.Len() {
				m.Index(j).SetString(canonicalID(m.Index(j).String()))
			}
		}
	}
}
