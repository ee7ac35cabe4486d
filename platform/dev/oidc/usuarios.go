package oidc

import (
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
)

// Clave is the password of every demo login.
const Clave = "despensa"

// The client ids of the applications that the provider knows.
const (
	AppCLI     = "despensa-cli"     // public, PKCE; the token command
	AppWeb     = "despensa-web"     // confidential, PKCE; the browser session
	AppMaquina = "despensa-maquina" // client credentials only
)

// The secrets of the confidential applications.
const (
	SecretoWeb     = "despensa-web"
	SecretoMaquina = "despensa-maquina"
)

// Ingreso is one demo login, as the start-up message and the pages show it.
type Ingreso struct {
	Login  string
	Nombre string
	Roles  []string
}

type usuario struct {
	login, nombre, rol string
}

// usuarios are the demo logins of API.md. Their subjects never change.
var usuarios = []usuario{
	{"cliente1", "Camila Benítez", "cliente"},
	{"cliente2", "Joaquín Ferreyra", "cliente"},
	{"cliente3", "Valentina Sosa", "cliente"},
	{"cliente4", "Mateo Giménez", "cliente"},
	{"cliente5", "Lucía Quiroga", "cliente"},
	{"operador", "Mariana Acosta", "operador"},
	{"gestor", "Federico Luna", "gestor_rutas"},
	{"repartidor1", "Ramiro Vega", "repartidor"},
	{"repartidor2", "Noelia Cabrera", "repartidor"},
	{"repartidor3", "Gastón Peralta", "repartidor"},
	{"auditor", "Silvina Roldán", "auditor"},
	{"admin", "Andrea Molina", "admin"},
}

// permisosDeRol are the permissions of each role, which its access tokens carry in "permissions".
var permisosDeRol = map[string][]string{
	"cliente": {"leer:productos", "leer:pedidos", "crear:pedidos", "leer:pagos"},
	"operador": {
		"leer:productos", "leer:pedidos", "crear:pedidos", "editar:pedidos", "leer:clientes", "leer:pagos",
		"reembolsar:pagos",
	},
	"gestor_rutas": {"leer:rutas", "editar:rutas", "leer:posiciones"},
	"repartidor":   {"leer:rutas", "crear:posiciones", "editar:visitas"},
	"auditor":      {"leer:auditoria"},
	"admin":        permisosMaquina,
}

// permisosMaquina are the scopes that the application AppMaquina may ask for, and the permissions of the role admin.
var permisosMaquina = []string{
	"leer:productos", "editar:productos", "leer:pedidos", "crear:pedidos", "editar:pedidos", "leer:clientes",
	"leer:pagos", "reembolsar:pagos", "leer:rutas", "editar:rutas", "leer:posiciones", "crear:posiciones",
	"editar:visitas", "leer:auditoria", "leer:eventos",
}

// Ingresos lists the demo logins in the order of the pages.
func Ingresos() []Ingreso {
	out := make([]Ingreso, 0, len(usuarios))
	for _, u := range usuarios {
		out = append(out, Ingreso{Login: u.login, Nombre: u.nombre, Roles: u.roles()})
	}
	return out
}

// Sujeto is the subject ("sub") of the tokens of login. It never changes.
func Sujeto(login string) string { return "dev|" + login }

func (u usuario) correo() string     { return u.login + "@testuser.com" }
func (u usuario) roles() []string    { return []string{u.rol} }
func (u usuario) permisos() []string { return slices.Clone(permisosDeRol[u.rol]) }

// identificar finds the user by login or e-mail; false when there is none or clave is wrong.
func identificar(nombre, clave string) (usuario, bool) {
	nombre = strings.ToLower(strings.TrimSpace(nombre))
	buena := igual(clave, Clave)
	i := slices.IndexFunc(usuarios, func(u usuario) bool { return u.login == nombre || u.correo() == nombre })
	if i < 0 || !buena {
		return usuario{}, false
	}
	return usuarios[i], true
}

// deSujeto finds the user by the subject of a token.
func deSujeto(sub string) (usuario, bool) {
	i := slices.IndexFunc(usuarios, func(u usuario) bool { return Sujeto(u.login) == sub })
	if i < 0 {
		return usuario{}, false
	}
	return usuarios[i], true
}

// app is one application that the provider knows. Without secreto it is a public client.
type app struct {
	id, secreto   string
	redirecciones []string
	alcances      []string
}

// maquina reports whether a may use the grant type client_credentials.
func (a app) maquina() bool { return a.secreto != "" && len(a.redirecciones) == 0 }

// Dispositivos lists the subjects of the positioning devices of the five demo trucks, in order.
func Dispositivos() (subs []string) {
	for n := range dispositivos {
		subs = append(subs, AppDispositivo(n+1)+"@clients")
	}
	return subs
}

// AppDispositivo is the client id of the n-th device; its secret is SecretoDispositivo.
func AppDispositivo(n int) string { return fmt.Sprintf("despensa-gps-%d", n) }

// SecretoDispositivo is the secret of all devices.
const SecretoDispositivo = "despensa-gps"

const dispositivos = 5

func apps(redirecciones []string) []app {
	var gps []app
	for n := range dispositivos {
		gps = append(gps, app{
			id:       AppDispositivo(n + 1),
			secreto:  SecretoDispositivo,
			alcances: []string{"crear:posiciones"},
		})
	}
	return append(gps, []app{
		{id: AppCLI, redirecciones: redirecciones},
		{id: AppWeb, secreto: SecretoWeb, redirecciones: redirecciones},
		{id: AppMaquina, secreto: SecretoMaquina, alcances: permisosMaquina},
	}...)
}

// igual compares in constant time.
func igual(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
