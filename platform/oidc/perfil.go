package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Perfil holds the name and the e-mail of a caller, as the provider gives them; a missing one is "". Both are
// personal data.
type Perfil struct {
	Nombre string
	Correo string
	// CorreoConfirmado says that the provider has verified that Correo belongs to the caller.
	CorreoConfirmado bool
}

// Perfil asks the provider for the profile of the caller in ctx, with the caller's own token. Errors: ErrTokenAusente
// without a caller; ErrPerfilNegado when the token lacks the scope for the profile; ErrPerfil without a valid answer
// within three seconds.
func (v *Verificador) Perfil(ctx context.Context) (Perfil, error) {
	principal, ok := De(ctx)
	if !ok || principal.token == nil {
		return Perfil{}, ErrTokenAusente
	}
	ctx, soltar := context.WithTimeout(ctx, espera)
	defer soltar()
	d, err := v.proveedor.descubrir(ctx, func(d direcciones) bool { return d.Userinfo != "" })
	if err != nil {
		return Perfil{}, fmt.Errorf("%w: %w", ErrPerfil, err)
	}
	b, err := v.proveedor.traer(ctx, d.Userinfo, *principal.token)
	var estado errEstado
	if errors.As(err, &estado) && (estado == http.StatusUnauthorized || estado == http.StatusForbidden) {
		return Perfil{}, ErrPerfilNegado
	}
	if err != nil {
		return Perfil{}, fmt.Errorf("%w: %w", ErrPerfil, err)
	}
	return leerPerfil(b, principal.Sub)
}

// leerPerfil reads a profile, which must be that of sub (OpenID Connect Core, 5.3.2). Errors: ErrPerfil.
func leerPerfil(b []byte, sub string) (Perfil, error) {
	var leido struct {
		Sub    string `json:"sub"`
		Nombre string `json:"name"`
		Correo string `json:"email"`
		// Some providers write the boolean of OpenID Connect as a text.
		Confirmado any `json:"email_verified"`
	}
	if err := json.Unmarshal(b, &leido); err != nil || leido.Sub != sub {
		return Perfil{}, ErrPerfil
	}
	confirmado := leido.Confirmado == true || leido.Confirmado == "true"
	return Perfil{Nombre: leido.Nombre, Correo: leido.Correo, CorreoConfirmado: confirmado && leido.Correo != ""}, nil
}
