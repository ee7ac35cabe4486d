package mercadopago

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mercadopago/sdk-go/pkg/cardtoken"
	"github.com/mercadopago/sdk-go/pkg/config"
	"github.com/mercadopago/sdk-go/pkg/mperror"
	"github.com/mercadopago/sdk-go/pkg/order"
	"github.com/mercadopago/sdk-go/pkg/requestoptions"
)

const (
	credencial = "APP_USR-prueba"
	secreto    = "secreto-de-avisos"
	master     = "5031755734530604"
)

// reloj is a clock that tests move; it starts now.
type reloj struct {
	mu sync.Mutex
	d  time.Duration
}

func (r *reloj) ahora() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return time.Now().Add(r.d) }
func (r *reloj) pasar(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.d += d
}

// desvio is the SDK's requester; it sends all requests to the simulator.
type desvio struct {
	base *url.URL
	hc   *http.Client
}

func (d desvio) Do(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = d.base.Scheme, d.base.Host, ""
	req.URL.Path, req.URL.RawPath = d.base.Path+req.URL.Path, ""
	return d.hc.Do(req)
}

// banco is a test bench: a running simulator, a receiver of its webhooks and a client of MercadoPago's SDK.
type banco struct {
	t       *testing.T
	s       *Simulator
	r       *reloj
	url     string
	buzon   *buzon
	ordenes order.Client
	fichas  cardtoken.Client
}

func nuevoBanco(t *testing.T, carpeta string) *banco {
	t.Helper()
	b := &banco{t: t, r: &reloj{}, buzon: nuevoBuzon(t)}
	s, err := New(t.Context(), Options{
		Folder:   carpeta,
		Token:    credencial,
		Secret:   secreto,
		Receiver: b.buzon.base,
		Now:      b.r.ahora,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.s = s
	srv := httptest.NewServer(s.Handler())
	b.url = srv.URL + Prefix
	ctx, parar := context.WithCancel(context.Background())
	fin := make(chan error, 1)
	go func() { fin <- s.Run(ctx) }()
	var una sync.Once
	cerrar := func() {
		una.Do(func() {
			parar()
			if err := <-fin; err != nil {
				t.Error(err)
			}
			srv.Close()
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(cerrar)
	b.buzon.cerrar = cerrar
	b.sdk(credencial)
	return b
}

// cerrar stops this simulator before the test ends.
func (b *banco) cerrar() { b.buzon.cerrar() }

func (b *banco) sdk(token string) {
	u, err := url.Parse(b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	cfg, err := config.New(
		token,
		config.WithHTTPClient(desvio{u, &http.Client{Timeout: 10 * time.Second}}),
	)
	if err != nil {
		b.t.Fatal(err)
	}
	b.ordenes, b.fichas = order.NewClient(cfg), cardtoken.NewClient(cfg)
}

func (b *banco) clave(c string) context.Context {
	return requestoptions.WithIdempotencyKey(b.t.Context(), c)
}

// ficha makes a card token; the holder's name decides the outcome of the payment.
func (b *banco) ficha(titular string) string {
	b.t.Helper()
	f, err := b.fichas.Create(b.t.Context(), cardtoken.Request{
		CardNumber: master, ExpirationMonth: "11", ExpirationYear: "2030", SecurityCode: "123", SiteID: "MLA",
		Cardholder: &cardtoken.CardholderRequest{
			Name:           titular,
			Identification: &cardtoken.IdentificationRequest{Type: "DNI", Number: "12345678"},
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return f.ID
}

// tarjeta is the request for an order of 200 pesos, paid by card.
func tarjeta(ref, modo, ficha string) order.Request {
	return pedido(ref, modo, order.PaymentRequest{
		Amount: "200.00",
		PaymentMethod: &order.PaymentMethodRequest{
			ID:           "master",
			Type:         creditCard,
			Token:        ficha,
			Installments: 1,
		},
	})
}

func pedido(ref, modo string, paymentRequest order.PaymentRequest) order.Request {
	return order.Request{
		Type:              "online",
		ProcessingMode:    "automatic",
		CaptureMode:       modo,
		ExternalReference: ref,
		TotalAmount:       paymentRequest.Amount,
		Payer:             &order.PayerRequest{Email: "cliente1@testuser.com"},
		Transactions: &order.TransactionRequest{
			Payments: []order.PaymentRequest{paymentRequest},
		},
	}
}

// crear makes an order and fails the test when the simulator refuses it.
func (b *banco) crear(clave string, request order.Request) *order.Response {
	b.t.Helper()
	o, err := b.ordenes.Create(b.clave(clave), request)
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

func (b *banco) ver(id string) *order.Response {
	b.t.Helper()
	o, err := b.ordenes.Get(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

// espera fails the test unless the order has this status and detail.
func (b *banco) espera(response *order.Response, estado, detalle string) {
	b.t.Helper()
	if response.Status != estado || response.StatusDetail != detalle {
		b.t.Fatalf(
			"order is %s/%s, want %s/%s",
			response.Status,
			response.StatusDetail,
			estado,
			detalle,
		)
	}
}

// niega fails the test unless err is the API's error with this HTTP status and code.
func niega(t *testing.T, err error, estado int, codigo string) {
	t.Helper()
	var re *mperror.ResponseError
	if !errors.As(err, &re) || re.StatusCode != estado ||
		!strings.Contains(re.Message, `"code":"`+codigo+`"`) {
		t.Fatalf("got %+v, want %d %s", err, estado, codigo)
	}
}

// llamar makes a request without the SDK and gives the status and the body of the answer.
func (b *banco) llamar(metodo, ruta, cuerpo string, cabeceras map[string]string) (int, string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(
		b.t.Context(),
		metodo,
		b.url+ruta,
		strings.NewReader(cuerpo),
	)
	if err != nil {
		b.t.Fatal(err)
	}
	for k, v := range cabeceras {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	c, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(c)
}

// libro reads the ledger over the control API.
func (b *banco) libro() []LedgerEntry {
	b.t.Helper()
	var l struct {
		Datos []LedgerEntry `json:"datos"`
	}
	if _, c := b.llamar(http.MethodGet, "/_control/libro", "", nil); json.Unmarshal([]byte(c), &l) != nil {
		b.t.Fatal(c)
	}
	return l.Datos
}

// avisado is one webhook that arrived.
type avisado struct {
	id, tipo, rid, firma string
	accion               string
	cuando               time.Time
}

// buzon is the receiver of the webhooks.
type buzon struct {
	t      *testing.T
	cerrar func()
	srv    *httptest.Server

	mu       sync.Mutex
	vinieron []avisado
	negar    int // how many of the next webhooks are answered with 500
}

func nuevoBuzon(t *testing.T) *buzon {
	z := &buzon{t: t}
	z.srv = httptest.NewServer(http.HandlerFunc(z.recibir))
	t.Cleanup(z.srv.Close)
	return z
}

func (z *buzon) base() string { return z.srv.URL }

func (z *buzon) recibir(w http.ResponseWriter, r *http.Request) {
	var c struct {
		Action string
		Data   struct{ ID string }
	}
	b, _ := io.ReadAll(r.Body)
	q := r.URL.Query()
	err := json.NewDecoder(bytes.NewReader(b)).Decode(&c)
	if err != nil || r.URL.Path != noticesPath || c.Data.ID != q.Get("data.id") {
		z.t.Errorf("webhook %s %s", r.URL, b)
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.negar > 0 {
		z.negar--
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	z.vinieron = append(z.vinieron, avisado{
		id:     q.Get("data.id"),
		tipo:   q.Get("type"),
		rid:    r.Header.Get("X-Request-Id"),
		firma:  r.Header.Get("X-Signature"),
		accion: c.Action,
		cuando: time.Now(),
	})
}

func (z *buzon) todos() []avisado {
	z.mu.Lock()
	defer z.mu.Unlock()
	return append([]avisado(nil), z.vinieron...)
}

// hasta calls si until it returns true, and fails the test after ten seconds.
func hasta(t *testing.T, que string, si func() bool) {
	t.Helper()
	tic := time.NewTicker(5 * time.Millisecond)
	defer tic.Stop()
	fin := time.After(10 * time.Second)
	for !si() {
		select {
		case <-tic.C:
		case <-fin:
			t.Fatalf("in vain: %s", que)
		}
	}
}
