package apiclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// The client's registration at the embedded provider.
const (
	ingresoCliente = "despensa-cli"
	ingresoCamino  = "/dev/oidc/"
	ingresoVuelta  = "/sesion/vuelta"
	paginaMax      = 64 << 10 // bytes
)

// ErrEmisor: the server does not have the embedded identity provider.
var ErrEmisor = errors.New("apiclient: demo logins work with the embedded identity provider only")

// ErrIngreso: the login or the password is wrong.
var ErrIngreso = errors.New("apiclient: the identity provider refused the login")

// IngresoDemo logs a demo user in at the provider embedded in the server at direccion, by the code flow with PKCE of a
// browser, and gives the access token. Errors: ErrEmisor, ErrIngreso.
func IngresoDemo(ctx context.Context, direccion, login, clave string) (string, error) {
	i, err := nuevoIngreso(ctx, direccion)
	if err != nil {
		return "", err
	}
	defer i.http.CloseIdleConnections()
	verificador, estado := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	formulario, accion, err := i.formulario(ctx, i.oauth().AuthCodeURL(estado, oauth2.S256ChallengeOption(verificador)))
	if err != nil {
		return "", err
	}
	formulario.Set("username", login)
	formulario.Set("password", clave)
	codigo, err := i.entrar(ctx, accion, formulario, estado)
	if err != nil {
		return "", err
	}
	tok, err := i.oauth().Exchange(context.WithValue(ctx, oauth2.HTTPClient, i.http), codigo,
		oauth2.VerifierOption(verificador))
	if err != nil {
		return "", fmt.Errorf("apiclient: code exchange: %w", err)
	}
	return tok.AccessToken, nil
}

// IngresoMaquina logs a demo machine in by its own id and secret at the provider embedded in the server at direccion,
// and gives the access token. Errors: ErrEmisor, ErrIngreso.
func IngresoMaquina(ctx context.Context, direccion, id, secreto string) (string, error) {
	i, err := nuevoIngreso(ctx, direccion)
	if err != nil {
		return "", err
	}
	defer i.http.CloseIdleConnections()
	c := clientcredentials.Config{ClientID: id, ClientSecret: secreto, TokenURL: i.sitio.Token,
		AuthStyle: oauth2.AuthStyleInParams}
	tok, err := c.Token(context.WithValue(ctx, oauth2.HTTPClient, i.http))
	if rehuso := (*oauth2.RetrieveError)(nil); errors.As(err, &rehuso) &&
		rehuso.Response.StatusCode < http.StatusInternalServerError {
		return "", fmt.Errorf("%w: %s", ErrIngreso, rehuso.ErrorCode)
	}
	if err != nil {
		return "", fmt.Errorf("apiclient: login of a machine: %w", err)
	}
	return tok.AccessToken, nil
}

// nuevoIngreso begins a login at the server at direccion.
func nuevoIngreso(ctx context.Context, direccion string) (*ingreso, error) {
	i := &ingreso{url: strings.TrimSuffix(direccion, "/")}
	i.http = &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone(), Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if err := i.descubrir(ctx); err != nil {
		i.http.CloseIdleConnections()
		return nil, err
	}
	return i, nil
}

// ingreso is one login under way.
type ingreso struct {
	url   string
	http  *http.Client
	sitio struct {
		Emisor    string `json:"issuer"`
		Autorizar string `json:"authorization_endpoint"`
		Token     string `json:"token_endpoint"`
	}
}

func (i *ingreso) oauth() *oauth2.Config {
	return &oauth2.Config{
		ClientID: ingresoCliente, RedirectURL: i.url + ingresoVuelta, Scopes: []string{"openid", "profile", "email"},
		Endpoint: oauth2.Endpoint{AuthURL: i.sitio.Autorizar, TokenURL: i.sitio.Token, AuthStyle: oauth2.AuthStyleInParams},
	}
}

// descubrir checks that the provider of the server is the embedded one. Errors: ErrEmisor.
func (i *ingreso) descubrir(ctx context.Context) error {
	base := i.url + ingresoCamino
	//nolint:bodyclose // pedir has read and closed it
	res, b, err := i.pedir(ctx, http.MethodGet, base+".well-known/openid-configuration", nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || json.Unmarshal(b, &i.sitio) != nil || i.sitio.Emisor != base ||
		!strings.HasPrefix(i.sitio.Autorizar, base) || !strings.HasPrefix(i.sitio.Token, base) {
		return fmt.Errorf("%w: none under %s", ErrEmisor, base)
	}
	return nil
}

var (
	accionForm = regexp.MustCompile(`<form[^>]*\saction="([^"]*)"`)
	oculto     = regexp.MustCompile(`<input[^>]*\stype="hidden"[^>]*>`)
	atributo   = regexp.MustCompile(`\s(name|value)="([^"]*)"`)
)

// formulario opens the login page, and gives the hidden fields of its form and the address to post it to.
func (i *ingreso) formulario(ctx context.Context, a string) (url.Values, string, error) {
	res, b, err := i.pedir(ctx, http.MethodGet, a, nil) //nolint:bodyclose // pedir has read and closed it
	if err != nil {
		return nil, "", err
	}
	m := accionForm.FindSubmatch(b)
	if res.StatusCode != http.StatusOK || m == nil {
		return nil, "", fmt.Errorf("apiclient: no login page: status %d", res.StatusCode)
	}
	accion, err := res.Request.URL.Parse(html.UnescapeString(string(m[1])))
	if err != nil || !strings.HasPrefix(accion.String(), i.url+ingresoCamino) {
		return nil, "", fmt.Errorf("%w: its form leads elsewhere", ErrEmisor)
	}
	v := url.Values{}
	for _, campo := range oculto.FindAll(b, -1) {
		partes := map[string]string{}
		for _, a := range atributo.FindAllSubmatch(campo, -1) {
			partes[string(a[1])] = html.UnescapeString(string(a[2]))
		}
		v.Set(partes["name"], partes["value"])
	}
	return v, accion.String(), nil
}

// entrar posts the form and takes the code out of the redirect, which it does not follow. Errors: ErrIngreso.
func (i *ingreso) entrar(ctx context.Context, accion string, f url.Values, estado string) (string, error) {
	res, _, err := i.pedir(ctx, http.MethodPost, accion, f) //nolint:bodyclose // pedir has read and closed it
	if err != nil {
		return "", err
	}
	if res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusTooManyRequests {
		return "", fmt.Errorf("%w: status %d", ErrIngreso, res.StatusCode)
	}
	vuelta, err := res.Location()
	if err != nil || !strings.HasPrefix(vuelta.String(), i.url+ingresoVuelta) {
		return "", fmt.Errorf("apiclient: login: status %d without a way back", res.StatusCode)
	}
	q := vuelta.Query()
	if q.Get("state") != estado || q.Get("code") == "" {
		return "", fmt.Errorf("%w: %s", ErrIngreso, q.Get("error"))
	}
	return q.Get("code"), nil
}

// pedir sends one request, with f as a form unless it is nil.
func (i *ingreso) pedir(ctx context.Context, metodo, a string, f url.Values) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, metodo, a, strings.NewReader(f.Encode()))
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: %w", err)
	}
	if f != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := i.http.Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: login: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // read-only
	b, err := io.ReadAll(io.LimitReader(res.Body, paginaMax))
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: login: %w", err)
	}
	return res, b, nil
}
