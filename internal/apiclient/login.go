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
	loginClient   = "despensa-cli"
	loginPath     = "/dev/oidc/"
	loginCallback = "/sesion/vuelta"
	pageMax       = 64 << 10 // bytes
)

// ErrIssuer: the server does not have the embedded identity provider.
var ErrIssuer = errors.New(
	"apiclient: demo logins work with the embedded identity provider only",
)

// ErrLogin: the login or the password is wrong.
var ErrLogin = errors.New("apiclient: the identity provider refused the login")

// DemoLogin logs a demo user in at the provider embedded in the server at direccion, by the code flow with PKCE of a
// browser, and gives the access token. Errors: ErrIssuer, ErrLogin.
func DemoLogin(ctx context.Context, direccion, login, clave string) (string, error) {
	i, err := newLogin(ctx, direccion)
	if err != nil {
		return "", err
	}
	defer i.http.CloseIdleConnections()
	verificador, estado := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	formulario, accion, err := i.form(
		ctx,
		i.oauth().AuthCodeURL(estado, oauth2.S256ChallengeOption(verificador)),
	)
	if err != nil {
		return "", err
	}
	formulario.Set("username", login)
	formulario.Set("password", clave)
	codigo, err := i.enter(ctx, accion, formulario, estado)
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

// MachineLogin logs a demo machine in by its own id and secret at the provider embedded in the server at direccion,
// and gives the access token. Errors: ErrIssuer, ErrLogin.
func MachineLogin(ctx context.Context, direccion, id, secreto string) (string, error) {
	i, err := newLogin(ctx, direccion)
	if err != nil {
		return "", err
	}
	defer i.http.CloseIdleConnections()
	c := clientcredentials.Config{ClientID: id, ClientSecret: secreto, TokenURL: i.site.Token,
		AuthStyle: oauth2.AuthStyleInParams}
	tok, err := c.Token(context.WithValue(ctx, oauth2.HTTPClient, i.http))
	if rehuso := (*oauth2.RetrieveError)(nil); errors.As(err, &rehuso) &&
		rehuso.Response.StatusCode < http.StatusInternalServerError {
		return "", fmt.Errorf("%w: %s", ErrLogin, rehuso.ErrorCode)
	}
	if err != nil {
		return "", fmt.Errorf("apiclient: login of a machine: %w", err)
	}
	return tok.AccessToken, nil
}

// newLogin begins a login at the server at direccion.
func newLogin(ctx context.Context, direccion string) (*login, error) {
	i := &login{url: strings.TrimSuffix(direccion, "/")}
	i.http = &http.Client{
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if err := i.discover(ctx); err != nil {
		i.http.CloseIdleConnections()
		return nil, err
	}
	return i, nil
}

// login is one login under way.
type login struct {
	url  string
	http *http.Client
	site struct {
		Emisor    string `json:"issuer"`
		Autorizar string `json:"authorization_endpoint"`
		Token     string `json:"token_endpoint"`
	}
}

func (i *login) oauth() *oauth2.Config {
	return &oauth2.Config{
		ClientID: loginClient, RedirectURL: i.url + loginCallback, Scopes: []string{"openid", "profile", "email"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   i.site.Autorizar,
			TokenURL:  i.site.Token,
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// discover checks that the provider of the server is the embedded one. Errors: ErrIssuer.
func (i *login) discover(ctx context.Context) error {
	base := i.url + loginPath
	//nolint:bodyclose // request has read and closed it
	res, b, err := i.request(ctx, http.MethodGet, base+".well-known/openid-configuration", nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || json.Unmarshal(b, &i.site) != nil || i.site.Emisor != base ||
		!strings.HasPrefix(i.site.Autorizar, base) ||
		!strings.HasPrefix(i.site.Token, base) {
		return fmt.Errorf("%w: none under %s", ErrIssuer, base)
	}
	return nil
}

var (
	formAction  = regexp.MustCompile(`<form[^>]*\saction="([^"]*)"`)
	hiddenInput = regexp.MustCompile(`<input[^>]*\stype="hidden"[^>]*>`)
	attribute   = regexp.MustCompile(`\s(name|value)="([^"]*)"`)
)

// form opens the login page, and gives the hidden fields of its form and the address to post it to.
func (i *login) form(ctx context.Context, a string) (url.Values, string, error) {
	res, b, err := i.request( //nolint:bodyclose // request has read and closed it
		ctx,
		http.MethodGet,
		a,
		nil,
	)
	if err != nil {
		return nil, "", err
	}
	m := formAction.FindSubmatch(b)
	if res.StatusCode != http.StatusOK || m == nil {
		return nil, "", fmt.Errorf("apiclient: no login page: status %d", res.StatusCode)
	}
	accion, err := res.Request.URL.Parse(html.UnescapeString(string(m[1])))
	if err != nil || !strings.HasPrefix(accion.String(), i.url+loginPath) {
		return nil, "", fmt.Errorf("%w: its form leads elsewhere", ErrIssuer)
	}
	v := url.Values{}
	for _, campo := range hiddenInput.FindAll(b, -1) {
		partes := map[string]string{}
		for _, a := range attribute.FindAllSubmatch(campo, -1) {
			partes[string(a[1])] = html.UnescapeString(string(a[2]))
		}
		v.Set(partes["name"], partes["value"])
	}
	return v, accion.String(), nil
}

// enter posts the form and takes the code out of the redirect, which it does not follow. Errors: ErrLogin.
func (i *login) enter(
	ctx context.Context,
	accion string,
	values url.Values,
	estado string,
) (string, error) {
	res, _, err := i.request( //nolint:bodyclose // request has read and closed it
		ctx,
		http.MethodPost,
		accion,
		values,
	)
	if err != nil {
		return "", err
	}
	if res.StatusCode == http.StatusUnauthorized ||
		res.StatusCode == http.StatusTooManyRequests {
		return "", fmt.Errorf("%w: status %d", ErrLogin, res.StatusCode)
	}
	vuelta, err := res.Location()
	if err != nil || !strings.HasPrefix(vuelta.String(), i.url+loginCallback) {
		return "", fmt.Errorf("apiclient: login: status %d without a way back", res.StatusCode)
	}
	q := vuelta.Query()
	if q.Get("state") != estado || q.Get("code") == "" {
		return "", fmt.Errorf("%w: %s", ErrLogin, q.Get("error"))
	}
	return q.Get("code"), nil
}

// request sends one request, with values as a form unless it is nil.
func (i *login) request(
	ctx context.Context,
	metodo, a string,
	values url.Values,
) (*http.Response, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, metodo, a, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: %w", err)
	}
	if values != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := i.http.Do(r)
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: login: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // read-only
	b, err := io.ReadAll(io.LimitReader(res.Body, pageMax))
	if err != nil {
		return nil, nil, fmt.Errorf("apiclient: login: %w", err)
	}
	return res, b, nil
}
