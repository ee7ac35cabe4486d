package promesas_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// glosario is the document of the company's words.
const glosario = "docs/glosario.md"

// severalMax is how many words have several meanings today. The number only falls: a new word has one meaning.
const severalMax = 0

// packageAndName is a folder of the tree and a name that its package declares.
var packageAndName = regexp.MustCompile("^`((?:modules|platform|internal)[\\w/]*)` `(\\w+)`$")

// TestGlosario: each word of the glossary has a meaning of one sentence, a package that is there and declares the
// name, and a word in English. In the first table a word stands once; in the second at least twice, each
// time with another meaning.
func TestGlosario(t *testing.T) {
	t.Parallel()
	single, several, ok := strings.Cut(
		kit.ReadText(t, glosario),
		"\n## Words that still have two meanings\n",
	)
	if !ok {
		t.Fatalf("%s has no second table", glosario)
	}
	declared := map[string][]string{}
	words := func(text string) map[string]int {
		times := map[string]int{}
		for _, row := range tableRows(text) {
			if len(row) != 4 || slices.Contains(row, "") || strings.Count(row[1], ". ") > 0 ||
				!strings.HasSuffix(row[1], ".") {
				t.Errorf(
					"%s: %q is not a word, a sentence, a name and its English",
					glosario,
					row,
				)
				continue
			}
			times[row[0]]++
			m := packageAndName.FindStringSubmatch(row[2])
			if m == nil {
				t.Errorf("%s: %s is not a package and a name", glosario, row[2])
				continue
			}
			if declared[m[1]] == nil {
				declared[m[1]] = declaredInFolder(t, m[1])
			}
			if !slices.Contains(declared[m[1]], m[2]) {
				t.Errorf("%s: %s does not declare %s", glosario, m[1], m[2])
			}
		}
		return times
	}
	once := words(single)
	twice := words(several)
	for w, n := range once {
		if n > 1 || twice[w] > 0 {
			t.Errorf(
				"%s: %s stands in the first table, and %d times more",
				glosario,
				w,
				n-1+twice[w],
			)
		}
	}
	for w, n := range twice {
		if n < 2 {
			t.Errorf("%s: %s has one meaning in the second table", glosario, w)
		}
	}
	if len(once) < 30 || len(twice) > severalMax {
		t.Errorf("%s: %d words with one meaning, %d with several; at most %d may have several",
			glosario, len(once), len(twice), severalMax)
	}
}

// declaredInFolder lists the names that the package in a folder declares, its tests left out.
func declaredInFolder(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil || len(files) == 0 {
		t.Errorf("%s has no Go files (%v)", folder, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, declaredIn(f)...)
	}
	return names
}

// TestRolesOfTheREADME: as the README says, the role auditor reads the trail alone, and admin may call every operation
// that needs a role.
func TestRolesOfTheREADME(t *testing.T) {
	t.Parallel()
	readme := kit.ReadText(t, "README.md")
	rows := []string{
		"| `auditor` | search and export the audit trail, and nothing else |",
		"| `admin` | call every operation,",
	}
	for _, s := range rows {
		if !strings.Contains(readme, s) {
			t.Errorf("the README does not say %q", s)
		}
	}
	documents := documentosGuardados(t)
	for _, o := range kit.Document(t, kit.ReadFile(t, documents[len(documents)-1])).Operations() {
		if o.IsPublic() {
			continue
		}
		if !slices.Contains(o.Roles, "admin") {
			t.Errorf("an admin may not call %s", o.ID)
		}
		if slices.Contains(o.Roles, "auditor") != strings.Contains(o.ID, "auditoria") {
			t.Errorf("%s: roles %v", o.ID, o.Roles)
		}
	}
}

// readmeMax bounds the README, in bytes: a newcomer reads it in five minutes.
const readmeMax = 9 << 10

// TestREADMEFitsANewcomer: the README is short, and links to the documents that have the rest.
func TestREADMEFitsANewcomer(t *testing.T) {
	t.Parallel()
	readme := kit.ReadText(t, "README.md")
	if len(readme) > readmeMax {
		t.Errorf("the README has %d bytes, more than %d", len(readme), readmeMax)
	}
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	architecture := kit.ReadText(t, "docs/arquitectura.md")
	for _, d := range append(documents, "CONTRIBUTING.md", "SECURITY.md") {
		name := filepath.Base(d)
		if !strings.Contains(readme, "]("+filepath.ToSlash(d)+")") &&
			!strings.Contains(architecture, "]("+name+")") &&
			!strings.Contains(kit.ReadText(t, "CONTRIBUTING.md"), "]("+filepath.ToSlash(d)+")") {
			t.Errorf("neither the README nor the documents that it links to lead to %s", d)
		}
	}
}
