package oidc

import (
	"net/http"
	"slices"
	"strings"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// emitir makes the tokens of a person: an access token, an ID token for the scope openid, and a refresh token for the
// scope offline_access. Errors: errServidor; errPermiso when the login was revoked meanwhile.
func (p *Proveedor) emitir(g permiso) (map[string]any, *errorOAuth) {
	alcances := concedidos(g)
	alcance := strings.Join(alcances, " ")
	acceso, err := p.firmar(map[string]any{
		"sub":         Sujeto(g.usuario.login),
		"aud":         []string{p.o.Audiencia, p.o.Emisor + "userinfo"},
		"azp":         g.app,
		"scope":       alcance,
		"permissions": append([]string{}, g.usuario.permisos()...),
		p.o.RolClaim:  g.usuario.roles(),
	})
	if err != nil {
		return nil, err
	}
	out := map[string]any{
		"access_token": acceso,
		"token_type":   "Bearer",
		"expires_in":   int(p.o.TTL.Seconds()),
		"scope":        alcance,
	}
	if slices.Contains(alcances, "openid") {
		if out["id_token"], err = p.identidad(g, alcances); err != nil {
			return nil, err
		}
	}
	if slices.Contains(alcances, "offline_access") {
		if out["refresh_token"], err = p.refresco(g); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// concedidos are the scopes that the application asked for, without the permissions that the user does not have.
func concedidos(g permiso) []string {
	suyos := g.usuario.permisos()
	return slices.DeleteFunc(slices.Clone(g.alcances), func(a string) bool {
		return strings.Contains(a, ":") && !slices.Contains(suyos, a)
	})
}

// identidad makes the ID token.
func (p *Proveedor) identidad(g permiso, alcances []string) (string, *errorOAuth) {
	c := p.perfil(g.usuario, alcances)
	c["aud"], c["auth_time"] = g.app, g.momento.Unix()
	if g.nonce != "" {
		c["nonce"] = g.nonce
	}
	return p.firmar(c)
}

// perfil are the claims about the user u that the scopes grant to an application.
func (p *Proveedor) perfil(u usuario, alcances []string) map[string]any {
	c := map[string]any{"sub": Sujeto(u.login), p.o.RolClaim: u.roles()}
	if slices.Contains(alcances, "profile") {
		c["name"], c["nickname"] = u.nombre, u.login
	}
	if slices.Contains(alcances, "email") {
		c["email"], c["email_verified"] = u.correo(), true
	}
	return c
}

// refresco makes a refresh token, unless its family was revoked meanwhile. revocar first marks the family and then
// removes its tokens; refresco first stores the token and then looks for the mark. So no token survives a concurrent
// revocation.
func (p *Proveedor) refresco(g permiso) (string, *errorOAuth) {
	r, err := p.secreto()
	if err != nil {
		return "", errServidor
	}
	ahora := p.o.Ahora()
	p.refrescos.poner(r, g, ahora)
	if _, revocada := p.revocadas.ver(g.familia, ahora); revocada {
		p.refrescos.quitar(func(o permiso) bool { return o.familia == g.familia })
		return "", errPermiso
	}
	return r, nil
}

// emitirMaquina makes the access token of the application a, which is another system, in Auth0's form.
func (p *Proveedor) emitirMaquina(a app, alcances []string) (map[string]any, *errorOAuth) {
	alcance := strings.Join(alcances, " ")
	acceso, err := p.firmar(map[string]any{
		"sub":         a.id + "@clients",
		"aud":         p.o.Audiencia,
		"azp":         a.id,
		"gty":         "client-credentials",
		"scope":       alcance,
		"permissions": alcances,
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"access_token": acceso,
		"token_type":   "Bearer",
		"expires_in":   int(p.o.TTL.Seconds()),
		"scope":        alcance,
	}, nil
}

// firmar adds the issuer and the times to the claims c and gives the signed token. Error: errServidor.
func (p *Proveedor) firmar(c map[string]any) (string, *errorOAuth) {
	ahora := p.o.Ahora()
	c["iss"], c["iat"], c["exp"] = p.o.Emisor, ahora.Unix(), ahora.Add(p.o.TTL).Unix()
	s, err := jwt.Signed(p.firma).Claims(c).Serialize()
	if err != nil {
		return "", errServidor
	}
	return s, nil
}

// userinfo is the userinfo endpoint: it answers with the claims about the user of the access token, as the token's
// scopes allow.
func (p *Proveedor) userinfo(w http.ResponseWriter, r *http.Request) {
	u, alcances, err := p.portador(r)
	if err != nil {
		fallar(w, err)
		return
	}
	responder(w, http.StatusOK, p.perfil(u, alcances))
}

// portador verifies the access token of r: signed by this provider, not expired, made for userinfo. It gives the user
// and the scopes of the token. Errors: errSinToken, errToken; errOpenID for a good token without the scope openid.
func (p *Proveedor) portador(r *http.Request) (usuario, []string, *errorOAuth) {
	esquema, crudo, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(esquema, "Bearer") {
		return usuario{}, nil, errSinToken
	}
	t, err := jwt.ParseSigned(strings.TrimSpace(crudo), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return usuario{}, nil, errToken
	}
	var c struct {
		jwt.Claims
		Scope string `json:"scope"`
	}
	if err := t.Claims(p.clave.Public().Key, &c); err != nil {
		return usuario{}, nil, errToken
	}
	debe := jwt.Expected{Issuer: p.o.Emisor, AnyAudience: jwt.Audience{p.o.Emisor + "userinfo"}, Time: p.o.Ahora()}
	u, ok := deSujeto(c.Subject)
	if err := c.ValidateWithLeeway(debe, 0); err != nil || !ok {
		return usuario{}, nil, errToken
	}
	alcances := strings.Fields(c.Scope)
	if !slices.Contains(alcances, "openid") {
		return usuario{}, nil, errOpenID
	}
	return u, alcances, nil
}
