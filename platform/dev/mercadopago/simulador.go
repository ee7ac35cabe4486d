// Package mercadopago simulates the payment gateway MercadoPago for local runs and tests: the Orders API, card tokens
// and signed webhooks, as MERCADOPAGO.md describes them. The ledger is on disk and survives a kill of the process. The
// settings (latency, outages, wrong answers, the behaviour of the webhooks) are in memory.
package mercadopago

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"despensa/migrations"
	"despensa/platform/guard"
	"despensa/platform/sqldb"

	"golang.org/x/sync/errgroup"
)

// Prefijo is the path below which Handler serves.
const Prefijo = "/dev/mercadopago"

// Opciones are the settings of Nuevo. Carpeta, Token and Secreto are required.
type Opciones struct {
	// Carpeta is the folder of the ledger (mercadopago.db); it must exist.
	Carpeta string
	// Token is the access token that callers must send.
	Token string
	// Secreto is the key of the webhooks' signatures.
	Secreto string
	// Avisos gives the base URL of the program that receives the webhooks, without the last slash. While it returns ""
	// the webhooks wait. Nil: they wait for ever.
	Avisos func() string
	// Transporte sends the webhooks (default: HTTP connections of its own).
	Transporte http.RoundTripper
	// Ahora is the clock (default time.Now).
	Ahora func() time.Time
	// Ronda is the interval at which Correr looks for orders that lapse and notices that are due (default 1 s).
	Ronda time.Duration
	// Azar is the source of the random bytes of ids and tokens (default crypto/rand).
	Azar io.Reader
	// Log receives internal errors (default: they are not logged).
	Log *slog.Logger
}

// Simulador is the simulated gateway. Safe for concurrent use.
type Simulador struct {
	o       Opciones
	libro   libro
	azar    azar
	ajustes atomic.Pointer[Ajustes]
	fallas  fallas
	cors    *http.CrossOriginProtection
	correo  correo
}

// Nuevo opens the ledger. Errors: a required option is missing; the ledger cannot be opened.
func Nuevo(ctx context.Context, o Opciones) (*Simulador, error) {
	if o.Carpeta == "" || o.Token == "" || o.Secreto == "" {
		return nil, errors.New("mercadopago: folder, token and secret are required")
	}
	o = o.completas()
	db, err := sqldb.Abrir(ctx, sqldb.Opciones{
		Nombre:      "dev",
		Archivo:     filepath.Join(o.Carpeta, "mercadopago.db"),
		Migraciones: migrations.De("dev"),

		SobreviveMuertes: true,
	})
	if err != nil {
		return nil, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	s := &Simulador{
		o:      o,
		libro:  libro{db},
		azar:   azar{r: o.Azar},
		cors:   http.NewCrossOriginProtection(),
		correo: nuevoCorreo(o.Transporte),
	}
	inicial := deFabrica
	s.ajustes.Store(&inicial)
	return s, nil
}

func (o Opciones) completas() Opciones {
	if o.Ahora == nil {
		o.Ahora = time.Now
	}
	if o.Ronda <= 0 {
		o.Ronda = ronda
	}
	if o.Azar == nil {
		o.Azar = rand.Reader
	}
	if o.Avisos == nil {
		o.Avisos = func() string { return "" }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Handler serves the paths below Prefijo; it expects the whole path.
func (s *Simulador) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /v1/orders", s.pasarela("crear", s.conToken(s.crear)))
	m.HandleFunc("GET /v1/orders", s.pasarela("buscar", s.conToken(s.buscar)))
	m.HandleFunc("GET /v1/orders/{id}", s.pasarela("leer", s.conToken(s.consultar)))
	m.HandleFunc("POST /v1/orders/{id}/capture", s.pasarela("capturar", s.conToken(s.capturar)))
	m.HandleFunc("POST /v1/orders/{id}/cancel", s.pasarela("cancelar", s.conToken(s.cancelar)))
	m.HandleFunc("POST /v1/orders/{id}/refund", s.pasarela("reembolsar", s.conToken(s.reembolsar)))
	m.HandleFunc("GET /v1/payment_methods", s.pasarela("medios", s.conToken(s.medios)))
	m.HandleFunc("POST /v1/card_tokens", s.pasarela("ficha", s.ficha))
	m.HandleFunc("GET /{$}", s.verPagina)
	m.HandleFunc("POST /_pagina/{id}", s.decidir)
	m.HandleFunc("POST /_fallas", s.ponerFalla)
	m.HandleFunc("GET /_control", s.control(s.verAjustes))
	m.HandleFunc("PUT /_control", s.control(s.ponerAjustes))
	m.HandleFunc("POST /_control", s.control(s.ponerAjustes))
	m.HandleFunc("GET /_control/fallas", s.control(s.verFallas))
	m.HandleFunc("GET /_control/libro", s.control(s.verLibro))
	m.HandleFunc("POST /_control/ordenes/{id}/{que}", s.control(s.ordenar))
	return http.StripPrefix(Prefijo, rutas(m))
}

// Correr sends the webhooks and applies the changes that time brings to the orders, until ctx ends. It returns nil.
func (s *Simulador) Correr(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { s.insistir(ctx, s.enviarSiempre); return nil })
	g.Go(func() error { s.insistir(ctx, s.barrerSiempre); return nil })
	return g.Wait()
}

// insistir runs f until ctx ends. After a panic of f it logs the panic, waits for ronda and runs f again.
func (s *Simulador) insistir(ctx context.Context, f func(context.Context)) {
	g := guard.Guard{Log: s.o.Log}
	for !g.Void(ctx, "dev.mercadopago", func() { f(ctx) }) && s.dormir(ctx, ronda) {
	}
}

// Cerrar closes the ledger. The caller calls it after Correr has returned and Handler serves no call.
func (s *Simulador) Cerrar() error {
	s.correo.cliente.CloseIdleConnections()
	return s.libro.db.Cerrar()
}

func (s *Simulador) ahora() time.Time { return s.o.Ahora().UTC() }
