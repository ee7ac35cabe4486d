package oidc

import (
	"net/http"
	"slices"
	"strings"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// issue makes the tokens of a person: an access token, an ID token for the scope openid, and a refresh token for the
// scope offline_access. Errors: errServer; errGrant when the login was revoked meanwhile.
func (p *Provider) issue(concedido grant) (map[string]any, *oauthError) {
	alcances := granted(concedido)
	alcance := strings.Join(alcances, " ")
	acceso, err := p.sign(map[string]any{
		"sub":         Subject(concedido.user.login),
		"aud":         []string{p.o.Audience, p.o.Issuer + "userinfo"},
		"azp":         concedido.app,
		"scope":       alcance,
		"permissions": append([]string{}, concedido.user.permissions()...),
		p.o.RoleClaim: concedido.user.roles(),
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
		if out["id_token"], err = p.idToken(concedido, alcances); err != nil {
			return nil, err
		}
	}
	if slices.Contains(alcances, "offline_access") {
		if out["refresh_token"], err = p.refreshToken(concedido); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// granted are the scopes that the application asked for, without the permissions that the user does not have.
func granted(concedido grant) []string {
	suyos := concedido.user.permissions()
	return slices.DeleteFunc(slices.Clone(concedido.scopes), func(a string) bool {
		return strings.Contains(a, ":") && !slices.Contains(suyos, a)
	})
}

// idToken makes the ID token.
func (p *Provider) idToken(concedido grant, alcances []string) (string, *oauthError) {
	claims := p.profile(concedido.user, alcances)
	claims["aud"], claims["auth_time"] = concedido.app, concedido.at.Unix()
	if concedido.nonce != "" {
		claims["nonce"] = concedido.nonce
	}
	return p.sign(claims)
}

// profile are the claims about the user persona that the scopes grant to an application.
func (p *Provider) profile(persona user, alcances []string) map[string]any {
	claims := map[string]any{"sub": Subject(persona.login), p.o.RoleClaim: persona.roles()}
	if slices.Contains(alcances, "profile") {
		claims["name"], claims["nickname"] = persona.name, persona.login
	}
	if slices.Contains(alcances, "email") {
		claims["email"], claims["email_verified"] = persona.email(), true
	}
	return claims
}

// refreshToken makes a refresh token, unless its family was revoked meanwhile. revoke first marks the family and then
// removes its tokens; refreshToken first stores the token and then looks for the mark. So no token survives a
// concurrent revocation.
func (p *Provider) refreshToken(concedido grant) (string, *oauthError) {
	nuevo, err := p.secret()
	if err != nil {
		return "", errServer
	}
	ahora := p.o.Now()
	p.refreshTokens.put(nuevo, concedido, ahora)
	if _, revocada := p.revoked.get(concedido.family, ahora); revocada {
		p.refreshTokens.remove(func(o grant) bool { return o.family == concedido.family })
		return "", errGrant
	}
	return nuevo, nil
}

// issueToMachine makes the access token of the application cliente, which is another system, in Auth0's form.
func (p *Provider) issueToMachine(
	cliente app,
	alcances []string,
) (map[string]any, *oauthError) {
	alcance := strings.Join(alcances, " ")
	acceso, err := p.sign(map[string]any{
		"sub":         cliente.id + "@clients",
		"aud":         p.o.Audience,
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

// sign adds the issuer and the times to the claims and gives the signed token. Error: errServer.
func (p *Provider) sign(claims map[string]any) (string, *oauthError) {
	ahora := p.o.Now()
	claims["iss"] = p.o.Issuer
	claims["iat"] = ahora.Unix()
	claims["exp"] = ahora.Add(p.o.TTL).
		Unix()
	firmado, err := jwt.Signed(p.signer).Claims(claims).Serialize()
	if err != nil {
		return "", errServer
	}
	return firmado, nil
}

// userinfo is the userinfo endpoint: it answers with the claims about the user of the access token, as the token's
// scopes allow.
func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	u, alcances, err := p.bearer(r)
	if err != nil {
		fail(w, err)
		return
	}
	respond(w, http.StatusOK, p.profile(u, alcances))
}

// bearer verifies the access token of r: signed by this provider, not expired, made for userinfo. It gives the user
// and the scopes of the token. Errors: errNoToken, errToken; errOpenID for a good token without the scope openid.
func (p *Provider) bearer(r *http.Request) (user, []string, *oauthError) {
	esquema, crudo, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(esquema, "Bearer") {
		return user{}, nil, errNoToken
	}
	t, err := jwt.ParseSigned(strings.TrimSpace(crudo), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return user{}, nil, errToken
	}
	var c struct {
		jwt.Claims
		Scope string `json:"scope"`
	}
	if err := t.Claims(p.key.Public().Key, &c); err != nil {
		return user{}, nil, errToken
	}
	debe := jwt.Expected{
		Issuer:      p.o.Issuer,
		AnyAudience: jwt.Audience{p.o.Issuer + "userinfo"},
		Time:        p.o.Now(),
	}
	u, ok := userOf(c.Subject)
	if err := c.ValidateWithLeeway(debe, 0); err != nil || !ok {
		return user{}, nil, errToken
	}
	alcances := strings.Fields(c.Scope)
	if !slices.Contains(alcances, "openid") {
		return user{}, nil, errOpenID
	}
	return u, alcances, nil
}
