// Package breaker is a circuit breaker for a database server: it keeps, per process, whether the server answers or is
// held to be away. While the server is away, callers fail at once, and one caller at a time tries whether the server
// is back.
//
// It differs from gobreaker, which the payment gateway's proxy uses, in two points. A caller that was let through may
// never send a statement: here its try ends after Prueba, while a half-open gobreaker waits for its outcome for ever.
// And each answer of the server counts, also to a statement that began before the server was held to be away;
// gobreaker drops the results of an earlier generation.
package breaker

import (
	"sync"
	"time"
)

const (
	// Pausa is the time from a failed try of a server that is away to the next try.
	Pausa = 500 * time.Millisecond
	// Prueba is the time after which the next caller may try, when a try has had no outcome.
	Prueba = 3 * time.Second
	// Silencio is the time since its last answer after which a server that leaves a call unanswered is held to be away.
	Silencio = time.Second
)

// Breaker is the breaker of one server. The zero value takes the server to be there. Safe for concurrent use.
type Breaker struct {
	mu      sync.Mutex
	ausente bool
	bien    time.Time // of the server's last answer
	fallo   time.Time // of the last call without an answer
	turno   time.Time // from which the next caller may try; used while ausente
}

// Pasar reports whether a caller may call the server at ahora. A caller that may reports the outcome with Responde or
// Calla.
func (p *Breaker) Pasar(ahora time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.ausente {
		return true
	}
	if ahora.Before(p.turno) {
		return false
	}
	p.turno = ahora.Add(Prueba)
	return true
}

// Conectar reports whether a new connection to the server may be opened at ahora. It is for a caller that Pasar has
// let through, and does not use up the try of another caller.
func (p *Breaker) Conectar(ahora time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.ausente || ahora.Sub(p.fallo) >= Pausa
}

// Responde notes that the server has answered at ahora, with an error too.
func (p *Breaker) Responde(ahora time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ausente, p.bien = false, ahora
}

// Calla notes that a call begun at desde has got no answer by ahora. The server is then held to be away, unless it has
// answered another call since desde and less than Silencio ago.
func (p *Breaker) Calla(desde, ahora time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bien.After(desde) && ahora.Sub(p.bien) < Silencio {
		return
	}
	p.ausente, p.fallo, p.turno = true, ahora, ahora.Add(Pausa)
}

// Ausente reports whether the server is held to be away.
func (p *Breaker) Ausente() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ausente
}
