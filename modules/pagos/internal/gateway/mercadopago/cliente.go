// Package mercadopago is the adapter for MercadoPago's Orders API, through its official SDK. In development and tests,
// platform/dev/mercadopago stands in for that API (docs/simulador.md).
package mercadopago

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"despensa/modules/pagos/internal/gateway"

	"github.com/mercadopago/sdk-go/pkg/config"
	"github.com/mercadopago/sdk-go/pkg/order"
)

// Opciones of the adapter.
type Opciones struct {
	URL        string // base address, such as https://api.mercadopago.com
	Token      string // access token
	Secreto    string // keys the signatures of notices
	Tolerancia time.Duration
	Ahora      func() time.Time
	// Transporte carries the calls; nil: connections of its own.
	Transporte http.RoundTripper
}

// Adaptador is MercadoPago behind the port. Safe for concurrent use.
type Adaptador struct {
	ordenes order.Client
	hc      *http.Client
	o       Opciones
}

var (
	_ gateway.Pasarela = (*Adaptador)(nil)
	_ gateway.Buzon    = (*Adaptador)(nil)
)

// New makes the adapter, without a call. Errors: opciones.URL is no URL.
func New(opciones Opciones) (*Adaptador, error) {
	hc := cliente(opciones.Transporte)
	cfg, err := configurar(opciones, hc)
	if err != nil {
		return nil, err
	}
	return &Adaptador{ordenes: order.NewClient(cfg), hc: hc, o: opciones}, nil
}

// Cerrar closes the connections that are not in use.
func (a *Adaptador) Cerrar() { a.hc.CloseIdleConnections() }

// configurar makes the SDK's configuration with our requester. It must never add WithTimeout or WithMaxRetries: these
// options replace the requester, and the calls meant for the simulator would go to the real MercadoPago.
func configurar(opciones Opciones, client *http.Client) (*config.Config, error) {
	base, err := url.Parse(opciones.URL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("mercadopago: url is not an http address")
	}
	cfg, err := config.New(opciones.Token, config.WithHTTPClient(desvio{base, client}))
	if err != nil {
		return nil, fmt.Errorf("mercadopago: %w", err)
	}
	return cfg, nil
}

// Limits of the connection; the deadline of a try is the caller's context.
const (
	conexiones  = 256
	plazoMaximo = 30 * time.Second
	maxCuerpo   = 1 << 20 // of an answer, in bytes; beyond it it is none
)

func cliente(roundTripper http.RoundTripper) *http.Client {
	if roundTripper == nil {
		propio := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
		propio.MaxIdleConns, propio.MaxIdleConnsPerHost = conexiones, conexiones
		roundTripper = propio
	}
	return &http.Client{
		Transport: roundTripper, Timeout: plazoMaximo,
		// Our token goes nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// desvio is the SDK's requester. The base address in the SDK is a constant; desvio sends each request to our base
// address instead.
type desvio struct {
	base *url.URL
	hc   *http.Client
}

// Do sends req to our base address. Errors: those of the transport, errGrande, errDesvio.
func (d desvio) Do(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = d.base.Scheme, d.base.Host, ""
	req.URL = d.base.JoinPath(req.URL.Path).
		ResolveReference(&url.URL{RawQuery: req.URL.RawQuery})
	res, err := d.hc.Do(req)
	if err != nil {
		return nil, err
	}
	cuerpo := res.Body // acotar replaces it; unclosed, it would keep a goroutine until plazoMaximo
	defer func() { _ = cuerpo.Close() }()
	if res.StatusCode < http.StatusOK ||
		res.StatusCode >= 300 && res.StatusCode < http.StatusBadRequest {
		return nil, errDesvio
	}
	return acotar(res)
}

// acotar reads the body of res to its end. Errors: errGrande, those of the reading.
func acotar(res *http.Response) (*http.Response, error) {
	b, err := io.ReadAll(io.LimitReader(res.Body, maxCuerpo+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("mercadopago: answer cut short: %w", err)
	case len(b) > maxCuerpo:
		return nil, errGrande
	}
	res.Body = io.NopCloser(bytes.NewReader(b))
	return res, nil
}

// Answers that are none.
var (
	errGrande = errors.New("mercadopago: the answer is over 1 MiB")
	errDesvio = errors.New("mercadopago: the answer points elsewhere")
)
