package httpapi

import (
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

var codePage = template.Must(template.New("problema").Parse(`<!doctype html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Code}} · Despensa</title></head>
<body><main><p><a href="/problemas/">Todos los problemas</a></p>
<h1>{{.Code}}</h1><p>Estado HTTP {{.Status}} ({{.Title}})</p>
<h2>Qué significa</h2><p>{{.Significa}}</p>
<h2>Qué hacer</h2><p>{{.QueHacer}}</p>
<h2>Qué operaciones lo responden</h2>
{{if .Todas}}<p>Cualquiera.</p>{{else if .Operaciones}}<ul>{{range .Operaciones}}
<li><code>{{.Metodo}} {{.Ruta}}</code> (<a href="/docs/">{{.ID}}</a>)</li>{{end}}</ul>
{{else}}<p>Ninguna de la API: lo responde el servidor mismo, o queda como motivo de un pedido.</p>{{end}}
<p>Para programas (<code>detail</code>): <span lang="en">{{.Detail}}</span></p></main></body></html>
`))

var indexPage = template.Must(template.New("problemas").Parse(`<!doctype html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problemas · Despensa</title></head>
<body><main><h1>Problemas</h1>
<p>Cada error de la API lleva en <code>code</code> uno de estos códigos, que no cambian.</p>
<table><thead><tr><th scope="col">Estado</th><th scope="col">Código</th>` +
	`<th scope="col">Qué significa</th></tr></thead><tbody>
{{range .}}<tr><td>{{.Status}}</td><td><a href="/problemas/{{.Code}}">{{.Code}}</a></td><td>{{.Significa}}</td></tr>
{{end}}</tbody></table></main></body></html>
`))

// explain answers /problemas/{code} with the explanation of a code, as a page to browsers and as JSON to programs.
// Errors: ErrNotFound for an unknown code.
func (s *Server) explain(ectx echo.Context) error {
	x, ok := s.codes.get(ectx.Param("code"))
	if !ok {
		return ErrNotFound
	}
	d, err := s.document()
	if err != nil {
		return err
	}
	x.Operaciones = append([]usage{}, d.uses[x.Code]...)
	x.Todas = len(x.Operaciones) > 0 && len(x.Operaciones) == d.operations
	return show(ectx, codePage, x)
}

// enumerate answers /problemas/ with all published codes.
func (s *Server) enumerate(ectx echo.Context) error {
	d, err := s.document()
	if err != nil {
		return err
	}
	todas := s.codes.list()
	for i := range todas {
		todas[i].Operaciones = append([]usage{}, d.uses[todas[i].Code]...)
		todas[i].Todas = len(todas[i].Operaciones) > 0 &&
			len(todas[i].Operaciones) == d.operations
	}
	if wantsPage(ectx.Request()) {
		return show(ectx, indexPage, todas)
	}
	return show(ectx, nil, map[string]any{"datos": todas})
}

func wantsPage(
	r *http.Request,
) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// show answers with v, as a page to browsers and as JSON to programs.
func show(ectx echo.Context, pagina *template.Template, v any) error {
	ectx.Response().Header().Set("Vary", "Accept")
	if pagina != nil && wantsPage(ectx.Request()) {
		var b strings.Builder
		if err := pagina.Execute(&b, v); err != nil {
			return err
		}
		return ectx.HTML(http.StatusOK, b.String())
	}
	b, err := toJSON(v)
	if err != nil {
		return err
	}
	return ectx.Blob(http.StatusOK, "application/json", b)
}

// helpForStatus is the help for a code without an Help of its own, by its status.
func helpForStatus(estado int) Help {
	switch {
	case estado >= http.StatusInternalServerError:
		return Help{"Algo falló de nuestro lado.",
			"Probá de nuevo más tarde. Si sigue, escribinos con el dato «solicitud» de la respuesta."}
	case estado == http.StatusTooManyRequests:
		return Help{
			"Se llegó a un límite.",
			"Esperá los segundos que dice Retry-After y volvé a probar.",
		}
	}
	return Help{
		"No se puede hacer lo que pediste.",
		"Mirá «detail» y «errors» de la respuesta y corregí la llamada.",
	}
}
