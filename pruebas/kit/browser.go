package kit

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	devoidc "despensa/platform/dev/oidc"
)

// Browser is a browser as the server sees it: a jar of cookies, and an Origin when it
// posts.
type Browser struct {
	*http.Client
	T       testing.TB
	Program string // the program's address
}

// NewBrowser returns a Browser without cookies, at the address of program. It follows no redirect.
func NewBrowser(t *testing.T, program *Program) *Browser {
	t.Helper()
	jarra, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Browser{
		Client: &http.Client{Jar: jarra, Transport: program.HTTP.Transport, Timeout: Patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		T:       t,
		Program: program.URL,
	}
}

// Visit requests one page and follows no redirect. cabecera are "Name: value".
func (n *Browser) Visit(
	metodo, direccion, cuerpo string,
	cabecera ...string,
) (*http.Response, string) {
	n.T.Helper()
	if strings.HasPrefix(direccion, "/") {
		direccion = n.Program + direccion
	}
	r, err := http.NewRequestWithContext(
		n.T.Context(),
		metodo,
		direccion,
		strings.NewReader(cuerpo),
	)
	if err != nil {
		n.T.Fatal(err)
	}
	if cuerpo != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range cabecera {
		k, v, _ := strings.Cut(c, ": ")
		r.Header.Set(k, v)
	}
	res, err := n.Do(r)
	if err != nil {
		n.T.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		n.T.Fatal(err)
	}
	return res, string(b)
}

// The parts of the stand-in's login page: the address of its form, and the number of the login under way.
var (
	Form       = regexp.MustCompile(`action="([^"]*)"`)
	InProgress = regexp.MustCompile(`name="pendiente" value="([^"]*)"`)
)

// Authorize goes from /sesion/inicio to the provider's form, logs in there, and returns the address to which the
// provider sends the browser back.
func (n *Browser) Authorize(login, a string) string {
	n.T.Helper()
	res, _ := n.Visit("GET", "/sesion/inicio?login_hint="+login+"&a="+url.QueryEscape(a), "")
	res, pagina := n.Visit("GET", res.Header.Get("Location"), "")
	accion, id := Form.FindStringSubmatch(pagina), InProgress.FindStringSubmatch(pagina)
	if res.StatusCode != 200 || accion == nil || id == nil || !strings.Contains(pagina, login) {
		n.T.Fatalf("no login form: %d", res.StatusCode)
	}
	q := url.Values{
		"pendiente": {html.UnescapeString(id[1])},
		"username":  {login},
		"password":  {devoidc.Password},
	}
	res, _ = n.Visit("POST", accion[1], q.Encode(), "Origin: "+n.Program)
	return res.Header.Get("Location")
}

// LogIn logs in, and returns the address of the redirect after the login.
func (n *Browser) LogIn(login, a string) string {
	n.T.Helper()
	res, _ := n.Visit("GET", n.Authorize(login, a), "")
	if res.StatusCode != http.StatusSeeOther {
		n.T.Fatalf("login %s: %d", login, res.StatusCode)
	}
	return res.Header.Get("Location")
}

// Me asks the API for the profile of the logged-in customer and returns the status of the answer: 200 or 401.
func (n *Browser) Me() int {
	n.T.Helper()
	res, _ := n.Visit("GET", "/api/v1/clientes/yo", "")
	return res.StatusCode
}

// Cookies are the cookies that n would send.
func (n *Browser) Cookies() []*http.Cookie {
	u, _ := url.Parse(n.Program)
	return n.Jar.Cookies(u)
}
