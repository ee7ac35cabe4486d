package oidc

import (
	"context"
	"slices"
	"time"

	"despensa/platform/idempotency"
)

// Principal is the caller, as the verified access token names them.
type Principal struct {
	// Sub is the token's subject, which alone identifies the caller.
	Sub string
	// ID is the house's own id of the subject: a UUID derived from Sub.
	ID string
	// Roles are the person's roles in the token: cliente, gestor_rutas, repartidor, operador, auditor, admin.
	Roles []string
	// Permissions are the scopes of a machine-to-machine token.
	Permissions []string
	// Machine says that the caller is another system and not a person.
	Machine bool
	// Expires is when the token expires.
	Expires time.Time

	token *string // a pointer, so that no way of printing shows it
}

// HasRole reports whether the caller has one of roles.
func (p Principal) HasRole(roles ...string) bool {
	return slices.ContainsFunc(
		roles,
		func(r string) bool { return slices.Contains(p.Roles, r) },
	)
}

// HasPermission reports whether the caller has one of permisos.
func (p Principal) HasPermission(permisos ...string) bool {
	return slices.ContainsFunc(
		permisos,
		func(s string) bool { return slices.Contains(p.Permissions, s) },
	)
}

// IDOf is the house's id of a token's subject.
func IDOf(sub string) string { return idempotency.Derive("sujeto", sub) }

type callerKey struct{}

// WithCaller puts principal into the context that handlers receive.
func WithCaller(ctx context.Context, principal Principal) context.Context {
	return context.WithValue(ctx, callerKey{}, principal)
}

// Caller gives the caller of this request; false when the request has no authenticated caller.
func Caller(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(callerKey{}).(Principal)
	return p, ok
}
