package oidc

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// reclamos are the claims that we read; a wrong type of any refuses the token.
type reclamos struct {
	Permisos palabras `json:"permissions"`
	Alcance  palabras `json:"scope"`
	Scp      palabras `json:"scp"` // the same by another name, at Okta and Microsoft
	Azp      string   `json:"azp"`
	Cliente  string   `json:"client_id"`
	Gty      string   `json:"gty"`
	Tipo     string   `json:"typ"` // Keycloak's: Bearer, ID, Refresh
	DeAcceso string   `json:"at_hash"`
	DeCodigo string   `json:"c_hash"`
}

// ajeno reports whether the token says itself that it is no access token: by its type, or
// by a digest of the access token or code that it came with, as ID tokens have.
func (c reclamos) ajeno() bool {
	return c.DeAcceso != "" || c.DeCodigo != "" || c.Tipo != "" && !strings.EqualFold(c.Tipo, "Bearer") &&
		!strings.EqualFold(c.Tipo, "at+jwt")
}

// alcances are the permissions and scopes of a machine, each once.
func (c reclamos) alcances() []string {
	a := slices.Concat(c.Alcance.todas, c.Scp.todas, c.Permisos.todas)
	slices.Sort(a)
	return slices.Compact(a)
}

// rolesDe reads the roles: the claim as it is named, else the path that its dots make. A text is one role, blanks
// included. Errors: errLista.
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
