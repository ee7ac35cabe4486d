package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// cabeceraMax bounds the header of a request, in bytes.
const cabeceraMax = 32 << 10

// Handler serves all routes of the server, without a listener.
func (s *Servidor) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead { // as GET; net/http leaves the body out
			c := r.WithContext(context.WithValue(r.Context(), headKey{}, true))
			c.Method = http.MethodGet
			r = c
		}
		s.eco.ServeHTTP(w, r)
	})
}

// headKey is the key that the context of a HEAD request carries.
type headKey struct{}

// isHead reports whether ctx belongs to a HEAD request. The layers see such a request as GET, and net/http drops the
// body of the answer.
func isHead(ctx context.Context) bool { return ctx.Value(headKey{}) != nil }

// Servir serves on l until ctx ends, and closes l. A stop takes no more connections, ends the streams, and waits for
// the requests in flight, http.cierre at most. Errors: a listener that fails; requests that were cut off after
// http.cierre.
func (s *Servidor) Servir(ctx context.Context, l net.Listener) error {
	s.mu.Lock()
	if s.url == "" {
		s.url = URLDe(l, s.o.Config.Direccion)
	}
	s.mu.Unlock()
	g, gctx := errgroup.WithContext(ctx)
	if s.o.Config.Metricas != "" {
		lm, err := s.metricsListener(ctx)
		if err != nil {
			_ = l.Close() // Servir owns l and closes it on every path
			return err
		}
		m := http.NewServeMux()
		m.Handle("GET "+rutaMetricas, s.exposicion())
		g.Go(func() error { return s.atender(gctx, s.servidor(m), lm) })
	}
	g.Go(func() error {
		srv := s.servidor(s.Handler())
		srv.RegisterOnShutdown(s.parar)
		return s.atender(gctx, srv, l)
	})
	return g.Wait()
}

// metricsListener gives the listener of /metricas: OyenteMetricas, or a new one at http.metricas. Errors: those of
// Escuchar.
func (s *Servidor) metricsListener(ctx context.Context) (net.Listener, error) {
	if s.o.OyenteMetricas != nil {
		return s.o.OyenteMetricas, nil
	}
	l, err := Escuchar(ctx, s.o.Config.Metricas)
	if err != nil {
		return nil, fmt.Errorf("http.metricas: %w", err)
	}
	return l, nil
}

func (s *Servidor) servidor(h http.Handler) *http.Server {
	c := &calladas{abiertas: map[net.Conn]bool{}}
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: s.o.Config.Cabecera, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: cabeceraMax,
		ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug), ConnState: c.anotar,
	}
	srv.RegisterOnShutdown(c.cerrar)
	return srv
}

// calladas holds the connections that have not carried a request yet. Browsers open connections in advance, and
// Shutdown would wait five seconds for the first request on each.
type calladas struct {
	mu       sync.Mutex
	abiertas map[net.Conn]bool
	fin      bool
}

func (c *calladas) anotar(n net.Conn, e http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e != http.StateNew:
		delete(c.abiertas, n)
	case c.fin:
		_ = n.Close()
	default:
		c.abiertas[n] = true
	}
}

func (c *calladas) cerrar() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fin = true
	for n := range c.abiertas {
		_ = n.Close()
	}
}

// atender serves l until ctx ends, then stops within http.cierre. Errors: those of Servir.
func (s *Servidor) atender(ctx context.Context, srv *http.Server, l net.Listener) error {
	fin := make(chan error, 1)
	go func() { fin <- srv.Serve(l) }()
	select {
	case err := <-fin:
		return fmt.Errorf("httpapi: serve: %w", err)
	case <-ctx.Done():
	}
	plazo, soltar := context.WithTimeout(context.WithoutCancel(ctx), s.o.Config.Cierre)
	defer soltar()
	err := srv.Shutdown(plazo)
	if err != nil {
		err = errors.Join(fmt.Errorf("httpapi: requests cut off after %v: %w", s.o.Config.Cierre, err), srv.Close())
	}
	if e := <-fin; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}
