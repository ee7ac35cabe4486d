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

// Sheet is the text of the document about an operation: its purpose, its success and its errors.
type Sheet struct {
	Text     string    // Markdown: purpose, needs and effects of the operation; "": its description stays
	Success  string    // description of the answer of success; "": the status in words
	Failures []Failure // errors beyond those of formErrors, such as a wrong value, a reused key, a bad token
}

// Failure is an error that an operation answers. Members is a value of a struct with the members of the error's
// problem beyond those of Problema; nil: none.
type Failure struct {
	Error   *fault.Error
	Members any
}

// Failures turns errors into Failures without further members.
func Failures(errores ...*fault.Error) []Failure {
	out := make([]Failure, len(errores))
	for i, e := range errores {
		out[i] = Failure{Error: e}
	}
	return out
}

// xCodes is the extension in which an operation and an answer list their codes of errors.
const xCodes = "x-codigos"

// AddSheets writes sheets into the document, by operation id, after the operations have been registered. It panics on a
// sheet of an operation that does not exist, as registering does.
func AddSheets(api huma.API, fichas map[string]Sheet) {
	for _, id := range slices.Sorted(maps.Keys(fichas)) {
		op, f := operationByID(api, id), fichas[id]
		if op == nil {
			panic("httpapi: sheet of no operation: " + id)
		}
		op.Description = strings.TrimSpace(f.Text + "\n\n" + op.Description)
		for estado, r := range op.Responses {
			if n, err := strconv.Atoi(estado); err == nil && n < http.StatusMultipleChoices &&
				f.Success != "" {
				r.Description = f.Success
			}
		}
		documentAnswers(api, op, f.Failures)
	}
}

// documentAnswers describes the error answers that operation declares, one for each status.
func documentAnswers(api huma.API, operation *huma.Operation, fallas []Failure) {
	porEstado := map[int][]Failure{}
	todas := map[string]int{}
	for _, f := range fallas {
		n := statusOf(f.Error)
		porEstado[n] = append(porEstado[n], f)
		todas[f.Error.Code] = n
	}
	operation.Extensions[xCodes] = todas
	for n, fs := range porEstado {
		var codigos []string
		var miembros []reflect.Type
		for _, f := range fs {
			codigos = append(codigos, f.Error.Code)
			if f.Members != nil {
				miembros = append(miembros, reflect.TypeOf(f.Members))
			}
		}
		slices.Sort(codigos)
		operation.Responses[strconv.Itoa(n)] = &huma.Response{
			Description: http.StatusText(n) + ": `" + strings.Join(codigos, "`, `") + "`.",
			Content: map[string]*huma.MediaType{
				problemType: {Schema: problemSchema(api, miembros)},
			},
			Extensions: map[string]any{xCodes: codigos},
		}
	}
}

// problemSchema is the schema of a Problema that may have the members of further structs.
func problemSchema(api huma.API, miembros []reflect.Type) *huma.Schema {
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
	return &huma.Schema{Ref: schemaRef + nombre}
}

// growing lists, by JSON name, the known values of the members of the struct t that are tagged crece.
func growing(t reflect.Type) map[string][]string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	out := map[string][]string{}
	for _, f := range reflect.VisibleFields(t) {
		if valores := f.Tag.Get(growsTag); valores != "" {
			nombre, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			out[nombre] = strings.Split(valores, ",")
		}
	}
	return out
}

// AddTag describes a tag of operations at the document's root.
func AddTag(api huma.API, nombre, descripcion string) {
	doc := api.OpenAPI()
	doc.Tags = append(doc.Tags, &huma.Tag{Name: nombre, Description: descripcion})
}

// codesOf lists in op all codes that op may answer, and adds op to the uses of each code.
func (r *documentWriter) codesOf(ruta, metodo string, op object) {
	todos, _ := op[xCodes].(object)
	if todos == nil {
		todos = object{}
	}
	respuestas, _ := op["responses"].(object)
	for _, e := range r.formErrors(ruta, metodo, op) {
		n := statusOf(e)
		if _, documentado := respuestas[strconv.Itoa(n)]; documentado {
			todos[e.Code] = n
		}
	}
	op[xCodes] = todos
	id, _ := op["operationId"].(string)
	resumen, _ := op["summary"].(string)
	este := usage{
		ID:      id,
		Metodo:  strings.ToUpper(metodo),
		Ruta:    Prefix + ruta,
		Resumen: resumen,
	}
	for codigo := range todos {
		r.uses[codigo] = append(r.uses[codigo], este)
	}
}

// formErrors lists the errors that follow from the form of an operation: method, access, path and parameters.
func (r *documentWriter) formErrors(ruta, metodo string, op object) []*fault.Error {
	errores := append(slices.Clone(commonErrors), r.session...)
	if op["x-publico"] != true {
		errores = append(errores, callerErrors...)
	}
	if strings.ToUpper(metodo) != http.MethodGet {
		errores = append(errores, ErrOrigin)
	}
	if hasBody(strings.ToUpper(metodo)) {
		errores = append(errores, bodyErrors...)
	}
	if strings.HasSuffix(ruta, "/vivo") || strings.HasSuffix(ruta, "/exportacion") {
		errores = append(errores, ErrStreams)
	}
	partes, _ := op["parameters"].([]any)
	for _, p := range partes {
		m, _ := p.(object)
		nombre, _ := m["name"].(string)
		errores = append(errores, parameterErrors[nombre]...)
	}
	return errores
}

// Errors that follow from the form of an operation: of all operations, of those that need a caller, of those that
// take a body, and of those that have a certain parameter, by its name.
var (
	commonErrors = []*fault.Error{
		ErrInvalid,
		ErrRequest,
		ErrTooMany,
		ErrInternal,
		ErrTimeout,
		fault.ErrStoreAway,
		oidc.ErrToken,
		oidc.ErrTokenExpired,
		oidc.ErrProvider,
		ErrNotFound,
	}
	callerErrors    = []*fault.Error{oidc.ErrNoToken, ErrForbidden}
	bodyErrors      = []*fault.Error{ErrJSON, ErrTooLarge, ErrContentType, ErrSlow}
	parameterErrors = map[string][]*fault.Error{
		keyHeader:  {ErrKeyReused},
		"If-Match": {ErrNoIfMatch, ErrVersion},
		"cursor":   {ErrCursor},
		"desde":    {ErrDay},
		"hasta":    {ErrDay},
	}
)
