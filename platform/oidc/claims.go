package oidc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// claims are the claims that this package reads; a claim of the wrong type refuses the token.
type claims struct {
	Permissions words  `json:"permissions"`
	Scope       words  `json:"scope"`
	Scp         words  `json:"scp"` // the scopes at Okta and Microsoft
	Azp         string `json:"azp"`
	ClientID    string `json:"client_id"`
	Gty         string `json:"gty"`
	Type        string `json:"typ"` // Keycloak's: Bearer, ID, Refresh
	AccessHash  string `json:"at_hash"`
	CodeHash    string `json:"c_hash"`
}

// foreign reports whether the claims are those of another kind of token: a type other than access token, or a digest of
// an access token or code (at_hash, c_hash), which only ID tokens carry.
func (c claims) foreign() bool {
	otroTipo := c.Type != "" && !strings.EqualFold(c.Type, "Bearer") &&
		!strings.EqualFold(c.Type, "at+jwt")
	return c.AccessHash != "" || c.CodeHash != "" || otroTipo
}

// scopes lists the permissions and scopes of a machine, sorted, each once.
func (c claims) scopes() []string {
	a := slices.Concat(c.Scope.all, c.Scp.all, c.Permissions.all)
	slices.Sort(a)
	return slices.Compact(a)
}

// rolesOf reads the roles out of the claim nombre or, when the token has no such claim, out of the members that
// nombre names as a path with dots. A text is one role, blanks included. Errors: errList.
func rolesOf(idToken *oidc.IDToken, nombre string) ([]string, error) {
	var c map[string]json.RawMessage
	if err := idToken.Claims(&c); err != nil {
		return nil, fmt.Errorf("oidc: claims: %w", err)
	}
	crudo, ok := c[nombre]
	if !ok && !strings.Contains(nombre, "://") {
		crudo, ok = follow(c, strings.Split(nombre, "."))
	}
	if !ok {
		return nil, nil
	}
	return readList(crudo)
}

func follow(c map[string]json.RawMessage, camino []string) (json.RawMessage, bool) {
	crudo, ok := c[camino[0]]
	if !ok || len(camino) == 1 {
		return crudo, ok
	}
	var dentro map[string]json.RawMessage
	if err := json.Unmarshal(crudo, &dentro); err != nil {
		return nil, false
	}
	return follow(dentro, camino[1:])
}
