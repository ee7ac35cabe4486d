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

// Paso is a TCP proxy between clients and a server. A new Paso is open.
type Paso struct {
	// Direccion is the proxy's host:port, which the client uses instead of the server's.
	Direccion string

	servidor string
	oyente   net.Listener
	wg       sync.WaitGroup

	mu       sync.Mutex
	cambio   *sync.Cond
	quieto   bool // bytes are held back, as by a server that was stopped (SIGSTOP)
	cerrado  bool // new connections are closed at once
	fin      bool // the test has ended
	abiertas map[net.Conn]bool
}

// Nuevo starts a proxy in front of servidor (host:port) and stops it at the end of the test.
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

// Abrir lets connections and bytes through again.
func (p *Paso) Abrir() { p.poner(false, false, false) }

// Callar keeps the connections open, takes new ones, and holds back all bytes.
func (p *Paso) Callar() { p.poner(true, false, false) }

// Cerrar breaks all connections and closes new ones at once.
func (p *Paso) Cerrar() { p.poner(false, true, true) }

// Cortar breaks all connections and lets new ones through.
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
		cliente, err := p.oyente.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		cerrado := p.cerrado
		p.mu.Unlock()
		if cerrado {
			_ = cliente.Close()
			continue
		}
		servidor, err := net.Dial("tcp", p.servidor) //nolint:noctx // terminar ends it by closing the connection
		if err != nil {
			_ = cliente.Close()
			continue
		}
		p.unir(cliente, servidor)
	}
}

// unir copies both ways until one side ends.
func (p *Paso) unir(cliente, servidor net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fin || p.cerrado {
		_ = cliente.Close()
		_ = servidor.Close()
		return
	}
	p.abiertas[cliente], p.abiertas[servidor] = true, true
	p.wg.Go(func() { p.copiar(cliente, servidor) })
	p.wg.Go(func() { p.copiar(servidor, cliente) })
}

func (p *Paso) copiar(origen, destino net.Conn) {
	defer func() { _, _ = origen.Close(), destino.Close() }()
	b := make([]byte, 32<<10)
	for {
		n, err := origen.Read(b)
		p.esperar()
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

// esperar returns when bytes may pass, or the test has ended.
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

// Hasta calls cumplido every few milliseconds until it returns true. After half a minute it fails the test with the
// message falta.
func Hasta(t testing.TB, falta string, cumplido func() bool) {
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
