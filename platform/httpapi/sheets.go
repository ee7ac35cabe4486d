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

// Ficha is what the document says of an operation beyond its form.
type Ficha struct {
	Texto  string  // Markdown: what it does, what it needs, what follows; "": its description stays
	Exito  string  // what the answer of success is; "": the status in words
	Fallas []Falla // errors besides those that the form brings along, as a wrong value, a reused key, a bad token
}

// Falla is an error that an operation answers. Miembros is a struct of the members that the error's problem has beyond
// those of a Problema; nil: none.
type Falla struct {
	Error    *fault.Error
	Miembros any
}

// Fallan are errors whose problems have no further members.
func Fallan(es ...*fault.Error) []Falla {
	out := make([]Falla, len(es))
	for i, e := range es {
		out[i] = Falla{Error: e}
	}
	return out
}

// xCodigos is where an operation and an answer list codes of errors.
const xCodigos = "x-codigos"

// Fichas writes sheets into the document, by the operations' ids, once these have been registered. It panics on a sheet
// of nothing, as registering does.
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

// responder describes the answers of errors that op declares.
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

// crecientes lists the members of a struct whose values are known but may become more.
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

// codigosDe lists in op all codes that it may answer, and notes op with each.
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
	for codigo := range todos {
		r.usos[codigo] = append(r.usos[codigo], uso{ID: id, Metodo: strings.ToUpper(metodo), Ruta: Prefijo + ruta,
			Resumen: resumen})
	}
}

// deLaForma are the errors that the form of an operation brings along.
func (r *redactor) deLaForma(ruta, metodo string, op objeto) []*fault.Error {
	es := append(slices.Clone(deTodas), r.sesion...)
	if op["x-publico"] != true {
		es = append(es, deConocidos...)
	}
	if strings.ToUpper(metodo) != http.MethodGet {
		es = append(es, ErrOrigen)
	}
	if conCuerpo(strings.ToUpper(metodo)) {
		es = append(es, deConCuerpo...)
	}
	if strings.HasSuffix(ruta, "/vivo") || strings.HasSuffix(ruta, "/exportacion") {
		es = append(es, ErrFlujos)
	}
	partes, _ := op["parameters"].([]any)
	for _, p := range partes {
		m, _ := p.(objeto)
		nombre, _ := m["name"].(string)
		es = append(es, deParte[nombre]...)
	}
	return es
}

// What operations may answer by their form alone: all of them, those that need a caller, those that take a body, and
// those that have a parameter.
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
