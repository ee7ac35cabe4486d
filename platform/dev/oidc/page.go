package oidc

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
)

//go:embed pagina.html
var pageTemplate string

//go:embed pagina.css
var styleSheet string

// view is the data of the page. Without Pendiente the page has no form.
type view struct {
	Titulo, Error, Aviso       string
	Pendiente, Accion, Usuario string
	Ingresos                   []Login
	Clave                      string
	Emisor                     string // set on the page that presents the provider
	Estilo                     template.CSS
}

// page renders the provider's one page, which has no script and loads no other resource.
type page struct {
	t         *template.Template
	styleHash string // hash of the style sheet, for the Content-Security-Policy
}

func newPage() *page {
	suma := sha256.Sum256([]byte(styleSheet))
	return &page{
		t:         template.Must(template.New("pagina").Parse(pageTemplate)),
		styleHash: "'sha256-" + base64.StdEncoding.EncodeToString(suma[:]) + "'",
	}
}

// form shows the login form. The page's policy lets the form lead to the origin of vuelta.
func (g *page) form(w http.ResponseWriter, estado int, datos view, vuelta string) {
	datos.Titulo, datos.Ingresos, datos.Clave = "Ingresar", Logins(), Password
	g.write(w, estado, datos, "'self' "+originOf(vuelta))
}

// present shows the page about the provider: its purpose, the addresses of its documents and the demo logins.
func (g *page) present(w http.ResponseWriter, emisor string) {
	g.write(w, http.StatusOK, view{
		Titulo:   "Proveedor de identidad",
		Emisor:   emisor,
		Ingresos: Logins(),
		Clave:    Password,
	}, "'none'")
}

func (g *page) error(w http.ResponseWriter, estado int, dicho string) {
	g.write(w, estado, view{Titulo: "No se puede ingresar", Error: dicho}, "'none'")
}

func (g *page) notice(w http.ResponseWriter, dicho string) {
	g.write(w, http.StatusOK, view{Titulo: "Hasta luego", Aviso: dicho}, "'none'")
}

func (g *page) write(w http.ResponseWriter, estado int, datos view, destinos string) {
	datos.Estilo = template.CSS(styleSheet) //nolint:gosec // our own embedded file
	var b bytes.Buffer
	if err := g.t.Execute(&b, datos); err != nil {
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set(
		"Content-Security-Policy",
		"default-src 'none'; style-src "+g.styleHash+"; form-action "+destinos+
			"; base-uri 'none'; frame-ancestors 'none'",
	)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(estado)
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}
