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
)

// hondura is how deep a body may be nested.
const hondura = 20

// unoPorUno begins the place of what is judged member by member, by the operation that takes it: one position of a batch
// costs the others nothing, whatever its texts hold.
const unoPorUno = "body.posiciones["

// separador stands between place and text of an error about one value, because huma
// carries nothing but the text of what a decoder says.
const separador = "\x1f"

var errDocumento = errors.New("not one JSON document in UTF-8 without repeated names, nested at most 20 deep")

// formatos are how bodies are read and written.
func formatos() map[string]huma.Format {
	f := huma.Format{
		Marshal:   func(w io.Writer, v any) error { return huma.DefaultJSONFormat.Marshal(untilGone{w}, v) },
		Unmarshal: decodificar,
	}
	return map[string]huma.Format{"application/json": f, "json": f}
}

// untilGone hides from huma that a caller has gone: it would panic, or print to standard error.
type untilGone struct{ io.Writer }

// Write never fails.
func (u untilGone) Write(b []byte) (int, error) {
	_, _ = u.Writer.Write(b)
	return len(b), nil
}

// decodificar reads a body: huma calls it first for any value, to validate it, then
// for the operation's type. An integer may be written as 52.0, which JSON Schema takes
// for one. Errors never quote the body.
func decodificar(b []byte, v any) error {
	_, primera := v.(*any)
	if primera {
		if err := revisar(b); err != nil {
			return err
		}
	} else {
		b = enteros(b)
	}
	err := json.Unmarshal(b, v)
	if err == nil {
		if x, ok := v.(*any); ok {
			paraValidar(x)
		}
		return nil
	}
	var sintaxis *json.SyntaxError
	if errors.As(err, &sintaxis) {
		return errDocumento
	}
	var tipo *json.UnmarshalTypeError
	if !errors.As(err, &tipo) {
		return errors.New("body" + separador + "not of the expected form")
	}
	texto := "not of the expected type"
	if strings.HasPrefix(tipo.Value, "number") {
		texto = "expected a number in range; integers without fraction"
	}
	fin := tipo.Offset
	if primera { // encoding/json counts one byte more when it decodes into any
		fin--
	}
	return errors.New(lugar(b, fin) + separador + texto)
}

// nulo stands for null where huma validates: huma takes null for an optional member
// of any type, although the document does not.
type nulo struct{}

// paraValidar puts a nulo in the place of every null, and texts into their normal form: limits count what is kept.
func paraValidar(v *any) {
	switch x := (*v).(type) {
	case nil:
		*v = nulo{}
	case string:
		*v = text.Normal(x)
	case []any:
		for i := range x {
			paraValidar(&x[i])
		}
	case map[string]any:
		for k, m := range x {
			paraValidar(&m)
			x[k] = m
		}
	}
}

// revisar walks the document once. Errors: errDocumento, or one about a place.
func revisar(b []byte) error {
	if !utf8.Valid(b) {
		return errDocumento
	}
	p := nuevoPaseo(b)
	for {
		desde := p.dec.InputOffset()
		t, err := p.paso()
		if errors.Is(err, io.EOF) && p.completo {
			return nil
		}
		if err != nil || p.sobra || p.repetida || len(p.pila) > hondura {
			return errDocumento
		}
		if s, ok := t.(string); ok {
			if err := checkString(s, b[desde:p.dec.InputOffset()]); err != nil && !strings.HasPrefix(p.lugar(), unoPorUno) {
				return errors.New(presentable(p.lugar(), "body") + separador + err.Error())
			}
		}
	}
}

// presentable gives a place of a request, or the whole when the caller's own names in the place are no text.
func presentable(place, whole string) string {
	if text.Check(place) != nil {
		return whole
	}
	return place
}

// checkString refuses a string, a member's name or a value, that no text may be; raw is how it is written. Errors:
// those of text.Check.
func checkString(s string, raw []byte) error {
	if text.HasLoneSurrogate(raw) {
		return text.ErrEncoding
	}
	return text.Check(s)
}

// lugar names the value that ends at offset: "body.lineas[0].cantidad".
func lugar(b []byte, offset int64) string {
	p := nuevoPaseo(b)
	for {
		if _, err := p.paso(); err != nil {
			return "body"
		}
		if p.dec.InputOffset() >= offset {
			return p.lugar()
		}
	}
}

// paseo is a walk over the tokens of a document that knows where it is.
type paseo struct {
	dec                       *json.Decoder
	pila                      []marco
	completo, sobra, repetida bool
}

// marco is an open list or object.
type marco struct {
	objeto  bool
	nombre  string
	esValor bool // the next token of an object is a value
	indice  int
	vistos  map[string]struct{}
}

func nuevoPaseo(b []byte) *paseo {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return &paseo{dec: d}
}

func (p *paseo) paso() (json.Token, error) {
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	p.sobra = p.completo
	d, delimita := t.(json.Delim)
	switch {
	case delimita && (d == '}' || d == ']'):
		p.pila = p.pila[:len(p.pila)-1]
	case p.esNombre():
		p.nombrar(t)
		return t, nil
	default:
		p.valor()
	}
	if delimita && (d == '{' || d == '[') {
		p.pila = append(p.pila, marco{objeto: d == '{', indice: -1})
		return t, nil
	}
	p.completo = len(p.pila) == 0
	return t, nil
}

func (p *paseo) esNombre() bool {
	n := len(p.pila)
	return n > 0 && p.pila[n-1].objeto && !p.pila[n-1].esValor
}

// nombrar notes a member's name and whether it came before.
func (p *paseo) nombrar(t json.Token) {
	m := &p.pila[len(p.pila)-1]
	m.nombre, _ = t.(string)
	m.esValor = true
	if m.vistos == nil {
		m.vistos = map[string]struct{}{}
	}
	_, p.repetida = m.vistos[m.nombre]
	m.vistos[m.nombre] = struct{}{}
}

// valor notes that a value begins.
func (p *paseo) valor() {
	if len(p.pila) == 0 {
		return
	}
	m := &p.pila[len(p.pila)-1]
	m.esValor = false
	if !m.objeto {
		m.indice++
	}
}

func (p *paseo) lugar() string {
	var s strings.Builder
	s.WriteString("body")
	for _, m := range p.pila {
		switch {
		case m.objeto && m.nombre != "":
			s.WriteString("." + m.nombre)
		case !m.objeto && m.indice >= 0:
			s.WriteString("[" + strconv.Itoa(m.indice) + "]")
		}
	}
	return s.String()
}
