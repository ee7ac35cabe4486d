package authz

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/datos"
	"despensa/platform/fault"
	"despensa/platform/guard"
	"despensa/platform/oidc"
	"despensa/platform/text"
)

// paciencia bounds one first sight, the provider's answer included.
const paciencia = 5 * time.Second

// The most letters of a name and of an e-mail that are taken over from the provider.
const (
	nombreMax = 120
	correoMax = 254
)

// perfil gives the profile of principal, and makes it at first sight. The caller has decided that principal may
// have a profile.
func (s *Servicio) perfil(ctx context.Context, principal oidc.Principal) (Perfil, error) {
	c, err := s.o.Datos.Perfil(ctx, principal.ID)
	if !errors.Is(err, clientes.ErrNoExiste) {
		return c, err
	}
	if err := s.presentar(ctx, principal); err != nil {
		return Perfil{}, err
	}
	return s.o.Datos.Perfil(ctx, principal.ID)
}

// presentar makes the profile of a customer at first sight. However many calls of one customer arrive at once, the
// provider is asked once; a caller that gives up does not end that call for the others.
func (s *Servicio) presentar(ctx context.Context, principal oidc.Principal) error {
	c := s.vistas.DoChan(principal.ID, func() (any, error) {
		ctx, soltar := context.WithTimeout(context.WithoutCancel(ctx), paciencia)
		defer soltar()
		// A panic here would end the process.
		return nil, guard.Do(func() error { return s.presentarUno(ctx, principal) })
	})
	select {
	case r := <-c:
		return r.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Servicio) presentarUno(ctx context.Context, principal oidc.Principal) error {
	dicho, err := s.o.Perfil(ctx)
	if _, declarado := fault.As(err); err != nil && !declarado {
		return fmt.Errorf("%w: %w", oidc.ErrProfile, err)
	}
	if err != nil {
		return err
	}
	creacion := pase{
		Principal: principal,
		s:         s,
		r:         s.registro(ctx, principal, principal.ID, crearPerfil),
	}
	if err := creacion.anotar(ctx); err != nil {
		return err
	}
	alta := datos.Alta{
		ID:     principal.ID,
		Sub:    principal.Sub,
		Nombre: text.Clean(dicho.Name, nombreMax),
		Correo: correoDe(dicho.Email),
	}
	alta.CorreoConfirmado = dicho.EmailVerified && alta.Correo != ""
	return s.o.Datos.Crear(ctx, alta)
}

// correoDe takes a provider's e-mail over, or nothing when it cannot be one.
func correoDe(s string) string {
	s, err := text.Line(strings.TrimSpace(s))
	antes, despues, arroba := strings.Cut(s, "@")
	if err != nil || !arroba || antes == "" || despues == "" || len(s) > correoMax ||
		strings.ContainsAny(s, " <>,;") {
		return ""
	}
	return s
}

// confirmado asks the provider for the e-mail that it has confirmed to be the caller's. It is empty when the provider
// has not confirmed it, or does not answer; then the e-mail that the caller writes counts as not confirmed.
func (s *Servicio) confirmado(ctx context.Context) string {
	ctx, soltar := context.WithTimeout(ctx, paciencia)
	defer soltar()
	dicho, err := s.o.Perfil(ctx)
	if err != nil || !dicho.EmailVerified {
		return ""
	}
	return correoDe(dicho.Email)
}
