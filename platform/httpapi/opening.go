package httpapi

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Identidad describes the identity provider in the document: where callers get their tokens.
type Identidad struct {
	Emisor    string // issuer, to its last slash
	Audiencia string // the audience (aud) of a token for this API
	Texto     string // Markdown: how callers get a token
	// Alcances are the scopes that machines may ask for, each with a description.
	Alcances map[string]string
}

// documento is huma's configuration with the head of the OpenAPI document: title, server, security schemes.
func documento(o Opciones) huma.Config {
	ajustarHuma()
	config := huma.DefaultConfig("Despensa", o.Version)
	config.Info.Description = o.Descripcion
	config.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	config.DocsPath, config.OpenAPIPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Servers = []*huma.Server{{URL: Prefijo, Description: "This server."}}
	config.Formats = formatos()
	config.RejectUnknownQueryParameters = true
	config.Components.Schemas = huma.NewMapRegistry(refEsquema, nombrar)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		porOIDC: {Type: "openIdConnect", OpenIDConnectURL: o.Identidad.Emisor + ".well-known/openid-configuration",
			Description: o.Identidad.Texto,
			Extensions:  map[string]any{"x-audience": o.Identidad.Audiencia, "x-scopes": o.Identidad.Alcances}},
		porCookie: {Type: "apiKey", In: "cookie", Name: "despensa",
			Description: "A browser's session, from /sesion/inicio; over https its name begins with __Host-. " +
				"What is not GET must come from a page of this server."},
		porToken: {Type: "http", Scheme: "bearer", BearerFormat: "JWT",
			Description: "The same access token, for tools that do not speak OpenID Connect."},
	}
	return config
}

var modulo = regexp.MustCompile(`modules/(\w)(\w+)/`)

// nombrar names a schema by the module and the name of the Go type t: two modules may each have a Pago.
func nombrar(t reflect.Type, pista string) string {
	nombre := huma.DefaultSchemaNamer(t, pista)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	m := modulo.FindStringSubmatch(t.PkgPath() + "/ " + t.Name())
	if m == nil || t.Name() == "" {
		return nombre
	}
	return strings.ToUpper(m[1]) + m[2] + nombre
}
