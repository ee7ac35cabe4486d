package oidc

import (
	"time"

	"despensa/platform/fault"
)

// Errors of this package.
var (
	// ErrNoToken answers a call that needs a token and has none.
	ErrNoToken = fault.New(fault.Unauthenticated, "token-ausente", "Send an access token: Authorization: Bearer.")
	// ErrToken answers a token that is not a valid access token of this API.
	ErrToken = fault.New(fault.Unauthenticated, "token-invalido", "The access token is not valid for this API.")
	// ErrTokenExpired answers an expired token.
	ErrTokenExpired = fault.New(fault.Unauthenticated, "token-vencido", "The access token has expired.")
	// ErrProvider says that the identity provider does not give its keys or addresses just now.
	ErrProvider = fault.New(fault.Unavailable, "identidad-no-disponible",
		"The identity provider does not answer.").WithRetry(time.Second)
	// ErrProfile says that the identity provider did not give the caller's profile.
	ErrProfile = fault.New(fault.Unavailable, "perfil-no-disponible",
		"The identity provider does not tell name and e-mail just now.").WithRetry(time.Second)
	// ErrProfileDenied says that the caller's token lacks the scope for the profile: a later call with it fails too.
	ErrProfileDenied = fault.New(fault.Forbidden, "perfil-negado",
		"The access token does not open the profile: it lacks the scope openid.")
)
