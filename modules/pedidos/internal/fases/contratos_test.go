package fases

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
)

// contratos are the interfaces that declare the errors of the phases' neighbours. For another module every
// error of its contract has to be named by a method; for package fases, the errors of these two interfaces
// alone.
var contratos = []struct{ paquete, interfaz, carpeta string }{
	{paquete: "pagos", interfaz: "Servicio", carpeta: "../../../pagos"},
	{paquete: "rutas", interfaz: "Servicio", carpeta: "../../../rutas"},
	{paquete: "clientes", interfaz: "Servicio", carpeta: "../../../clientes"},
	{paquete: "Stock", interfaz: "Stock", carpeta: "."},
	{paquete: "Productos", interfaz: "Productos", carpeta: "."},
	{paquete: "Rechazos", interfaz: "Rechazos", carpeta: "."},
}

// errores are the values of the errors that the contracts name.
var errores = map[string]error{
	"pagos.ErrRechazado": pagos.ErrRechazado, "pagos.ErrPendiente": pagos.ErrPendiente,
	"pagos.ErrVencido":     pagos.ErrVencido,
	"pagos.ErrSinPasarela": pagos.ErrSinPasarela, "pagos.ErrAnulado": pagos.ErrAnulado,
	"pagos.ErrEnCurso": pagos.ErrEnCurso,
	"pagos.ErrMonto":   pagos.ErrMonto, "pagos.ErrMetodo": pagos.ErrMetodo, "pagos.ErrSinCobro": pagos.ErrSinCobro,
	"pagos.ErrReembolsado": pagos.ErrReembolsado, "pagos.ErrReembolsoRechazado": pagos.ErrReembolsoRechazado,
	"rutas.ErrFueraDeArea": rutas.ErrFueraDeArea, "rutas.ErrVentana": rutas.ErrVentana,
	"rutas.ErrSinLugar": rutas.ErrSinLugar,
	"rutas.ErrLiberada": rutas.ErrLiberada, "rutas.ErrYaSalio": rutas.ErrYaSalio,
	"rutas.ErrSinVisita":   rutas.ErrSinVisita,
	"clientes.ErrNoExiste": clientes.ErrNoExiste, "clientes.ErrDireccion": clientes.ErrDireccion,
	"clientes.ErrSinClave": clientes.ErrSinClave, "existencias.ErrFalta": existencias.ErrFalta,
	"existencias.ErrLleno": existencias.ErrLleno, "existencias.ErrSinReserva": existencias.ErrSinReserva,
	"reservas.ErrLiberada": reservas.ErrLiberada, "cupos.ErrOcupado": cupos.ErrOcupado,
}

var (
	enParentesis = regexp.MustCompile(`\([^()]*\)`)
	finDeFrase   = regexp.MustCompile(`\.(\s|$)`)
	nombreError  = regexp.MustCompile(`(?:\w+\.)?\bErr[A-Z]\w*`)
)

// nombrados gives the errors in the "Errors:" sentence of a doc comment, without the remarks
// in parentheses; ok tells whether there is such a sentence.
func nombrados(doc, paquete string) (nombres []string, ok bool) {
	_, frase, ok := strings.Cut(enParentesis.ReplaceAllString(doc, ""), "Errors:")
	if i := finDeFrase.FindStringIndex(frase); i != nil {
		frase = frase[:i[0]]
	}
	for _, n := range nombreError.FindAllString(frase, -1) {
		if !strings.Contains(n, ".") {
			n = paquete + "." + n
		}
		nombres = append(nombres, n)
	}
	return nombres, ok
}

func TestNombrados(t *testing.T) {
	for doc, quiero := range map[string]string{
		"Does it.": "",
		"Does it. Errors: ErrA, ErrB (both with a Recibo, or ErrX), ErrC.":        "p.ErrA p.ErrB p.ErrC",
		"Does it. Errors: ErrA (freed\nor lost: ErrX). ErrY is of another place.": "p.ErrA",
		"Errors: q.ErrA,\nErrB.":         "q.ErrA p.ErrB",
		"Errors: none of its own.":       "",
		"ErrX comes first. Errors: ErrA": "p.ErrA",
	} {
		n, ok := nombrados(doc, "p")
		if strings.Join(n, " ") != quiero || ok != strings.Contains(doc, "Errors:") {
			t.Errorf("%q: %v", doc, n)
		}
	}
}

// leerContratos gives the errors of each call ("pagos.Autorizar") from the sources.
func leerContratos(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for _, c := range contratos {
		declarados, metodos := leerContrato(t, c.carpeta, c.interfaz)
		var todos []string
		for metodo, doc := range metodos {
			nombres, ok := nombrados(doc, c.paquete)
			if !ok {
				t.Errorf("%s.%s does not say its errors", c.paquete, metodo)
			}
			out[c.paquete+"."+metodo] = nombres
			todos = append(todos, nombres...)
		}
		for _, n := range declarados {
			if c.carpeta != "." && !slices.Contains(todos, c.paquete+"."+n) {
				t.Errorf("%s.%s is declared, and no method names it", c.paquete, n)
			}
		}
		for _, n := range todos {
			if errores[n] == nil {
				t.Errorf("%s is named by %s: give its value in errores", n, c.paquete)
			}
		}
	}
	return out
}

// leerContrato gives the errors that a package declares, and the doc comments of an
// interface's methods.
func leerContrato(
	t *testing.T,
	carpeta, interfaz string,
) (declarados []string, metodos map[string]string) {
	t.Helper()
	metodos = map[string]string{}
	archivos, err := filepath.Glob(filepath.Join(carpeta, "*.go"))
	if err != nil || len(archivos) == 0 {
		t.Fatalf("no Go files in %s: %v", carpeta, err)
	}
	for _, a := range archivos {
		f, err := parser.ParseFile(token.NewFileSet(), a, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				return false
			case *ast.ValueSpec:
				for _, x := range n.Names {
					if strings.HasPrefix(x.Name, "Err") {
						declarados = append(declarados, x.Name)
					}
				}
			case *ast.TypeSpec:
				if i, ok := n.Type.(*ast.InterfaceType); ok && n.Name.Name == interfaz {
					for _, m := range i.Methods.List {
						metodos[m.Names[0].Name] = m.Doc.Text()
					}
				}
			}
			return true
		})
	}
	if len(metodos) == 0 {
		t.Fatalf("no interface %s in %s", interfaz, carpeta)
	}
	return declarados, metodos
}
