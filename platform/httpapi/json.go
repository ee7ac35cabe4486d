package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"despensa/platform/text"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"
)

// depthMax is how many levels deep a body may be nested.
const depthMax = 20

// oneByOne begins the place of a position of a batch. The operation judges positions one by one, so that a text that
// one position may not hold does not get the whole batch refused.
const oneByOne = "body.posiciones["

// separator stands between place and message in the text of an error about one value: huma keeps only the text of a
// decoder's error.
const separator = "\x1f"

var errDocument = errors.New(
	"not one JSON document in UTF-8 without repeated names, nested at most 20 deep",
)

// formats are the reader and the writer of JSON bodies, under the names by which huma asks for them.
func formats() map[string]huma.Format {
	f := huma.Format{
		Marshal:   func(w io.Writer, v any) error { return huma.DefaultJSONFormat.Marshal(untilGone{w}, v) },
		Unmarshal: decode,
	}
	return map[string]huma.Format{"application/json": f, "json": f}
}

// untilGone hides from huma that the client has closed the connection: huma would panic, or print to standard error.
type untilGone struct{ io.Writer }

// Write never fails.
func (u untilGone) Write(b []byte) (int, error) {
	_, _ = u.Writer.Write(b)
	return len(b), nil
}

// decode reads a body. huma calls it twice: first into an any, to validate the body, then into the operation's
// type. An integer may be written as 52.0, which is an integer to JSON Schema. Errors never quote the body.
func decode(b []byte, v any) error {
	_, primera := v.(*any)
	if primera {
		if err := checkDocument(b); err != nil {
			return err
		}
		b = bounded(b)
	} else {
		b = integers(b)
	}
	err := json.Unmarshal(b, v)
	if err == nil {
		if x, ok := v.(*any); ok {
			forValidation(x)
		}
		return nil
	}
	var sintaxis *json.SyntaxError
	if errors.As(err, &sintaxis) {
		return errDocument
	}
	var tipo *json.UnmarshalTypeError
	if !errors.As(err, &tipo) {
		return errors.New("body" + separator + "not of the expected form")
	}
	texto := "not of the expected type"
	if strings.HasPrefix(tipo.Value, "number") {
		texto = "expected a number in range; integers without fraction"
	}
	fin := tipo.Offset
	if primera { // encoding/json counts one byte more when it decodes into any
		fin--
	}
	return errors.New(placeAt(b, fin) + separator + texto)
}

// null replaces null while huma validates a body: huma accepts null in every optional member, which the document does
// not allow.
type null struct{}

// forValidation puts a null in the place of every null, and texts into their normal form: limits of length count the
// text that is stored.
func forValidation(v *any) {
	switch x := (*v).(type) {
	case nil:
		*v = null{}
	case string:
		*v = text.Normal(x)
	case []any:
		for i := range x {
			forValidation(&x[i])
		}
	case map[string]any:
		for k, m := range x {
			forValidation(&m)
			x[k] = m
		}
	}
}

// tokens reads a JSON document token by token. Repeated names are errors; halves of surrogate pairs are left to
// checkString.
func tokens(b []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(b), jsontext.AllowInvalidUTF8(true))
}

// checkDocument checks the form and the texts of a JSON document. Errors: errDocument; for a text that may not be
// stored, an error with its place, separator and message.
func checkDocument(b []byte) error {
	if !utf8.Valid(b) {
		return errDocument
	}
	d := tokens(b)
	for {
		desde := d.InputOffset()
		t, err := d.ReadToken()
		_, documentos := d.StackIndex(0)
		if errors.Is(err, io.EOF) && documentos == 1 {
			return nil
		}
		if err != nil || d.StackDepth() > depthMax {
			return errDocument
		}
		if t.Kind() != '"' {
			continue
		}
		err = checkString(t.String(), b[desde:d.InputOffset()])
		if err != nil && !strings.HasPrefix(tokenPlace(d), oneByOne) {
			return errors.New(presentable(tokenPlace(d), "body") + separator + err.Error())
		}
	}
}

// bounded returns b, for validation alone, with 0 in the place of each number of a batch position that no float64
// holds. The operation itself reads the number as it was sent. b is not changed.
func bounded(b []byte) []byte {
	if !bytes.ContainsAny(b, "eE") && len(b) < maxDigits {
		return b
	}
	var out []byte
	hecho := 0
	for d := tokens(b); ; {
		t, err := d.ReadToken()
		if err != nil { // the end: checkDocument has read it all
			return append(out, b[hecho:]...)
		}
		if t.Kind() != '0' {
			continue
		}
		literal := t.String()
		if _, err := strconv.ParseFloat(literal, 64); err == nil ||
			!strings.HasPrefix(tokenPlace(d), oneByOne) {
			continue
		}
		fin := int(d.InputOffset())
		out = append(append(out, b[hecho:fin-len(literal)]...), '0')
		hecho = fin
	}
}

// maxDigits is how many digits the largest float64 has: a shorter document without an exponent holds no larger number.
const maxDigits = 309

// presentable gives place, or whole when a name that the caller has invented makes place a text that may not be
// shown.
func presentable(place, whole string) string {
	if text.Check(place) != nil {
		return whole
	}
	return place
}

// checkString checks a string of the body, a member's name or a value; raw is the string as the document writes it.
// Errors: those of text.Check, text.ErrEncoding for half of a surrogate pair.
func checkString(s string, raw []byte) error {
	if text.HasLoneSurrogate(raw) {
		return text.ErrEncoding
	}
	return text.Check(s)
}

// placeAt names the value that ends at the byte offset: "body.lineas[0].cantidad".
func placeAt(b []byte, offset int64) string {
	d := tokens(b)
	for {
		if _, err := d.ReadToken(); err != nil {
			return "body"
		}
		if d.InputOffset() >= offset {
			return tokenPlace(d)
		}
	}
}

// tokenPlace names the place of the token that decoder has read last.
func tokenPlace(decoder *jsontext.Decoder) string {
	var s strings.Builder
	s.WriteString("body")
	hondo := 0
	for nombre := range decoder.StackPointer().Tokens() {
		hondo++
		if clase, _ := decoder.StackIndex(hondo); clase == '[' {
			nombre = "[" + nombre + "]"
		} else {
			nombre = "." + nombre
		}
		s.WriteString(nombre)
	}
	return s.String()
}
