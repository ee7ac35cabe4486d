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
func (p *Proveedor) emitir(concedido permiso) (map[string]any, *errorOAuth) {
	alcances := concedidos(concedido)
	alcance := strings.Join(alcances, " ")
	acceso, err := p.firmar(map[string]any{
		"sub":         Sujeto(concedido.usuario.login),
		"aud":         []string{p.o.Audiencia, p.o.Emisor + "userinfo"},
		"azp":         concedido.app,
		"scope":       alcance,
		"permissions": append([]string{}, concedido.usuario.permisos()...),
		p.o.RolClaim:  concedido.usuario.roles(),
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
		if out["id_token"], err = p.identidad(concedido, alcances); err != nil {
			return nil, err
		}
	}
	if slices.Contains(alcances, "offline_access") {
		if out["refresh_token"], err = p.refresco(concedido); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// concedidos are the scopes that the application asked for, without the permissions that the user does not have.
func concedidos(concedido permiso) []string {
	suyos := concedido.usuario.permisos()
	return slices.DeleteFunc(slices.Clone(concedido.alcances), func(a string) bool {
		return strings.Contains(a, ":") && !slices.Contains(suyos, a)
	})
}

// identidad makes the ID token.
func (p *Proveedor) identidad(concedido permiso, alcances []string) (string, *errorOAuth) {
	claims := p.perfil(concedido.usuario, alcances)
	claims["aud"], claims["auth_time"] = concedido.app, concedido.momento.Unix()
	if concedido.nonce != "" {
		claims["nonce"] = concedido.nonce
	}
	return p.firmar(claims)
}

// perfil are the claims about the user persona that the scopes grant to an application.
func (p *Proveedor) perfil(persona usuario, alcances []string) map[string]any {
	claims := map[string]any{"sub": Sujeto(persona.login), p.o.RolClaim: persona.roles()}
	if slices.Contains(alcances, "profile") {
		claims["name"], claims["nickname"] = persona.nombre, persona.login
	}
	if slices.Contains(alcances, "email") {
		claims["email"], claims["email_verified"] = persona.correo(), true
	}
	return claims
}

// refresco makes a refresh token, unless its family was revoked meanwhile. revocar first marks the family and then
// removes its tokens; refresco first stores the token and then looks for the mark. So no token survives a concurrent
// revocation.
func (p *Proveedor) refresco(concedido permiso) (string, *errorOAuth) {
	nuevo, err := p.secreto()
	if err != nil {
		return "", errServidor
	}
	ahora := p.o.Ahora()
	p.refrescos.poner(nuevo, concedido, ahora)
	if _, revocada := p.revocadas.ver(concedido.familia, ahora); revocada {
		p.refrescos.quitar(func(o permiso) bool { return o.familia == concedido.familia })
		return "", errPermiso
	}
	return nuevo, nil
}

// emitirMaquina makes the access token of the application cliente, which is another system, in Auth0's form.
func (p *Proveedor) emitirMaquina(cliente app, alcances []string) (map[string]any, *errorOAuth) {
	alcance := strings.Join(alcances, " ")
	acceso, err := p.firmar(map[string]any{
		"sub":         cliente.id + "@clients",
		"aud":         p.o.Audiencia,
		"azp":         cliente.id,
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

// firmar adds the issuer and the times to the claims and gives the signed token. Error: errServidor.
func (p *Proveedor) firmar(claims map[string]any) (string, *errorOAuth) {
	ahora := p.o.Ahora()
	claims["iss"], claims["iat"], claims["exp"] = p.o.Emisor, ahora.Unix(), ahora.Add(p.o.TTL).Unix()
	firmado, err := jwt.Signed(p.firma).Claims(claims).Serialize()
	if err != nil {
		return "", errServidor
	}
	return firmado, nil
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
