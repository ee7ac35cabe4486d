//go:build !race

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/internal/apiclient"
	devoidc "despensa/platform/dev/oidc"
)

// paciencia is how long a test waits for what must come.
const paciencia = 30 * time.Second

// sitio is a running program as its users see it: HTTP and nothing else.
type sitio struct {
	t    testing.TB
	http *http.Client

	mu     sync.Mutex
	url    string
	dev    string // where the stand-ins are; empty: at url
	fichas map[string]*apiclient.Cliente
	crudas map[string]string // the tokens of fichas
}

func nuevoSitio(t testing.TB) *sitio {
	tr := &http.Transport{MaxIdleConnsPerHost: 256, MaxIdleConns: 256}
	t.Cleanup(tr.CloseIdleConnections)
	return &sitio{t: t, http: &http.Client{Transport: tr, Timeout: 20 * time.Second}, fichas: map[string]*apiclient.Cliente{}, crudas: map[string]string{}}
}

// mudarse points the sitio to where the program now is; logins begin anew.
func (s *sitio) mudarse(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.url, s.fichas = url, map[string]*apiclient.Cliente{}
}

// suplentes is where the stand-ins are.
func (s *sitio) suplentes() string {
	if s.dev != "" {
		return s.dev
	}
	return s.url
}

// como gives a client that is logged in as login.
func (s *sitio) como(login string) *apiclient.Cliente {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.fichas[login]; ok {
		return c
	}
	token, err := apiclient.IngresoDemo(s.t.Context(), s.suplentes(), login, devoidc.Clave)
	if err != nil {
		s.t.Fatalf("login %s: %v", login, err)
	}
	c := apiclient.New(s.url, apiclient.Fijo(token), s.http)
	c.Intentos = 1
	s.fichas[login], s.crudas[login] = c, token
	return c
}

// ficha is the token of login.
func (s *sitio) ficha(login string) string {
	s.t.Helper()
	s.como(login)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.crudas[login]
}

// nadie gives a client without a token.
func (s *sitio) nadie() *apiclient.Cliente {
	c := apiclient.New(s.url, nil, s.http)
	c.Intentos = 1
	return c
}

// debe calls and fails the test on an error.
func (s *sitio) debe(login, metodo, camino string, cuerpo, salida any, o ...apiclient.Opcion) {
	s.t.Helper()
	if err := s.como(login).Hacer(s.t.Context(), metodo, camino, cuerpo, salida, o...); err != nil {
		s.t.Fatalf("%s %s as %s: %v", metodo, camino, login, err)
	}
}

// codigo calls and gives the problem's code; "" for a success.
func (s *sitio) codigo(login, metodo, camino string, cuerpo any, o ...apiclient.Opcion) string {
	s.t.Helper()
	err := s.como(login).Hacer(s.t.Context(), metodo, camino, cuerpo, nil, o...)
	if err != nil && apiclient.Codigo(err) == "" {
		s.t.Fatalf("%s %s as %s: %v", metodo, camino, login, err)
	}
	return apiclient.Codigo(err)
}

// hasta looks at something until it is true.
func (s *sitio) hasta(que string, cierto func() bool) {
	s.t.Helper()
	if err := hasta(s.t.Context(), cierto); err != nil {
		s.t.Fatalf("waited in vain: %s", que)
	}
}

func hasta(ctx context.Context, cierto func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, paciencia)
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

// pedido is an order as the API shows it, as far as the tests look.
type pedido struct {
	ID        string   `json:"id"`
	Codigo    string   `json:"codigo"`
	Estado    string   `json:"estado"`
	Intento   int      `json:"intento"`
	Motivo    string   `json:"motivo"`
	Mensaje   string   `json:"mensaje"`
	Acciones  []string `json:"acciones"`
	ClienteID string   `json:"cliente_id"`
	Total     int64    `json:"total_centavos"`
	Lineas    []linea  `json:"lineas"`
	Pago      struct {
		Estado        string `json:"estado"`
		Instrucciones string `json:"instrucciones"`
		Cobrado       int64  `json:"cobrado_centavos"`
		Reembolsado   int64  `json:"reembolsado_centavos"`
	} `json:"pago"`
	Entrega *struct {
		Desde    time.Time `json:"desde"`
		Hasta    time.Time `json:"hasta"`
		CamionID string    `json:"camion_id"`
	} `json:"entrega"`
}

type linea struct {
	Producto string `json:"producto_id"`
	Cantidad int64  `json:"cantidad"`
}

type evento struct {
	Seq     int    `json:"seq"`
	Tipo    string `json:"tipo"`
	De      string `json:"de"`
	A       string `json:"a"`
	Intento int    `json:"intento"`
	Motivo  string `json:"motivo"`
}

// hoja is one page of a list.
type hoja[T any] struct {
	Datos     []T    `json:"datos"`
	Siguiente string `json:"siguiente"`
}

// todas reads a list to its end.
func todas[T any](s *sitio, login, camino string) []T {
	s.t.Helper()
	var out []T
	une := "?"
	if strings.Contains(camino, "?") {
		une = "&"
	}
	for cursor := ""; ; {
		var h hoja[T]
		s.debe(login, "GET", camino+une+"limite=200"+cursor, nil, &h)
		out = append(out, h.Datos...)
		if h.Siguiente == "" {
			return out
		}
		cursor = "&cursor=" + h.Siguiente
	}
}

type producto struct {
	ID         string `json:"id"`
	Nombre     string `json:"nombre"`
	Precio     int64  `json:"precio_centavos"`
	Frio       bool   `json:"frio"`
	Peso       int64  `json:"peso_gramos"`
	Volumen    int64  `json:"volumen_ml"`
	Disponible int64  `json:"disponible"`
}

// secos gives products of which there is plenty and that need no cold truck.
func (s *sitio) secos() []producto {
	s.t.Helper()
	var out []producto
	for _, p := range todas[producto](s, "admin", "/productos") {
		if !p.Frio && p.Disponible >= 1000 {
			out = append(out, p)
		}
	}
	return out
}

// disponible is what is free of a product.
func (s *sitio) disponible(id string) int64 {
	s.t.Helper()
	var p producto
	s.debe("admin", "GET", "/productos/"+id, nil, &p)
	return p.Disponible
}

// direccion is the first address of login.
func (s *sitio) direccion(login string) string {
	s.t.Helper()
	var h hoja[struct {
		ID string `json:"id"`
	}]
	s.debe(login, "GET", "/clientes/yo/direcciones", nil, &h)
	if len(h.Datos) == 0 {
		s.t.Fatalf("%s has no address", login)
	}
	return h.Datos[len(h.Datos)-1].ID
}

// tarjeta gets a token of a card whose holder's name decides what the gateway says.
func (s *sitio) tarjeta(titular string) string {
	s.t.Helper()
	id, err := s.tokenDe(s.t.Context(), titular, "5031755734530604")
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *sitio) tokenDe(ctx context.Context, titular, numero string) (string, error) {
	var r struct {
		ID string `json:"id"`
	}
	err := s.alSimulador(ctx, "POST", "/v1/card_tokens", map[string]any{
		"card_number": numero, "expiration_month": 11, "expiration_year": 2030, "security_code": "123",
		"cardholder": map[string]any{"name": titular, "identification": map[string]any{"type": "DNI", "number": "12345678"}},
	}, &r)
	return r.ID, err
}

// alSimulador calls the stand-in of the gateway.
func (s *sitio) alSimulador(ctx context.Context, metodo, camino string, cuerpo, salida any) error {
	var b io.Reader
	if cuerpo != nil {
		j, err := json.Marshal(cuerpo)
		if err != nil {
			return err
		}
		b = bytes.NewReader(j)
	}
	s.mu.Lock()
	url := s.suplentes()
	s.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, metodo, url+"/dev/mercadopago"+camino, b)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := s.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	texto, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("simulator: %s %s: %d %s", metodo, camino, res.StatusCode, texto)
	}
	if salida == nil {
		return nil
	}
	return json.Unmarshal(texto, salida)
}
