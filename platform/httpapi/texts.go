package httpapi

import (
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"despensa/platform/fault"
	"despensa/platform/text"
)

// keepTexts gives every text in the body of in, a decoded input, the form in which it is stored: one line in Unicode
// normal form C, or several where the member is tagged text:"lines". Errors: ErrInvalid with a field for each text that
// is refused; a member that may not be empty may not be blank either.
func keepTexts(in any) error {
	var k keeper
	k.walk(reflect.ValueOf(in).Elem().FieldByName("Body"), "body", "")
	return k.err()
}

// checkQuery refuses query members with a name or a value that is no line of text. Errors: ErrInvalid.
func checkQuery(q url.Values) error {
	var k keeper
	for name, values := range q {
		for _, v := range slices.Concat(values, []string{name}) {
			if _, err := text.Line(v); err != nil {
				k.refuse(presentable("query."+name, "query"), err.Error())
				break
			}
		}
	}
	return k.err()
}

// keeper walks the texts of an input and collects those that are refused.
type keeper struct{ fields []fault.Field }

func (k *keeper) refuse(place, message string) {
	if len(k.fields) < fieldsMax {
		k.fields = append(k.fields, fault.Field{Location: truncate(place), Message: message})
	}
}

func (k *keeper) err() error {
	if len(k.fields) == 0 {
		return nil
	}
	slices.SortFunc(
		k.fields,
		func(a, b fault.Field) int { return strings.Compare(a.Location, b.Location) },
	)
	e := ErrInvalid
	for _, f := range k.fields {
		e = e.WithField(f.Location, f.Message)
	}
	return e
}

// walk visits value, the value at place; tag is the tag of its struct member.
func (k *keeper) walk(value reflect.Value, place string, tag reflect.StructTag) {
	if !value.IsValid() {
		return
	}
	switch value.Kind() {
	case reflect.String:
		k.keep(value, place, tag)
	case reflect.Pointer:
		k.walk(value.Elem(), place, tag)
	case reflect.Struct:
		k.members(value, place)
	case reflect.Slice, reflect.Array:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range value.Len() {
			k.walk(value.Index(i), place+"["+strconv.Itoa(i)+"]", tag)
		}
	case reflect.Map:
		k.entries(value, place, tag)
	}
}

func (k *keeper) members(value reflect.Value, place string) {
	for i := range value.NumField() {
		f := value.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			k.walk(value.Field(i), place, f.Tag)
		default:
			k.walk(value.Field(i), place+"."+name, f.Tag)
		}
	}
}

// entries visits the values of a map, which cannot be changed in place.
func (k *keeper) entries(value reflect.Value, place string, tag reflect.StructTag) {
	for _, key := range value.MapKeys() {
		v := reflect.New(value.Type().Elem()).Elem()
		v.Set(value.MapIndex(key))
		k.walk(v, place+"."+key.String(), tag)
		value.SetMapIndex(key, v)
	}
}

// keep puts the stored form of the text in value into value.
func (k *keeper) keep(value reflect.Value, place string, tag reflect.StructTag) {
	form := text.Line
	if tag.Get("text") == "lines" {
		form = text.Lines
	}
	s, err := form(value.String())
	switch {
	case err != nil:
		k.refuse(place, err.Error())
	case s != "" && isRequired(tag) && text.IsBlank(s): // "" is absent, or was refused before
		k.refuse(place, "is blank")
	case tag.Get("format") == "uuid":
		value.SetString(canonicalID(s))
	default:
		value.SetString(s)
	}
}

// isRequired reports whether a member may not be empty.
func isRequired(tag reflect.StructTag) bool {
	n, err := strconv.Atoi(tag.Get("minLength"))
	return err == nil && n > 0
}
