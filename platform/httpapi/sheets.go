package httpapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"despensa/platform/fault"
	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// Ficha is the text of the document about an operation: its purpose, its success and its errors.
type Ficha struct {
	Texto  string  // Markdown: purpose, needs and effects of the operation; "": its description stays
	Exito  string  // description of the answer of success; "": the status in words
	Fallas []Falla // errors beyond those of deLaForma, such as a wrong value, a reused key, a bad token
}

// Falla is an error that an operation answers. Miembros is a value of a struct with the members of the error's
// problem beyond those of Problema; nil: none.
type Falla struct {
	Error    *fault.Error
	Miembros any
}

// Fallan turns errors into Fallas without further members.
func Fallan(es ...*fault.Error) []Falla {
	out := make([]Falla, len(es))
	for i, e := range es {
		out[i] = Falla{Error: e}
	}
	return out
}

// xCodigos is the extension in which an operation and an answer list their codes of errors.
const xCodigos = "x-codigos"

// Fichas writes sheets into the document, by operation id, after the operations have been registered. It panics on a
// sheet of an operation that does not exist, as registering does.
func Fichas(api huma.API, fichas map[string]Ficha) {
	for _, id := range slices.Sorted(maps.Keys(fichas)) {
		op, f := operacionDe(api, id), fichas[id]
		if op == nil {
			panic("httpapi: sheet of no operation: " + id)
		}
		op.Description = strings.TrimSpace(f.Texto + "\n\n" + op.Description)
		for estado, r := range op.Responses {
			if n, err := strconv.Atoi(estado); err == nil && n < http.StatusMultipleChoices && f.Exito != "" {
				r.Description = f.Exito
			}
		}
		responder(api, op, f.Fallas)
	}
}

// responder describes the error answers that op declares, one for each status.
func responder(api huma.API, op *huma.Operation, fallas []Falla) {
	porEstado := map[int][]Falla{}
	todas := map[string]int{}
	for _, f := range fallas {
		n := estadoDe(f.Error)
		porEstado[n] = append(porEstado[n], f)
		todas[f.Error.Code] = n
	}
	op.Extensions[xCodigos] = todas
	for n, fs := range porEstado {
		var codigos []string
		var miembros []reflect.Type
		for _, f := range fs {
			codigos = append(codigos, f.Error.Code)
			if f.Miembros != nil {
				miembros = append(miembros, reflect.TypeOf(f.Miembros))
			}
		}
		slices.Sort(codigos)
		op.Responses[strconv.Itoa(n)] = &huma.Response{
			Description: http.StatusText(n) + ": `" + strings.Join(codigos, "`, `") + "`.",
			Content:     map[string]*huma.MediaType{tipoProblema: {Schema: problemaCon(api, miembros)}},
			Extensions:  map[string]any{xCodigos: codigos},
		}
	}
}

// problemaCon is the schema of a Problema that may have the members of further structs.
func problemaCon(api huma.API, miembros []reflect.Type) *huma.Schema {
	registro := api.OpenAPI().Components.Schemas
	ref := registro.Schema(reflect.TypeFor[Problema](), true, "")
	if len(miembros) == 0 {
		return ref
	}
	con := *registro.SchemaFromRef(ref.Ref)
	con.Properties = maps.Clone(con.Properties)
	var propios []string
	for _, t := range miembros {
		for nombre, p := range huma.SchemaFromType(registro, t).Properties {
			if con.Properties[nombre] == nil {
				propios = append(propios, nombre)
			}
			con.Properties[nombre] = p
		}
	}
	slices.Sort(propios)
	nombre := "Problema"
	for _, p := range propios {
		nombre += strings.ToUpper(p[:1]) + strings.ReplaceAll(p[1:], "_", "")
	}
	registro.Map()[nombre] = &con
	return &huma.Schema{Ref: refEsquema + nombre}
}

// crecientes lists, by JSON name, the known values of the members of the struct t that are tagged crece.
func crecientes(t reflect.Type) map[string][]string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	out := map[string][]string{}
	for _, f := range reflect.VisibleFields(t) {
		if valores := f.Tag.Get(etiquetaCrece); valores != "" {
			nombre, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			out[nombre] = strings.Split(valores, ",")
		}
	}
	return out
}

// Tema describes a tag of operations at the document's root.
func Tema(api huma.API, nombre, descripcion string) {
	doc := api.OpenAPI()
	doc.Tags = append(doc.Tags, &huma.Tag{Name: nombre, Description: descripcion})
}

// codigosDe lists in op all codes that op may answer, and adds op to the uses of each code.
func (r *redactor) codigosDe(ruta, metodo string, op objeto) {
	todos, _ := op[xCodigos].(objeto)
	if todos == nil {
		todos = objeto{}
	}
	respuestas, _ := op["responses"].(objeto)
	for _, e := range r.deLaForma(ruta, metodo, op) {
		n := estadoDe(e)
		if _, documentado := respuestas[strconv.Itoa(n)]; documentado {
			todos[e.Code] = n
		}
	}
	op[xCodigos] = todos
	id, _ := op["operationId"].(string)
	resumen, _ := op["summary"].(string)
	este := uso{ID: id, Metodo: strings.ToUpper(metodo), Ruta: Prefijo + ruta, Resumen: resumen}
	for codigo := range todos {
		r.usos[codigo] = append(r.usos[codigo], este)
	}
}

// deLaForma lists the errors that follow from the form of an operation: method, access, path and parameters.
func (r *redactor) deLaForma(ruta, metodo string, op objeto) []*fault.Error {
	errores := append(slices.Clone(deTodas), r.sesion...)
	if op["x-publico"] != true {
		errores = append(errores, deConocidos...)
	}
	if strings.ToUpper(metodo) != http.MethodGet {
		errores = append(errores, ErrOrigen)
	}
	if conCuerpo(strings.ToUpper(metodo)) {
		errores = append(errores, deConCuerpo...)
	}
	if strings.HasSuffix(ruta, "/vivo") || strings.HasSuffix(ruta, "/exportacion") {
		errores = append(errores, ErrFlujos)
	}
	partes, _ := op["parameters"].([]any)
	for _, p := range partes {
		m, _ := p.(objeto)
		nombre, _ := m["name"].(string)
		errores = append(errores, deParte[nombre]...)
	}
	return errores
}

// Errors that follow from the form of an operation: of all operations, of those that need a caller, of those that
// take a body, and of those that have a certain parameter, by its name.
var (
	deTodas = []*fault.Error{ErrDatos, ErrPeticion, ErrDemasiadas, ErrInterno, ErrTiempo, fault.ErrAlmacen,
		oidc.ErrToken, oidc.ErrTokenVencido, oidc.ErrProveedor, ErrRuta}
	deConocidos = []*fault.Error{oidc.ErrTokenAusente, ErrPermiso}
	deConCuerpo = []*fault.Error{ErrJSON, ErrGrande, ErrTipo, ErrLento}
	deParte     = map[string][]*fault.Error{
		cabeceraClave: {ErrClave},
		"If-Match":    {ErrSinIfMatch, ErrVersion},
		"cursor":      {ErrCursor},
		"desde":       {ErrDia},
		"hasta":       {ErrDia},
	}
)
