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

// headerMax bounds the header of a request, in bytes.
const headerMax = 32 << 10

// Handler serves all routes of the server, without a listener.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead { // as GET; net/http leaves the body out
			c := r.WithContext(context.WithValue(r.Context(), headKey{}, true))
			c.Method = http.MethodGet
			r = c
		}
		s.echo.ServeHTTP(w, r)
	})
}

// headKey is the key that the context of a HEAD request carries.
type headKey struct{}

// isHead reports whether ctx belongs to a HEAD request. The layers see such a request as GET, and net/http drops the
// body of the answer.
func isHead(ctx context.Context) bool { return ctx.Value(headKey{}) != nil }

// Serve serves on listener until ctx ends, and closes listener. A stop takes no more connections, ends the streams,
// and waits for the requests in flight, http.cierre at most. Errors: a listener that fails; requests that were cut
// off after http.cierre.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	s.mu.Lock()
	if s.url == "" {
		s.url = URLOf(listener, s.o.Config.Direccion)
	}
	s.mu.Unlock()
	g, gctx := errgroup.WithContext(ctx)
	if s.o.Config.Metricas != "" {
		lm, err := s.metricsListener(ctx)
		if err != nil {
			_ = listener.Close() // Serve owns listener and closes it on every path
			return err
		}
		m := http.NewServeMux()
		m.Handle("GET "+metricsPath, s.exposition())
		g.Go(func() error { return s.serve(gctx, s.httpServer(m), lm) })
	}
	g.Go(func() error {
		srv := s.httpServer(s.Handler())
		srv.RegisterOnShutdown(s.stop)
		return s.serve(gctx, srv, listener)
	})
	return g.Wait()
}

// metricsListener gives the listener of /metricas: MetricsListener, or a new one at http.metricas. Errors: those of
// Listen.
func (s *Server) metricsListener(ctx context.Context) (net.Listener, error) {
	if s.o.MetricsListener != nil {
		return s.o.MetricsListener, nil
	}
	l, err := Listen(ctx, s.o.Config.Metricas)
	if err != nil {
		return nil, fmt.Errorf("http.metricas: %w", err)
	}
	return l, nil
}

func (s *Server) httpServer(next http.Handler) *http.Server {
	c := &idleConns{conns: map[net.Conn]bool{}}
	srv := &http.Server{
		Handler: next, ReadHeaderTimeout: s.o.Config.Cabecera, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: headerMax,
		ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug), ConnState: c.note,
	}
	srv.RegisterOnShutdown(c.close)
	return srv
}

// idleConns holds the connections that have not carried a request yet. Browsers open connections in advance, and
// Shutdown would wait five seconds for the first request on each.
type idleConns struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
	ended bool
}

func (c *idleConns) note(conn net.Conn, connState http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case connState != http.StateNew:
		delete(c.conns, conn)
	case c.ended:
		_ = conn.Close()
	default:
		c.conns[conn] = true
	}
}

func (c *idleConns) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	for n := range c.conns {
		_ = n.Close()
	}
}

// serve serves listener until ctx ends, then stops within http.cierre. Errors: those of Serve.
func (s *Server) serve(ctx context.Context, srv *http.Server, listener net.Listener) error {
	fin := make(chan error, 1)
	go func() { fin <- srv.Serve(listener) }()
	select {
	case err := <-fin:
		return fmt.Errorf("httpapi: serve: %w", err)
	case <-ctx.Done():
	}
	plazo, soltar := context.WithTimeout(context.WithoutCancel(ctx), s.o.Config.Cierre)
	defer soltar()
	err := srv.Shutdown(plazo)
	if err != nil {
		err = errors.Join(
			fmt.Errorf("httpapi: requests cut off after %v: %w", s.o.Config.Cierre, err),
			srv.Close(),
		)
	}
	if e := <-fin; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	return err
}
