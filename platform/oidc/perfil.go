package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// Perfil is what the provider tells about a caller; what it does not tell is empty.
type Perfil struct {
	Nombre string
	Correo string
	// CorreoConfirmado says that the provider has made sure that Correo is the caller's.
	CorreoConfirmado bool
}

// Perfil asks the provider who the caller of ctx is, with the caller's own token.
// Errors: ErrTokenAusente without a caller; ErrPerfilNegado when the token does not
// open the profile; ErrPerfil when there is no proper answer within three seconds.
func (v *Verificador) Perfil(ctx context.Context) (Perfil, error) {
	p, ok := De(ctx)
	if !ok || p.token == nil {
		return Perfil{}, ErrTokenAusente
	}
	ctx, soltar := context.WithTimeout(ctx, espera)
	defer soltar()
	d, err := v.proveedor.descubrir(ctx, func(d direcciones) bool { return d.Userinfo != "" })
	if err != nil {
		return Perfil{}, fmt.Errorf("%w: %w", ErrPerfil, err)
	}
	b, err := v.proveedor.traer(ctx, d.Userinfo, *p.token)
	var estado errEstado
	if errors.As(err, &estado) && (estado == http.StatusUnauthorized || estado == http.StatusForbidden) {
		return Perfil{}, ErrPerfilNegado
	}
	if err != nil {
		return Perfil{}, fmt.Errorf("%w: %w", ErrPerfil, err)
	}
	return leerPerfil(b, p.Sub)
}

// leerPerfil reads the answer, which must be about sub (OpenID Connect Core, 5.3.2).
func leerPerfil(b []byte, sub string) (Perfil, error) {
	var c struct {
		Sub    string `json:"sub"`
		Nombre string `json:"name"`
		Correo string `json:"email"`
		// Some providers write the boolean of OpenID Connect as a text.
		Confirmado any `json:"email_verified"`
	}
	if err := json.Unmarshal(b, &c); err != nil || c.Sub != sub {
		return Perfil{}, ErrPerfil
	}
	confirmado := c.Confirmado == true || c.Confirmado == "true"
	return Perfil{Nombre: c.Nombre, Correo: c.Correo, CorreoConfirmado: confirmado && c.Correo != ""}, nil
}
