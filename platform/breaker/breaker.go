// Package breaker is a circuit breaker for a database server: it keeps, per process, whether the server answers or is
// held to be away. While the server is away, callers fail at once, and one caller at a time tries whether the server
// is back.
//
// It differs from gobreaker, which the payment gateway's proxy uses, in two points. A caller that was let through may
// never send a statement: here its try ends after TryTimeout, while a half-open gobreaker waits for its outcome for
// ever. And each answer of the server counts, also to a statement that began before the server was held to be away;
// gobreaker drops the results of an earlier generation.
package breaker

import (
	"sync"
	"time"
)

const (
	// Pause is the time from a failed try of a server that is away to the next try.
	Pause = 500 * time.Millisecond
	// TryTimeout is the time after which the next caller may try, when a try has had no outcome.
	TryTimeout = 3 * time.Second
	// Silence is the time since its last answer after which a server that leaves a call unanswered is held to be away.
	Silence = time.Second
)

// Breaker is the breaker of one server. The zero value takes the server to be there. Safe for concurrent use.
type Breaker struct {
	mu       sync.Mutex
	away     bool
	answered time.Time // of the server's last answer
	failed   time.Time // of the last call without an answer
	nextTry  time.Time // from which the next caller may try; used while away
}

// Allow reports whether a caller may call the server at ahora. A caller that may reports the outcome with Answered or
// Silent.
func (p *Breaker) Allow(ahora time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.away {
		return true
	}
	if ahora.Before(p.nextTry) {
		return false
	}
	p.nextTry = ahora.Add(TryTimeout)
	return true
}

// MayConnect reports whether a new connection to the server may be opened at ahora. It is for a caller that Allow has
// let through, and does not use up the try of another caller.
func (p *Breaker) MayConnect(ahora time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.away || ahora.Sub(p.failed) >= Pause
}

// Answered notes that the server has answered at ahora, with an error too.
func (p *Breaker) Answered(ahora time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.away, p.answered = false, ahora
}

// Silent notes that a call begun at desde has got no answer by ahora. The server is then held to be away, unless it has
// answered another call since desde and less than Silence ago.
func (p *Breaker) Silent(desde, ahora time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answered.After(desde) && ahora.Sub(p.answered) < Silence {
		return
	}
	p.away, p.failed, p.nextTry = true, ahora, ahora.Add(Pause)
}

// Away reports whether the server is held to be away.
func (p *Breaker) Away() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.away
}
