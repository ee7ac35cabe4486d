package oidc

import (
	"crypto/sha256"
	"sync"
	"time"
)

// recuerdo is how long a verified token is accepted without a new verification.
const recuerdo = time.Minute

// memoria remembers the principals of verified tokens by the digest of the token, because a verification takes a
// tenth of a millisecond. It holds tope tokens; 0: none.
type memoria struct {
	tope int

	mu     sync.RWMutex
	vistos map[[sha256.Size]byte]visto
}

type visto struct {
	p     Principal
	hasta time.Time
}

func nuevaMemoria(tope int) *memoria {
	return &memoria{tope: tope, vistos: map[[sha256.Size]byte]visto{}}
}

func (m *memoria) ver(crudo string, ahora time.Time) (Principal, bool) {
	if m.tope == 0 {
		return Principal{}, false
	}
	k := sha256.Sum256([]byte(crudo))
	m.mu.RLock()
	defer m.mu.RUnlock()
	v, ok := m.vistos[k]
	return v.p, ok && ahora.Before(v.hasta)
}

func (m *memoria) guardar(crudo string, principal Principal, vence, ahora time.Time) {
	if m.tope == 0 {
		return
	}
	hasta := ahora.Add(recuerdo)
	if vence.Before(hasta) {
		hasta = vence
	}
	k := sha256.Sum256([]byte(crudo))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hacerLugar(ahora)
	m.vistos[k] = visto{p: principal, hasta: hasta}
}

// hacerLugar makes room in a full memoria: it drops expired tokens, and then others until half of tope remains.
func (m *memoria) hacerLugar(ahora time.Time) {
	if len(m.vistos) < m.tope {
		return
	}
	for k, v := range m.vistos {
		if !ahora.Before(v.hasta) {
			delete(m.vistos, k)
		}
	}
	for k := range m.vistos {
		if len(m.vistos) <= m.tope/2 {
			return
		}
		delete(m.vistos, k)
	}
}
