package kit

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"

	"github.com/google/uuid"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// Metric returns a metric of the process, summed over its labels; 0 when the process does not answer.
func (s *Client) Metric(nombre string) (suma float64) {
	r, err := http.NewRequestWithContext(s.T.Context(), http.MethodGet, s.URL+"/metricas", nil)
	if err != nil {
		return 0
	}
	res, err := s.HTTP.Do(r)
	if err != nil {
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	lineas := bufio.NewScanner(io.LimitReader(res.Body, 10<<20))
	for lineas.Scan() {
		clave, valor, _ := strings.Cut(lineas.Text(), " ")
		if que, _, _ := strings.Cut(clave, "{"); que == nombre {
			n, _ := strconv.ParseFloat(valor, 64)
			suma += n
		}
	}
	return suma
}

// Machine is a token of the machine application with permisos.
func (s *Client) Machine(permisos ...string) string {
	s.T.Helper()
	k := clientcredentials.Config{
		ClientID:     devoidc.AppMachine,
		ClientSecret: devoidc.SecretMachine,
		TokenURL:     s.URL + "/dev/oidc/oauth/token",
		Scopes:       permisos,
	}
	tk, err := k.Token(context.WithValue(s.T.Context(), oauth2.HTTPClient, s.HTTP))
	if err != nil {
		s.T.Fatal(err)
	}
	return tk.AccessToken
}

// NoID is an id that no order, person or product has.
func NoID() string { return uuid.NewString() }

// Patience is how long a test waits for an expected state before it fails.
const Patience = 30 * time.Second

// Client is a running program as its users see it: HTTP and nothing else.
type Client struct {
	T    testing.TB
	HTTP *http.Client

	Mu      sync.Mutex
	URL     string
	Dev     string // the address of the stand-ins; empty: URL
	Clients map[string]*apiclient.Client
	Tokens  map[string]string // by login: the tokens of the Clients
}

// NewClient returns a Client that knows no address yet: Readdress sets one.
func NewClient(t testing.TB) *Client {
	tr := &http.Transport{MaxIdleConnsPerHost: 256, MaxIdleConns: 256}
	t.Cleanup(tr.CloseIdleConnections)
	return &Client{T: t, HTTP: &http.Client{Transport: tr, Timeout: 20 * time.Second},
		Clients: map[string]*apiclient.Client{}, Tokens: map[string]string{}}
}

// Readdress sets the address of the program; every login begins anew.
func (s *Client) Readdress(url string) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.URL, s.Clients = url, map[string]*apiclient.Client{}
}

// standIns is the address of the stand-ins.
func (s *Client) standIns() string {
	if s.Dev != "" {
		return s.Dev
	}
	return s.URL
}

// As returns a client that is logged in as login.
func (s *Client) As(login string) *apiclient.Client {
	s.T.Helper()
	s.Mu.Lock()
	defer s.Mu.Unlock()
	if c, ok := s.Clients[login]; ok {
		return c
	}
	token, err := apiclient.DemoLogin(s.T.Context(), s.standIns(), login, devoidc.Password)
	if err != nil {
		s.T.Fatalf("login %s: %v", login, err)
	}
	c := apiclient.New(s.URL, apiclient.Fixed(token), s.HTTP)
	c.Tries = 1
	s.Clients[login], s.Tokens[login] = c, token
	return c
}

// Token is the token of login.
func (s *Client) Token(login string) string {
	s.T.Helper()
	s.As(login)
	s.Mu.Lock()
	defer s.Mu.Unlock()
	return s.Tokens[login]
}

// Anonymous gives a client without a token.
func (s *Client) Anonymous() *apiclient.Client {
	c := apiclient.New(s.URL, nil, s.HTTP)
	c.Tries = 1
	return c
}

// Must calls the API as login, and fails the test on an error.
func (s *Client) Must(
	login, metodo, camino string,
	cuerpo, salida any,
	optiones ...apiclient.Option,
) {
	s.T.Helper()
	if err := s.As(login).Do(s.T.Context(), metodo, camino, cuerpo, salida, optiones...); err != nil {
		s.T.Fatalf("%s %s as %s: %v", metodo, camino, login, err)
	}
}

// Code calls the API as login and returns the problem's code; "" for a success.
func (s *Client) Code(
	login, metodo, camino string,
	cuerpo any,
	optiones ...apiclient.Option,
) string {
	s.T.Helper()
	err := s.As(login).Do(s.T.Context(), metodo, camino, cuerpo, nil, optiones...)
	if err != nil && apiclient.Code(err) == "" {
		s.T.Fatalf("%s %s as %s: %v", metodo, camino, login, err)
	}
	return apiclient.Code(err)
}

// Until waits until cierto is true, and fails the test after Patience.
func (s *Client) Until(que string, cierto func() bool) {
	s.T.Helper()
	if err := Until(s.T.Context(), cierto); err != nil {
		s.T.Fatalf("waited in vain: %s", que)
	}
}

// Until looks at cierto every 5 ms. Errors: that of ctx, and context.DeadlineExceeded after Patience.
func Until(ctx context.Context, cierto func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	tic := time.NewTicker(5 * time.Millisecond)
	defer tic.Stop()
	for !cierto() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tic.C:
		}
	}
	return nil
}

// Order has the members of an order that tests read from the API.
type Order struct {
	ID        string   `json:"id"`
	Codigo    string   `json:"codigo"`
	Estado    string   `json:"estado"`
	Intento   int      `json:"intento"`
	Motivo    string   `json:"motivo"`
	Mensaje   string   `json:"mensaje"`
	Acciones  []string `json:"acciones"`
	ClienteID string   `json:"cliente_id"`
	Total     int64    `json:"total_centavos"`
	Lineas    []Line   `json:"lineas"`
	Pago      struct {
		Estado        string `json:"estado"`
		Instrucciones string `json:"instrucciones"`
		Cobrado       int64  `json:"cobrado_centavos"`
		Reembolsado   int64  `json:"reembolsado_centavos"`
	} `json:"pago"`
	Marcas     []string `json:"marcas"`
	Reembolsos []Refund `json:"reembolsos"`
	Entrega    *struct {
		Desde    time.Time `json:"desde"`
		Hasta    time.Time `json:"hasta"`
		CamionID string    `json:"camion_id"`
	} `json:"entrega"`
}

// Line is a line of an order.
type Line struct {
	Producto string `json:"producto_id"`
	Cantidad int64  `json:"cantidad"`
}

// Event is an event of an order's history.
type Event struct {
	Seq     int    `json:"seq"`
	Tipo    string `json:"tipo"`
	De      string `json:"de"`
	A       string `json:"a"`
	Intento int    `json:"intento"`
	Motivo  string `json:"motivo"`
}

// Page is one page of a list.
type Page[T any] struct {
	Datos     []T    `json:"datos"`
	Siguiente string `json:"siguiente"`
}

// All reads a list to its end.
func All[T any](client *Client, login, camino string) []T {
	client.T.Helper()
	var out []T
	une := "?"
	if strings.Contains(camino, "?") {
		une = "&"
	}
	for cursor := ""; ; {
		var h Page[T]
		client.Must(login, "GET", camino+une+"limite=200"+cursor, nil, &h)
		out = append(out, h.Datos...)
		if h.Siguiente == "" {
			return out
		}
		cursor = "&cursor=" + h.Siguiente
	}
}

// Address is the first address of login.
func (s *Client) Address(login string) string {
	s.T.Helper()
	var h Page[struct {
		ID string `json:"id"`
	}]
	s.Must(login, "GET", "/clientes/yo/direcciones", nil, &h)
	if len(h.Datos) == 0 {
		s.T.Fatalf("%s has no address", login)
	}
	return h.Datos[len(h.Datos)-1].ID
}
