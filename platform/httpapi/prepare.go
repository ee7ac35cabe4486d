package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"despensa/platform/oidc"

	"github.com/danielgtaylor/huma/v2"
)

// bodyMax is the largest body, in bytes, of an operation that sets no MaxBodyBytes.
const bodyMax = 64 << 10

// codeNoToken is the code of a call without a token.
var codeNoToken = oidc.ErrNoToken.Code

// prepare completes operation for this API: limits, documented errors, and the layers that check access and form.
func prepare(api huma.API, operation *huma.Operation, acceso Access) {
	setUpHuma()
	operation.RejectUnknownQueryParameters = true
	if operation.MaxBodyBytes == 0 {
		operation.MaxBodyBytes = bodyMax
	}
	documentOperation(operation, acceso)
	if operation.MaxBodyBytes > 0 {
		operation.MaxBodyBytes++ // huma refuses a body of exactly the limit
	}
	propios := huma.Middlewares{guardAccess(api, acceso), checkForm(api)}
	if !acceso.Public && operation.Metadata[recordsItself] == nil {
		propios = append(huma.Middlewares{recordNotFound()}, propios...)
	}
	operation.Middlewares = append(propios, operation.Middlewares...)
	if m := sayDeprecated(operation); m != nil {
		operation.Middlewares = append(huma.Middlewares{m}, operation.Middlewares...)
	}
}

// documentOperation puts access, limits and errors into the OpenAPI document.
func documentOperation(operation *huma.Operation, acceso Access) {
	extensiones := map[string]any{}
	for k, v := range operation.Extensions {
		extensiones[k] = v
	}
	operation.Extensions = extensiones
	operation.Security = acceso.security()
	if acceso.Public {
		extensiones["x-publico"] = true
	}
	if len(acceso.Roles) > 0 {
		extensiones["x-roles"] = acceso.Roles
	}
	if len(acceso.Permissions) > 0 {
		extensiones["x-permisos"] = acceso.Permissions
	}
	if hasBody(operation.Method) && operation.MaxBodyBytes > 0 {
		extensiones["x-max-body-bytes"] = operation.MaxBodyBytes
	}
	operation.Errors = statusesOf(operation, acceso)
}

// The security schemes of the document: the ways to prove the caller's identity.
const (
	byOIDC   = "oidc"   // a token of the identity provider, with the scopes that the operation needs
	byToken  = "bearer" // the same token, for tools that do not speak OpenID Connect
	byCookie = "cookie" // a browser's session
)

// personScope is the scope with which a person logs in; the roles in the token decide which operations the person
// may call.
const personScope = "openid"

// security lists the alternatives of the member security: a person's login; each scope that admits a machine, alone;
// a bearer token; a session.
func (a Access) security() (vias []map[string][]string) {
	if a.Public {
		vias = append(vias, map[string][]string{})
	}
	if a.Public || len(a.Roles) > 0 {
		vias = append(vias, map[string][]string{byOIDC: {personScope}})
	}
	for _, permiso := range a.Permissions {
		vias = append(vias, map[string][]string{byOIDC: {permiso}})
	}
	return append(vias, map[string][]string{byToken: {}}, map[string][]string{byCookie: {}})
}

// statusesOf lists the statuses that operation may answer besides success.
func statusesOf(operation *huma.Operation, access Access) []int {
	errores := append(
		slices.Clone(operation.Errors),
		http.StatusUnauthorized,
		http.StatusUnprocessableEntity,
		http.StatusTooManyRequests,
		http.StatusInternalServerError,
		http.StatusServiceUnavailable,
	)
	if !access.Public || operation.Method != http.MethodGet {
		errores = append(errores, http.StatusForbidden)
	}
	if strings.Contains(operation.Path, "{") {
		errores = append(errores, http.StatusNotFound)
	}
	if hasBody(operation.Method) {
		errores = append(
			errores,
			http.StatusBadRequest,
			http.StatusRequestTimeout,
			http.StatusRequestEntityTooLarge,
			http.StatusUnsupportedMediaType,
		)
	}
	if operation.Method != http.MethodGet {
		errores = append(errores, http.StatusConflict)
	}
	if operation.Method != http.MethodGet && operation.Method != http.MethodPost {
		errores = append(
			errores,
			http.StatusPreconditionFailed,
			http.StatusPreconditionRequired,
		)
	}
	slices.Sort(errores)
	return slices.Compact(errores)
}

func hasBody(metodo string) bool {
	return metodo == http.MethodPost || metodo == http.MethodPut || metodo == http.MethodPatch
}

// admits says whether the caller of ctx may go on. Errors: oidc.ErrNoToken, ErrForbidden.
func (a Access) admits(ctx context.Context) error {
	if a.Public {
		return nil
	}
	p, ok := oidc.Caller(ctx)
	if !ok {
		return oidc.ErrNoToken
	}
	if p.HasRole(a.Roles...) || p.Machine && p.HasPermission(a.Permissions...) {
		return nil
	}
	return ErrForbidden
}

type layer = func(huma.Context, func(huma.Context))

// guardAccess refuses callers that a does not admit, before the body is read.
func guardAccess(api huma.API, access Access) layer {
	return func(ctx huma.Context, sigue func(huma.Context)) {
		if err := access.admits(ctx.Context()); err != nil {
			recordRefusal(ctx, err)
			writeProblem(api, ctx, err)
			return
		}
		sigue(ctx)
	}
}

// checkForm refuses the requests that huma would misread: an encoded body, a query member given twice, an empty
// Idempotency-Key.
func checkForm(api huma.API) layer {
	return func(ctx huma.Context, sigue func(huma.Context)) {
		if c := ctx.Header("Content-Encoding"); c != "" && !strings.EqualFold(c, "identity") {
			writeProblem(api, ctx, ErrContentType)
			return
		}
		if err := checkRepeated(ctx); err != nil {
			writeProblem(api, ctx, err)
			return
		}
		if err := checkKey(ctx); err != nil {
			writeProblem(api, ctx, err)
			return
		}
		sigue(ctx)
	}
}

// keyHeader is the header that carries a caller's idempotency key.
const keyHeader = "Idempotency-Key"

// checkKey refuses an Idempotency-Key that is empty, which huma would take for absent, or given twice. Errors:
// ErrInvalid.
func checkKey(ctx huma.Context) error {
	var n int
	var vacia bool
	ctx.EachHeader(func(nombre, valor string) {
		if nombre == keyHeader {
			n, vacia = n+1, valor == ""
		}
	})
	esClave := func(p *huma.Param) bool { return p.In == "header" && p.Name == keyHeader }
	if (n > 1 || vacia) && slices.ContainsFunc(ctx.Operation().Parameters, esClave) {
		return ErrInvalid.WithField(
			"header."+keyHeader,
			"expected one key of 1 to 128 visible ASCII characters",
		)
	}
	return nil
}

// checkRepeated refuses a query member that is no line of text, is given twice although it is no list, or is empty
// although its schema has no empty value: huma would take an empty member for absent. Errors: ErrInvalid.
func checkRepeated(ctx huma.Context) error {
	u := ctx.URL()
	if u.RawQuery == "" {
		return nil
	}
	if err := checkQuery(u.Query()); err != nil {
		return err
	}
	for k, v := range u.Query() {
		if len(v) > 1 && !isList(ctx.Operation(), k) {
			return ErrInvalid.WithField(truncate("query."+k), "given more than once")
		}
		if slices.Contains(v, "") && !emptyAllowed(ctx.Operation(), k) {
			return ErrInvalid.WithField(truncate("query."+k), "empty")
		}
	}
	return nil
}

// emptyAllowed reports whether a query member may be empty: one whose schema takes any text, or one that operation
// does not have.
func emptyAllowed(operation *huma.Operation, miembro string) bool {
	for _, p := range operation.Parameters {
		if p.In != "query" || p.Name != miembro || p.Schema == nil {
			continue
		}
		s := p.Schema
		return s.Type == huma.TypeString && s.Format == "" && s.Pattern == "" &&
			len(s.Enum) == 0 &&
			(s.MinLength == nil || *s.MinLength == 0)
	}
	return true
}

func isList(operation *huma.Operation, miembro string) bool {
	return slices.ContainsFunc(operation.Parameters, func(p *huma.Param) bool {
		return p.In == "query" && p.Name == miembro && p.Schema != nil &&
			p.Schema.Type == huma.TypeArray
	})
}

// writeProblem answers with a problem outside of a handler.
func writeProblem(api huma.API, ctx huma.Context, err error) {
	p := problemOf(ctx.Context(), err)
	for k, v := range p.GetHeaders() {
		ctx.SetHeader(k, v[0])
	}
	ctx.SetHeader("Content-Type", problemType)
	ctx.SetStatus(p.Status)
	if err := api.Marshal(ctx.BodyWriter(), problemType, p); err != nil {
		requestOf(
			ctx.Context(),
		).log().
			WarnContext(ctx.Context(), "problem not sent", "error", err)
	}
}

// truncate bounds a text of the caller's own that an answer repeats, to 200 bytes.
func truncate(s string) string {
	const tope = 200
	s = strings.ToValidUTF8(s, "?")
	if len(s) > tope {
		s = strings.ToValidUTF8(s[:tope], "")
	}
	return s
}
