package modules_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// leyChica is a law for the trees that the next test makes up.
var leyChica = []fila{
	{``, `modules/\w+/module`},
	{`modules/\w+`, `platform/fault`},
	{`modules/uno/internal/rest`, `modules/uno/internal/authz platform/httpapi`},
	{`modules/uno/internal/authz`, ``},
	{`modules/uno/module`, `SELF`},
	{`platform/httpapi`, `github.com/labstack/echo/v4`},
	{`platform/fault`, ``},
}

// justo is a tree that keeps leyChica.
var justo = map[string]string{
	"main.go":                         `import ("fmt"; _ "casa/modules/uno/module")`,
	"modules/uno/uno.go":              `import "casa/platform/fault"`,
	"modules/uno/module/m.go":         `import ("casa/modules/uno"; "casa/modules/uno/internal/rest")`,
	"modules/uno/internal/rest/r.go":  `import ("net/http"; "casa/modules/uno/internal/authz"; "casa/platform/httpapi")`,
	"modules/uno/internal/authz/a.go": `import "errors"`,
	"platform/httpapi/h.go":           `import e "github.com/labstack/echo/v4"`,
	"platform/fault/f.go":             ``,
	"platform/fault/f_test.go":        `import "github.com/anything/at/all"`,
	"platform/fault/testdata/x.go":    `import "github.com/anything/at/all"`,
	"tools/go.mod":                    `module tools`,
	"tools/t.go":                      `import "github.com/anything/at/all"`,
	".git/g.go":                       `import "github.com/anything/at/all"`,
}

// TestTheLawCanFail breaks the law in every way, and checks that the law names each break.
func TestTheLawCanFail(t *testing.T) {
	tests := map[string]struct {
		archivo, contenido string
		filas              []fila
		falta              string
	}{
		"nothing broken": {falta: ""},
		"a short cut": {
			archivo:   "modules/uno/internal/rest/corto.go",
			contenido: `import "casa/platform/fault"`,
			falta:     "modules/uno/internal/rest may not import platform/fault",
		},
		"a library of another's": {
			archivo:   "modules/uno/internal/rest/eco.go",
			contenido: `import _ "github.com/labstack/echo/v4"`,
			falta:     "may not import github.com/labstack/echo/v4",
		},
		"a longer name": {
			archivo:   "platform/httpapi/x.go",
			contenido: `import "github.com/labstack/echo/v4extra"`,
			falta:     "may not import github.com/labstack/echo/v4extra",
		},
		"where nothing is allowed": {
			archivo:   "platform/fault/x.go",
			contenido: `import . "github.com/labstack/echo/v4"`,
			falta:     "platform/fault may not import",
		},
		"platform knows a module": {
			archivo:   "platform/httpapi/m.go",
			contenido: `import "casa/modules/uno"`,
			falta:     "platform/httpapi may not import modules/uno",
		},
		"another module's rooms": {
			archivo:   "modules/uno/module/o.go",
			contenido: `import "casa/modules/dos/internal/x"`,
			falta:     "may not import modules/dos/internal/x",
		},
		"a contract with a library": {
			archivo:   "modules/uno/dep.go",
			contenido: `import "gorm.io/gorm"`,
			falta:     "modules/uno may not import gorm.io/gorm",
		},
		"a package nobody speaks of": {
			archivo: "platform/util/u.go",
			falta:   `"platform/util": no row of the law speaks of it`,
		},
		"a folder nobody speaks of": {
			archivo: "pkg/u.go",
			falta:   `"pkg": no row of the law speaks of it`,
		},
		"a row without a package": {
			filas: []fila{{`platform/ido`, ``}},
			falta: `row "platform/ido" speaks of no package`,
		},
		"a library nobody uses": {
			archivo: "platform/web/w.go",
			filas:   []fila{{`platform/web`, `gorm.io/gorm`}},
			falta:   `row "platform/web" allows gorm.io/gorm, which is not imported`,
		},
		"a part of a library nobody uses": {
			archivo:   "platform/web/w.go",
			contenido: `import "gorm.io/gorm"`,
			filas:     []fila{{`platform/web`, `gorm.io/gorm(/clause)?`}},
			falta:     `row "platform/web" allows gorm.io/gorm/clause, which is not imported`,
		},
		"a package of ours nobody uses": {
			archivo:   "platform/web/w.go",
			contenido: `import "casa/platform/fault"`,
			filas:     []fila{{`platform/web`, `platform/(fault|money)`}},
			falta:     `row "platform/web" allows platform/money, which is not imported`,
		},
		"any name of a library, unused": {
			archivo: "platform/web/w.go",
			filas:   []fila{{`platform/web`, `gorm.io/\w+`}},
			falta:   `row "platform/web" allows gorm.io/\w+, which is not imported`,
		},
		"own rooms that nobody uses": {
			archivo: "modules/uno/internal/web/w.go",
			filas:   []fila{{`modules/uno/internal/web`, `SELF`}},
			falta:   `row "modules/uno/internal/web" allows SELF, which is not imported`,
		},
		"a test of pruebas without a row": {
			archivo: "pruebas/x/x_test.go",
			falta:   `"pruebas/x": no row of the law speaks of it`,
		},
		"a test of pruebas": {
			archivo:   "pruebas/x/x_test.go",
			contenido: `import "casa/platform/fault"`,
			filas:     []fila{{`pruebas/x`, ``}},
			falta:     "pruebas/x may not import platform/fault",
		},
		"a row that comes too late": {
			filas: []fila{{`platform/fault`, `gorm.io/gorm`}},
			falta: `row "platform/fault" speaks of no package, or an earlier row does`,
		},
		"a contract that opens files": {
			archivo:   "modules/uno/os.go",
			contenido: `import "os"`,
			falta:     "modules/uno may not import os",
		},
		"unsafe": {
			archivo:   "platform/httpapi/u.go",
			contenido: `import "unsafe"`,
			falta:     "platform/httpapi may not import unsafe",
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			raiz := t.TempDir()
			for a, c := range justo {
				escribir(t, raiz, a, c)
			}
			if tt.archivo != "" {
				escribir(t, raiz, tt.archivo, tt.contenido)
			}
			arbol, err := leer(raiz, "casa")
			if err != nil {
				t.Fatal(err)
			}
			faltas := append(
				juzgar(slices.Concat(leyChica, tt.filas), arbol),
				ensuciadas(arbol)...)
			if tt.falta == "" && len(faltas) > 0 ||
				tt.falta != "" && (len(faltas) != 1 || !strings.Contains(faltas[0], tt.falta)) {
				t.Errorf("found %q, want %q", faltas, tt.falta)
			}
		})
	}
}

func escribir(t *testing.T, raiz, archivo, contenido string) {
	t.Helper()
	p := filepath.Join(raiz, archivo)
	if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
		t.Fatal(err)
	}
	if strings.HasSuffix(p, ".go") {
		contenido = "package p\n" + contenido + "\n"
	}
	if err := os.WriteFile(p, []byte(contenido), 0o600); err != nil {
		t.Fatal(err)
	}
}
