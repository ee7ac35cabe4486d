package sesion

import (
	"html/template"
	"net/http"
)

var page = template.Must(template.New("sesion").Parse(`<!doctype html>
<html lang="es-AR"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sesión · Despensa</title></head>
<body><main><h1>No se pudo</h1><p role="alert">{{.}}</p>` +
	`<p><a href="/sesion/inicio">Ingresar</a> · <a href="/">Inicio</a></p></main></body></html>
`))

// fail answers with a page that explains, in dicho, why the login or logout failed.
func (s *Sessions) fail(w http.ResponseWriter, estado int, dicho string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy",
		"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	if estado == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	}
	w.WriteHeader(estado)
	_ = page.Execute(w, dicho) // the browser may have gone
}
