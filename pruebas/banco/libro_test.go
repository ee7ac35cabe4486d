package banco_test

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// razones are the reasons of the statements, kept by hand in testdata/razones.txt: `key: why`, sorted by key.
type razones map[string]string

const (
	archivoRazones = "pruebas/banco/testdata/razones.txt"
	archivoPedido  = "pruebas/banco/testdata/pedido.txt"
)

// clave names a statement in razones: its module, and its kind and table. The begin of a transaction stands for the
// whole effect, so its commit needs no reason of its own.
func (s sentencia) clave() string {
	que := s.texto
	switch campos := strings.Fields(s.texto); campos[0] {
	case "commit":
		return ""
	case "begin":
		que = "transaction"
	case "select":
		que = "select " + despuesDe(campos, "from")
	case "insert":
		que = "insert " + despuesDe(campos, "into")
	case "update":
		que = "update " + campos[1]
	case "delete":
		que = "delete " + despuesDe(campos, "from")
	}
	if s.efecto == "" {
		return s.esquema + " " + que
	}
	return s.efecto + " " + que
}

// despuesDe is the word after palabra in campos.
func despuesDe(campos []string, palabra string) string {
	i := slices.Index(campos, palabra)
	if i < 0 || i+1 >= len(campos) {
		return "?"
	}
	return campos[i+1]
}

func leerRazones(t *testing.T) razones {
	t.Helper()
	b, err := os.ReadFile(archivoRazones)
	if err != nil {
		t.Fatal(err)
	}
	r := razones{}
	for l := bufio.NewScanner(strings.NewReader(string(b))); l.Scan(); {
		if clave, porque, ok := strings.Cut(l.Text(), ": "); ok {
			r[clave] = porque
		}
	}
	return r
}

// comparar returns the keys of statements without a reason (faltan), and the keys of reasons without a statement
// (sobran).
func (r razones) comparar(renglones []renglon) (faltan, sobran []string) {
	usadas := map[string]bool{}
	for _, x := range renglones {
		if c := x.clave(); c != "" && !usadas[c] {
			usadas[c] = true
			if r[c] == "" {
				faltan = append(faltan, c)
			}
		}
	}
	for c := range r {
		if !usadas[c] {
			sobran = append(sobran, c)
		}
	}
	slices.Sort(sobran)
	return faltan, sobran
}

// escribir writes razones.txt: the reasons in use, and an empty one for each statement without a reason.
func (r razones) escribir(t *testing.T, renglones []renglon) {
	t.Helper()
	lineas := map[string]bool{}
	for _, x := range renglones {
		if c := x.clave(); c != "" {
			lineas[c+": "+r[c]] = true
		}
	}
	var out []string
	for l := range lineas {
		out = append(out, l)
	}
	slices.Sort(out)
	guardar(t, archivoRazones, strings.Join(out, "\n")+"\n")
}

// libro is the text of the golden file.
func libro(renglones []renglon, razones razones) string {
	var b strings.Builder
	b.WriteString(cabeza)
	por, total := map[string]int{}, 0
	for _, fase := range fasesDe(renglones) {
		fmt.Fprintf(&b, "\n== %s\n", fase)
		efecto := ""
		for _, x := range renglones {
			if x.fase != fase {
				continue
			}
			if de := x.esquema + " " + x.efecto; de != efecto {
				efecto = de
				fmt.Fprintf(&b, "%s\n", titulo(x))
			}
			b.WriteString(x.linea(razones))
			por[x.esquema] += x.veces
			total += x.veces
		}
	}
	b.WriteString("\n== in all\n")
	for _, e := range modulos {
		fmt.Fprintf(&b, "%-9s%4d\n", e, por[e])
	}
	fmt.Fprintf(&b, "%-9s%4d\n", "total", total)
	return b.String()
}

// modulos are in the order of the totals.
var modulos = []string{"pedidos", "clientes", "auditoria", "pagos", "rutas"}

const cabeza = "The statements of one order, paid by card, of one line, from POST to confirmado, on the embedded " +
	"stores; one client, one\n" +
	"order after another, the background apart. Written by go test ./pruebas/banco -run TestPedido -update, " +
	"and held by the\n" +
	"same test without -update. The reasons are kept by hand in razones.txt. A line: how often, statement, why.\n"

func titulo(renglon renglon) string {
	if renglon.efecto == "" {
		return "  " + renglon.esquema + ", reads"
	}
	return "  " + renglon.efecto
}

func (x renglon) linea(razones razones) string {
	l := fmt.Sprintf("    %d  %s", x.veces, x.texto)
	if why := razones[x.clave()]; why != "" {
		l += "\n         " + why
	}
	return l + "\n"
}

// fasesDe are the phases with a statement, in the order of an order's life.
func fasesDe(renglones []renglon) (fases []string) {
	for _, f := range []string{inicio, "creado", "preprocesado", "autorizado", "aceptado", fin} {
		if slices.ContainsFunc(renglones, func(x renglon) bool { return x.fase == f }) {
			fases = append(fases, f)
		}
	}
	return fases
}

func guardar(t *testing.T, archivo, texto string) {
	t.Helper()
	if err := os.WriteFile(archivo, []byte(texto), 0o644); err != nil {
		t.Fatal(err)
	}
}
