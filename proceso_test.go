//go:build !race

package main

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

// binario is the program as `go build` makes it, made once.
func binario(t testing.TB) string {
	t.Helper()
	ejecutable.una.Do(func() {
		if ejecutable.dir, ejecutable.falla = os.MkdirTemp("", "despensa-binario-"); ejecutable.falla != nil {
			return
		}
		if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(ejecutable.dir, "despensa"), ".").CombinedOutput(); err != nil {
			t.Logf("%s", out)
			ejecutable.falla = err
		}
	})
	if ejecutable.falla != nil {
		t.Fatal(ejecutable.falla)
	}
	return filepath.Join(ejecutable.dir, "despensa")
}

var ejecutable struct {
	una   sync.Once
	dir   string
	falla error
}

// proceso is the program as a process of its own, on one address and one folder.
type proceso struct {
	*sitio
	orden    string // what it is told to do: serve
	programa string // empty: binario's
	dir      string
	bases    servidores
	entorno  []string
	envolver []string // what runs the program, such as strace
	cmd      *exec.Cmd
	errores  bytes.Buffer
}

// lanzar starts the program over an empty folder, and databases of its own where servers
// are named; it is stopped when the test ends.
func lanzar(t testing.TB, entorno ...string) *proceso {
	t.Helper()
	return lanzarEn(t, prestados(t, servidores{}), entorno...)
}

// lanzarEn is the same on these databases.
func lanzarEn(t testing.TB, bases servidores, entorno ...string) *proceso {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	direccion := l.Addr().String()
	l.Close()
	p := &proceso{sitio: nuevoSitio(t), orden: "serve", dir: t.TempDir()}
	p.entorno = append([]string{"DESPENSA_HTTP_DIRECCION=" + direccion, "DESPENSA_DATOS=" + p.dir, "DESPENSA_HTTP_LIMITE=1000000",
		"DESPENSA_HTTP_LIMITE_FALLOS=1000000", "DESPENSA_REGISTRO_NIVEL=error", "DESPENSA_TURNO_LEASE=2s"}, bases.entorno()...)
	t.Logf("RAN ON %s", bases)
	if p.bases = bases; bases.compartidas() { // there nobody ends what a killed process held before its time
		p.entorno = append(p.entorno, "DESPENSA_PEDIDOS_LEASE=2s", "DESPENSA_PAGOS_EN_CURSO=3s")
	}
	p.entorno = append(p.entorno, entorno...)
	p.mudarse("http://" + direccion)
	t.Cleanup(p.terminar)
	return p
}

// arrancar starts the process and waits for its ready line.
func (p *proceso) arrancar() error {
	if p.programa == "" {
		p.programa = binario(p.t)
	}
	args := append(append([]string{}, p.envolver...), p.programa, p.orden)
	p.cmd = exec.Command(args[0], args[1:]...) // it is killed by hand
	p.cmd.Env = append(os.Environ(), p.entorno...)
	p.cmd.Stderr = &p.errores
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	salida, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	linea, err := bufio.NewReader(salida).ReadString('\n')
	if err == nil && linea != "listo "+p.url+"\n" {
		p.t.Errorf("ready line %q", linea)
	}
	return err
}

// debeArrancar fails the test when the process does not come up.
func (p *proceso) debeArrancar() {
	p.t.Helper()
	if err := p.arrancar(); err != nil {
		_ = p.cmd.Wait()
		p.t.Fatalf("the program does not start: %v\n%s", err, p.errores.String())
	}
}

// matar ends the process as a power cut would.
func (p *proceso) matar() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL)
	_ = p.cmd.Wait()
}

// terminar ends the process as an operator would, and looks at how it ends.
func (p *proceso) terminar() {
	if p.cmd == nil || p.cmd.ProcessState != nil {
		return
	}
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM)
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("stop: %v\n%s", err, p.errores.String())
	}
	for _, mal := range []string{"panic", "fatal error", "DATA RACE"} {
		if strings.Contains(p.errores.String(), mal) {
			p.t.Errorf("the program's log has %q:\n%s", mal, p.errores.String())
		}
	}
}

// terco is a client that repeats a call, with its key, until it is answered.
func (s *sitio) terco(login string) *apiclient.Cliente {
	s.t.Helper()
	s.como(login)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := *s.fichas[login]
	c.Intentos = 2000
	c.Espera = func(ctx context.Context, _ time.Duration) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(15 * time.Millisecond):
			return nil
		}
	}
	return &c
}
