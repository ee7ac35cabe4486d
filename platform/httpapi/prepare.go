package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// cuerpoMax is the largest body, in bytes, of an operation that sets no MaxBodyBytes.
const cuerpoMax = 64 << 10

// errAusente is the code of a call without a token.
var errAusente = oidc.ErrTokenAusente.Code

// preparar completes op for this API: limits, documented errors, and the layers that check access and form.
func preparar(api huma.API, op *huma.Operation, acceso Acceso) {
	ajustarHuma()
	op.RejectUnknownQueryParameters = true
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = cuerpoMax
	}
	documentar(op, acceso)
	if op.MaxBodyBytes > 0 {
		op.MaxBodyBytes++ // huma refuses a body of exactly the limit
	}
	propios := huma.Middlewares{guardia(api, acceso), formas(api)}
	if !acceso.Publico && op.Metadata[anotaSola] == nil {
		propios = append(huma.Middlewares{ajena()}, propios...)
	}
	op.Middlewares = append(propios, op.Middlewares...)
	if m := avisarObsoleta(op); m != nil {
		op.Middlewares = append(huma.Middlewares{m}, op.Middlewares...)
	}
}

// documentar puts access, limits and errors into the OpenAPI document.
func documentar(op *huma.Operation, acceso Acceso) {
	extensiones := map[string]any{}
	for k, v := range op.Extensions {
		extensiones[k] = v
	}
	op.Extensions = extensiones
	op.Security = acceso.seguridad()
	if acceso.Publico {
		extensiones["x-publico"] = true
	}
	if len(acceso.Roles) > 0 {
		extensiones["x-roles"] = acceso.Roles
	}
	if len(acceso.Permisos) > 0 {
		extensiones["x-permisos"] = acceso.Permisos
	}
	if conCuerpo(op.Method) && op.MaxBodyBytes > 0 {
		extensiones["x-max-body-bytes"] = op.MaxBodyBytes
	}
	op.Errors = erroresDe(op, acceso)
}

// The security schemes of the document: the ways to prove the caller's identity.
const (
	porOIDC   = "oidc"   // a token of the identity provider, with the scopes that the operation needs
	porToken  = "bearer" // the same token, for tools that do not speak OpenID Connect
	porCookie = "cookie" // a browser's session
)

// alcancePersona is the scope with which a person logs in; the roles in the token decide which operations the person
// may call.
const alcancePersona = "openid"

// seguridad lists the alternatives of the member security: a person's login; each scope that admits a machine, alone;
// a bearer token; a session.
func (a Acceso) seguridad() (vias []map[string][]string) {
	if a.Publico {
		vias = append(vias, map[string][]string{})
	}
	if a.Publico || len(a.Roles) > 0 {
		vias = append(vias, map[string][]string{porOIDC: {alcancePersona}})
	}
	for _, permiso := range a.Permisos {
		vias = append(vias, map[string][]string{porOIDC: {permiso}})
	}
	return append(vias, map[string][]string{porToken: {}}, map[string][]string{porCookie: {}})
}

// erroresDe lists the statuses that op may answer besides success.
func erroresDe(op *huma.Operation, a Acceso) []int {
	errores := append(slices.Clone(op.Errors), http.StatusUnauthorized, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable)
	if !a.Publico || op.Method != http.MethodGet {
		errores = append(errores, http.StatusForbidden)
	}
	if strings.Contains(op.Path, "{") {
		errores = append(errores, http.StatusNotFound)
	}
	if conCuerpo(op.Method) {
		errores = append(errores, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType)
	}
	if op.Method != http.MethodGet {
		errores = append(errores, http.StatusConflict)
	}
	if op.Method != http.MethodGet && op.Method != http.MethodPost {
		errores = append(errores, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	slices.Sort(errores)
	return slices.Compact(errores)
}

func conCuerpo(metodo string) bool {
	return metodo == http.MethodPost || metodo == http.MethodPut || metodo == http.MethodPatch
}

// permite says whether the caller of ctx may go on. Errors: oidc.ErrTokenAusente, ErrPermiso.
func (a Acceso) permite(ctx context.Context) error {
	if a.Publico {
		return nil
	}
	p, ok := oidc.De(ctx)
	if !ok {
		return oidc.ErrTokenAusente
	}
	if p.Tiene(a.Roles...) || p.Maquina && p.Puede(a.Permisos...) {
		return nil
	}
	return ErrPermiso
}

type medio = func(huma.Context, func(huma.Context))

// guardia refuses callers that a does not admit, before the body is read.
func guardia(api huma.API, a Acceso) medio {
	return func(ctx huma.Context, sigue func(huma.Context)) {
		if err := a.permite(ctx.Context()); err != nil {
			rechazado(ctx, err)
			escribir(api, ctx, err)
			return
		}
		sigue(ctx)
	}
}

// formas refuses the requests that huma would misread: an encoded body, a query member given twice, an empty
// Idempotency-Key.
func formas(api huma.API) medio {
	return func(ctx huma.Context, sigue func(huma.Context)) {
		if c := ctx.Header("Content-Encoding"); c != "" && !strings.EqualFold(c, "identity") {
			escribir(api, ctx, ErrTipo)
			return
		}
		if err := repetidos(ctx); err != nil {
			escribir(api, ctx, err)
			return
		}
		if err := unaClave(ctx); err != nil {
			escribir(api, ctx, err)
			return
		}
		sigue(ctx)
	}
}

// cabeceraClave is the header that carries a caller's idempotency key.
const cabeceraClave = "Idempotency-Key"

// unaClave refuses an Idempotency-Key that is empty, which huma would take for absent, or given twice. Errors:
// ErrDatos.
func unaClave(ctx huma.Context) error {
	var n int
	var vacia bool
	ctx.EachHeader(func(nombre, valor string) {
		if nombre == cabeceraClave {
			n, vacia = n+1, valor == ""
		}
	})
	esClave := func(p *huma.Param) bool { return p.In == "header" && p.Name == cabeceraClave }
	if (n > 1 || vacia) && slices.ContainsFunc(ctx.Operation().Parameters, esClave) {
		return ErrDatos.WithField("header."+cabeceraClave, "expected one key of 1 to 128 visible ASCII characters")
	}
	return nil
}

// repetidos refuses a query member that is no line of text, is given twice although it is no list, or is empty
// although its schema has no empty value: huma would take an empty member for absent. Errors: ErrDatos.
func repetidos(ctx huma.Context) error {
	u := ctx.URL()
	if u.RawQuery == "" {
		return nil
	}
	if err := checkQuery(u.Query()); err != nil {
		return err
	}
	for k, v := range u.Query() {
		if len(v) > 1 && !esLista(ctx.Operation(), k) {
			return ErrDatos.WithField(recortar("query."+k), "given more than once")
		}
		if slices.Contains(v, "") && !vacioVale(ctx.Operation(), k) {
			return ErrDatos.WithField(recortar("query."+k), "empty")
		}
	}
	return nil
}

// vacioVale reports whether a query member may be empty: one whose schema takes any text, or one that op does not
// have.
func vacioVale(op *huma.Operation, miembro string) bool {
	for _, p := range op.Parameters {
		if p.In != "query" || p.Name != miembro || p.Schema == nil {
			continue
		}
		s := p.Schema
		return s.Type == huma.TypeString && s.Format == "" && s.Pattern == "" && len(s.Enum) == 0 &&
			(s.MinLength == nil || *s.MinLength == 0)
	}
	return true
}

func esLista(op *huma.Operation, miembro string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool {
		return p.In == "query" && p.Name == miembro && p.Schema != nil && p.Schema.Type == huma.TypeArray
	})
}

// escribir answers with a problem outside of a handler.
func escribir(api huma.API, ctx huma.Context, err error) {
	p := aProblema(ctx.Context(), err)
	for k, v := range p.GetHeaders() {
		ctx.SetHeader(k, v[0])
	}
	ctx.SetHeader("Content-Type", tipoProblema)
	ctx.SetStatus(p.Status)
	if err := api.Marshal(ctx.BodyWriter(), tipoProblema, p); err != nil {
		pedidoDe(ctx.Context()).registro().WarnContext(ctx.Context(), "problem not sent", "error", err)
	}
}

// recortar bounds a text of the caller's own that an answer repeats, to 200 bytes.
func recortar(s string) string {
	const tope = 200
	s = strings.ToValidUTF8(s, "?")
	if len(s) > tope {
		s = strings.ToValidUTF8(s[:tope], "")
	}
	return s
}
