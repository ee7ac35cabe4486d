package promesas_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/configs"
	"despensa/pruebas/kit"

	"go.yaml.in/yaml/v3"
)

// esperas is the document of the ways to wait and to take turns.
const esperas = "docs/esperas.md"

var (
	// goPath is a Go file between backticks, and the names behind the file that it must declare.
	goPath = regexp.MustCompile("`((?:modules|platform|internal)/[\\w./]+\\.go)`((?: `\\w+`)*)")
	// settingAndDefault is a setting with its default, such as `pedidos.lease` (30s).
	settingAndDefault = regexp.MustCompile("`([a-z_]+(?:\\.[a-z_]+)+)` \\((\\w+)\\)")
	// settingName is a setting between backticks.
	settingName = regexp.MustCompile(
		"`((?:http|oidc|sesion|turno|pedidos|clientes|auditoria|rutas|pagos)\\.[a-z_.]+[a-z])`")
)

// TestEsperas: every way to wait names a file that is there and declares the names behind it; every setting that the
// document names exists, and has the default that the document says.
func TestEsperas(t *testing.T) {
	t.Parallel()
	text := kit.ReadText(t, esperas)
	rows := tableRows(text)
	if len(rows) < 30 {
		t.Errorf("%s has %d ways to wait", esperas, len(rows))
	}
	for _, row := range rows {
		if len(row) != 5 || slices.Contains(row, "") {
			t.Errorf("%s: %q has not five cells", esperas, row)
			continue
		}
		files := goPath.FindAllStringSubmatch(row[4], -1)
		if len(files) == 0 {
			t.Errorf("%s: %q names no file", esperas, row[0])
		}
		for _, f := range files {
			mustDeclare(t, f[1], regexp.MustCompile(`\w+`).FindAllString(f[2], -1))
		}
	}
	defaults := defaultSettings(t)
	for _, m := range settingName.FindAllStringSubmatch(text, -1) {
		if _, ok := defaults[m[1]]; !ok {
			t.Errorf("%s names the setting %s, which there is not", esperas, m[1])
		}
	}
	for _, m := range settingAndDefault.FindAllStringSubmatch(text, -1) {
		if !sameSetting(defaults[m[1]], m[2]) {
			t.Errorf("%s says that %s is %s; it is %s", esperas, m[1], m[2], defaults[m[1]])
		}
	}
}

// tableRows are the rows of every table of a document, without heads and rulers, cell by cell.
func tableRows(text string) (rows [][]string) {
	head := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			head = true
		case head || strings.HasPrefix(line, "| ---"):
			head = false
		default:
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
	}
	return rows
}

// mustDeclare fails for each name that file does not declare, and when there is no such file.
func mustDeclare(t *testing.T, file string, names []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return
	}
	declared := declaredIn(f)
	for _, n := range names {
		if !slices.Contains(declared, n) {
			t.Errorf("%s does not declare %s", file, n)
		}
	}
}

// declaredIn lists the types, constants, variables, functions and methods that file declares.
func declaredIn(file *ast.File) (names []string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			names = append(names, d.Name.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}

// defaultSettings are the embedded settings by their path, such as pedidos.lease.
func defaultSettings(t *testing.T) map[string]string {
	t.Helper()
	var tree yaml.Node
	if err := yaml.Unmarshal(configs.Defecto(), &tree); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(path string, n *yaml.Node)
	walk = func(path string, n *yaml.Node) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := strings.TrimPrefix(path+"."+n.Content[i].Value, ".")
			if n.Content[i+1].Kind == yaml.MappingNode {
				walk(key, n.Content[i+1])
			}
			out[key] = n.Content[i+1].Value
		}
	}
	walk("", tree.Content[0])
	return out
}

// sameSetting compares two values as they are written, or as durations.
func sameSetting(a, b string) bool {
	x, errX := time.ParseDuration(a)
	y, errY := time.ParseDuration(b)
	return a == b || errX == nil && errY == nil && x == y
}

// testName is the name of a test between backticks.
var testName = regexp.MustCompile("`(Test[A-Z]\\w*)`")

// TestTestsOfTheDocuments: every test that a document names is there, and in one of the folders that its line names.
func TestTestsOfTheDocuments(t *testing.T) {
	t.Parallel()
	tests := testsOfTheTree(t)
	documents := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	more, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, d := range append(documents, more...) {
		for line := range strings.Lines(kit.ReadText(t, d)) {
			folders := foldersIn(line)
			for _, m := range testName.FindAllStringSubmatch(line, -1) {
				named++
				if tests[m[1]] == nil {
					t.Errorf("%s names %s, which there is not", d, m[1])
				} else if len(folders) > 0 && !overlap(folders, tests[m[1]]) {
					t.Errorf("%s: %s is in %v, the line names %v", d, m[1], tests[m[1]], folders)
				}
			}
		}
	}
	if named < 40 {
		t.Errorf("only %d tests are named", named)
	}
}

// testsOfTheTree are the folders of each test of the tree, by its name.
func testsOfTheTree(t *testing.T) map[string][]string {
	t.Helper()
	tests := map[string][]string{}
	for _, root := range []string{"internal", "modules", "platform", "pruebas"} {
		err := filepath.WalkDir(root, func(path string, e os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(
				token.NewFileSet(),
				path,
				nil,
				parser.SkipObjectResolution,
			)
			if err != nil {
				return err
			}
			for _, n := range declaredIn(f) {
				if strings.HasPrefix(n, "Test") {
					tests[n] = append(tests[n], filepath.ToSlash(filepath.Dir(path)))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return tests
}

// foldersIn are the folders of Go code that a line of a document names between backticks, itself or a file in them.
func foldersIn(line string) (folders []string) {
	for _, m := range camino.FindAllStringSubmatch(line, -1) {
		p := m[1]
		if strings.HasSuffix(p, ".go") {
			p = filepath.ToSlash(filepath.Dir(p))
		}
		if i, err := filepath.Glob(strings.ReplaceAll(p, "modules/X", "modules/*")); err == nil {
			for _, f := range i {
				if s, err := os.Stat(f); err == nil && s.IsDir() {
					folders = append(folders, filepath.ToSlash(f))
				}
			}
		}
	}
	return folders
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}
