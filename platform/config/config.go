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

// ErrConfig says that a setting is wrong. All errors of Cargar wrap it.
var ErrConfig = errors.New("configuration")

// Secreto is a value that is never printed.
type Secreto string

const tapado = "***"

// Valor gives the secret in clear.
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

// prefijo begins the name of every variable of this program; ajenas are those that are no settings.
const prefijo = "DESPENSA_"

var ajenas = []string{"DESPENSA_URL", "DESPENSA_CONFIG"}

// Cargar fills dst, a pointer to a struct with yaml tags, from capas in order and then from entorno ("NAME=value"). A
// setting's variable is DESPENSA_ and its path in capitals, with _ in the place of dots; the variable with _FILE at
// its end names a file that holds the value. Numbers are decimal in files and variables alike. Errors: ErrConfig,
// naming every wrong key and no value.
func Cargar(dst any, capas [][]byte, entorno []string) error {
	campos := map[string]reflect.Value{}
	recorrer(reflect.ValueOf(dst).Elem(), "", campos)
	var errs []error
	for _, c := range capas {
		errs = append(errs, leerCapa(campos, c)...)
	}
	vistos := map[string]bool{}
	for _, e := range entorno {
		nombre, valor, _ := strings.Cut(e, "=")
		if err := enMayusculas(campos, nombre); err != nil {
			errs = append(errs, err)
			continue
		}
		if !strings.HasPrefix(nombre, prefijo) || strings.HasPrefix(nombre, "DESPENSA_TEST_") ||
			slices.Contains(ajenas, nombre) {
			continue
		}
		if err := deVariable(campos, vistos, nombre, valor); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("%w: %w", ErrConfig, err)
	}
	return nil
}

// recorrer puts every setting of valores into campos, by its path, such as http.direccion.
func recorrer(valores reflect.Value, camino string, campos map[string]reflect.Value) {
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
			recorrer(valores.Field(i), clave, campos)
			continue
		}
		campos[clave] = valores.Field(i)
	}
}

// Variable gives the name of the environment variable of the setting with the path clave.
func Variable(clave string) string {
	return prefijo + strings.ToUpper(strings.ReplaceAll(clave, ".", "_"))
}

// enMayusculas refuses the name of a setting's variable in small or mixed letters: Cargar would ignore such a
// variable in silence. A name that matches no setting in capitals either belongs to another program and passes.
func enMayusculas(campos map[string]reflect.Value, nombre string) error {
	quiere := strings.ToUpper(nombre)
	if quiere == nombre || !strings.HasPrefix(quiere, prefijo) {
		return nil
	}
	for clave := range campos {
		if v := Variable(clave); quiere == v || quiere == v+"_FILE" {
			return fmt.Errorf("%s: variables are written in capitals: %s", nombre, quiere)
		}
	}
	return nil
}

// deVariable sets the setting of the variable nombre to valor. vistos holds the paths that have been set. Errors: no
// such setting, a setting and its _FILE both set, those of leerArchivo and poner.
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
			var err error
			if valor, err = leerArchivo(valor); err != nil {
				return fmt.Errorf("%s: %w", clave, err)
			}
		}
		if err := poner(campo, valor); err != nil {
			return fmt.Errorf("%s: %w", clave, err)
		}
		return nil
	}
	return fmt.Errorf("%s: no such setting", nombre)
}

// Imprimir writes the effective settings as YAML, with secrets hidden. Errors: those of w, never ErrConfig.
func Imprimir(w io.Writer, cfg any) error {
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(cfg); err != nil {
		return fmt.Errorf("the settings cannot be written: %w", err)
	}
	return e.Close()
}
