package kit

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Prepare makes the folder that programs begin with. A test in a synctest bubble calls it outside: the program that
// seeds the folder listens on TCP.
func Prepare(t testing.TB) {
	t.Helper()
	Slow(t, "starts the whole program")
	template(t)
}

// InMemory lets the program, its stand-ins and its clients speak over a network in memory, so that a synctest bubble
// holds all of them: a goroutine that waits there waits durably. While the test runs, http.DefaultTransport dials
// there, so tests with it are not parallel.
func InMemory(program *Program) {
	program.network = &Network{}
	before := http.DefaultTransport
	inside := &http.Transport{DialContext: program.network.Dial}
	http.DefaultTransport = inside
	if t, ok := program.HTTP.Transport.(*http.Transport); ok {
		t.DialContext = program.network.Dial
	}
	program.T.Cleanup(func() {
		inside.CloseIdleConnections()
		http.DefaultTransport = before
	})
}

// Network carries connections to one listener at a time, whatever address they dial.
type Network struct {
	mu       sync.Mutex
	listener *listener
	open     map[*remote]bool // the server's ends of the connections
}

// Listen returns a new listener, to which every later connection goes.
func (n *Network) Listen() net.Listener {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.listener = &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
	return n.listener
}

// errRefused is the error of Dial while no program listens.
var errRefused = errors.New("network in memory: connection refused")

// Dial connects to the present listener.
func (n *Network) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	n.mu.Lock()
	l := n.listener
	n.mu.Unlock()
	if l == nil {
		return nil, errRefused
	}
	ours, theirs := net.Pipe()
	r := &remote{Conn: theirs, network: n}
	if !n.add(l, r) {
		return nil, errRefused
	}
	select {
	case l.conns <- r:
		return ours, nil
	case <-l.closed:
		r.Close()
		return nil, errRefused
	case <-ctx.Done():
		r.Close()
		return nil, ctx.Err()
	}
}

// add records a connection to listener; it returns false when listener is closed or another listener has taken its
// place.
func (n *Network) add(listener *listener, r *remote) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listener != listener {
		return false
	}
	if n.open == nil {
		n.open = map[*remote]bool{}
	}
	n.open[r] = true
	return true
}

// Cut ends every connection at once and refuses new ones until Listen is called, as a power cut would.
func (n *Network) Cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listener != nil {
		_ = n.listener.Close()
	}
	n.listener = nil
	for r := range n.open {
		_ = r.Conn.Close()
	}
	clear(n.open)
}

// remote is the client's end of a connection, with an address of this machine.
type remote struct {
	net.Conn
	network *Network
}

// Close implements net.Conn.
func (r *remote) Close() error {
	r.network.mu.Lock()
	delete(r.network.open, r)
	r.network.mu.Unlock()
	return r.Conn.Close()
}

// RemoteAddr implements net.Conn.
func (*remote) RemoteAddr() net.Addr { return address(50000) }

// address is a port of this machine.
type address int

func (a address) tcp() *net.TCPAddr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(a)} }

// Network implements net.Addr.
func (a address) Network() string { return "tcp" }

// String implements net.Addr.
func (a address) String() string { return a.tcp().String() }

// listener is net.Listener over Network.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return address(8080) }
