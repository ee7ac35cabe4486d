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
var plantilla string

//go:embed pagina.css
var estilo string

// vista is the data of the page. Without Pendiente the page has no form.
type vista struct {
	Titulo, Error, Aviso       string
	Pendiente, Accion, Usuario string
	Ingresos                   []Ingreso
	Clave                      string
	Emisor                     string // set on the page that presents the provider
	Estilo                     template.CSS
}

// pagina renders the provider's one page, which has no script and loads no other resource.
type pagina struct {
	t     *template.Template
	firma string // hash of the style sheet, for the Content-Security-Policy
}

func nuevaPagina() *pagina {
	suma := sha256.Sum256([]byte(estilo))
	return &pagina{
		t:     template.Must(template.New("pagina").Parse(plantilla)),
		firma: "'sha256-" + base64.StdEncoding.EncodeToString(suma[:]) + "'",
	}
}

// formulario shows the login form. The page's policy lets the form lead to the origin of vuelta.
func (g *pagina) formulario(w http.ResponseWriter, estado int, datos vista, vuelta string) {
	datos.Titulo, datos.Ingresos, datos.Clave = "Ingresar", Ingresos(), Clave
	g.escribir(w, estado, datos, "'self' "+origen(vuelta))
}

// presentar shows the page about the provider: its purpose, the addresses of its documents and the demo logins.
func (g *pagina) presentar(w http.ResponseWriter, emisor string) {
	g.escribir(w, http.StatusOK, vista{
		Titulo:   "Proveedor de identidad",
		Emisor:   emisor,
		Ingresos: Ingresos(),
		Clave:    Clave,
	}, "'none'")
}

func (g *pagina) error(w http.ResponseWriter, estado int, dicho string) {
	g.escribir(w, estado, vista{Titulo: "No se puede ingresar", Error: dicho}, "'none'")
}

func (g *pagina) aviso(w http.ResponseWriter, dicho string) {
	g.escribir(w, http.StatusOK, vista{Titulo: "Hasta luego", Aviso: dicho}, "'none'")
}

func (g *pagina) escribir(w http.ResponseWriter, estado int, datos vista, destinos string) {
	datos.Estilo = template.CSS(estilo) //nolint:gosec // our own embedded file
	var b bytes.Buffer
	if err := g.t.Execute(&b, datos); err != nil {
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+g.firma+"; form-action "+destinos+
		"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(estado)
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}
