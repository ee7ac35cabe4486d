package pedido

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var actualizar = flag.Bool("update", false, "write docs/estados.md anew")

const documento = "../../../../docs/estados.md"

// docs/estados.md is printed from the machine: go test ./modules/pedidos/internal/pedido -run TestDocumento -update
func TestDocumento(t *testing.T) {
	quiero := imprimir(t)
	if *actualizar {
		if err := os.WriteFile(documento, []byte(quiero), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tengo, err := os.ReadFile(documento)
	if err != nil {
		t.Fatal(err)
	}
	if string(tengo) != quiero {
		t.Errorf("docs/estados.md is not what the machine says; run this test with -update")
	}
}

func imprimir(t *testing.T) string {
	t.Helper()
	diagrama, err := Mermaid()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`# The states of an order

Printed from the table in ` + "`modules/pedidos/internal/pedido/estados.go`" + `; a test fails when the two differ. Nothing else moves an
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
	fmt.Fprintf(&b, "\nAn order is tried %d times at most: the last failure takes `fallar` and `rechazar` together. A cancel from aceptado or\n"+
		"confirmado first asks the truck. What can follow each estado:\n\n| estado | pasos |\n| --- | --- |\n", MaxIntentos)
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
	fmt.Fprintf(&b, "\n```mermaid\n%s\n```\n", strings.TrimSpace(diagrama))
	return b.String()
}
