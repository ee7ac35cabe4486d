package httpapi

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Identity describes the identity provider in the document: where callers get their tokens.
type Identity struct {
	Issuer   string // issuer, to its last slash
	Audience string // the audience (aud) of a token for this API
	Text     string // Markdown: how callers get a token
	// Scopes are the scopes that machines may ask for, each with a description.
	Scopes map[string]string
}

// humaConfig is huma's configuration with the head of the OpenAPI document: title, server, security schemes.
func humaConfig(options Options) huma.Config {
	setUpHuma()
	config := huma.DefaultConfig("Despensa", options.Version)
	config.Info.Description = options.Description
	config.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	config.DocsPath, config.OpenAPIPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	config.Servers = []*huma.Server{{URL: Prefix, Description: "This server."}}
	config.Formats = formats()
	config.RejectUnknownQueryParameters = true
	config.Components.Schemas = huma.NewMapRegistry(schemaRef, schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		byOIDC: {
			Type:             "openIdConnect",
			OpenIDConnectURL: options.Identity.Issuer + ".well-known/openid-configuration",
			Description:      options.Identity.Text,
			Extensions: map[string]any{
				"x-audience": options.Identity.Audience,
				"x-scopes":   options.Identity.Scopes,
			},
		},
		byCookie: {Type: "apiKey", In: "cookie", Name: "despensa",
			Description: "A browser's session, from /sesion/inicio; over https its name begins with __Host-. " +
				"What is not GET must come from a page of this server."},
		byToken: {Type: "http", Scheme: "bearer", BearerFormat: "JWT",
			Description: "The same access token, for tools that do not speak OpenID Connect."},
	}
	return config
}

var modulePath = regexp.MustCompile(`modules/(\w)(\w+)/`)

// schemaName names a schema by the module and the name of the Go type t: two modules may each have a Pago.
func schemaName(t reflect.Type, pista string) string {
	nombre := huma.DefaultSchemaNamer(t, pista)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	m := modulePath.FindStringSubmatch(t.PkgPath() + "/ " + t.Name())
	if m == nil || t.Name() == "" {
		return nombre
	}
	return strings.ToUpper(m[1]) + m[2] + nombre
}
