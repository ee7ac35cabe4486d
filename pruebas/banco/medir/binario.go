package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// binario is a program to measure.
type binario struct{ nombre, camino string }

// binarios builds the program of this folder, and that of the revision to compare it with. The latter is kept, by its
// commit, in the user's cache folder.
func binarios(ctx context.Context, opciones opciones, carpeta string) ([]binario, error) {
	este := binario{nombre: "here", camino: filepath.Join(carpeta, "despensa")}
	fmt.Fprintln(opciones.progreso, "building this folder")
	if err := orden(ctx, "", "go", "build", "-trimpath", "-o", este.camino, "."); err != nil {
		return nil, err
	}
	if opciones.contra == "" {
		return []binario{este}, nil
	}
	otro, err := deRevision(ctx, opciones)
	return []binario{otro, este}, err
}

// deRevision builds a revision in a worktree of its own, unless it is built already.
func deRevision(ctx context.Context, opciones opciones) (b binario, err error) {
	salida, err := exec.CommandContext(ctx, "git", "rev-parse", "--verify", "--quiet", opciones.contra+"^{commit}").
		Output()
	if err != nil {
		return b, fmt.Errorf("%w: --contra %q is no revision", errUso, opciones.contra)
	}
	commit := strings.TrimSpace(string(salida))
	cache, err := os.UserCacheDir()
	if err != nil {
		return b, err
	}
	b = binario{nombre: opciones.contra, camino: filepath.Join(cache, "despensa-banco", commit)}
	if _, err := os.Stat(b.camino); err == nil {
		return b, nil
	}
	fmt.Fprintln(opciones.progreso, "building", opciones.contra)
	temporal, err := os.MkdirTemp("", "despensa-banco-")
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporal)) }()
	arbol := filepath.Join(temporal, "arbol")
	if err := orden(ctx, "", "git", "worktree", "add", "--quiet", "--detach", arbol, commit); err != nil {
		return b, err
	}
	defer func() {
		err = errors.Join(
			err,
			orden(
				context.WithoutCancel(ctx),
				"",
				"git",
				"worktree",
				"remove",
				"--force",
				arbol,
			),
		)
	}()
	if err := orden(ctx, arbol, "go", "build", "-trimpath", "-o", b.camino+".nuevo", "."); err != nil {
		return b, err
	}
	return b, os.Rename(b.camino+".nuevo", b.camino)
}

// orden runs a command in a folder.
func orden(ctx context.Context, carpeta, nombre string, args ...string) error {
	c := exec.CommandContext(ctx, nombre, args...)
	c.Dir = carpeta
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", nombre, strings.Join(args, " "), err, b)
	}
	return nil
}
