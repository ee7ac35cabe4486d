package kit

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	clientesmod "despensa/modules/clientes/module"

	"despensa/platform/wiring"
)

// TrailIntact verifies the audit trail in the stores that entorno names, also while processes use them.
func TrailIntact(t testing.TB, entorno ...string) {
	t.Helper()
	q := exec.CommandContext(t.Context(), Binary(t), "auditoria", "verificar")
	q.Env = append(q.Environ(), entorno...)
	if out, err := q.CombinedOutput(); err != nil ||
		!bytes.HasPrefix(out, []byte("intact: records 1 to ")) {
		t.Errorf("%s %v", out, err)
	}
}

// SoundTrail verifies the trail of the process.
func (p *Process) SoundTrail() {
	p.T.Helper()
	TrailIntact(p.T, p.Env...)
}

// SoundTrail verifies the trail of the program beside it, with the command's own code.
func (c *Program) SoundTrail() {
	c.T.Helper()
	var out strings.Builder
	orden := clientesmod.Comando(func() (clientesmod.Opciones, error) {
		k := c.Programa.Ajustes
		return clientesmod.Opciones{
			Options: wiring.Options{
				Folder: k.Datos,
				Now:    c.Clock.Now,
			},
			Config:    k.Clientes,
			Auditoria: k.Auditoria,
		}, nil
	})
	orden.SetArgs([]string{"verificar"})
	orden.SetOut(&out)
	orden.SetErr(&out)
	if err := orden.ExecuteContext(c.T.Context()); err != nil {
		c.T.Errorf("%s %v", out.String(), err)
	}
	if !strings.HasPrefix(out.String(), "intact: records 1 to ") {
		c.T.Errorf("the trail: %s", out.String())
	}
}
