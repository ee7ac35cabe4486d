package promesas_test

import (
	"go/format"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// receta is a recipe of CONTRIBUTING.md: code blocks that name their file, and the commands
// that it ends with.
type receta struct {
	titulo  string
	bloques []kit.RecipeBlock
	ordenes string
}

var cercado = regexp.MustCompile("(?ms)^```(go|diff|sh) (?:file=(\\S+)|recipe)\n(.*?)^```$")

// recetas reads every recipe of CONTRIBUTING.md, with the text of the documents that the recipe links to.
func recetas(t *testing.T) (rs []receta) {
	t.Helper()
	for _, s := range secciones(kit.ReadText(t, "CONTRIBUTING.md")) {
		titulo, texto, _ := strings.Cut(s, "\n")
		if !strings.HasPrefix(titulo, "How to add ") {
			continue
		}
		r := receta{titulo: titulo}
		for _, enlace := range regexp.MustCompile(`\]\((docs/\w+\.md)\)`).FindAllStringSubmatch(texto, -1) {
			texto += "\n" + kit.ReadText(t, enlace[1])
		}
		for _, m := range cercado.FindAllStringSubmatch(texto, -1) {
			if m[1] == "sh" {
				r.ordenes += m[3]
				continue
			}
			r.bloques = append(r.bloques, kit.RecipeBlock{Kind: m[1], File: m[2], Text: m[3]})
		}
		rs = append(rs, r)
	}
	return rs
}

// secciones are the parts of a document between its headings of the second level.
func secciones(texto string) []string { return strings.Split("\n"+texto, "\n## ")[1:] }

// The recipes of CONTRIBUTING.md, followed as they are written in a copy of the tree, leave a program that is
// formatted, vetted and tested, and that runs.
func TestRecipesOfTheDocuments(t *testing.T) {
	kit.MeetsNoServer(t)
	t.Parallel()
	for _, orden := range []string{"bash", "go"} {
		if _, err := exec.LookPath(orden); err != nil {
			t.Skipf("SKIPPED: no %s here", orden)
		}
	}
	rs := recetas(t)
	if len(rs) != 3 {
		t.Fatalf("%d recipes", len(rs))
	}
	dir := kit.CopyTree(t)
	var tocados []string
	for _, r := range rs {
		if len(r.bloques) < 2 || r.ordenes == "" {
			t.Fatalf("%s: %d blocks, commands %q", r.titulo, len(r.bloques), r.ordenes)
		}
		for _, b := range r.bloques {
			if err := kit.Apply(dir, b); err != nil {
				t.Fatalf("%s: %v", r.titulo, err)
			}
			tocados = append(tocados, b.File)
		}
	}
	deja := map[string]func(*testing.T){
		"the tree":    func(t *testing.T) { arbolSano(t, dir, tocados) },
		"the program": func(t *testing.T) { programaConRecetas(t, dir) },
	}
	for _, r := range rs {
		deja[r.titulo] = func(t *testing.T) { t.Log(kit.RunInCopy(t, dir, "bash", "-euc", r.ordenes)) }
	}
	for nombre, f := range deja {
		t.Run(nombre, func(t *testing.T) { t.Parallel(); f(t) })
	}
}

// arbolSano formats and vets the changed files, and judges them by the law of imports.
func arbolSano(t *testing.T, dir string, tocados []string) {
	carpetas := []string{"vet"}
	for _, a := range tocados {
		if !strings.HasSuffix(a, ".go") {
			continue
		}
		carpetas = append(carpetas, "./"+filepath.Dir(a))
		texto := kit.ReadText(t, filepath.Join(dir, a))
		if bien, err := format.Source([]byte(texto)); err != nil || string(bien) != texto {
			t.Errorf("%s is not formatted (%v)", a, err)
		}
	}
	slices.Sort(carpetas[1:])
	kit.RunInCopy(t, dir, "go", slices.Compact(carpetas)...)
	kit.RunInCopy(t, dir, "go", "test", "./modules")
}

// programaConRecetas builds the copy and buys something: the order passes the new phase.
func programaConRecetas(t *testing.T, dir string) {
	programa := filepath.Join(dir, "despensa-con-recetas")
	kit.RunInCopy(t, dir, "go", "build", "-o", programa, ".")
	p := kit.Launch(t, "DESPENSA_PAGOS_PLAZA=http://127.0.0.1:1")
	p.Binary = programa
	p.MustStart()
	x := p.Await("cliente1", p.Order("cliente1", p.NewPurchase("cliente1")).ID, "confirmado")
	if h := kit.Steps(p.History("cliente1", x.ID)); !strings.Contains(h, "autorizar revisar aceptar") {
		t.Errorf("the new phase is not among %s", h)
	}
	lugar := func(lat float64) map[string]float64 { return map[string]float64{"lat": lat, "lon": -58.43} }
	var r struct{ Algoritmo string }
	p.Must(
		"gestor",
		"POST",
		"/rutas/calculo",
		map[string]any{
			"desde":     lugar(-34.60),
			"hasta":     lugar(-34.65),
			"algoritmo": "por_avenidas",
		},
		&r,
	)
	if r.Algoritmo != "por_avenidas" {
		t.Errorf("calculated by %q", r.Algoritmo)
	}
}
