package config

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fileMax bounds a file that holds one value, in bytes.
const fileMax = 64 << 10

// bom is the byte order mark that some editors put before a text in UTF-8.
var bom = []byte("\ufeff")

// withoutBOM gives b without a byte order mark. Errors: b is UTF-16, as its mark says.
func withoutBOM(b []byte) ([]byte, error) {
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		return nil, errors.New("the file is UTF-16, UTF-8 expected")
	}
	return bytes.TrimPrefix(b, bom), nil
}

// readFile gives the value in a file: its text without a byte order mark and without the line ends at the end.
// Errors name neither the file nor its text.
func readFile(nombre string) (string, error) {
	f, err := os.Open(nombre)
	if err != nil {
		return "", errors.New("the file cannot be read")
	}
	defer func() { _ = f.Close() }() // read-only
	b, err := io.ReadAll(io.LimitReader(f, fileMax+1))
	if err != nil {
		return "", errors.New("the file cannot be read")
	}
	if len(b) > fileMax {
		return "", errors.New("the file is too large")
	}
	b, err = withoutBOM(b)
	return strings.TrimRight(string(b), "\r\n"), err
}

// Errors of set. None shows the value: it may be a secret in the wrong place.
var (
	errInteger  = errors.New("a whole number in decimal digits expected")
	errLarge    = errors.New("the number is too large")
	errDecimal  = errors.New("a decimal number expected")
	errBool     = errors.New("true or false expected")
	errDuration = errors.New("a duration such as 250ms, 30s or 12h expected")
	errText     = errors.New("a text expected")
)

// set sets campo, one setting, from its text in a file or a variable. Errors: those above.
func set(campo reflect.Value, texto string) error {
	if campo.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(strings.TrimSpace(texto))
		if err != nil {
			return errDuration
		}
		campo.SetInt(int64(d))
		return nil
	}
	switch campo.Kind() {
	case reflect.String:
		campo.SetString(texto)
		return nil
	case reflect.Slice:
		return setList(campo, split(texto))
	case reflect.Bool:
		return setBool(campo, strings.TrimSpace(texto))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return setInteger(campo, strings.TrimSpace(texto))
	case reflect.Float32, reflect.Float64:
		return setDecimal(campo, strings.TrimSpace(texto))
	}
	return errText
}

// split gives the members of a list with commas between them, with or without one pair of brackets around the list.
// Empty members are left out.
func split(texto string) []string {
	texto = strings.TrimSpace(texto)
	if dentro, hay := strings.CutPrefix(texto, "["); hay && strings.HasSuffix(dentro, "]") {
		texto = strings.TrimSuffix(dentro, "]") // the form of the file and of Print
	}
	out := []string{}
	for m := range strings.SplitSeq(texto, ",") {
		if m = strings.TrimSpace(m); m != "" {
			out = append(out, m)
		}
	}
	return out
}

// setList sets campo, a list of texts. Errors: errText for any other list.
func setList(campo reflect.Value, textos []string) error {
	if campo.Type().Elem().Kind() != reflect.String {
		return errText
	}
	campo.Set(reflect.ValueOf(textos).Convert(campo.Type()))
	return nil
}

// integer is a decimal whole number; zeros at its beginning do not make it octal.
var integer = regexp.MustCompile(`^[+-]?[0-9]+$`)

func setInteger(campo reflect.Value, texto string) error {
	if !integer.MatchString(texto) {
		return errInteger
	}
	n, err := strconv.ParseInt(texto, 10, 64)
	if err != nil || campo.OverflowInt(n) {
		return errLarge
	}
	campo.SetInt(n)
	return nil
}

var decimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

func setDecimal(campo reflect.Value, texto string) error {
	if !decimal.MatchString(texto) {
		return errDecimal
	}
	n, err := strconv.ParseFloat(texto, 64)
	if err != nil || math.IsInf(n, 0) || campo.OverflowFloat(n) {
		return errLarge
	}
	campo.SetFloat(n)
	return nil
}

// booleans are the words of YAML for true and false.
var booleans = map[string]bool{
	"true":  true,
	"yes":   true,
	"on":    true,
	"false": false,
	"no":    false,
	"off":   false,
}

func setBool(campo reflect.Value, texto string) error {
	v, ok := booleans[strings.ToLower(texto)]
	if !ok {
		return errBool
	}
	campo.SetBool(v)
	return nil
}
