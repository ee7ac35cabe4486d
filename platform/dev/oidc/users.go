package oidc

import (
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
)

// Password is the password of every demo login.
const Password = "despensa"

// The client ids of the applications that the provider knows.
const (
	AppCLI     = "despensa-cli"     // public, PKCE; the token command
	AppWeb     = "despensa-web"     // confidential, PKCE; the browser session
	AppMachine = "despensa-maquina" // client credentials only
)

// The secrets of the confidential applications.
const (
	SecretWeb     = "despensa-web"
	SecretMachine = "despensa-maquina"
)

// Login is one demo login, as the start-up message and the pages show it.
type Login struct {
	Login  string
	Nombre string
	Roles  []string
}

type user struct {
	login, name, role string
}

// users are the demo logins of API.md. Their subjects never change.
var users = []user{
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

// rolePermissions are the permissions of each role, which its access tokens carry in "permissions".
var rolePermissions = map[string][]string{
	"cliente": {"leer:productos", "leer:pedidos", "crear:pedidos", "leer:pagos"},
	"operador": {
		"leer:productos", "leer:pedidos", "crear:pedidos", "editar:pedidos", "leer:clientes", "leer:pagos",
		"reembolsar:pagos",
	},
	"gestor_rutas": {"leer:rutas", "editar:rutas", "leer:posiciones"},
	"repartidor":   {"leer:rutas", "crear:posiciones", "editar:visitas"},
	"auditor":      {"leer:auditoria"},
	"admin":        machinePermissions,
}

// machinePermissions are the scopes that the application AppMachine may ask for, and the permissions of the role admin.
var machinePermissions = []string{
	"leer:productos", "editar:productos", "leer:pedidos", "crear:pedidos", "editar:pedidos", "leer:clientes",
	"leer:pagos", "reembolsar:pagos", "leer:rutas", "editar:rutas", "leer:posiciones", "crear:posiciones",
	"editar:visitas", "leer:auditoria", "leer:eventos",
}

// Logins lists the demo logins in the order of the pages.
func Logins() []Login {
	out := make([]Login, 0, len(users))
	for _, u := range users {
		out = append(out, Login{Login: u.login, Nombre: u.name, Roles: u.roles()})
	}
	return out
}

// Subject is the subject ("sub") of the tokens of login. It never changes.
func Subject(login string) string { return "dev|" + login }

func (u user) email() string         { return u.login + "@testuser.com" }
func (u user) roles() []string       { return []string{u.role} }
func (u user) permissions() []string { return slices.Clone(rolePermissions[u.role]) }

// identify finds the user by login or e-mail; false when there is none or clave is wrong.
func identify(nombre, clave string) (user, bool) {
	nombre = strings.ToLower(strings.TrimSpace(nombre))
	buena := equal(clave, Password)
	i := slices.IndexFunc(
		users,
		func(u user) bool { return u.login == nombre || u.email() == nombre },
	)
	if i < 0 || !buena {
		return user{}, false
	}
	return users[i], true
}

// userOf finds the user by the subject of a token.
func userOf(sub string) (user, bool) {
	i := slices.IndexFunc(users, func(u user) bool { return Subject(u.login) == sub })
	if i < 0 {
		return user{}, false
	}
	return users[i], true
}

// app is one application that the provider knows. Without secret it is a public client.
type app struct {
	id, secret string
	redirects  []string
	scopes     []string
}

// isMachine reports whether a may use the grant type client_credentials.
func (a app) isMachine() bool { return a.secret != "" && len(a.redirects) == 0 }

// Devices lists the subjects of the positioning devices of the five demo trucks, in order.
func Devices() (subs []string) {
	for n := range deviceCount {
		subs = append(subs, AppDevice(n+1)+"@clients")
	}
	return subs
}

// AppDevice is the client id of the n-th device; its secret is SecretDevice.
func AppDevice(n int) string { return fmt.Sprintf("despensa-gps-%d", n) }

// SecretDevice is the secret of all devices.
const SecretDevice = "despensa-gps"

const deviceCount = 5

func apps(redirecciones []string) []app {
	var gps []app
	for n := range deviceCount {
		gps = append(gps, app{
			id:     AppDevice(n + 1),
			secret: SecretDevice,
			scopes: []string{"crear:posiciones"},
		})
	}
	return append(gps, []app{
		{id: AppCLI, redirects: redirecciones},
		{id: AppWeb, secret: SecretWeb, redirects: redirecciones},
		{id: AppMachine, secret: SecretMachine, scopes: machinePermissions},
	}...)
}

// equal compares in constant time.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
