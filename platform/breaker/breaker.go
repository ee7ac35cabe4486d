// Package breaker is what one process knows of a server that it needs: that it answers,
// or that it is away. While it is away whoever needs it is told so at once, and one caller
// after the other tries whether it is back.
//
// It is no gobreaker (which pagos' proxy uses), because two things differ. A handle for reading that was let in may never
// ask anything: here its try ends after Prueba, while a half-open gobreaker waits for its outcome for ever. And any answer
// of the server counts, of a statement that began before the server was held to be away too: gobreaker drops the results
// of an earlier generation.
package breaker

import (
	"sync"
	"time"
)

const (
	// Pausa is the time from a failed try of a server that is away to the next.
	Pausa = 500 * time.Millisecond
	// Prueba is how long others wait for the outcome of a try, however that ends.
	Prueba = 3 * time.Second
	// Silencio is how long a server that many ask may answer nobody.
	Silencio = time.Second
)

// Breaker of one server. The zero value takes it to be there. Safe for concurrent use.
type Breaker struct {
	mu      sync.Mutex
	ausente bool
	bien    time.Time // when it last answered
	fallo   time.Time // when it last failed to
	turno   time.Time // from when on the next one may try; ausente alone
}

// Pasar says whether a caller may turn to the server at ahora. Whoever may must tell how
// that went: Responde or Calla.
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

// Conectar says whether a new connection may be tried at ahora. It is for those whom
// Pasar has let in already, and takes nobody's turn.
func (p *Breaker) Conectar(ahora time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.ausente || ahora.Sub(p.fallo) >= Pausa
}

// Responde notes that the server has answered, whatever it said.
func (p *Breaker) Responde(ahora time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ausente, p.bien = false, ahora
}

// Calla notes that what was begun at desde got no answer. A server that has answered
// somebody else since then, and not long ago, is not away: this one was unlucky.
func (p *Breaker) Calla(desde, ahora time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bien.After(desde) && ahora.Sub(p.bien) < Silencio {
		return
	}
	p.ausente, p.fallo, p.turno = true, ahora, ahora.Add(Pausa)
}

// Ausente says whether the server is held to be away.
func (p *Breaker) Ausente() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ausente
}
