// Package inicio is the start page of a program that runs with development stand-ins. It lists the stand-ins and the
// demo logins, and has a plain page with the orders of the logged-in customer.
package inicio

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

// Prefix is where Handler is mounted.
const Prefix = "/dev/"

//go:embed paginas/*
var files embed.FS

// Part is one stand-in, as the page lists it: instead of which server it runs, and its place.
type Part struct {
	Nombre, Que string
	Donde       string // a folder or an address
	Enlace      string // a link to the stand-in's page; empty: none
}

// Login is a demo login, as the page lists it.
type Login struct {
	Login, Nombre string
	Roles         []string
}

// Person is the person logged in.
type Person struct {
	Nombre string
	Roles  []string
}

// Options are the contents and the settings of the page.
type Options struct {
	Version  string
	Clave    string // the password of all demo logins
	Partes   []Part
	Ingresos []Login
	// Entrar says that browsers can log in. It is false for a process that runs stand-ins alone, without the API.
	Entrar bool
	// Abierta says that other machines can reach the program; the page then warns.
	Abierta bool
	// Quien gives the person logged in in the browser that sent r; false when the browser has no session.
	Quien func(w http.ResponseWriter, r *http.Request) (Person, bool)
	// Salida is the origin, besides this server's, to which the form of the logout may lead.
	Salida string
}

// view is the data of the templates.
type view struct {
	Options
	Persona Person
	Dentro  bool
}

// Handler serves Prefix, Prefix + "pedidos" and their style sheet and script. It expects the whole path.
func Handler(options Options) http.Handler {
	plantillas := template.Must(template.ParseFS(files, "paginas/*.html"))
	m := http.NewServeMux()
	pagina := func(nombre string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			datos := view{Options: options}
			datos.Persona, datos.Dentro = options.Quien(w, r)
			render(w, plantillas, nombre, datos)
		}
	}
	m.HandleFunc("GET /dev/{$}", pagina("inicio.html"))
	m.HandleFunc("GET /dev/pedidos", pagina("pedidos.html"))
	m.HandleFunc("GET /dev/estilo.css", file("estilo.css", "text/css; charset=utf-8"))
	m.HandleFunc("GET /dev/pedidos.js", file("pedidos.js", "text/javascript; charset=utf-8"))
	return m
}

// file serves the embedded file nombre with the Content-Type tipo.
func file(nombre, tipo string) http.HandlerFunc {
	b, err := files.ReadFile("paginas/" + nombre)
	if err != nil {
		panic(err) // files embeds the file, so this is a fault of the program
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", tipo)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(b) // the browser may have gone
	}
}

// render renders the template nombre. The page may run this server's script alone, and connect to this server alone.
func render(w http.ResponseWriter, plantillas *template.Template, nombre string, datos view) {
	var b bytes.Buffer
	if err := plantillas.ExecuteTemplate(&b, nombre, datos); err != nil {
		http.Error(w, "page", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	// With no-referrer, browsers hide the origin of this page's forms.
	h.Set("Referrer-Policy", "same-origin")
	h.Set(
		"Content-Security-Policy",
		"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"+
			"; form-action 'self' "+datos.Salida+"; base-uri 'none'; frame-ancestors 'none'",
	)
	_, _ = w.Write(b.Bytes()) // the browser may have gone
}
