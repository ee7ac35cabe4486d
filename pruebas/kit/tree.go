package kit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ReadFile reads a file; its path is relative to the root of the repository.
func ReadFile(t *testing.T, archivo string) []byte {
	t.Helper()
	b, err := os.ReadFile(archivo)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// ReadText is ReadFile for text.
func ReadText(t *testing.T, archivo string) string {
	t.Helper()
	return string(ReadFile(t, archivo))
}

// RecipeBlock is a fenced block of a document that changes the tree.
type RecipeBlock struct {
	Kind string // go: a new file; diff: changes of a file that is there; sh: commands
	File string // its path from the root
	Text string
}

// CopyTree copies the tree as git sees it: the tracked files and the new files that are not ignored.
func CopyTree(t *testing.T) string {
	t.Helper()
	Slow(t, "builds and tests a copy of the tree")
	dir := t.TempDir()
	lista, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others",
		"--exclude-standard").
		Output()
	archivos := strings.Split(strings.TrimSuffix(string(lista), "\x00"), "\x00")
	if err != nil {
		archivos = treeFiles(t)
	}
	for _, a := range archivos {
		b, err := os.ReadFile(a)
		if errors.Is(err, fs.ErrNotExist) { // removed and not committed yet
			continue
		}
		if err == nil {
			err = write(filepath.Join(dir, a), b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// treeFiles lists the files of the tree where there is no git, without .git and the data folder of a running program.
func treeFiles(t *testing.T) (archivos []string) {
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

func write(archivo string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(archivo), 0o700); err != nil {
		return err
	}
	return os.WriteFile(archivo, b, 0o600)
}

// Apply carries a block of a recipe out below dir: it writes a new file, or changes a file of the tree.
func Apply(dir string, recipeBlock RecipeBlock) error {
	archivo := filepath.Join(dir, recipeBlock.File)
	antes, err := os.ReadFile(archivo)
	if recipeBlock.Kind == "go" {
		if err == nil {
			return fmt.Errorf("%s is there already", recipeBlock.File)
		}
		return write(archivo, []byte(recipeBlock.Text))
	}
	if err != nil {
		return err
	}
	texto := string(antes)
	for parte := range strings.SplitSeq(recipeBlock.Text, "@@\n") {
		viejo, nuevo := sides(parte)
		if n := strings.Count(texto, viejo); viejo == "" || n != 1 {
			return fmt.Errorf("%s has this %d times:\n%s", recipeBlock.File, n, viejo)
		}
		texto = strings.Replace(texto, viejo, nuevo, 1)
	}
	return write(archivo, []byte(texto))
}

// sides returns the lines that a part of a diff looks for, and the lines that it leaves in their place.
func sides(parte string) (viejo, nuevo string) {
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

// RunInCopy runs a command in the copy and returns its output. It fails the test when the command fails.
func RunInCopy(t *testing.T, dir, orden string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), orden, args...)
	cmd.Dir = dir
	salida, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", orden, strings.Join(args, " "), err, salida)
	}
	return string(salida)
}
