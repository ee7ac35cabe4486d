package pedido

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var actualizar = flag.Bool(
	"update",
	false,
	"write docs/estados.md and the README's picture anew",
)

const (
	documento = "../../../../docs/estados.md"
	leeme     = "../../../../README.md"
)

// TestDocumento: docs/estados.md and the README's picture are printed from the machine:
// go test ./modules/pedidos/internal/pedido -run TestDocumento -update
func TestDocumento(t *testing.T) {
	comparar(t, documento, func(string) string { return imprimir(t) })
	comparar(t, leeme, func(tengo string) string {
		antes, resto, hay := strings.Cut(tengo, abre)
		_, despues, cierra := strings.Cut(resto, "```")
		if !hay || !cierra {
			t.Fatal("the README has no picture of the machine")
		}
		return antes + dibujo(t) + despues
	})
}

// comparar fails unless the text of the file is quiero of this text; with -update it writes the file.
func comparar(t *testing.T, archivo string, quiero func(tengo string) string) {
	t.Helper()
	tengo, err := os.ReadFile(archivo)
	if err != nil {
		t.Fatal(err)
	}
	bien := quiero(string(tengo))
	switch {
	case string(tengo) == bien:
	case *actualizar:
		if err := os.WriteFile(archivo, []byte(bien), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is not what the machine says; run this test with -update", archivo)
	}
}

const abre = "```mermaid\n"

// dibujo is the picture as a block of Markdown.
func dibujo(t *testing.T) string {
	t.Helper()
	diagrama, err := Mermaid()
	if err != nil {
		t.Fatal(err)
	}
	return abre + strings.TrimSpace(diagrama) + "\n```"
}

// imprimir is docs/estados.md as the machine has it.
func imprimir(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# The states of an order

Printed from the table in ` + "`modules/pedidos/internal/pedido/estados.go`" +
		`; a test fails when the two differ. Nothing else moves an
order's estado, and every move is saved together with its event.

| paso (event) | from | to |
| --- | --- | --- |
`)
	for _, f := range Maquina() {
		var de []string
		for _, d := range f.De {
			de = append(de, string(d))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Paso, strings.Join(de, ", "), f.A)
	}
	fmt.Fprintf(
		&b,
		"\nAn order is tried %d times at most: the last failure takes `fallar` and `rechazar` together. "+
			"A cancel from aceptado or\nconfirmado first asks the truck. What can follow each estado:\n\n"+
			"| estado | pasos |\n| --- | --- |\n",
		MaxIntentos,
	)
	for _, e := range Estados() {
		var pasos []string
		for _, p := range Permitidos(e) {
			pasos = append(pasos, "`"+string(p)+"`")
		}
		if pasos == nil {
			pasos = []string{"none: the end"}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", e, strings.Join(pasos, ", "))
	}
	fmt.Fprintf(&b, "\n%s\n", dibujo(t))
	return b.String()
}
