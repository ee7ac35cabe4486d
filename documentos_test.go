//go:build !race

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/platform/cli"
)

func leerTexto(t *testing.T, archivo string) string {
	t.Helper()
	b, err := os.ReadFile(archivo)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The README's table has the commands of `despensa --help`, in the same order.
func TestCommandsOfTheREADME(t *testing.T) {
	t.Parallel()
	primeras := func(expr, texto string) (out []string) {
		for _, m := range regexp.MustCompile(expr).FindAllStringSubmatch(texto, -1) {
			out = append(out, m[1])
		}
		return out
	}
	_, tabla, _ := strings.Cut(leerTexto(t, "README.md"), "\n## Commands\n")
	tabla, _, _ = strings.Cut(tabla, "\n## ")
	ayuda := cli.Ayuda("despensa", intro, comandos())
	if en, hay := primeras("(?m)^\\| `([a-z]+)", tabla), primeras(`(?m)^  ([a-z]+) `, ayuda); !slices.Equal(en, hay) {
		t.Errorf("the README has %v, the program %v", en, hay)
	}
}

// Every path of the tree that a document names is there, and so is what a decision links to.
func TestPathsOfTheDocuments(t *testing.T) {
	t.Parallel()
	documentos := []string{"README.md"}
	for _, g := range []string{"docs/*.md", "docs/adr/*.md"} {
		ds, err := filepath.Glob(g)
		if err != nil || len(ds) == 0 {
			t.Fatal(g, err)
		}
		documentos = append(documentos, ds...)
	}
	nombrados := 0
	for _, d := range documentos {
		texto := cercas.ReplaceAllString(leerTexto(t, d), "")
		for _, m := range enlace.FindAllStringSubmatch(texto, -1) {
			nombrados++
			if !existe(filepath.Join(filepath.Dir(d), m[1])) {
				t.Errorf("%s links to %s, which is not there", d, m[1])
			}
		}
		if strings.HasPrefix(d, "docs/adr/") { // a decision also speaks of what was, and of what may come
			continue
		}
		for _, m := range camino.FindAllStringSubmatch(texto, -1) {
			nombrados++
			if !nombrado(m[1]) {
				t.Errorf("%s names %s, which is not there", d, m[1])
			}
		}
	}
	if nombrados < 50 {
		t.Errorf("only %d paths were found", nombrados)
	}
}

var (
	cercas = regexp.MustCompile("(?ms)^```.*?^```")
	enlace = regexp.MustCompile(`\]\(([^)#:]+)(?:#[^)]*)?\)`)
	// camino is a path between backticks: below a folder of the tree or of a module, or a file.
	camino = regexp.MustCompile("`((?:modules|platform|docs|configs|deploy|migrations|bench|explicar|tools|\\.ci|pedidos/internal|clientes/internal|" +
		"pagos/internal|rutas/internal)/[\\w./*-]+|[\\w-]+\\.(?:go|md|yaml))`")
)

// deGo is the name in a package that may follow its path, such as config.Cargar.
var deGo = regexp.MustCompile(`\.[A-Z]\w*$`)

// nombrado finds a path as people write it: X is any module, X.Y.Z any version, and what
// begins with a module's name is below modules.
func nombrado(p string) bool {
	p = strings.NewReplacer("modules/X", "modules/*", "X.Y.Z", "*").Replace(deGo.ReplaceAllString(p, ""))
	return existe(p) || existe("modules/"+p) || existe("*/"+p) || existe("modules/*/internal/*/"+p) || existe("docs/"+p)
}

func existe(patron string) bool {
	hay, err := filepath.Glob(patron)
	return err == nil && len(hay) > 0
}

// The README's layout shows what is there.
func TestLayoutOfTheREADME(t *testing.T) {
	t.Parallel()
	_, dibujo, _ := strings.Cut(leerTexto(t, "README.md"), "\n## Layout\n```\n")
	dibujo, _, _ = strings.Cut(dibujo, "```")
	carpeta, vistos := "", map[string]bool{}
	for linea := range strings.Lines(dibujo) {
		nombres, _, _ := strings.Cut(strings.TrimRight(linea, "\n"), "    ")
		for _, n := range strings.Fields(nombres) {
			if !strings.HasSuffix(n, "/") && !strings.HasSuffix(n, ".go") {
				break // the words after a folder
			}
			if linea[0] == ' ' {
				n = carpeta + n
			} else {
				carpeta = n
			}
			vistos[strings.TrimSuffix(n, "/")] = true
			if !existe(n) {
				t.Errorf("the README shows %s, which is not there", n)
			}
		}
	}
	entradas, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entradas {
		oculto := strings.HasPrefix(e.Name(), ".") || e.Name() == "datos" || e.Name() == "tools"
		if (e.IsDir() && !oculto || strings.HasSuffix(e.Name(), ".go") && !strings.HasSuffix(e.Name(), "_test.go")) && !vistos[e.Name()] {
			t.Errorf("the README does not show %s", e.Name())
		}
	}
}
