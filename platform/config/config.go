// Package config reads settings strictly: layers of YAML, then the environment. An unknown key is an error, in a file
// as in the environment.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrConfig says that a setting is wrong. All errors of Load wrap it.
var ErrConfig = errors.New("configuration")

// Secret is a value that is never printed.
type Secret string

const hidden = "***"

// Value gives the secret in clear.
func (s Secret) Value() string { return string(s) }

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the value from JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// prefix begins the name of every variable of this program; foreign are those that are no settings.
const prefix = "DESPENSA_"

var foreign = []string{"DESPENSA_URL", "DESPENSA_CONFIG"}

// Load fills dst, a pointer to a struct with yaml tags, from capas in order and then from entorno ("NAME=value"). A
// setting's variable is DESPENSA_ and its path in capitals, with _ in the place of dots; the variable with _FILE at
// its end names a file that holds the value. Numbers are decimal in files and variables alike. Errors: ErrConfig,
// naming every wrong key and no value.
func Load(dst any, capas [][]byte, entorno []string) error {
	campos := map[string]reflect.Value{}
	walk(reflect.ValueOf(dst).Elem(), "", campos)
	var errs []error
	for _, c := range capas {
		errs = append(errs, readLayer(campos, c)...)
	}
	vistos := map[string]bool{}
	for _, e := range entorno {
		nombre, valor, _ := strings.Cut(e, "=")
		if err := inCapitals(campos, nombre); err != nil {
			errs = append(errs, err)
			continue
		}
		if !strings.HasPrefix(nombre, prefix) || strings.HasPrefix(nombre, "DESPENSA_TEST_") ||
			slices.Contains(foreign, nombre) {
			continue
		}
		if err := fromVariable(campos, vistos, nombre, valor); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

// walk puts every setting of valores into campos, by its path, such as http.direccion.
func walk(valores reflect.Value, camino string, campos map[string]reflect.Value) {
	for i := range valores.NumField() {
		nombre, resto, _ := strings.Cut(valores.Type().Field(i).Tag.Get("yaml"), ",")
		if nombre == "" && !strings.Contains(resto, "inline") || nombre == "-" {
			continue
		}
		clave := strings.TrimPrefix(camino+"."+nombre, ".")
		if strings.Contains(resto, "inline") {
			clave = camino
		}
		if valores.Field(i).Kind() == reflect.Struct {
			walk(valores.Field(i), clave, campos)
			continue
		}
		campos[clave] = valores.Field(i)
	}
}

// Variable gives the name of the environment variable of the setting with the path clave.
func Variable(clave string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(clave, ".", "_"))
}

// inCapitals refuses the name of a setting's variable in small or mixed letters: Load would ignore such a
// variable in silence. A name that matches no setting in capitals either belongs to another program and passes.
func inCapitals(campos map[string]reflect.Value, nombre string) error {
	quiere := strings.ToUpper(nombre)
	if quiere == nombre || !strings.HasPrefix(quiere, prefix) {
		return nil
	}
	for clave := range campos {
		if v := Variable(clave); quiere == v || quiere == v+"_FILE" {
			return fmt.Errorf("%s: variables are written in capitals: %s", nombre, quiere)
		}
	}
	return nil
}

// fromVariable sets the setting of the variable nombre to valor. vistos holds the paths that have been set. Errors: no
// such setting, a setting and its _FILE both set, those of readFile and set.
func fromVariable(
	campos map[string]reflect.Value,
	vistos map[string]bool,
	nombre, valor string,
) error {
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
			var err error
			if valor, err = readFile(valor); err != nil {
				return fmt.Errorf("%s: %w", clave, err)
			}
		}
		if err := set(campo, valor); err != nil {
			return fmt.Errorf("%s: %w", clave, err)
		}
		return nil
	}
	return fmt.Errorf("%s: no such setting", nombre)
}

// Print writes the effective settings as YAML, with secrets hidden. Errors: those of out, never ErrConfig.
func Print(out io.Writer, cfg any) error {
	e := yaml.NewEncoder(out)
	e.SetIndent(2)
	if err := e.Encode(cfg); err != nil {
		return fmt.Errorf("the settings cannot be written: %w", err)
	}
	return e.Close()
}
