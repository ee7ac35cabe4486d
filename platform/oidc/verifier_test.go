package oidc_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"despensa/platform/oidc"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	audiencia = "https://api.despensa.local"
	rolClaim  = "https://despensa.local/roles"
)

var (
	buena = sync.OnceValue(func() *rsa.PrivateKey { return nuevaClave() })
	ajena = sync.OnceValue(func() *rsa.PrivateKey { return nuevaClave() })
	ahora = time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
)

func nuevaClave() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

// casa is an identity provider that counts the requests for its keys, its discovery and its profiles.
type casa struct {
	*httptest.Server
	claves, hallazgos, perfiles atomic.Int64
	roto                        atomic.Bool
	kids                        atomic.Value // []string
	reloj                       atomic.Int64 // nanoseconds after now
	perfil                      atomic.Value // func(http.ResponseWriter, *http.Request)
}

func nuevaCasa(t *testing.T) *casa {
	c := &casa{}
	c.kids.Store([]string{"k1"})
	m := http.NewServeMux()
	m.HandleFunc("/.well-known/openid-configuration", c.descubrir)
	m.HandleFunc("/jwks", c.jwks)
	m.HandleFunc("/userinfo", func(w http.ResponseWriter, r *http.Request) {
		c.perfiles.Add(1)
		c.perfil.Load().(func(http.ResponseWriter, *http.Request))(w, r)
	})
	c.Server = httptest.NewServer(m)
	t.Cleanup(c.Close)
	return c
}

func (c *casa) ahora() time.Time { return ahora.Add(time.Duration(c.reloj.Load())) }

func (c *casa) descubrir(w http.ResponseWriter, _ *http.Request) {
	c.hallazgos.Add(1)
	if c.roto.Load() {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{
		"issuer": c.URL + "/", "jwks_uri": c.URL + "/jwks", "userinfo_endpoint": c.URL + "/userinfo",
	})
}

func (c *casa) jwks(w http.ResponseWriter, _ *http.Request) {
	c.claves.Add(1)
	if c.roto.Load() {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	s := jose.JSONWebKeySet{}
	for _, kid := range c.kids.Load().([]string) {
		s.Keys = append(
			s.Keys,
			jose.JSONWebKey{Key: buena().Public(), KeyID: kid, Algorithm: "RS256", Use: "sig"},
		)
	}
	_ = json.NewEncoder(w).Encode(s)
}

func (c *casa) verificador(t testing.TB, cambios ...func(*oidc.Options)) *oidc.Verifier {
	t.Helper()
	o := oidc.Options{
		Config: oidc.Config{
			Emisor: c.URL + "/", Audiencia: audiencia, RolClaim: rolClaim, ExigePermisos: true,
			ClavesRefresco: 10 * time.Minute, ClavesEdad: time.Hour, ClavesPausa: time.Second, Memoria: 100,
		},
		JWKS: c.URL + "/jwks", Now: c.ahora, Log: slog.New(slog.DiscardHandler),
	}
	for _, f := range cambios {
		f(&o)
	}
	v, err := oidc.NewVerifier(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// reclamos gives the claims of a good access token, with changes; a nil value removes a claim.
func (c *casa) reclamos(cambios map[string]any) map[string]any {
	r := map[string]any{
		"iss": c.URL + "/", "sub": "dev|cliente1", "aud": []string{audiencia, c.URL + "/userinfo"}, "azp": "despensa-cli",
		"iat": c.ahora().
			Unix(),
		"exp": c.ahora().Add(time.Hour).Unix(), "scope": "openid profile",
		"permissions": []string{}, rolClaim: []string{"cliente"},
	}
	maps.Copy(r, cambios)
	maps.DeleteFunc(r, func(_ string, v any) bool { return v == nil })
	return r
}

func firmar(t testing.TB, alg jose.SignatureAlgorithm, clave any, kid string, r any) string {
	t.Helper()
	o := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		o = o.WithHeader("kid", kid)
	}
	f, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: clave}, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := jwt.Signed(f).Claims(r).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTokens(t *testing.T) {
	provider := nuevaCasa(t)
	verifier := provider.verificador(t)
	bien := func(cambios map[string]any) string {
		return firmar(t, jose.RS256, buena(), "k1", provider.reclamos(cambios))
	}
	sinFirma := func() string {
		partes := strings.Split(bien(nil), ".")
		return "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + partes[1] + "."
	}
	casos := map[string]struct {
		crudo string
		err   error
	}{
		"good":               {bien(nil), nil},
		"good without a kid": {firmar(t, jose.RS256, buena(), "", provider.reclamos(nil)), nil},
		"empty":              {"", oidc.ErrToken},
		"garbage":            {"a.b.c", oidc.ErrToken},
		"very long":          {strings.Repeat("a", 9000), oidc.ErrToken},
		"expired": {
			bien(map[string]any{"exp": ahora.Add(-time.Second).Unix()}),
			oidc.ErrTokenExpired,
		},
		"no exp":           {bien(map[string]any{"exp": nil}), oidc.ErrToken},
		"other audience":   {bien(map[string]any{"aud": "https://other"}), oidc.ErrToken},
		"no audience":      {bien(map[string]any{"aud": nil}), oidc.ErrToken},
		"other issuer":     {bien(map[string]any{"iss": "http://other/"}), oidc.ErrToken},
		"issuer, no slash": {bien(map[string]any{"iss": provider.URL}), oidc.ErrToken},
		"ID token": {
			bien(map[string]any{"aud": "despensa-cli", "permissions": nil, "nonce": "n"}),
			oidc.ErrToken,
		},
		"ID token for us":    {bien(map[string]any{"permissions": nil}), oidc.ErrToken},
		"Keycloak's ID type": {bien(map[string]any{"typ": "ID"}), oidc.ErrToken},
		"no sub":             {bien(map[string]any{"sub": nil}), oidc.ErrToken},
		"sub a number":       {bien(map[string]any{"sub": 5}), oidc.ErrToken},
		"sub too long": {
			bien(map[string]any{"sub": strings.Repeat("s", 256)}),
			oidc.ErrToken,
		},
		"issued tomorrow": {
			bien(map[string]any{"iat": ahora.Add(61 * time.Second).Unix()}),
			oidc.ErrToken,
		},
		"clocks differ": {
			bien(map[string]any{"iat": ahora.Add(59 * time.Second).Unix()}),
			nil,
		},
		"not yet": {
			bien(map[string]any{"nbf": ahora.Add(6 * time.Minute).Unix()}),
			oidc.ErrToken,
		},
		"azp a list":     {bien(map[string]any{"azp": []string{"a"}}), oidc.ErrToken},
		"roles a string": {bien(map[string]any{rolClaim: "cliente"}), nil},
		"exp as text": {
			bien(map[string]any{"exp": fmt.Sprint(ahora.Add(time.Hour).Unix())}),
			nil,
		},
		"iat, nbf as text": {
			bien(
				map[string]any{
					"iat": fmt.Sprint(ahora.Unix()),
					"nbf": fmt.Sprint(ahora.Unix()),
				},
			),
			nil,
		},
		"exp, a fraction": {
			bien(map[string]any{"exp": float64(ahora.Add(time.Hour).Unix()) + 0.5}),
			nil,
		},
		"old exp as text": {
			bien(map[string]any{"exp": fmt.Sprint(ahora.Add(-time.Second).Unix())}),
			oidc.ErrTokenExpired,
		},
		"exp as a date": {
			bien(map[string]any{"exp": ahora.Add(time.Hour).Format(time.RFC3339)}),
			oidc.ErrToken,
		},
		"exp as a word": {bien(map[string]any{"exp": ""}), oidc.ErrToken},
		"one audience":  {bien(map[string]any{"aud": audiencia}), nil},
		"audience an object": {
			bien(map[string]any{"aud": map[string]bool{audiencia: true}}),
			oidc.ErrToken,
		},
		"audience in words": {bien(map[string]any{"aud": audiencia + " otra"}), oidc.ErrToken},
		"alg none":          {sinFirma(), oidc.ErrToken},
		"HS256": {
			firmar(
				t,
				jose.HS256,
				[]byte(strings.Repeat("k", 32)),
				"k1",
				provider.reclamos(nil),
			),
			oidc.ErrToken,
		},
		"RS512": {
			firmar(t, jose.RS512, buena(), "k1", provider.reclamos(nil)),
			oidc.ErrToken,
		},
		"other key, our kid": {
			firmar(t, jose.RS256, ajena(), "k1", provider.reclamos(nil)),
			oidc.ErrToken,
		},
		"other key, its kid": {
			firmar(t, jose.RS256, ajena(), "k2", provider.reclamos(nil)),
			oidc.ErrToken,
		},
		"changed": {strings.Replace(bien(nil), ".e", ".f", 1), oidc.ErrToken},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			p, err := verifier.Verify(t.Context(), x.crudo)
			if !errors.Is(err, x.err) {
				t.Fatalf("%v, want %v", err, x.err)
			}
			if err == nil &&
				(p.Sub != "dev|cliente1" || p.ID != oidc.IDOf("dev|cliente1") || !p.HasRole("cliente") ||
					p.Machine || p.Permissions != nil) {
				t.Errorf("%+v", p)
			}
			if x.crudo != "" && err != nil && strings.Contains(err.Error(), x.crudo) {
				t.Error("the error shows the token")
			}
		})
	}
	if n := provider.claves.Load(); n != 1 {
		t.Errorf("%d fetches of the keys within a second", n)
	}
}

func TestMaquinas(t *testing.T) {
	c := nuevaCasa(t)
	v := c.verificador(t)
	for nombre, r := range map[string]map[string]any{
		"by grant": {"sub": "otra", "gty": "client-credentials", "aud": audiencia, "scope": "a b",
			"permissions": []string{"b", "c"}},
		"by subject": {"sub": "app@clients", "scope": "a b c"},
	} {
		t.Run(nombre, func(t *testing.T) {
			p, err := v.Verify(t.Context(), firmar(t, jose.RS256, buena(), "k1", c.reclamos(r)))
			if err != nil || !p.Machine || p.Roles != nil ||
				fmt.Sprint(p.Permissions) != "[a b c]" {
				t.Errorf("%+v %v", p, err)
			}
		})
	}
}

func TestRolesPorCamino(t *testing.T) {
	c := nuevaCasa(t)
	v := c.verificador(t, func(o *oidc.Options) {
		o.Config.RolClaim = "realm_access.roles"
		o.Config.ExigePermisos = false
	})
	r := c.reclamos(map[string]any{
		"permissions": nil, "typ": "Bearer", "realm_access": map[string]any{"roles": []string{"admin"}},
	})
	p, err := v.Verify(t.Context(), firmar(t, jose.RS256, buena(), "k1", r))
	if err != nil || !p.HasRole("admin") || p.HasRole("cliente") {
		t.Errorf("%+v %v", p, err)
	}
}

// TestSinExigirPermisos: where tokens may lack the claim permissions, audience, type and digests tell access tokens
// from others.
func TestSinExigirPermisos(t *testing.T) {
	provider := nuevaCasa(t)
	verifier := provider.verificador(t, func(o *oidc.Options) {
		o.Config.Cliente = "despensa-web"
		o.Config.ExigePermisos = false
	})
	for nombre, row := range map[string]struct {
		cambios map[string]any
		err     error
	}{
		"access token":                {map[string]any{"typ": "Bearer"}, nil},
		"access token without a type": {nil, nil},
		"as RFC 9068 says":            {map[string]any{"typ": "at+jwt", "client_id": "despensa-web"}, nil},
		"ID token":                    {map[string]any{"aud": "despensa-web", "nonce": "n", "at_hash": "h"}, oidc.ErrToken},
		"ID token, bare":              {map[string]any{"aud": "despensa-web"}, oidc.ErrToken},
		"ID token for us": {map[string]any{"aud": []string{"despensa-web", audiencia}, "at_hash": "h"},
			oidc.ErrToken},
		"ID token for us, by a code": {map[string]any{"aud": []string{"despensa-web", audiencia}, "c_hash": "h"},
			oidc.ErrToken},
		"ID token for us, by type": {map[string]any{"aud": []string{"despensa-web", audiencia}, "typ": "ID"},
			oidc.ErrToken},
		"refresh token": {map[string]any{"typ": "Offline"}, oidc.ErrToken},
		"logout token":  {map[string]any{"typ": "Logout"}, oidc.ErrToken},
	} {
		r := provider.reclamos(map[string]any{"permissions": nil})
		maps.Copy(r, row.cambios)
		if _, err := verifier.Verify(t.Context(), firmar(t, jose.RS256, buena(), "k1", r)); !errors.Is(err, row.err) {
			t.Errorf("%s: %v, want %v", nombre, err, row.err)
		}
	}
}

func TestKidsForjadosNoCuestanConsultas(t *testing.T) {
	provider := nuevaCasa(t)
	v := provider.verificador(t)
	var g sync.WaitGroup
	for i := range 50 {
		g.Go(func() {
			crudo := firmar(
				t,
				jose.RS256,
				ajena(),
				fmt.Sprint("forjado", i),
				provider.reclamos(nil),
			)
			if _, err := v.Verify(context.Background(), crudo); !errors.Is(err, oidc.ErrToken) {
				t.Error(err)
			}
		})
	}
	g.Wait()
	if n := provider.claves.Load(); n != 1 {
		t.Errorf("%d fetches for 50 unknown kids", n)
	}
}

// TestKnownKeysAskForNothing: under WithKnownKeys a forged token costs no call to the provider and a good token
// verifies. A token signed with a new key is refused until a verification without WithKnownKeys has fetched the key.
func TestKnownKeysAskForNothing(t *testing.T) {
	provider := nuevaCasa(t)
	verifier := provider.verificador(t)
	good := firmar(t, jose.RS256, buena(), "k1", provider.reclamos(nil))
	known := oidc.WithKnownKeys(t.Context())
	if _, err := verifier.Verify(known, good); err != nil { // no keys yet: they are fetched
		t.Fatal(err)
	}
	before := provider.claves.Load()
	for i := range 20 {
		provider.reloj.Add(int64(2 * time.Second))
		forged := firmar(
			t,
			jose.RS256,
			buena(),
			fmt.Sprint("forjada", i),
			provider.reclamos(nil),
		)
		if _, err := verifier.Verify(known, forged); !errors.Is(err, oidc.ErrToken) {
			t.Fatal(err)
		}
	}
	if n := provider.claves.Load() - before; n != 0 {
		t.Errorf("%d fetches", n)
	}
	other := firmar(
		t,
		jose.RS256,
		buena(),
		"k1",
		provider.reclamos(map[string]any{"sub": "dev|cliente2"}),
	)
	if p, err := verifier.Verify(known, other); err != nil || p.Sub != "dev|cliente2" {
		t.Errorf("a good token: %v", err)
	}
	provider.kids.Store([]string{"k1", "k2"})
	rotated := firmar(t, jose.RS256, buena(), "k2", provider.reclamos(nil))
	if _, err := verifier.Verify(known, rotated); !errors.Is(err, oidc.ErrToken) {
		t.Errorf("a new key, not to be asked for: %v", err)
	}
	if _, err := verifier.Verify(t.Context(), rotated); err != nil {
		t.Errorf("a new key: %v", err)
	}
}

func TestClaveNueva(t *testing.T) {
	provider := nuevaCasa(t)
	v := provider.verificador(t)
	verificar := func(kid string) error {
		_, err := v.Verify(
			t.Context(),
			firmar(t, jose.RS256, buena(), kid, provider.reclamos(nil)),
		)
		return err
	}
	if err := verificar("k1"); err != nil {
		t.Fatal(err)
	}
	provider.kids.Store([]string{"k2"})
	if err := verificar("k2"); !errors.Is(err, oidc.ErrToken) {
		t.Errorf("within the pause: %v", err)
	}
	provider.reloj.Add(int64(time.Second))
	if err := verificar("k2"); err != nil {
		t.Errorf("after the pause: %v", err)
	}
	if err := verificar("k1"); !errors.Is(err, oidc.ErrToken) {
		t.Errorf("the withdrawn key: %v", err)
	}
}

func TestProveedorCaido(t *testing.T) {
	provider := nuevaCasa(t)
	v := provider.verificador(t)
	verificar := func(kid string) error {
		_, err := v.Verify(
			t.Context(),
			firmar(t, jose.RS256, buena(), kid, provider.reclamos(nil)),
		)
		return err
	}
	provider.roto.Store(true)
	for range 5 {
		if err := verificar("k1"); !errors.Is(err, oidc.ErrProvider) {
			t.Errorf("never had keys: %v", err)
		}
	}
	if n := provider.claves.Load(); n != 1 {
		t.Errorf("%d fetches within a second", n)
	}
	provider.roto.Store(false)
	provider.reloj.Add(int64(time.Second))
	if err := verificar("k1"); err != nil {
		t.Fatal(err)
	}
	provider.roto.Store(true)
	provider.reloj.Add(int64(59 * time.Minute))
	if err := verificar("k1"); err != nil {
		t.Errorf("known key, provider down: %v", err)
	}
	esperar(t, func() bool { return provider.claves.Load() == 3 }) // fetched in the background
	provider.reloj.Add(int64(2 * time.Minute))
	if err := verificar("k1"); !errors.Is(err, oidc.ErrProvider) {
		t.Errorf("keys too old: %v", err)
	}
}

// esperar waits until es reports true.
func esperar(t *testing.T, es func() bool) {
	t.Helper()
	fin, tic := time.After(5*time.Second), time.NewTicker(time.Millisecond)
	defer tic.Stop()
	for !es() {
		select {
		case <-tic.C:
		case <-fin:
			t.Fatal("waited in vain")
		}
	}
}

func TestDescubrimiento(t *testing.T) {
	provider := nuevaCasa(t)
	v := provider.verificador(t, func(o *oidc.Options) { o.JWKS = "" })
	verificar := func() error {
		_, err := v.Verify(
			t.Context(),
			firmar(t, jose.RS256, buena(), "k1", provider.reclamos(nil)),
		)
		return err
	}
	if provider.hallazgos.Load() != 0 {
		t.Error("asked before the first token")
	}
	provider.roto.Store(true)
	if err := verificar(); !errors.Is(err, oidc.ErrProvider) {
		t.Error(err)
	}
	provider.roto.Store(false)
	provider.reloj.Add(int64(time.Second))
	for i := range int64(3) {
		esperar(t, func() bool {
			if err := verificar(); err != nil {
				t.Error(err)
			}
			return provider.claves.Load() > i
		})
		provider.reloj.Add(int64(11 * time.Minute))
	}
	if n := provider.hallazgos.Load(); n != 2 {
		t.Errorf("%d discoveries: one that failed and one", n)
	}
}

func TestMemoriaVence(t *testing.T) {
	provider := nuevaCasa(t)
	verifier := provider.verificador(t, func(o *oidc.Options) { o.Config.Memoria = 4 })
	crudo := firmar(t, jose.RS256, buena(), "k1",
		provider.reclamos(map[string]any{"exp": ahora.Add(30 * time.Second).Unix()}))
	for range 2 {
		if _, err := verifier.Verify(t.Context(), crudo); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 { // evicts the token, and the memory stays bounded
		otro := firmar(
			t,
			jose.RS256,
			buena(),
			"k1",
			provider.reclamos(map[string]any{"sub": fmt.Sprint("s", i)}),
		)
		if _, err := verifier.Verify(t.Context(), otro); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := verifier.Verify(t.Context(), crudo); err != nil {
		t.Fatal(err)
	}
	provider.reloj.Add(int64(31 * time.Second))
	if _, err := verifier.Verify(t.Context(), crudo); !errors.Is(err, oidc.ErrTokenExpired) {
		t.Errorf("remembered beyond its time: %v", err)
	}
}

func TestPerfil(t *testing.T) {
	provider := nuevaCasa(t)
	verifier := provider.verificador(t)
	crudo := firmar(t, jose.RS256, buena(), "k1", provider.reclamos(nil))
	p, err := verifier.Verify(t.Context(), crudo)
	if err != nil {
		t.Fatal(err)
	}
	ctx := oidc.WithCaller(t.Context(), p)
	decir := func(estado int, cuerpo string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer "+crudo {
				estado = http.StatusTeapot
			}
			w.Header().Set("Location", "/otra")
			w.WriteHeader(estado)
			_, _ = fmt.Fprint(w, cuerpo)
		}
	}
	casos := map[string]struct {
		responde func(http.ResponseWriter, *http.Request)
		perfil   oidc.Profile
		err      error
	}{
		"told": {responde: decir(200, `{"sub":"dev|cliente1","name":"Camila","email":"c@x"}`),
			perfil: oidc.Profile{Name: "Camila", Email: "c@x"}},
		"confirmed": {
			responde: decir(200, `{"sub":"dev|cliente1","email":"c@x","email_verified":true}`),
			perfil:   oidc.Profile{Email: "c@x", EmailVerified: true},
		},
		"confirmed in words": {
			responde: decir(
				200,
				`{"sub":"dev|cliente1","email":"c@x","email_verified":"true"}`,
			),
			perfil: oidc.Profile{Email: "c@x", EmailVerified: true},
		},
		"not confirmed": {
			responde: decir(200, `{"sub":"dev|cliente1","email":"c@x","email_verified":false}`),
			perfil:   oidc.Profile{Email: "c@x"},
		},
		"hardly confirmed": {
			responde: decir(200, `{"sub":"dev|cliente1","email":"c@x","email_verified":1}`),
			perfil:   oidc.Profile{Email: "c@x"},
		},
		"nothing confirmed": {
			responde: decir(200, `{"sub":"dev|cliente1","email_verified":true}`),
		},
		"little told": {responde: decir(200, `{"sub":"dev|cliente1"}`)},
		"somebody else": {
			responde: decir(200, `{"sub":"dev|otro","name":"Otro"}`),
			perfil:   oidc.Profile{},
			err:      oidc.ErrProfile,
		},
		"no JSON": {responde: decir(200, `hola`), err: oidc.ErrProfile},
		"endless": {
			responde: decir(
				200,
				`{"sub":"dev|cliente1","name":"`+strings.Repeat("a", 300<<10)+`"}`,
			),
			err: oidc.ErrProfile,
		},
		"not opened": {responde: decir(401, ``), err: oidc.ErrProfileDenied},
		"down":       {responde: decir(502, ``), err: oidc.ErrProfile},
		"led astray": {responde: decir(302, ``), err: oidc.ErrProfile},
		"nobody listens": {
			responde: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			err:      oidc.ErrProfile,
		},
	}
	for nombre, x := range casos {
		t.Run(nombre, func(t *testing.T) {
			provider.perfil.Store(x.responde)
			q, err := verifier.Profile(ctx)
			if q != x.perfil || !errors.Is(err, x.err) {
				t.Errorf("%+v %v", q, err)
			}
			if err != nil && strings.Contains(err.Error(), crudo) {
				t.Error("the error shows the token")
			}
		})
	}
	if _, err := verifier.Profile(t.Context()); !errors.Is(err, oidc.ErrNoToken) {
		t.Errorf("nobody: %v", err)
	}
	if s := fmt.Sprintf("%v %+v", p, p); strings.Contains(s, crudo) {
		t.Error("a printed principal shows its token")
	}
}

func TestConfigQueNoSirve(t *testing.T) {
	buena := oidc.Config{
		Emisor:         "http://x/",
		Audiencia:      "a",
		RolClaim:       "r",
		ClavesRefresco: time.Minute,
		ClavesEdad:     time.Hour,
		ClavesPausa:    time.Second,
	}
	if err := buena.Validate(); err != nil {
		t.Fatal(err)
	}
	for clave, romper := range map[string]func(*oidc.Config){
		"oidc.emisor":       func(c *oidc.Config) { c.Emisor = "x" },
		"oidc.audiencia":    func(c *oidc.Config) { c.Audiencia = "" },
		"oidc.audiencia: n": func(c *oidc.Config) { c.Cliente = c.Audiencia },
		"oidc.rol_claim":    func(c *oidc.Config) { c.RolClaim = "" },
		"oidc.claves_pausa": func(c *oidc.Config) { c.ClavesPausa = 0 },
		"oidc.memoria":      func(c *oidc.Config) { c.Memoria = -1 },
	} {
		c := buena
		romper(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), clave) {
			t.Errorf("%s: %v", clave, err)
		}
	}
	buena.Emisor = ""
	if _, err := oidc.NewVerifier(oidc.Options{Config: buena}); err == nil {
		t.Error("no issuer")
	}
}

func BenchmarkVerificar(b *testing.B) {
	c := &casa{}
	c.kids.Store([]string{"k1"})
	m := http.NewServeMux()
	m.HandleFunc("/jwks", c.jwks)
	c.Server = httptest.NewServer(m)
	defer c.Close()
	for _, memoria := range []int{0, 100} {
		b.Run(fmt.Sprint("memoria ", memoria), func(b *testing.B) {
			v := c.verificador(b, func(o *oidc.Options) { o.Config.Memoria = memoria })
			crudo := firmar(b, jose.RS256, buena(), "k1", c.reclamos(nil))
			for b.Loop() {
				if _, err := v.Verify(context.Background(), crudo); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
