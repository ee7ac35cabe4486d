//go:build unix

package caidas_test

import (
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// servidorPropio is a server that the test started, and may kill and stop.
type servidorPropio struct {
	guion   string // name of the script in .ci that starts and stops it
	numero  string // the file in its folder that begins with its process number
	carpeta string
	puerto  string
	url     string
}

// levantar starts a server on a port of its own until the test ends. It returns an error when this machine does not
// have the server.
func levantar(t testing.TB, guion, numero string) (*servidorPropio, error) {
	t.Helper()
	carpeta, err := os.MkdirTemp("", "despensa-fallas-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(carpeta) })
	if err := os.Chmod(carpeta, 0o755); err != nil { // PostgreSQL runs as another user
		t.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, puerto, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	s := &servidorPropio{
		guion:   guion,
		numero:  numero,
		carpeta: filepath.Join(carpeta, guion),
		puerto:  puerto,
	}
	t.Cleanup(func() {
		_ = s.seguir() // a server that is stopped by SIGSTOP cannot end
		_ = s.parar()
	})
	return s, s.arrancar()
}

// arrancar starts the server on the data of its folder, also after a kill.
func (s *servidorPropio) arrancar() error {
	out, err := exec.Command("bash", ".ci/"+s.guion, "start", s.carpeta, s.puerto).Output()
	var e *exec.ExitError
	if errors.As(err, &e) {
		return errors.New(strings.TrimSpace(string(e.Stderr)))
	}
	s.url = strings.TrimSpace(string(out))
	return err
}

// parar ends the server by its script, as an operator would.
func (s *servidorPropio) parar() error {
	return exec.Command("bash", ".ci/"+s.guion, "stop", s.carpeta).Run()
}

func (s *servidorPropio) matar() error { return s.senial(syscall.SIGKILL) }

func (s *servidorPropio) detener() error { return s.senial(syscall.SIGSTOP) }

func (s *servidorPropio) seguir() error { return s.senial(syscall.SIGCONT) }

// senial sends signal to the server's first process, and then to the processes that it has made: a stopped or dead
// process makes no more.
func (s *servidorPropio) senial(signal syscall.Signal) error {
	b, err := os.ReadFile(filepath.Join(s.carpeta, s.numero))
	if err != nil {
		return err
	}
	campos := strings.Fields(string(b))
	if len(campos) == 0 {
		return errors.New("the server's process number is not there")
	}
	n, err := strconv.Atoi(campos[0])
	if err != nil {
		return err
	}
	hijos := hijosDe(campos[0])
	if err := syscall.Kill(n, signal); err != nil {
		return err
	}
	for _, h := range append(hijos, hijosDe(campos[0])...) {
		_ = syscall.Kill(h, signal) // it may have ended by itself
	}
	return nil
}

// hijosDe are the ids of the processes with the parent numero.
func hijosDe(numero string) (out []int) {
	todos, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range todos {
		b, err := os.ReadFile(f)
		if err != nil {
			continue // it has ended
		}
		_, resto, _ := strings.Cut(string(b), ") ") // after the name: state, parent
		if c := strings.Fields(resto); len(c) > 1 && c[1] == numero {
			if n, err := strconv.Atoi(filepath.Base(filepath.Dir(f))); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}
