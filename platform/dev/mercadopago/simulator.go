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

// Prefix is the path below which Handler serves.
const Prefix = "/dev/mercadopago"

// Options are the settings of New. Folder, Token and Secret are required.
type Options struct {
	// Folder is the folder of the ledger (mercadopago.db); it must exist.
	Folder string
	// Token is the access token that callers must send.
	Token string
	// Secret is the key of the webhooks' signatures.
	Secret string
	// Receiver gives the base URL of the program that receives the webhooks, without the last slash. While it returns ""
	// the webhooks wait. Nil: they wait for ever.
	Receiver func() string
	// Transport sends the webhooks (default: HTTP connections of its own).
	Transport http.RoundTripper
	// Now is the clock (default time.Now).
	Now func() time.Time
	// Interval is the interval at which Run looks for orders that lapse and notices that are due (default 1 s).
	Interval time.Duration
	// Random is the source of the random bytes of ids and tokens (default crypto/rand).
	Random io.Reader
	// Log receives internal errors (default: they are not logged).
	Log *slog.Logger
}

// Simulator is the simulated gateway. Safe for concurrent use.
type Simulator struct {
	o        Options
	ledger   ledger
	random   randomIDs
	settings atomic.Pointer[Settings]
	failures failures
	cors     *http.CrossOriginProtection
	mailer   mailer
}

// New opens the ledger. Errors: a required option is missing; the ledger cannot be opened.
func New(ctx context.Context, options Options) (*Simulator, error) {
	if options.Folder == "" || options.Token == "" || options.Secret == "" {
		return nil, errors.New("mercadopago: folder, token and secret are required")
	}
	options = options.withDefaults()
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name:       "dev",
		File:       filepath.Join(options.Folder, "mercadopago.db"),
		Migrations: migrations.De("dev"),

		SurvivesKills: true,
	})
	if err != nil {
		return nil, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	s := &Simulator{
		o:      options,
		ledger: ledger{db},
		random: randomIDs{r: options.Random},
		cors:   http.NewCrossOriginProtection(),
		mailer: newMailer(options.Transport),
	}
	inicial := defaultSettings
	s.settings.Store(&inicial)
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Interval <= 0 {
		o.Interval = defaultInterval
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Receiver == nil {
		o.Receiver = func() string { return "" }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Handler serves the paths below Prefix; it expects the whole path.
func (s *Simulator) Handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("POST /v1/orders", s.gateway("crear", s.withToken(s.create)))
	m.HandleFunc("GET /v1/orders", s.gateway("buscar", s.withToken(s.search)))
	m.HandleFunc("GET /v1/orders/{id}", s.gateway("leer", s.withToken(s.get)))
	m.HandleFunc("POST /v1/orders/{id}/capture", s.gateway("capturar", s.withToken(s.capture)))
	m.HandleFunc("POST /v1/orders/{id}/cancel", s.gateway("cancelar", s.withToken(s.cancel)))
	m.HandleFunc("POST /v1/orders/{id}/refund", s.gateway("reembolsar", s.withToken(s.refund)))
	m.HandleFunc(
		"GET /v1/payment_methods",
		s.gateway("medios", s.withToken(s.listPaymentMethods)),
	)
	m.HandleFunc("POST /v1/card_tokens", s.gateway("ficha", s.cardToken))
	m.HandleFunc("GET /{$}", s.servePage)
	m.HandleFunc("POST /_pagina/{id}", s.decide)
	m.HandleFunc("POST /_fallas", s.addFailure)
	m.HandleFunc("GET /_control", s.control(s.getSettings))
	m.HandleFunc("PUT /_control", s.control(s.putSettings))
	m.HandleFunc("POST /_control", s.control(s.putSettings))
	m.HandleFunc("GET /_control/fallas", s.control(s.getFailures))
	m.HandleFunc("GET /_control/libro", s.control(s.getLedger))
	m.HandleFunc("POST /_control/ordenes/{id}/{que}", s.control(s.runDecision))
	return http.StripPrefix(Prefix, routes(m))
}

// Run sends the webhooks and applies the changes that time brings to the orders, until ctx ends. It returns nil.
func (s *Simulator) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { s.keepRunning(ctx, s.sendForever); return nil })
	g.Go(func() error { s.keepRunning(ctx, s.sweepForever); return nil })
	return g.Wait()
}

// keepRunning runs f until ctx ends. After a panic of f it logs the panic, waits for defaultInterval and runs f again.
func (s *Simulator) keepRunning(ctx context.Context, f func(context.Context)) {
	g := guard.Guard{Log: s.o.Log}
	for !g.Void(ctx, "dev.mercadopago", func() { f(ctx) }) && s.sleep(ctx, defaultInterval) {
	}
}

// Close closes the ledger. The caller calls it after Run has returned and Handler serves no call.
func (s *Simulator) Close() error {
	s.mailer.client.CloseIdleConnections()
	return s.ledger.db.Close()
}

func (s *Simulator) now() time.Time { return s.o.Now().UTC() }
