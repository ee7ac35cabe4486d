//go:build !race

package main

import (
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// receta is a recipe of the README: code blocks that name their file, and the commands
// that it ends with.
type receta struct {
	titulo  string
	bloques []bloqueDeReceta
	ordenes string
}

type bloqueDeReceta struct{ tipo, archivo, texto string }

var cercado = regexp.MustCompile("(?ms)^```(go|diff|sh) (?:file=(\\S+)|recipe)\n(.*?)^```$")

// recetas reads every recipe, and what a recipe has put into documents of its own.
func recetas(t *testing.T) (rs []receta) {
	t.Helper()
	for _, s := range secciones(leerTexto(t, "README.md")) {
		titulo, texto, _ := strings.Cut(s, "\n")
		if !strings.HasPrefix(titulo, "How to add ") {
			continue
		}
		r := receta{titulo: titulo}
		for _, enlace := range regexp.MustCompile(`\]\((docs/\w+\.md)\)`).FindAllStringSubmatch(texto, -1) {
			texto += "\n" + leerTexto(t, enlace[1])
		}
		for _, m := range cercado.FindAllStringSubmatch(texto, -1) {
			if m[1] == "sh" {
				r.ordenes += m[3]
				continue
			}
			r.bloques = append(r.bloques, bloqueDeReceta{m[1], m[2], m[3]})
		}
		rs = append(rs, r)
	}
	return rs
}

// secciones are the parts of a document between its headings of the second level.
func secciones(texto string) []string { return strings.Split("\n"+texto, "\n## ")[1:] }

// Whoever follows the README's recipes gets a program that is formatted, vetted, tested
// and runs: it is done here as written, in a copy of the tree.
func TestRecipesOfTheREADME(t *testing.T) {
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
	dir := copiar(t)
	var tocados []string
	for _, r := range rs {
		if len(r.bloques) < 2 || r.ordenes == "" {
			t.Fatalf("%s: %d blocks, commands %q", r.titulo, len(r.bloques), r.ordenes)
		}
		for _, b := range r.bloques {
			if err := aplicar(dir, b); err != nil {
				t.Fatalf("%s: %v", r.titulo, err)
			}
			tocados = append(tocados, b.archivo)
		}
	}
	deja := map[string]func(*testing.T){
		"the tree":    func(t *testing.T) { arbolSano(t, dir, tocados) },
		"the program": func(t *testing.T) { programaConRecetas(t, dir) },
	}
	for _, r := range rs {
		deja[r.titulo] = func(t *testing.T) { t.Log(enCopia(t, dir, "bash", "-euc", r.ordenes)) }
	}
	for nombre, f := range deja {
		t.Run(nombre, func(t *testing.T) { t.Parallel(); f(t) })
	}
}

// arbolSano formats and vets what was touched, and judges it by the law of imports.
func arbolSano(t *testing.T, dir string, tocados []string) {
	carpetas := []string{"vet"}
	for _, a := range tocados {
		if !strings.HasSuffix(a, ".go") {
			continue
		}
		carpetas = append(carpetas, "./"+filepath.Dir(a))
		texto := leerTexto(t, filepath.Join(dir, a))
		if bien, err := format.Source([]byte(texto)); err != nil || string(bien) != texto {
			t.Errorf("%s is not formatted (%v)", a, err)
		}
	}
	slices.Sort(carpetas[1:])
	enCopia(t, dir, "go", slices.Compact(carpetas)...)
	enCopia(t, dir, "go", "test", "./modules")
}

// programaConRecetas builds the copy and buys something: the order passes the new phase.
func programaConRecetas(t *testing.T, dir string) {
	programa := filepath.Join(dir, "despensa-con-recetas")
	enCopia(t, dir, "go", "build", "-o", programa, ".")
	p := lanzar(t, "DESPENSA_PAGOS_PLAZA=http://127.0.0.1:1")
	p.programa = programa
	p.debeArrancar()
	x := p.esperar("cliente1", p.pedir("cliente1", p.comprar("cliente1")).ID, "confirmado")
	if h := pasos(p.historia("cliente1", x.ID)); !strings.Contains(h, "autorizar revisar aceptar") {
		t.Errorf("the new phase is not among %s", h)
	}
	lugar := func(lat float64) map[string]float64 { return map[string]float64{"lat": lat, "lon": -58.43} }
	var r struct{ Algoritmo string }
	p.debe("gestor", "POST", "/rutas/calculo", map[string]any{"desde": lugar(-34.60), "hasta": lugar(-34.65), "algoritmo": "por_avenidas"}, &r)
	if r.Algoritmo != "por_avenidas" {
		t.Errorf("calculated by %q", r.Algoritmo)
	}
}

// copiar makes a copy of the tree as git sees it: what is tracked and what is new.
func copiar(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	lista, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	archivos := strings.Split(strings.TrimSuffix(string(lista), "\x00"), "\x00")
	if err != nil {
		archivos = sinGit(t)
	}
	for _, a := range archivos {
		b, err := os.ReadFile(a)
		if errors.Is(err, fs.ErrNotExist) { // removed and not committed yet
			continue
		}
		if err == nil {
			err = escribir(filepath.Join(dir, a), b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// sinGit lists the tree where there is no git, without what a running program leaves.
func sinGit(t *testing.T) (archivos []string) {
	t.Helper()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (p == ".git" || p == "datos") {
			return fs.SkipDir
		}
		if err == nil && d.Type().IsRegular() {
			archivos = append(archivos, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return archivos
}

func escribir(archivo string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(archivo), 0o700); err != nil {
		return err
	}
	return os.WriteFile(archivo, b, 0o600)
}

// aplicar does what a block says: a new file, or changes of one that is there.
func aplicar(dir string, b bloqueDeReceta) error {
	archivo := filepath.Join(dir, b.archivo)
	antes, err := os.ReadFile(archivo)
	if b.tipo == "go" {
		if err == nil {
			return fmt.Errorf("%s is there already", b.archivo)
		}
		return escribir(archivo, []byte(b.texto))
	}
	if err != nil {
		return err
	}
	texto := string(antes)
	for parte := range strings.SplitSeq(b.texto, "@@\n") {
		viejo, nuevo := lados(parte)
		if n := strings.Count(texto, viejo); viejo == "" || n != 1 {
			return fmt.Errorf("%s has this %d times:\n%s", b.archivo, n, viejo)
		}
		texto = strings.Replace(texto, viejo, nuevo, 1)
	}
	return escribir(archivo, []byte(texto))
}

// lados are the lines that a part of a diff looks for, and those that it leaves.
func lados(parte string) (viejo, nuevo string) {
	for linea := range strings.Lines(parte) {
		if !strings.HasPrefix(linea, "+") {
			viejo += linea[1:]
		}
		if !strings.HasPrefix(linea, "-") {
			nuevo += linea[1:]
		}
	}
	return viejo, nuevo
}

// enCopia runs a command in the copy and gives what it prints.
func enCopia(t *testing.T, dir, orden string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), orden, args...)
	cmd.Dir = dir
	salida, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", orden, strings.Join(args, " "), err, salida)
	}
	return string(salida)
}
