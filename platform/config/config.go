// Package config reads settings strictly: layers of YAML, then the environment. A key
// that nobody knows is an error, whichever way it comes.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// ErrConfig is behind every error of this package: a setting is wrong.
var ErrConfig = errors.New("configuration")

// Secreto is a value that is never printed.
type Secreto string

const tapado = "***"

// Valor gives the secret itself.
func (s Secreto) Valor() string { return string(s) }

// String hides the value.
func (s Secreto) String() string {
	if s == "" {
		return ""
	}
	return tapado
}

// GoString hides the value from %#v.
func (s Secreto) GoString() string { return s.String() }

// MarshalText hides the value from JSON and YAML.
func (s Secreto) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the value from slog.
func (s Secreto) LogValue() slog.Value { return slog.StringValue(s.String()) }

// prefijo of every variable of ours, and those that are no settings.
const prefijo = "DESPENSA_"

var ajenas = []string{"DESPENSA_URL", "DESPENSA_CONFIG"}

// Cargar fills dst, a pointer to a struct with yaml tags, from capas in order and then
// from entorno ("NAME=value"). A setting's variable is its path in capitals after
// DESPENSA_; …_FILE names a file that holds the value. Errors: ErrConfig, naming every
// wrong key and no value.
func Cargar(dst any, capas [][]byte, entorno []string) error {
	for _, c := range capas {
		d := yaml.NewDecoder(bytes.NewReader(c))
		d.KnownFields(true)
		if err := d.Decode(dst); err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: %w", ErrConfig, err)
		}
	}
	campos := map[string]reflect.Value{}
	recorrer(reflect.ValueOf(dst).Elem(), "", campos)
	var errs []error
	vistos := map[string]bool{}
	for _, e := range entorno {
		nombre, valor, _ := strings.Cut(e, "=")
		if !strings.HasPrefix(nombre, prefijo) || strings.HasPrefix(nombre, "DESPENSA_TEST_") || slices.Contains(ajenas, nombre) {
			continue
		}
		if err := deVariable(campos, vistos, nombre, valor); err != nil {
			errs = append(errs, fmt.Errorf("%w: %w", ErrConfig, err))
		}
	}
	return errors.Join(errs...)
}

// recorrer finds every setting of v under its path, such as http.direccion.
func recorrer(v reflect.Value, camino string, campos map[string]reflect.Value) {
	for i := range v.NumField() {
		nombre, resto, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if nombre == "" && !strings.Contains(resto, "inline") || nombre == "-" {
			continue
		}
		clave := strings.TrimPrefix(camino+"."+nombre, ".")
		if strings.Contains(resto, "inline") {
			clave = camino
		}
		if v.Field(i).Kind() == reflect.Struct {
			recorrer(v.Field(i), clave, campos)
			continue
		}
		campos[clave] = v.Field(i)
	}
}

// Variable is the name of a setting's environment variable.
func Variable(clave string) string {
	return prefijo + strings.ToUpper(strings.ReplaceAll(clave, ".", "_"))
}

// deVariable puts one variable's value where it belongs.
func deVariable(campos map[string]reflect.Value, vistos map[string]bool, nombre, valor string) error {
	for clave, campo := range campos {
		archivo := Variable(clave)+"_FILE" == nombre
		if Variable(clave) != nombre && !archivo {
			continue
		}
		if vistos[clave] {
			return fmt.Errorf("%s and its _FILE are both set", clave)
		}
		vistos[clave] = true
		if archivo {
			b, err := os.ReadFile(valor)
			if err != nil {
				return fmt.Errorf("%s: the file cannot be read", clave)
			}
			valor = strings.TrimRight(string(b), "\r\n")
		}
		if err := poner(campo, valor); err != nil {
			return fmt.Errorf("%s: not a %s", clave, campo.Type())
		}
		return nil
	}
	return fmt.Errorf("%s: no such setting", nombre)
}

// members are the members of a list between commas, without spaces around them; none in an empty text.
func members(list string) []string {
	if strings.TrimSpace(list) == "" {
		return nil
	}
	all := strings.Split(list, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// poner sets one value from its text.
func poner(campo reflect.Value, valor string) error {
	switch campo.Kind() {
	case reflect.String:
		campo.SetString(valor)
		return nil
	case reflect.Slice:
		campo.Set(reflect.ValueOf(members(valor)).Convert(campo.Type()))
		return nil
	}
	if campo.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(valor)
		campo.SetInt(int64(d))
		return err
	}
	return yaml.Unmarshal([]byte(valor), campo.Addr().Interface())
}

// Imprimir writes the effective settings as YAML, secrets hidden.
func Imprimir(w io.Writer, cfg any) error {
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(cfg); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return e.Close()
}
