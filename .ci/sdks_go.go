//go:build ignore

// Command sdks_go does the casos of sdks_casos.go by MercadoPago's SDK for Go. .ci/sdks starts it: it prints where it
// takes webhooks, reads where the simulator is, and prints a line for each caso and each resource called.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mercadopago/sdk-go/pkg/cardtoken"
	"github.com/mercadopago/sdk-go/pkg/config"
	"github.com/mercadopago/sdk-go/pkg/mperror"
	"github.com/mercadopago/sdk-go/pkg/order"
	"github.com/mercadopago/sdk-go/pkg/paymentmethod"
	"github.com/mercadopago/sdk-go/pkg/requestoptions"
	"github.com/mercadopago/sdk-go/pkg/webhook"
)

// paso is a step as sdks_casos.go writes it.
type paso struct {
	Llama, Ruta, ID, Clave, Titular, Tarjeta, Codigo, Credencial string
	Estado, Detalle, Error, Accion                               string
	Cuerpo                                                       json.RawMessage
	HTTP, Cuantos                                                int
	Lista                                                        []string
	Mismo, Minusculas, Mudo, Cualquiera                          bool
}

// local is the SDK's requester: every call goes to the simulator, and none leaves this machine.
type local struct {
	base *url.URL
	hc   *http.Client

	mu       sync.Mutex
	llamadas map[string]bool
}

var enOrden = regexp.MustCompile(`/ORD[0-9A-Z]+`)

// Do sends a call of the SDK to the simulator, and refuses a base address that is not on this machine.
func (l *local) Do(req *http.Request) (*http.Response, error) {
	if l.base.Hostname() != "127.0.0.1" {
		return nil, errors.New("a call to " + l.base.Host)
	}
	l.mu.Lock()
	l.llamadas[req.Method+" "+enOrden.ReplaceAllString(req.URL.Path, "/{id}")] = true
	l.mu.Unlock()
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = l.base.Scheme, l.base.Host, ""
	req.URL.Path, req.URL.RawPath = "/dev/mercadopago"+req.URL.Path, ""
	return l.hc.Do(req)
}

// aviso is a webhook as it arrived.
type aviso struct{ id, accion, firma, rid string }

// buzon takes webhooks.
type buzon struct {
	mu     sync.Mutex
	avisos []aviso
}

// ServeHTTP keeps a webhook.
func (z *buzon) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var c struct{ Action string }
	if json.NewDecoder(r.Body).Decode(&c) != nil {
		return
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	z.avisos = append(z.avisos, aviso{
		id:     r.URL.Query().Get("data.id"),
		accion: c.Action,
		firma:  r.Header.Get("X-Signature"),
		rid:    r.Header.Get("X-Request-Id"),
	})
}

func (z *buzon) buscar(id, accion string) (aviso, bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	i := slices.IndexFunc(
		z.avisos,
		func(a aviso) bool { return a.id == id && a.accion == accion },
	)
	if i < 0 {
		return aviso{}, false
	}
	return z.avisos[i], true
}

// uno does the steps of one caso.
type uno struct {
	red    *local
	buzon  *buzon
	n      int
	claves int
	orden  *order.Response
	fichas map[string]string
}

func (u *uno) poner(texto string) string {
	texto = strings.ReplaceAll(texto, "REF", fmt.Sprint("sdk-", u.n))
	if u.orden != nil {
		texto = strings.ReplaceAll(texto, "PAGO", u.orden.Transactions.Payments[0].ID)
		texto = strings.ReplaceAll(texto, "ORDEN", u.orden.ID)
	}
	return texto
}

// contexto is the context of one call, with its key and its time.
func (u *uno) contexto(p paso) (context.Context, context.CancelFunc) {
	u.claves++
	clave, plazo := p.Clave, 10*time.Second
	if clave == "" {
		clave = fmt.Sprint("n", u.claves)
	}
	if p.Mudo {
		plazo = 300 * time.Millisecond
	}
	ctx, soltar := context.WithTimeout(context.Background(), plazo)
	return requestoptions.WithIdempotencyKey(ctx, fmt.Sprintf("%d-%s", u.n, clave)), soltar
}

func (u *uno) config(p paso) *config.Config {
	token := os.Getenv("TOKEN")
	if p.Credencial != "" {
		token = p.Credencial
	}
	c, err := config.New(token, config.WithHTTPClient(u.red))
	if err != nil {
		panic(err)
	}
	return c
}

func o(s, otro string) string {
	if s == "" {
		return otro
	}
	return s
}

func (u *uno) ficha(p paso) (*cardtoken.Response, error) {
	ctx, soltar := u.contexto(paso{})
	defer soltar()
	return cardtoken.NewClient(u.config(paso{})).Create(ctx, cardtoken.Request{
		CardNumber:      o(p.Tarjeta, "5031755734530604"),
		ExpirationMonth: "11",
		ExpirationYear:  "2040",
		SecurityCode:    o(p.Codigo, "123"),
		Cardholder: &cardtoken.CardholderRequest{
			Name:           p.Titular,
			Identification: &cardtoken.IdentificationRequest{Type: "DNI", Number: "12345678"},
		},
	})
}

// llamar does the call of p and returns its answer, of the type that the SDK has for the call.
func (u *uno) llamar(p paso) (any, error) {
	ctx, soltar := u.contexto(p)
	defer soltar()
	ordenes, cuerpo, id := order.NewClient(u.config(p)), []byte(u.poner(string(p.Cuerpo))), p.ID
	if (id == "" || id == "ORDEN") && u.orden != nil {
		id = u.orden.ID
	}
	switch p.Llama {
	case "token":
		return u.ficha(p)
	case "methods":
		return paymentmethod.NewClient(u.config(p)).List(ctx)
	case "create":
		return u.crear(ctx, ordenes, p, cuerpo)
	case "get":
		return ordenes.Get(ctx, id)
	case "search":
		q := order.SearchRequest{}
		if err := json.Unmarshal(cuerpo, &q.Filters); err != nil {
			return nil, err
		}
		return ordenes.Search(ctx, q)
	case "capture":
		return ordenes.Capture(ctx, id)
	case "cancel":
		return ordenes.Cancel(ctx, id)
	case "process":
		return ordenes.Process(ctx, id)
	case "refund":
		var r *order.RefundRequest
		if len(cuerpo) > 0 {
			r = &order.RefundRequest{}
			if err := json.Unmarshal(cuerpo, r); err != nil {
				return nil, err
			}
		}
		return ordenes.Refund(ctx, id, r)
	}
	return nil, errors.New("no such call: " + p.Llama)
}

func (u *uno) crear(
	ctx context.Context,
	ordenes order.Client,
	p paso,
	cuerpo []byte,
) (any, error) {
	var r order.Request
	if err := json.Unmarshal(cuerpo, &r); err != nil {
		return nil, err
	}
	if p.Titular != "" {
		if u.fichas[p.Clave] == "" {
			f, err := u.ficha(p)
			if err != nil {
				return nil, err
			}
			u.fichas[p.Clave] = f.ID
		}
		r.Transactions.Payments[0].PaymentMethod.Token = u.fichas[p.Clave]
	}
	return ordenes.Create(ctx, r)
}

// paso does one step of a caso and compares its answer. Errors: a difference, and those of the SDK.
func (u *uno) paso(p paso) error {
	if p.Clave == "" {
		u.fichas = map[string]string{}
	}
	switch p.Llama {
	case "control":
		return u.mandar(p)
	case "aviso":
		return u.avisado(p)
	case "fin":
		return u.fin(p)
	}
	r, err := u.llamar(p)
	switch {
	case p.Cualquiera:
		return nil
	case err != nil:
		return rechazo(p, err)
	case p.HTTP != 0 || p.Mudo:
		return errors.New(p.Llama + " was answered")
	}
	return u.mirar(p, r)
}

// clase reports whether err is of the SDK's type for an HTTP status.
func clase(err error, estado int) bool {
	switch estado {
	case 400:
		return errors.As(err, new(*mperror.BadRequestError))
	case 401:
		return errors.As(err, new(*mperror.AuthenticationError))
	case 402:
		return errors.As(err, new(*mperror.PaymentError))
	case 403:
		return errors.As(err, new(*mperror.ForbiddenError))
	case 404:
		return errors.As(err, new(*mperror.NotFoundError))
	case 409:
		return errors.As(err, new(*mperror.IdempotencyError))
	case 423:
		return errors.As(err, new(*mperror.ResourceLockedError))
	case 429:
		var e *mperror.RateLimitError
		return errors.As(err, &e) && e.RetryAfter == 1
	case 500, 503:
		return errors.As(err, new(*mperror.ServerError))
	}
	return true
}

// rechazo fails unless err is the refusal that p expects.
func rechazo(p paso, err error) error {
	var re *mperror.ResponseError
	if !errors.As(err, &re) {
		if p.Mudo && errors.Is(err, context.DeadlineExceeded) {
			return nil
		}
		return fmt.Errorf("%s: %w", p.Llama, err)
	}
	var c struct {
		Errors []struct {
			Code, Message string
			Details       []string
		}
		Message, Error string
		Status         int
		Cause          []struct{ Description string }
		Data           order.Response
	}
	if e := json.Unmarshal([]byte(re.Message), &c); e != nil {
		return fmt.Errorf("HTTP %d is no JSON: %w", re.StatusCode, e)
	}
	switch {
	case re.StatusCode != p.HTTP || c.Status != p.HTTP || !clase(err, p.HTTP):
		return fmt.Errorf("HTTP %d is %T of %d", p.HTTP, err, re.StatusCode)
	case len(c.Errors) != 1 || c.Errors[0].Code != p.Error || c.Error != p.Error:
		return fmt.Errorf("the code is %s, not %s", re.Message, p.Error)
	case c.Errors[0].Message == "" || c.Message != c.Errors[0].Message || c.Cause == nil ||
		len(c.Cause) != len(c.Errors[0].Details):
		return fmt.Errorf("the two forms differ: %s", re.Message)
	case p.Detalle != "" && !strings.HasSuffix(c.Cause[0].Description, ": "+p.Detalle):
		return fmt.Errorf("declined for %s, not %s", c.Cause[0].Description, p.Detalle)
	case p.HTTP == 402 && p.Llama == "create" && !strings.HasPrefix(c.Data.ID, "ORD"):
		return errors.New("a declined payment has no order")
	}
	return nil
}

// mirar fails unless r is the answer that p expects.
func (u *uno) mirar(p paso, r any) error {
	switch r := r.(type) {
	case *cardtoken.Response:
		if r.FirstSixDigits != p.Tarjeta[:6] || r.LastFourDigits != p.Tarjeta[len(p.Tarjeta)-4:] || len(r.ID) != 32 {
			return fmt.Errorf("another card token: %s %s", r.FirstSixDigits, r.LastFourDigits)
		}
	case []paymentmethod.Response:
		var hay []string
		for _, m := range r {
			hay = append(hay, m.ID+" "+m.PaymentTypeID)
		}
		if slices.Sort(hay); !slices.Equal(hay, p.Lista) {
			return fmt.Errorf("%v", hay)
		}
	case *order.SearchResponse:
		if len(r.Data) != p.Cuantos || r.Data[0].ID != u.orden.ID {
			return fmt.Errorf("%d orders", len(r.Data))
		}
	case *order.Response:
		detalle := r.Transactions.Payments[0].StatusDetail
		if p.Estado != "" && (r.Status != p.Estado || detalle != p.Detalle) {
			return fmt.Errorf("%s/%s", r.Status, detalle)
		}
		if p.Mismo && r.ID != u.orden.ID {
			return errors.New("another order")
		}
		u.orden = r
	}
	return nil
}

func (u *uno) mandar(p paso) error {
	base := *u.red.base
	base.Path = "/dev/mercadopago/_control" + u.poner(p.Ruta)
	res, err := u.red.hc.Post(base.String(), "application/json", bytes.NewReader(p.Cuerpo))
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("control: HTTP %d %w", res.StatusCode, err)
	}
	return nil
}

// avisado waits for a webhook, and lets the SDK look at its signature.
func (u *uno) avisado(p paso) error {
	id := u.orden.ID
	a, hay := u.buzon.buscar(id, p.Accion)
	for n := 0; n < 400 && !hay; n++ {
		time.Sleep(25 * time.Millisecond)
		a, hay = u.buzon.buscar(id, p.Accion)
	}
	if !hay {
		return errors.New("no webhook " + p.Accion)
	}
	if p.Minusculas {
		id = strings.ToLower(id)
	}
	if err := webhook.ValidateSignature(a.firma, a.rid, id, os.Getenv("SECRETO")); err != nil {
		return err
	}
	if webhook.ValidateSignature(a.firma, a.rid, id, "otro") == nil {
		return errors.New("any secret does")
	}
	return nil
}

// fin waits until the order stands as p says.
func (u *uno) fin(p paso) error {
	for range 400 {
		r, err := u.llamar(paso{Llama: "get"})
		if err != nil {
			return err
		}
		if r.(*order.Response).Status == p.Estado {
			return u.mirar(p, r)
		}
		time.Sleep(25 * time.Millisecond)
	}
	return errors.New("it never is " + p.Estado)
}

// correr does all casos of a file.
func correr(archivo string, z *buzon) error {
	var todo struct {
		Casos []struct {
			Fila  string
			Pasos []paso
		}
	}
	b, err := os.ReadFile(archivo)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, &todo); err != nil {
		return err
	}
	donde, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	base, err := url.Parse(strings.TrimSpace(string(donde)))
	if err != nil {
		return err
	}
	red := &local{
		base:     base,
		hc:       &http.Client{Transport: &http.Transport{}},
		llamadas: map[string]bool{},
	}
	for n, c := range todo.Casos {
		u, dicho := &uno{red: red, buzon: z, n: n, fichas: map[string]string{}}, "ok"
		for _, p := range c.Pasos {
			if err := u.paso(p); err != nil {
				dicho = "FAILED: " + strings.ReplaceAll(err.Error(), "\n", " ")
				break
			}
		}
		fmt.Printf("row\t%s\t%s\n", c.Fila, dicho)
	}
	for l := range red.llamadas {
		fmt.Printf("call\t%s\n", l)
	}
	return nil
}

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	z := &buzon{}
	go func() { _ = http.Serve(l, z) }() //nolint:gosec // ends with this program
	fmt.Printf("http://%s\n", l.Addr())
	if err := correr(os.Args[1], z); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
