// Package breakertest gives tests a TCP proxy in front of a server, which a test can silence, close or cut without
// touching the server.
package breakertest

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy is a TCP proxy between clients and a server. A new Proxy is open.
type Proxy struct {
	// Address is the proxy's host:port, which the client uses instead of the server's.
	Address string

	server   string
	listener net.Listener
	wg       sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond
	silent  bool // bytes are held back, as by a server that was stopped (SIGSTOP)
	closed  bool // new connections are closed at once
	ended   bool // the test has ended
	conns   map[net.Conn]bool
}

// New starts a proxy in front of servidor (host:port) and stops it at the end of the test.
func New(t testing.TB, servidor string) *Proxy {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		Address:  l.Addr().String(),
		server:   servidor,
		listener: l,
		conns:    map[net.Conn]bool{},
	}
	p.changed = sync.NewCond(&p.mu)
	p.wg.Go(p.accept)
	t.Cleanup(p.stop)
	return p
}

// Open lets connections and bytes through again.
func (p *Proxy) Open() { p.set(false, false, false) }

// Silence keeps the connections open, takes new ones, and holds back all bytes.
func (p *Proxy) Silence() { p.set(true, false, false) }

// Close breaks all connections and closes new ones at once.
func (p *Proxy) Close() { p.set(false, true, true) }

// Cut breaks all connections and lets new ones through.
func (p *Proxy) Cut() { p.set(false, false, true) }

func (p *Proxy) set(quieto, cerrado, cortar bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent, p.closed = quieto, cerrado
	if cortar {
		p.dropAll()
	}
	p.changed.Broadcast()
}

func (p *Proxy) dropAll() {
	for c := range p.conns {
		_ = c.Close()
	}
	clear(p.conns)
}

// accept takes connections until the test ends.
func (p *Proxy) accept() {
	for {
		cliente, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		cerrado := p.closed
		p.mu.Unlock()
		if cerrado {
			_ = cliente.Close()
			continue
		}
		servidor, err := net.Dial( //nolint:noctx // stop ends it by closing the connection
			"tcp",
			p.server,
		)
		if err != nil {
			_ = cliente.Close()
			continue
		}
		p.join(cliente, servidor)
	}
}

// join copies both ways until one side ends.
func (p *Proxy) join(cliente, servidor net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended || p.closed {
		_ = cliente.Close()
		_ = servidor.Close()
		return
	}
	p.conns[cliente], p.conns[servidor] = true, true
	p.wg.Go(func() { p.copy(cliente, servidor) })
	p.wg.Go(func() { p.copy(servidor, cliente) })
}

func (p *Proxy) copy(origen, destino net.Conn) {
	defer func() { _, _ = origen.Close(), destino.Close() }()
	b := make([]byte, 32<<10)
	for {
		n, err := origen.Read(b)
		p.wait()
		if n > 0 {
			if _, e := destino.Write(b[:n]); e != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// wait returns when bytes may pass, or the test has ended.
func (p *Proxy) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.silent && !p.ended {
		p.changed.Wait()
	}
}

func (p *Proxy) stop() {
	p.listener.Close()
	p.mu.Lock()
	p.ended = true
	p.dropAll()
	p.changed.Broadcast()
	p.mu.Unlock()
	p.wg.Wait()
}

// Until calls cumplido every few milliseconds until it returns true. After half a minute it fails the test with the
// message falta.
func Until(t testing.TB, falta string, cumplido func() bool) {
	t.Helper()
	ctx, soltar := context.WithTimeout(t.Context(), 30*time.Second)
	defer soltar()
	reloj := time.NewTicker(5 * time.Millisecond)
	defer reloj.Stop()
	for !cumplido() {
		select {
		case <-reloj.C:
		case <-ctx.Done():
			t.Fatal(falta)
		}
	}
}
