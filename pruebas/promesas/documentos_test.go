package promesas_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/internal/comandos"
	"despensa/platform/cli"
	"despensa/pruebas/kit"
)

// The table of docs/comandos.md has the commands of `despensa --help`, and the page says its exit codes.
func TestCommandsOfTheDocuments(t *testing.T) {
	t.Parallel()
	names := func(pattern, text string) (out []string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			out = append(out, m[1])
		}
		slices.Sort(out)
		return out
	}
	_, section, _ := strings.Cut(kit.ReadText(t, "docs/comandos.md"), "\n## Commands\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var help, errs strings.Builder
	code := cli.Run(
		t.Context(),
		comandos.Raiz(),
		[]string{"--help"},
		cli.Streams{Out: &help, Err: &errs},
	)
	if code != cli.OK {
		t.Fatal(code, errs.String())
	}
	table := names("(?m)^\\| `([a-z]+)", section)
	if program := names(`(?m)^  ([a-z]+) +[a-zA-Z]`, help.String()); !slices.Equal(table, program) {
		t.Errorf("docs/comandos.md has %v, the program %v", table, program)
	}
	codes := regexp.MustCompile(`Exit codes: .*`).FindString(help.String())
	if codes == "" || !strings.Contains(section, codes) {
		t.Errorf("docs/comandos.md does not say %q", codes)
	}
}

// oneDash is a flag of despensa as it was written before: one dash and a word.
var oneDash = regexp.MustCompile(`(?:despensa|go run \.) (?:[a-z]+)(?: \S+)*? -[a-z]{2,}`)

// Every document, script and setting of containers writes flags with two dashes.
func TestFlagsOfTheDocuments(t *testing.T) {
	t.Parallel()
	for _, g := range []string{
		"*.md", "docs/*.md", "docs/adr/*.md", "Dockerfile", "docker-compose.yml", ".ci/*", "deploy/*", "deploy/*/*",
	} {
		files, err := filepath.Glob(g)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if i, err := os.Stat(f); err != nil || i.IsDir() || f == "CHANGELOG.md" {
				continue
			}
			for line := range strings.Lines(kit.ReadText(t, f)) {
				if m := oneDash.FindString(line); m != "" {
					t.Errorf("%s: %s", f, m)
				}
			}
		}
	}
}

// Every path of the tree that a document names exists, and so does every target of a decision's links.
func TestPathsOfTheDocuments(t *testing.T) {
	t.Parallel()
	documentos := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	for _, g := range []string{"docs/*.md", "docs/adr/*.md"} {
		ds, err := filepath.Glob(g)
		if err != nil || len(ds) == 0 {
			t.Fatal(g, err)
		}
		documentos = append(documentos, ds...)
	}
	nombrados := 0
	for _, d := range documentos {
		texto := cercas.ReplaceAllString(kit.ReadText(t, d), "")
		for _, m := range enlace.FindAllStringSubmatch(texto, -1) {
			nombrados++
			if !existe(filepath.Join(filepath.Dir(d), m[1])) {
				t.Errorf("%s links to %s, which is not there", d, m[1])
			}
		}
		if strings.HasPrefix(d, "docs/adr/") { // a decision also names past and future paths
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
	camino = regexp.MustCompile(
		"`((?:internal|modules|platform|pruebas|docs|configs|deploy|migrations|\\.ci|" +
			"pedidos/internal|clientes/internal|pagos/internal|rutas/internal)/[\\w./*-]+|[\\w-]+\\.(?:go|md|yaml))`",
	)
)

// deGo is the name in a package that may follow its path, such as config.Load.
var deGo = regexp.MustCompile(`\.[A-Z]\w*$`)

// nombrado finds a path as people write it: X is any module, X.Y.Z any version, and a path that begins with a
// module's name is below modules.
func nombrado(p string) bool {
	p = strings.NewReplacer("modules/X", "modules/*", "X.Y.Z", "*").
		Replace(deGo.ReplaceAllString(p, ""))
	return existe(p) || existe("modules/"+p) || existe("*/"+p) ||
		existe("modules/*/internal/*/"+p) ||
		existe("docs/"+p)
}

func existe(patron string) bool {
	hay, err := filepath.Glob(patron)
	return err == nil && len(hay) > 0
}

// shownWhole are the folders of which the layout in docs/arquitectura.md shows every subfolder.
var shownWhole = []string{".", "internal", "modules", "platform", "pruebas"}

// The layout in docs/arquitectura.md shows paths that exist, and every folder at the root and in shownWhole.
func TestLayoutOfTheTree(t *testing.T) {
	t.Parallel()
	shown := layoutOfTheTree(t)
	for path := range shown {
		if !existe(path) {
			t.Errorf("docs/arquitectura.md shows %s, which is not there", path)
		}
	}
	for _, dir := range shownWhole {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			hidden := strings.HasPrefix(e.Name(), ".") || e.Name() == "datos"
			code := strings.HasSuffix(e.Name(), ".go") && dir == "."
			if path := filepath.ToSlash(filepath.Join(dir, e.Name())); (e.IsDir() && !hidden || code) &&
				!shown[path] {
				t.Errorf("docs/arquitectura.md does not show %s", path)
			}
		}
	}
}

// layoutOfTheTree lists the paths in the layout of docs/arquitectura.md. A line is one path or several, four spaces
// and words; an indented path stands below the folder above it.
func layoutOfTheTree(t *testing.T) map[string]bool {
	t.Helper()
	_, drawing, _ := strings.Cut(kit.ReadText(t, "docs/arquitectura.md"), "\n## Layout\n```\n")
	drawing, _, _ = strings.Cut(drawing, "```")
	above, shown := "", map[string]bool{}
	for line := range strings.Lines(drawing) {
		names, _, _ := strings.Cut(strings.TrimSpace(line), "    ")
		for _, n := range strings.Fields(names) {
			if !strings.HasSuffix(n, "/") && !strings.HasSuffix(n, ".go") {
				break // the description behind a folder
			}
			if line[0] == ' ' {
				n = above + n
			} else {
				above = n
			}
			shown[strings.TrimSuffix(n, "/")] = true
		}
	}
	return shown
}

// The root holds one Go file, of fewer than 40 lines.
func TestTheRootIsAMain(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || !slices.Equal(files, []string{"main.go"}) {
		t.Errorf("Go files at the root: %v (%v), want main.go alone", files, err)
	}
	if n := strings.Count(kit.ReadText(t, "main.go"), "\n"); n >= 40 {
		t.Errorf("main.go has %d lines, want fewer than 40", n)
	}
}
