// Package licencias has the modules that are linked into the program and their licences, and prints the notices.
package licencias

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"despensa/platform/cli"

	"github.com/spf13/cobra"
)

// notices is the list of linked modules that a test writes: go test ./internal/comandos/licencias -update.
//
//go:embed avisos.json
var notices []byte

// Modulo is a linked module, or the standard library.
type Modulo struct {
	Ruta      string   `json:"ruta"` // import path of the module; std is Go itself
	Version   string   `json:"version"`
	Licencias []string `json:"licencias"` // SPDX identifiers; all of them apply
	Textos    []string `json:"textos"`    // keys of its texts in Notices.Textos
}

// Notices are the notices of all linked modules; each text is kept once.
type Notices struct {
	Modulos []Modulo          `json:"modulos"`
	Textos  map[string]string `json:"textos"`
}

// Leer gives the notices of this program. Errors: an embedded file that is not valid.
func Leer() (a Notices, err error) {
	if err := json.Unmarshal(notices, &a); err != nil {
		return a, fmt.Errorf("licencias: %w", err)
	}
	return a, nil
}

// Comando is `despensa licencias`.
func Comando() *cobra.Command {
	var enJSON bool
	comando := &cobra.Command{
		Use: "licencias", Short: "prints the libraries that the program contains, with their licences", Args: cli.NoArgs,
		RunE: func(comando *cobra.Command, _ []string) error {
			a, err := Leer()
			if err != nil {
				return err
			}
			if enJSON {
				return a.escribirJSON(comando.OutOrStdout())
			}
			return a.escribir(comando.OutOrStdout())
		},
	}
	comando.Flags().
		BoolVar(&enJSON, "json", false, "modules, versions and licences as JSON, without the texts")
	return comando
}

func (a Notices) escribirJSON(out io.Writer) error {
	type fila struct {
		Ruta      string   `json:"ruta"`
		Version   string   `json:"version"`
		Licencias []string `json:"licencias"`
	}
	filas := []fila{}
	for _, m := range a.Modulos {
		filas = append(filas, fila{Ruta: m.Ruta, Version: m.Version, Licencias: m.Licencias})
	}
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(filas)
}

// escribir prints a table of the modules, then each text below the modules that it belongs to.
func (a Notices) escribir(out io.Writer) error {
	var b strings.Builder
	b.WriteString(
		"Despensa is under the Apache License 2.0. It contains the work of others:\n\n",
	)
	de := map[string][]string{}
	var orden []string
	for _, m := range a.Modulos {
		fmt.Fprintf(
			&b,
			"  %-55s %-40s %s\n",
			m.Ruta,
			m.Version,
			strings.Join(m.Licencias, ", "),
		)
		for _, t := range m.Textos {
			if de[t] == nil {
				orden = append(orden, t)
			}
			de[t] = append(de[t], m.Ruta)
		}
	}
	for _, t := range orden {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 80), strings.Join(de[t], "\n"),
			strings.TrimRight(a.Textos[t], "\n"))
	}
	_, err := io.WriteString(out, b.String())
	return err
}
