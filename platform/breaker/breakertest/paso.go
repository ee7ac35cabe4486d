// Package breakertest gives tests a door in front of a server, which they close, jam or
// break without touching the server.
package breakertest

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

// Paso stands between a client and a server. It begins open.
type Paso struct {
	// Direccion is host:port, to be used instead of the server's.
	Direccion string

	servidor string
	oyente   net.Listener
	wg       sync.WaitGroup

	mu       sync.Mutex
	cambio   *sync.Cond
	quieto   bool // nothing gets through, as with a server that was stopped
	cerrado  bool // who comes is sent away
	fin      bool
	abiertas map[net.Conn]bool
}

// Nuevo makes a door in front of servidor (host:port); it ends with the test.
func Nuevo(t testing.TB, servidor string) *Paso {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Paso{Direccion: l.Addr().String(), servidor: servidor, oyente: l, abiertas: map[net.Conn]bool{}}
	p.cambio = sync.NewCond(&p.mu)
	p.wg.Go(p.recibir)
	t.Cleanup(p.terminar)
	return p
}

// Abrir lets everything through again.
func (p *Paso) Abrir() { p.poner(false, false, false) }

// Callar keeps connections, old and new, and lets nothing through.
func (p *Paso) Callar() { p.poner(true, false, false) }

// Cerrar breaks all connections and sends away who comes.
func (p *Paso) Cerrar() { p.poner(false, true, true) }

// Cortar breaks all connections; new ones are welcome.
func (p *Paso) Cortar() { p.poner(false, false, true) }

func (p *Paso) poner(quieto, cerrado, cortar bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quieto, p.cerrado = quieto, cerrado
	if cortar {
		p.soltarTodas()
	}
	p.cambio.Broadcast()
}

func (p *Paso) soltarTodas() {
	for c := range p.abiertas {
		_ = c.Close()
	}
	clear(p.abiertas)
}

// recibir takes connections until the test ends.
func (p *Paso) recibir() {
	for {
		c, err := p.oyente.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		cerrado := p.cerrado
		p.mu.Unlock()
		if cerrado {
			_ = c.Close()
			continue
		}
		s, err := net.Dial("tcp", p.servidor) //nolint:noctx // a test's, ended by closing it
		if err != nil {
			_ = c.Close()
			continue
		}
		p.unir(c, s)
	}
}

// unir copies both ways until one side ends.
func (p *Paso) unir(c, s net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fin || p.cerrado {
		_ = c.Close()
		_ = s.Close()
		return
	}
	p.abiertas[c], p.abiertas[s] = true, true
	p.wg.Go(func() { p.copiar(c, s) })
	p.wg.Go(func() { p.copiar(s, c) })
}

func (p *Paso) copiar(de, a net.Conn) {
	defer func() { _, _ = de.Close(), a.Close() }()
	b := make([]byte, 32<<10)
	for {
		n, err := de.Read(b)
		p.esperar()
		if n > 0 {
			if _, e := a.Write(b[:n]); e != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// esperar returns when something may get through.
func (p *Paso) esperar() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.quieto && !p.fin {
		p.cambio.Wait()
	}
}

func (p *Paso) terminar() {
	p.oyente.Close()
	p.mu.Lock()
	p.fin = true
	p.soltarTodas()
	p.cambio.Broadcast()
	p.mu.Unlock()
	p.wg.Wait()
}

// Hasta looks every few milliseconds whether something has become true, for half a minute;
// falta is what is wrong when it has not.
func Hasta(t testing.TB, falta string, f func() bool) {
	t.Helper()
	ctx, soltar := context.WithTimeout(t.Context(), 30*time.Second)
	defer soltar()
	reloj := time.NewTicker(5 * time.Millisecond)
	defer reloj.Stop()
	for !f() {
		select {
		case <-reloj.C:
		case <-ctx.Done():
			t.Fatal(falta)
		}
	}
}
