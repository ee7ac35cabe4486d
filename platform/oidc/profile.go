package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Profile holds the name and the e-mail of a caller, as the provider gives them; a missing one is "". Both are
// personal data.
type Profile struct {
	Name  string
	Email string
	// EmailVerified says that the provider has verified that Email belongs to the caller.
	EmailVerified bool
}

// Profile asks the provider for the profile of the caller in ctx, with the caller's own token. Errors: ErrNoToken
// without a caller; ErrProfileDenied when the token lacks the scope for the profile; ErrProfile without a valid answer
// within three seconds.
func (v *Verifier) Profile(ctx context.Context) (Profile, error) {
	principal, ok := Caller(ctx)
	if !ok || principal.token == nil {
		return Profile{}, ErrNoToken
	}
	ctx, soltar := context.WithTimeout(ctx, answerTimeout)
	defer soltar()
	d, err := v.provider.discover(ctx, func(d addresses) bool { return d.Userinfo != "" })
	if err != nil {
		return Profile{}, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	b, err := v.provider.fetch(ctx, d.Userinfo, *principal.token)
	var estado statusError
	if errors.As(err, &estado) &&
		(estado == http.StatusUnauthorized || estado == http.StatusForbidden) {
		return Profile{}, ErrProfileDenied
	}
	if err != nil {
		return Profile{}, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	return readProfile(b, principal.Sub)
}

// readProfile reads a profile, which must be that of sub (OpenID Connect Core, 5.3.2). Errors: ErrProfile.
func readProfile(b []byte, sub string) (Profile, error) {
	var leido struct {
		Sub    string `json:"sub"`
		Nombre string `json:"name"`
		Correo string `json:"email"`
		// Some providers write the boolean of OpenID Connect as a text.
		Confirmado any `json:"email_verified"`
	}
	if err := json.Unmarshal(b, &leido); err != nil || leido.Sub != sub {
		return Profile{}, ErrProfile
	}
	confirmado := leido.Confirmado == true || leido.Confirmado == "true"
	return Profile{
		Name:          leido.Nombre,
		Email:         leido.Correo,
		EmailVerified: confirmado && leido.Correo != "",
	}, nil
}
