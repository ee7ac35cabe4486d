package oidc_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/platform/oidc"

	jose "github.com/go-jose/go-jose/v4"
)

// lineas lists the refusals in the log: the reason, and the number of refusals that were left out.
func lineas(t *testing.T, buffer *bytes.Buffer) (out []string) {
	t.Helper()
	for l := range strings.Lines(buffer.String()) {
		var x struct {
			Msg, Motivo string
			Callados    int
		}
		if err := json.Unmarshal([]byte(l), &x); err != nil {
			t.Fatal(err)
		}
		if x.Msg == "token refused" {
			out = append(out, fmt.Sprint(x.Motivo, " ", x.Callados))
		}
	}
	return out
}

// TestRefusedTokensHaveAReason: the log has the reason of each refused token, and no part of the token.
func TestRefusedTokensHaveAReason(t *testing.T) {
	provider := nuevaCasa(t)
	var b bytes.Buffer
	verifier := provider.verificador(
		t,
		func(o *oidc.Options) { o.Log = slog.New(slog.NewJSONHandler(&b, nil)) },
	)
	const muestra = "valorquenosemuestra"
	bien := func(cambios map[string]any) string {
		return firmar(t, jose.RS256, buena(), "k1", provider.reclamos(cambios))
	}
	for nombre, row := range map[string]struct {
		crudo  string
		motivo oidc.Reason
	}{
		"nothing":   {"", oidc.ReasonForm},
		"a word":    {muestra, oidc.ReasonForm},
		"two dots":  {muestra + "." + muestra + "." + muestra, oidc.ReasonForm},
		"very long": {strings.Repeat(muestra, 1000), oidc.ReasonForm},
		"cut off":   {bien(nil)[:60], oidc.ReasonForm},
		"HS256": {firmar(t, jose.HS256, []byte(strings.Repeat("k", 32)), "k1", provider.reclamos(nil)),
			oidc.ReasonAlgorithm},
		"RS512":                {firmar(t, jose.RS512, buena(), "k1", provider.reclamos(nil)), oidc.ReasonAlgorithm},
		"another key":          {firmar(t, jose.RS256, ajena(), "k1", provider.reclamos(nil)), oidc.ReasonSignature},
		"an unknown key":       {firmar(t, jose.RS256, ajena(), muestra, provider.reclamos(nil)), oidc.ReasonSignature},
		"another issuer":       {bien(map[string]any{"iss": "https://" + muestra + "/"}), oidc.ReasonIssuer},
		"issuer without slash": {bien(map[string]any{"iss": provider.URL}), oidc.ReasonIssuer},
		"another audience":     {bien(map[string]any{"aud": []string{muestra}}), oidc.ReasonAudience},
		"no audience":          {bien(map[string]any{"aud": nil}), oidc.ReasonAudience},
		"audience a number":    {bien(map[string]any{"aud": 7}), oidc.ReasonAudience},
		"expired":              {bien(map[string]any{"exp": ahora.Add(-time.Hour).Unix()}), oidc.ReasonExpired},
		"no exp":               {bien(map[string]any{"exp": nil}), oidc.ReasonExpiry},
		"exp a date":           {bien(map[string]any{"exp": "2030-01-01T00:00:00Z"}), oidc.ReasonExpiry},
		"not yet":              {bien(map[string]any{"nbf": ahora.Add(time.Hour).Unix()}), oidc.ReasonNotYet},
		"issued tomorrow":      {bien(map[string]any{"iat": ahora.Add(24 * time.Hour).Unix()}), oidc.ReasonNotYet},
		"no subject":           {bien(map[string]any{"sub": nil}), oidc.ReasonSubject},
		"a long subject":       {bien(map[string]any{"sub": strings.Repeat(muestra, 20)}), oidc.ReasonSubject},
		"subject a number":     {bien(map[string]any{"sub": 5}), oidc.ReasonClaims},
		"an ID token":          {bien(map[string]any{"at_hash": muestra}), oidc.ReasonKind},
		"a refresh token":      {bien(map[string]any{"typ": "Refresh"}), oidc.ReasonKind},
		"no permissions":       {bien(map[string]any{"permissions": nil}), oidc.ReasonNoPermissions},
		"permissions a number": {bien(map[string]any{"permissions": 5}), oidc.ReasonPermissions},
		"scope of numbers":     {bien(map[string]any{"scope": []int{1}}), oidc.ReasonPermissions},
		"roles a number":       {bien(map[string]any{rolClaim: 5}), oidc.ReasonRoles},
		"roles of objects": {bien(map[string]any{rolClaim: []any{map[string]string{"name": muestra}}}),
			oidc.ReasonRoles},
		"azp a list": {bien(map[string]any{"azp": []string{muestra}}), oidc.ReasonClaims},
	} {
		b.Reset()
		provider.reloj.Add(int64(time.Second))
		_, err := verifier.Verify(t.Context(), row.crudo)
		if !errors.Is(err, oidc.ErrToken) && !errors.Is(err, oidc.ErrTokenExpired) {
			t.Errorf("%s: %v", nombre, err)
		}
		if l := lineas(t, &b); len(l) != 1 || l[0] != string(row.motivo)+" 0" {
			t.Errorf("%s: the log has %q, want %s", nombre, l, row.motivo)
		}
		partes := strings.Split(row.crudo, ".")
		if strings.Contains(b.String(), muestra) ||
			row.crudo != "" && strings.Contains(b.String(), partes[len(partes)-1]) {
			t.Errorf("%s: the log shows the token: %s", nombre, &b)
		}
	}
	b.Reset()
	deOtro := bien(map[string]any{"aud": "app", "nonce": muestra})
	if _, err := verifier.VerifyID(t.Context(), deOtro, "app", "otro"); !errors.Is(err, oidc.ErrToken) {
		t.Error(err)
	}
	if l := lineas(t, &b); len(l) != 1 || l[0] != string(oidc.ReasonNonce)+" 0" ||
		strings.Contains(b.String(), muestra) {
		t.Errorf("an ID token of another login: %s", &b)
	}
}

// TestReasonsAreBounded: a flood of bad tokens writes one line a second for each reason, with the number of refusals.
func TestReasonsAreBounded(t *testing.T) {
	reloj := ahora
	var b bytes.Buffer
	r := oidc.NewRefusals(
		slog.New(slog.NewJSONHandler(&b, nil)),
		func() time.Time { return reloj },
	)
	for range 20 { // in two seconds
		for range 100 {
			r.Note(t.Context(), oidc.ReasonSignature)
		}
		r.Note(t.Context(), oidc.ReasonExpired)
		reloj = reloj.Add(100 * time.Millisecond)
	}
	reloj = reloj.Add(-time.Hour) // a clock that goes back silences nothing
	r.Note(t.Context(), oidc.ReasonSignature)
	quiero := []string{"firma 0", "vencido 0", "firma 999", "vencido 9", "firma 999"}
	if l := lineas(t, &b); !slices.Equal(l, quiero) {
		t.Errorf("the log has %q, want %q", l, quiero)
	}
}

// TestFormsOfClaims: roles, permissions and scopes are read in every unambiguous form.
func TestFormsOfClaims(t *testing.T) {
	provider := nuevaCasa(t)
	verifier := provider.verificador(t)
	orgs := map[string]string{"1": "huerta"}
	for nombre, row := range map[string]struct {
		valor  any
		quiero string // "-": refused
	}{
		"a list":                   {[]string{"cliente", "operador"}, "[cliente operador]"},
		"one text":                 {"operador", "[operador]"},
		"blanks around":            {" operador ", "[operador]"},
		"a text of two words":      {"super admin", "[super admin]"}, // one role of that name, not the role admin
		"an empty text":            {"", "[]"},
		"an empty list":            {[]string{}, "[]"},
		"a list with an empty one": {[]string{"", "cliente"}, "[cliente]"},
		"null":                     {json.RawMessage("null"), "[]"},
		"absent":                   {nil, "[]"},
		"keys, as Zitadel has it":  {map[string]any{"operador": orgs, "cliente": orgs}, "[cliente operador]"},
		"keys of empty objects":    {map[string]any{"operador": map[string]any{}}, "[operador]"},
		"keys with yes and no":     {map[string]any{"operador": true, "admin": false, "auditor": nil}, "[operador]"},
		"keys of lists":            {map[string]any{"operador": []string{"huerta"}}, "[operador]"},
		"an empty object":          {map[string]any{}, "[]"},
		"keys with a no in words":  {map[string]any{"admin": "false"}, "-"},
		"keys with a zero":         {map[string]any{"admin": 0}, "-"},
		"a number":                 {5, "-"},
		"true":                     {true, "-"},
		"a list with a number":     {[]any{"admin", 5}, "-"},
		"a list of lists":          {[]any{[]string{"admin"}}, "-"},
		"a list of objects":        {[]any{map[string]string{"name": "admin"}}, "-"},
		"a list with null":         {[]any{"admin", nil}, "-"},
	} {
		t.Run(nombre, func(t *testing.T) {
			r := provider.reclamos(map[string]any{rolClaim: row.valor})
			p, err := verifier.Verify(t.Context(), firmar(t, jose.RS256, buena(), "k1", r))
			if (err != nil) != (row.quiero == "-") ||
				err == nil && fmt.Sprint(p.Roles) != row.quiero {
				t.Errorf("roles %q %v, want %s", p.Roles, err, row.quiero)
			}
		})
	}
	for nombre, row := range map[string]struct {
		cambios map[string]any
		quiero  string
	}{
		"scope, a text":          {map[string]any{"scope": "b a"}, "[a b]"},
		"scope, a list":          {map[string]any{"scope": []string{"b", "a"}}, "[a b]"},
		"scope, a list of words": {map[string]any{"scope": []string{"b a", "c"}}, "[a b c]"},
		"scope, keys":            {map[string]any{"scope": map[string]bool{"a": true, "b": false}}, "[a]"},
		"scope, null":            {map[string]any{"scope": json.RawMessage("null")}, "[]"},
		"scope, a number":        {map[string]any{"scope": 1}, "-"},
		"scp":                    {map[string]any{"scope": nil, "scp": []string{"a"}}, "[a]"},
		"permissions, a text":    {map[string]any{"scope": "a", "permissions": "b c"}, "[a b c]"},
		"permissions, one":       {map[string]any{"scope": nil, "permissions": "a"}, "[a]"},
		"permissions, keys":      {map[string]any{"scope": nil, "permissions": map[string]any{"a": orgs}}, "[a]"},
		"permissions, both":      {map[string]any{"scope": "a b", "permissions": []string{"b", "a"}}, "[a b]"},
		"permissions, null":      {map[string]any{"permissions": json.RawMessage("null")}, "-"},
		"permissions, true":      {map[string]any{"permissions": true}, "-"},
	} {
		t.Run(nombre, func(t *testing.T) {
			r := provider.reclamos(map[string]any{"sub": "app@clients"})
			maps.Copy(r, row.cambios)
			maps.DeleteFunc(r, func(_ string, v any) bool { return v == nil })
			p, err := verifier.Verify(t.Context(), firmar(t, jose.RS256, buena(), "k1", r))
			if (err != nil) != (row.quiero == "-") ||
				err == nil && fmt.Sprint(p.Permissions) != row.quiero {
				t.Errorf("%q %v, want %s", p.Permissions, err, row.quiero)
			}
		})
	}
	porCamino := provider.verificador(
		t,
		func(o *oidc.Options) { o.Config.RolClaim = "realm_access.roles" },
	)
	for _, valor := range []any{"admin", []string{"admin"}, map[string]any{"admin": orgs}} {
		r := provider.reclamos(map[string]any{"realm_access": map[string]any{"roles": valor}})
		p, err := porCamino.Verify(t.Context(), firmar(t, jose.RS256, buena(), "k1", r))
		if err != nil || !p.HasRole("admin") {
			t.Errorf("by its path, %v: %v %v", valor, p.Roles, err)
		}
	}
}
