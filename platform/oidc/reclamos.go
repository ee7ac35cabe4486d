package oidc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// reclamos are the claims that this package reads; a claim of the wrong type refuses the token.
type reclamos struct {
	Permisos palabras `json:"permissions"`
	Alcance  palabras `json:"scope"`
	Scp      palabras `json:"scp"` // the scopes at Okta and Microsoft
	Azp      string   `json:"azp"`
	Cliente  string   `json:"client_id"`
	Gty      string   `json:"gty"`
	Tipo     string   `json:"typ"` // Keycloak's: Bearer, ID, Refresh
	DeAcceso string   `json:"at_hash"`
	DeCodigo string   `json:"c_hash"`
}

// ajeno reports whether the claims are those of another kind of token: a type other than access token, or a digest of
// an access token or code (at_hash, c_hash), which only ID tokens carry.
func (c reclamos) ajeno() bool {
	otroTipo := c.Tipo != "" && !strings.EqualFold(c.Tipo, "Bearer") && !strings.EqualFold(c.Tipo, "at+jwt")
	return c.DeAcceso != "" || c.DeCodigo != "" || otroTipo
}

// alcances lists the permissions and scopes of a machine, sorted, each once.
func (c reclamos) alcances() []string {
	a := slices.Concat(c.Alcance.todas, c.Scp.todas, c.Permisos.todas)
	slices.Sort(a)
	return slices.Compact(a)
}

// rolesDe reads the roles out of the claim nombre or, when the token has no such claim, out of the members that
// nombre names as a path with dots. A text is one role, blanks included. Errors: errLista.
func rolesDe(t *oidc.IDToken, nombre string) ([]string, error) {
	var c map[string]json.RawMessage
	if err := t.Claims(&c); err != nil {
		return nil, fmt.Errorf("oidc: claims: %w", err)
	}
	crudo, ok := c[nombre]
	if !ok && !strings.Contains(nombre, "://") {
		crudo, ok = seguir(c, strings.Split(nombre, "."))
	}
	if !ok {
		return nil, nil
	}
	return leerLista(crudo)
}

func seguir(c map[string]json.RawMessage, camino []string) (json.RawMessage, bool) {
	crudo, ok := c[camino[0]]
	if !ok || len(camino) == 1 {
		return crudo, ok
	}
	var dentro map[string]json.RawMessage
	if err := json.Unmarshal(crudo, &dentro); err != nil {
		return nil, false
	}
	return seguir(dentro, camino[1:])
}
