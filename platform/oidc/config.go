// Package oidc identifies callers: it verifies the access tokens of one identity provider and asks the provider for a
// caller's name and e-mail. Tokens are never logged.
package oidc

import (
	"fmt"
	"net/url"
	"time"

	"despensa/platform/config"
)

// Config is the section oidc of the configuration.
type Config struct {
	// Emisor is the issuer of the tokens, to the last slash; empty: the embedded provider.
	Emisor string `yaml:"emisor"`
	// Audiencia is the audience of this API in the tokens.
	Audiencia string `yaml:"audiencia"`
	// Cliente is the id of our application at the provider, for the browser session.
	Cliente string `yaml:"cliente"`
	// Secreto is the secret of that application; empty: it has none (a public client).
	Secreto config.Secret `yaml:"secreto"`
	// RolClaim is the claim that carries the roles. When a token has no claim of this name, and the name has no "://",
	// it is read as a path with dots (realm_access.roles).
	RolClaim string `yaml:"rol_claim"`
	// ExigePermisos refuses tokens without the claim permissions, which an ID token never has. Set it to false for a
	// provider that omits the empty claim: then audience, type and digests tell ID tokens apart.
	ExigePermisos bool `yaml:"exige_permisos"`
	// ClavesRefresco is how old the provider's keys may be before they are fetched anew.
	ClavesRefresco time.Duration `yaml:"claves_refresco"`
	// ClavesEdad is how old the keys may be while the provider does not answer; with older ones every token is answered
	// ErrProvider.
	ClavesEdad time.Duration `yaml:"claves_edad"`
	// ClavesPausa is the shortest time between two fetches of the keys, whichever tokens arrive.
	ClavesPausa time.Duration `yaml:"claves_pausa"`
	// Memoria is how many verified tokens are remembered, each for a minute at most.
	Memoria int `yaml:"memoria"`
}

// Validate checks every setting. Errors: the first key with an impossible value. An empty Issuer passes, and is
// refused by NewVerifier.
func (c Config) Validate() error {
	if c.Emisor != "" && !isURL(c.Emisor) {
		return fmt.Errorf("oidc.emisor: an absolute http or https URL expected")
	}
	if c.Audiencia == "" {
		return fmt.Errorf("oidc.audiencia: missing")
	}
	if c.Audiencia == c.Cliente {
		return fmt.Errorf(
			"oidc.audiencia: not oidc.cliente, which is the audience of ID tokens",
		)
	}
	if c.RolClaim == "" {
		return fmt.Errorf("oidc.rol_claim: missing")
	}
	if c.ClavesPausa < time.Millisecond || c.ClavesRefresco < c.ClavesPausa ||
		c.ClavesEdad < c.ClavesRefresco {
		return fmt.Errorf("oidc.claves_pausa, claves_refresco, claves_edad: " +
			"at least 1ms, each not shorter than the one before")
	}
	if c.Memoria < 0 || c.Memoria > 1_000_000 {
		return fmt.Errorf("oidc.memoria: 0 to 1000000")
	}
	return nil
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https") &&
		u.RawQuery == "" && u.Fragment == "" && u.User == nil
}
