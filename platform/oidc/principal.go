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
	// Permisos are the scopes of a machine-to-machine token.
	Permisos []string
	// Maquina says that the caller is another system and not a person.
	Maquina bool
	// Vence is when the token expires.
	Vence time.Time

	token *string // a pointer, so that no way of printing shows it
}

// Tiene reports whether the caller has one of roles.
func (p Principal) Tiene(roles ...string) bool {
	return slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(p.Roles, r) })
}

// Puede reports whether the caller has one of permisos.
func (p Principal) Puede(permisos ...string) bool {
	return slices.ContainsFunc(permisos, func(s string) bool { return slices.Contains(p.Permisos, s) })
}

// IDDe is the house's id of a token's subject.
func IDDe(sub string) string { return idempotency.Derive("sujeto", sub) }

type enContexto struct{}

// Con puts p into the context that handlers receive.
func Con(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, enContexto{}, p)
}

// De gives the caller of this request; false when the request has no authenticated caller.
func De(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(enContexto{}).(Principal)
	return p, ok
}
