package oidc

import (
	"crypto/sha256"
	"sync"
	"time"
)

// rememberFor is how long a verified token is accepted without a new verification.
const rememberFor = time.Minute

// memory remembers the principals of verified tokens by the digest of the token, because a verification takes a
// tenth of a millisecond. It holds limit tokens; 0: none.
type memory struct {
	limit int

	mu   sync.RWMutex
	seen map[[sha256.Size]byte]verified
}

type verified struct {
	p     Principal
	until time.Time
}

func newMemory(tope int) *memory {
	return &memory{limit: tope, seen: map[[sha256.Size]byte]verified{}}
}

func (m *memory) get(crudo string, ahora time.Time) (Principal, bool) {
	if m.limit == 0 {
		return Principal{}, false
	}
	k := sha256.Sum256([]byte(crudo))
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.seen[k]
	return v.p, ok && ahora.Before(v.until)
}

func (m *memory) put(crudo string, principal Principal, vence, ahora time.Time) {
	if m.limit == 0 {
		return
	}
	hasta := ahora.Add(rememberFor)
	if vence.Before(hasta) {
		hasta = vence
	}
	k := sha256.Sum256([]byte(crudo))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.makeRoom(ahora)
	m.seen[k] = verified{p: principal, until: hasta}
}

// makeRoom makes room in a full memory: it drops expired tokens, and then others until half of limit remains.
func (m *memory) makeRoom(ahora time.Time) {
	if len(m.seen) < m.limit {
		return
	}
	for k, v := range m.seen {
		if !ahora.Before(v.until) {
			delete(m.seen, k)
		}
	}
	for k := range m.seen {
		if len(m.seen) <= m.limit/2 {
			return
		}
		delete(m.seen, k)
	}
}
