package kit

import (
	"bytes"
	"os/exec"
	"testing"
)

// TrailIntact verifies the stores that entorno names, whoever uses them.
func TrailIntact(t testing.TB, entorno ...string) {
	t.Helper()
	q := exec.CommandContext(t.Context(), Binary(t), "auditoria", "verificar")
	q.Env = append(q.Environ(), entorno...)
	if out, err := q.CombinedOutput(); err != nil || !bytes.HasPrefix(out, []byte("intact: records 1 to ")) {
		t.Errorf("%s %v", out, err)
	}
}

// SoundTrail verifies the trail of the process.
func (p *Process) SoundTrail() {
	p.T.Helper()
	TrailIntact(p.T, p.Env...)
}
