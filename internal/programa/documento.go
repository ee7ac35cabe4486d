package programa

import (
	_ "embed" // texts of the API document
	"maps"

	clientesmod "despensa/modules/clientes/module"
	pagosmod "despensa/modules/pagos/module"
	pedidosmod "despensa/modules/pedidos/module"
	rutasmod "despensa/modules/rutas/module"
	"despensa/platform/httpapi"
	"despensa/platform/oidc/sesion"
)

// The opening of the API document, and its text on access tokens.
var (
	//go:embed documento/apertura.md
	apertura string
	//go:embed documento/identidad.md
	identidad string
)

// alcances are the scopes that callers may ask for, each with its description.
var alcances = map[string]string{
	"openid":           "a person's login; the person's roles say the permitted actions",
	"profile":          "a person's name",
	"email":            "a person's e-mail, which an order needs",
	"crear:pedidos":    "ask for quotes and place orders, for any customer",
	"leer:pedidos":     "read all orders, their history and their returns",
	"leer:eventos":     "read the events of all orders, by their ids",
	"editar:pedidos":   "try orders again and cancel them",
	"reembolsar:pagos": "give money back, and take goods back",
	"editar:productos": "edit the catalogue and move stock",
	"crear:posiciones": "send the positions of the truck that the machine is bound to",
}

// ayudas are the help texts of the problem codes of all modules, in Spanish, by code.
func ayudas() map[string]httpapi.Help {
	todas := map[string]httpapi.Help{
		sesion.ErrSession.Code: {
			Meaning: "La sesión del navegador terminó: venció, o alguien la cerró en otra ventana.",
			Advice:  "Ingresá de nuevo en /sesion/inicio.",
		},
	}
	for _, ayudas := range []map[string]httpapi.Help{
		pedidosmod.Ayudas(), clientesmod.Ayudas(), pagosmod.Ayudas(), rutasmod.Ayudas(),
	} {
		maps.Copy(todas, ayudas)
	}
	return todas
}
