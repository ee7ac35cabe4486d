package modules_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// columnas is how long a line of Go may be, in letters, a tab counted as one.
const columnas = 120

// vagas are the words that make a riddle of a comment, because each stands in the place of a noun.
var vagas = map[string]bool{
	"what": true, "who": true, "whoever": true, "whom": true, "whose": true,
	"nobody": true, "somebody": true, "anybody": true, "everybody": true,
}

// figuras are what is measured of a set of files.
type figuras struct {
	lineas, comentario int      // lines that are not blank; of them comment alone
	largas             []string // lines over columnas, as file:line
	palabras, vagas    int      // of comments
	porLinea           []int    // tokens of each line of code
	parametros, cortos int      // named parameters; of them with one or two letters
	posicionales       int      // struct literals of four and more values without keys
	claves             []string // their places
	sinTexto           []string // exported names of the top level without a comment, as file: name
}

// medirGo adds the figures of one Go file.
func (f *figuras) medirGo(camino string, texto []byte) error {
	conjunto := token.NewFileSet()
	arbol, err := parser.ParseFile(conjunto, camino, texto, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("style: %w", err)
	}
	f.medirLineas(camino, texto)
	f.medirTokens(texto)
	for _, grupo := range arbol.Comments {
		f.contar(grupo.Text())
	}
	ast.Inspect(arbol, func(n ast.Node) bool {
		f.nodo(n, func() string { return conjunto.Position(n.Pos()).String() })
		return true
	})
	for _, d := range arbol.Decls {
		f.declaracion(camino, d)
	}
	return nil
}

// conEtiqueta matches a struct field with a tag, which cannot be broken into two lines.
var conEtiqueta = regexp.MustCompile("^\\s*[\\w, ]+ .*`[a-z]+:\".*`( //.*)?$")

// medirLineas counts the lines of a file, and notes those that are too long.
func (f *figuras) medirLineas(camino string, texto []byte) {
	for n, linea := range strings.Split(string(texto), "\n") {
		limpia := strings.TrimSpace(linea)
		if limpia == "" {
			continue
		}
		f.lineas++
		if strings.HasPrefix(limpia, "//") {
			f.comentario++
		}
		if utf8.RuneCountInString(linea) > columnas && !conEtiqueta.MatchString(linea) {
			f.largas = append(f.largas, fmt.Sprintf("%s:%d", camino, n+1))
		}
	}
}

// medirTokens counts the tokens of each line of code.
func (f *figuras) medirTokens(texto []byte) {
	archivo := token.NewFileSet().AddFile("", -1, len(texto))
	var s scanner.Scanner
	s.Init(archivo, texto, nil, 0)
	por := map[int]int{}
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok != token.SEMICOLON || lit != "\n" {
			por[archivo.Line(pos)]++
		}
	}
	for _, n := range por {
		f.porLinea = append(f.porLinea, n)
	}
}

var palabra = regexp.MustCompile(`[a-zA-Z']+`)

// contar counts the words of a comment, and the vague ones among them.
func (f *figuras) contar(comentario string) {
	for _, p := range palabra.FindAllString(strings.ToLower(comentario), -1) {
		f.palabras++
		if vagas[p] {
			f.vagas++
		}
	}
}

// nodo counts parameters and literals; lugar is where node stands.
func (f *figuras) nodo(node ast.Node, lugar func() string) {
	switch n := node.(type) {
	case *ast.FuncDecl:
		for _, lista := range n.Type.Params.List {
			for _, nombre := range lista.Names {
				f.parametros++
				if len(nombre.Name) <= 2 {
					f.cortos++
				}
			}
		}
	case *ast.CompositeLit:
		_, lista := n.Type.(*ast.ArrayType)
		_, mapa := n.Type.(*ast.MapType)
		if n.Type == nil || lista || mapa || len(n.Elts) < 4 {
			break
		}
		if _, conClave := n.Elts[0].(*ast.KeyValueExpr); !conClave {
			f.posicionales++
			f.claves = append(f.claves, lugar())
		}
	}
}

// declaracion notes the exported names of decl that have no comment.
func (f *figuras) declaracion(camino string, decl ast.Decl) {
	mirar := func(nombre *ast.Ident, textos ...*ast.CommentGroup) {
		if nombre.IsExported() &&
			!slices.ContainsFunc(textos, func(c *ast.CommentGroup) bool { return c != nil }) {
			f.sinTexto = append(f.sinTexto, camino+": "+nombre.Name)
		}
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || deExportado(d.Recv.List[0].Type) {
			mirar(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				mirar(s.Name, s.Doc, d.Doc, s.Comment)
			case *ast.ValueSpec:
				for _, nombre := range s.Names {
					mirar(nombre, s.Doc, d.Doc, s.Comment)
				}
			}
		}
	}
}

// deExportado reports whether a receiver's type is exported. Methods of an unexported type implement an interface,
// which has their comments.
func deExportado(receptor ast.Expr) bool {
	if puntero, es := receptor.(*ast.StarExpr); es {
		receptor = puntero.X
	}
	nombre, es := receptor.(*ast.Ident)
	return es && nombre.IsExported()
}

// medirTexto adds the words of a document, without its code.
func (f *figuras) medirTexto(texto []byte) {
	codigo := regexp.MustCompile("(?s)```.*?```|`[^`]*`")
	f.contar(codigo.ReplaceAllString(string(texto), ""))
}

// porMil is how many of 1,000 words are vague.
func (f *figuras) porMil() float64 { return 1000 * float64(f.vagas) / float64(max(1, f.palabras)) }

func porCiento(parte, todo int) float64 { return 100 * float64(parte) / float64(max(1, todo)) }

// media is the mean of xs; decil their ninth tenth.
func media(xs []int) float64 {
	suma := 0
	for _, x := range xs {
		suma += x
	}
	return float64(suma) / float64(max(1, len(xs)))
}

func decil(xs []int) int {
	slices.Sort(xs)
	return xs[len(xs)*9/10]
}

// medirArbol reads the tree: code and tests apart, documents by themselves.
func medirArbol(t *testing.T) (codigo, pruebas, documentos *figuras) {
	t.Helper()
	codigo, pruebas, documentos = &figuras{}, &figuras{}, &figuras{}
	err := filepath.WalkDir(raizDeEstilo, func(camino string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{"testdata", "node_modules", ".git"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(camino, ".go") && !strings.HasSuffix(camino, ".md"):
			return nil
		}
		texto, err := os.ReadFile(camino)
		if err != nil {
			return fmt.Errorf("style: %w", err)
		}
		corto, _ := filepath.Rel(raizDeEstilo, camino)
		corto = filepath.ToSlash(corto)
		switch {
		case strings.HasSuffix(camino, ".md"):
			documentos.medirTexto(texto)
			return nil
		case strings.Contains(string(texto[:min(len(texto), 3000)]), "DO NOT EDIT"):
			return nil
		case strings.HasSuffix(camino, "_test.go") || strings.HasPrefix(corto, "pruebas/"):
			return pruebas.medirGo(corto, texto)
		}
		return codigo.medirGo(corto, texto)
	})
	if err != nil {
		t.Fatal(err)
	}
	return codigo, pruebas, documentos
}

const raizDeEstilo = ".."

// TestStyle holds how the house reads: go test ./modules -run TestStyle -v prints each figure. A limit above its goal
// is how far the house has come; a change may lower it, and does not raise it.
func TestStyle(t *testing.T) {
	codigo, pruebas, documentos := medirArbol(t)
	cortos := porCiento(codigo.cortos, codigo.parametros)
	for _, x := range []struct {
		nombre              string
		valor, limite, meta float64
	}{
		{nombre: "lines over 120 columns, code", valor: float64(len(codigo.largas))},
		{nombre: "lines over 120 columns, tests", valor: float64(len(pruebas.largas))},
		{nombre: "vague words per 1,000, code", valor: codigo.porMil(), limite: 2, meta: 2},
		{nombre: "vague words per 1,000, tests", valor: pruebas.porMil(), limite: 2, meta: 2},
		{nombre: "vague words per 1,000, documents", valor: documentos.porMil(), limite: 2, meta: 2},
		{nombre: "tokens per line, mean", valor: media(codigo.porLinea), limite: 7, meta: 7},
		{nombre: "tokens per line, ninth tenth", valor: float64(decil(codigo.porLinea)), limite: 17, meta: 17},
		{nombre: "parameters of 1 or 2 letters, %", valor: cortos, limite: 25, meta: 25},
		// The three are values of named list types, which look like structs.
		{nombre: "struct literals of 4 and more without keys", valor: float64(codigo.posicionales), limite: 3, meta: 3},
		{nombre: "exported names without a comment", valor: float64(len(codigo.sinTexto))},
	} {
		t.Logf("%-45s %6.1f, at most %4.1f, goal %4.1f", x.nombre, x.valor, x.limite, x.meta)
		if x.valor > x.limite {
			t.Errorf("%s: %.1f, at most %.1f", x.nombre, x.valor, x.limite)
		}
	}
	t.Logf(
		"%-45s %6.1f",
		"comment lines, % of code",
		porCiento(codigo.comentario, codigo.lineas),
	)
	for _, cual := range slices.Concat(codigo.largas, pruebas.largas, codigo.claves, codigo.sinTexto) {
		t.Logf("see %s", cual)
	}
}
