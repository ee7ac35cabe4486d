// Package inicio is the page of a program that runs with stand-ins: what is embedded, who
// can log in, and a first plain page of the own orders.
package inicio

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

// Prefijo is where Handler is mounted.
const Prefijo = "/dev/"

//go:embed paginas/*
var archivos embed.FS

// Parte is something that stands in for a server.
type Parte struct {
	Nombre, Que string
	Donde       string // a folder or an address
	Enlace      string // empty: none
}

// Ingreso is a login that can be tried.
type Ingreso struct {
	Login, Nombre string
	Roles         []string
}

// Persona is who is logged in.
type Persona struct {
	Nombre string
	Roles  []string
}

// Opciones of the page.
type Opciones struct {
	Version  string
	Clave    string // of every login
	Partes   []Parte
	Ingresos []Ingreso
	// Entrar says that browsers can log in here; stand-ins alone have no pages to show.
	Entrar bool
	// Abierta says that others than this machine reach it.
	Abierta bool
	// Quien tells who is logged in in the browser that asks; false: nobody.
	Quien func(w http.ResponseWriter, r *http.Request) (Persona, bool)
	// Salida is the origin that a logout may lead to, besides our own.
	Salida string
}

// vista is what the templates show.
type vista struct {
	Opciones
	Persona Persona
	Dentro  bool
}

// Handler serves Prefijo and what lies directly under it; it expects whole paths.
func Handler(o Opciones) http.Handler {
	t := template.Must(template.ParseFS(archivos, "paginas/*.html"))
	m := http.NewServeMux()
	pagina := func(nombre string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			v := vista{Opciones: o}
			v.Persona, v.Dentro = o.Quien(w, r)
			escribir(w, t, nombre, v)
		}
	}
	m.HandleFunc("GET /dev/{$}", pagina("inicio.html"))
	m.HandleFunc("GET /dev/pedidos", pagina("pedidos.html"))
	m.HandleFunc("GET /dev/estilo.css", archivo("estilo.css", "text/css; charset=utf-8"))
	m.HandleFunc("GET /dev/pedidos.js", archivo("pedidos.js", "text/javascript; charset=utf-8"))
	return m
}

func archivo(nombre, tipo string) http.HandlerFunc {
	b, err := archivos.ReadFile("paginas/" + nombre)
	if err != nil {
		panic(err) // it is embedded above
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", tipo)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(b) // the browser may have gone
	}
}

// escribir draws a page that runs our own script alone and talks to this server alone.
func escribir(w http.ResponseWriter, t *template.Template, nombre string, v vista) {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, nombre, v); err != nil {
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "same-origin") // with none, browsers hide the origin of our own forms
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"+
		"; form-action 'self' "+v.Salida+"; base-uri 'none'; frame-ancestors 'none'")
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}
