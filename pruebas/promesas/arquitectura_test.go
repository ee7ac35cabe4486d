package promesas_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// arquitectura is the document of the walls and the packages.
const arquitectura = "docs/arquitectura.md"

// gormStores are the packages that may know gorm.
const gormStores = `modules/pedidos/internal/store/sqlite|modules/pagos/internal/store|` +
	`modules/clientes/internal/(datos|auditoria(/embebido)?)|modules/rutas/internal/(flota|telemetria)|` +
	`platform/(sqldb|outbox|dev/mercadopago)`

// walls are the sentences of docs/arquitectura.md that state imports. Each lists the imports that make it untrue.
var walls = map[string]func(tree imports) []string{
	"Only `pedidos` calls other modules, through their contracts.": func(tree imports) []string {
		return append(tree.except(`modules/.*|internal/.*`, `modules/.*`),
			tree.found(`modules/pedidos(/.*)?`, `modules/(clientes|pagos|rutas)/.+`)...)
	},
	"`clientes`, `pagos` and `rutas` know no module.": func(tree imports) (broken []string) {
		for _, m := range []string{"clientes", "pagos", "rutas"} {
			own := whole(".* imports modules/" + m + "(/.*)?")
			others := tree.found(`modules/`+m+`(/.*)?`, `modules/.*`)
			broken = append(broken, slices.DeleteFunc(others, own.MatchString)...)
		}
		return broken
	},
	"**platform knows no module.**": func(tree imports) []string { return tree.found(`platform/.*`, `modules/.*`) },
	"`httpapi` alone imports echo":  alone(`platform/httpapi`, `github.com/labstack/echo/.*`),
	"one adapter knows the gateway's SDK": alone(
		`modules/pagos/internal/gateway/mercadopago`, `github.com/mercadopago/.*`),
	"only stores, `sqldb` and `outbox` (and the simulator's ledger) know gorm": alone(
		gormStores,
		`gorm.io/.*`,
	),
	"imports `fault` and `money` only": func(tree imports) []string {
		ours := tree.found(`modules/\w+`, `.*\..*|platform/.*|modules/.*|internal/.*`)
		return slices.DeleteFunc(ours, whole(`.* imports platform/(fault|money)`).MatchString)
	},
	"`elastico` the one package that knows Elasticsearch's client": alone(
		`modules/clientes/internal/auditoria/elastico`, `github.com/olivere/.*`),
	"main -> comandos -> programa -> ajustes, one way": func(tree imports) []string {
		return slices.Concat(
			tree.found(`internal/ajustes`, `internal/.*`),
			tree.found(`internal/programa`, `internal/comandos.*`),
			tree.except(`|internal/comandos(/.*)?`, `internal/comandos(/.*)?`),
		)
	},
}

// alone is a wall around libraries: the packages alone import paths that libraries matches.
func alone(packages, libraries string) func(tree imports) []string {
	return func(tree imports) []string { return tree.except(packages, libraries) }
}

// TestSentencesOnImports: each sentence of walls stands in docs/arquitectura.md and is true of the tree. The law in
// modules/arch_test.go says which imports are allowed; this test holds that the document says the same.
func TestSentencesOnImports(t *testing.T) {
	t.Parallel()
	text := strings.Join(strings.Fields(kit.ReadText(t, arquitectura)), " ")
	tree := importsOfTheTree(t)
	if len(tree) < 60 ||
		len(tree.found(`platform/httpapi`, `github.com/labstack/echo/.*`)) == 0 {
		t.Fatalf("%d packages were read, and httpapi without echo among them", len(tree))
	}
	for sentence, broken := range walls {
		if !strings.Contains(text, sentence) {
			t.Errorf("%s does not say %q", arquitectura, sentence)
		}
		for _, b := range broken(tree) {
			t.Errorf("%s says %q, but %s", arquitectura, sentence, b)
		}
	}
}

// Where the table of libraries begins and ends in docs/arquitectura.md.
const (
	librariesBegin = "<!-- printed: go test ./pruebas/promesas -run TestLibrariesOfTheDocuments -update -->\n"
	librariesEnd   = "<!-- end -->\n"
)

// TestLibrariesOfTheDocuments prints the table of libraries in docs/arquitectura.md from the imports, or holds it.
func TestLibrariesOfTheDocuments(t *testing.T) {
	t.Parallel()
	text := kit.ReadText(t, arquitectura)
	before, rest, begun := strings.Cut(text, librariesBegin)
	_, after, ended := strings.Cut(rest, librariesEnd)
	if !begun || !ended {
		t.Fatalf("%s has no table of libraries", arquitectura)
	}
	want := before + librariesBegin + importsOfTheTree(t).libraries() + librariesEnd + after
	switch {
	case want == text:
	case *actualizar:
		if err := os.WriteFile(arquitectura, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf(
			"the table of libraries in %s is not what the packages import: run this test with -update",
			arquitectura,
		)
	}
}

// TestPackagesOfTheDocuments: docs/arquitectura.md names every package of a module, of the program and of platform.
func TestPackagesOfTheDocuments(t *testing.T) {
	t.Parallel()
	text := kit.ReadText(t, arquitectura)
	for pkg := range importsOfTheTree(t) {
		name := regexp.MustCompile(`\b` + regexp.QuoteMeta(filepath.Base(pkg)) + "\\b(`|/)")
		if strings.HasPrefix(pkg, "modules/") || strings.HasPrefix(pkg, "internal/") ||
			strings.HasPrefix(pkg, "platform/") {
			if !name.MatchString(text) {
				t.Errorf("%s does not name %s", arquitectura, pkg)
			}
		}
	}
}

// imports are the packages of the tree, by their paths from the root, with those that they import; the house's own
// without "despensa/".
type imports map[string][]string

// found lists the imports, as "package imports path", of the packages that the first expression matches and of the
// paths that the second one matches.
func (i imports) found(packages, paths string) (out []string) {
	p, x := whole(packages), whole(paths)
	for _, pkg := range slices.Sorted(maps.Keys(i)) {
		for _, other := range i[pkg] {
			if p.MatchString(pkg) && x.MatchString(other) {
				out = append(out, pkg+" imports "+other)
			}
		}
	}
	return out
}

// except is found for the packages that the first expression does not match.
func (i imports) except(packages, paths string) (out []string) {
	x := whole(packages)
	return slices.DeleteFunc(i.found(`.*`, paths), func(s string) bool {
		pkg, _, _ := strings.Cut(s, " imports ")
		return x.MatchString(pkg)
	})
}

// libraries is a table of the modules of others, each with the packages that import it.
func (i imports) libraries() string {
	importers := map[string][]string{}
	for pkg, others := range i {
		for _, o := range others {
			if first, _, _ := strings.Cut(o, "/"); strings.Contains(first, ".") {
				l := library(o)
				importers[l] = append(importers[l], strings.TrimPrefix(pkg, "modules/"))
			}
		}
	}
	var b strings.Builder
	b.WriteString("| library | imported by |\n| --- | --- |\n")
	for _, l := range slices.Sorted(maps.Keys(importers)) {
		slices.Sort(importers[l])
		fmt.Fprintf(
			&b,
			"| %s | `%s` |\n",
			l,
			strings.Join(slices.Compact(importers[l]), "`, `"),
		)
	}
	return b.String()
}

// library is the part of an import path that names a library: host, owner and name, or host and name.
func library(path string) string {
	parts := strings.Split(path, "/")
	n := 2
	if parts[0] == "github.com" || parts[0] == "golang.org" {
		n = 3
	}
	return strings.Join(parts[:min(n, len(parts))], "/")
}

func whole(expr string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + expr + `)$`) }

// passedOver are folders at the root without packages of the program.
var passedOver = []string{"pruebas", "datos"}

// importsOfTheTree reads the imports of every package but those of pruebas, without its tests.
func importsOfTheTree(t *testing.T) imports {
	t.Helper()
	tree := imports{}
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != "." && (strings.HasPrefix(e.Name(), ".") || slices.Contains(passedOver, path)):
			return fs.SkipDir
		case e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), ".")
		tree[pkg] = append(tree[pkg], importsOf(f.Imports)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// importsOf are the paths of specs, the house's own without "despensa/".
func importsOf(specs []*ast.ImportSpec) (paths []string) {
	for _, s := range specs {
		if path, err := strconv.Unquote(s.Path.Value); err == nil {
			paths = append(paths, strings.TrimPrefix(path, "despensa/"))
		}
	}
	return paths
}
