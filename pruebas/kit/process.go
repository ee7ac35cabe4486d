package kit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

// Run runs a command of the binary to its end, and returns its exit code and its output.
func Run(t *testing.T, entorno []string, args ...string) (codigo int, salida, errores string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, Binary(t), args...)
	cmd.Env = append(os.Environ(), entorno...)
	var o, e strings.Builder
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var fin *exec.ExitError
	if err != nil && !errors.As(err, &fin) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// raceVariable is the environment variable that asks for processes with the race detector.
const raceVariable = "DESPENSA_TEST_RACE"

// Binary is the path of the program, built once for all test binaries: it lies in the Go command's cache, which builds
// it anew when a source file changes. With the race detector when DESPENSA_TEST_RACE is set.
func Binary(t testing.TB) string {
	t.Helper()
	Slow(t, "builds and starts the program")
	onlyWithSignals(t)
	binary.once.Do(func() { binary.path, binary.err = buildProgram(t) })
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

// buildProgram builds the program by `go run -exec echo` and returns the path of the binary. The first `go run`
// prints a path in a temporary folder that is gone when the command ends, and leaves a copy in the cache; later runs
// print the path of that copy.
func buildProgram(t testing.TB) (string, error) {
	args := []string{"run", "-exec", "echo"}
	if os.Getenv(raceVariable) != "" {
		args = append(args, "-race")
	}
	for range 3 {
		var out, errs strings.Builder
		cmd := exec.CommandContext(t.Context(), "go", append(args, ".")...)
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("building the program: %w\n%s", err, errs.String())
		}
		path := strings.TrimSpace(out.String())
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the Go command does not keep the program in its cache")
}

// binary is the result of Binary, which builds once per test process.
var binary struct {
	once sync.Once
	path string
	err  error
}

// Process is the program as a process of its own, on one address and one folder.
type Process struct {
	*Client
	Command string // the program's first argument: serve
	Binary  string // empty: the path of Binary
	Dir     string
	Servers Servers
	Env     []string
	Wrapper []string // command that runs the program, such as strace
	Cmd     *exec.Cmd
	Stderr  bytes.Buffer
}

// Launch starts the program over an empty folder, and databases of its own where servers
// are named; it is stopped when the test ends.
func Launch(t testing.TB, entorno ...string) *Process {
	t.Helper()
	return LaunchOn(t, Borrow(t, Servers{}), entorno...)
}

// FreeAddress is an address of this machine on which no process listens. Its port is below those that the system
// gives to outgoing connections, so that none of them takes it before the caller listens.
func FreeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20_000+rand.N(12_000))
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
		if err == nil {
			_ = l.Close()
			return address
		}
	}
	t.Fatal("no free port below 32000")
	return ""
}

// LaunchOn is Launch on the databases bases.
func LaunchOn(t testing.TB, bases Servers, entorno ...string) *Process {
	t.Helper()
	Slow(t, "starts the program as a process")
	onlyWithSignals(t)
	direccion := FreeAddress(t)
	p := &Process{Client: NewClient(t), Command: "serve", Dir: t.TempDir()}
	p.Env = append([]string{"DESPENSA_HTTP_DIRECCION=" + direccion, "DESPENSA_DATOS=" + p.Dir,
		"DESPENSA_HTTP_LIMITE=1000000", "DESPENSA_HTTP_LIMITE_FALLOS=1000000",
		"DESPENSA_REGISTRO_NIVEL=error", "DESPENSA_TRABAJOS_LEASE=2s",
		"DESPENSA_PEDIDOS_MAX_RECHAZOS_CLIENTE=1000", "DESPENSA_PEDIDOS_MAX_RECHAZOS_DIRECCION=10000"}, bases.Env()...)
	t.Logf("RAN ON %s", bases)
	if p.Servers = bases; bases.Shared() { // on servers, the leases of a killed process last until they lapse
		p.Env = append(
			p.Env,
			"DESPENSA_PEDIDOS_LEASE=2s",
			"DESPENSA_PAGOS_PLAZO=1s",
			"DESPENSA_PAGOS_EN_CURSO=1500ms",
		)
	}
	p.Env = append(p.Env, entorno...)
	p.Readdress("http://" + direccion)
	t.Cleanup(p.Stop)
	return p
}

// Start starts the process and waits for its ready line.
func (p *Process) Start() error {
	if p.Binary == "" {
		p.Binary = Binary(p.T)
	}
	args := append(append([]string{}, p.Wrapper...), p.Binary, p.Command)
	p.Cmd = exec.CommandContext(
		context.WithoutCancel(p.T.Context()),
		args[0],
		args[1:]...) // it is ended by Kill or Stop
	p.Cmd.Env = append(os.Environ(), p.Env...)
	p.Cmd.Stderr = &p.Stderr
	ownGroup(p.Cmd)
	salida, err := p.Cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.Cmd.Start(); err != nil {
		return err
	}
	linea, err := bufio.NewReader(salida).ReadString('\n')
	if err == nil && linea != "listo "+p.URL+"\n" {
		p.T.Errorf("ready line %q", linea)
	}
	return err
}

// MustStart fails the test when the process does not come up.
func (p *Process) MustStart() {
	p.T.Helper()
	if err := p.Start(); err != nil {
		_ = p.Cmd.Wait()
		p.T.Fatalf("the program does not start: %v\n%s", err, p.Stderr.String())
	}
}

// Kill ends the process as a power cut would.
func (p *Process) Kill() {
	killGroup(p.Cmd)
	_ = p.Cmd.Wait()
}

// Pause stops the process where it is, as a machine that hangs, until Resume lets it go on.
func (p *Process) Pause() { pauseGroup(p.Cmd) }

// Resume lets a paused process go on.
func (p *Process) Resume() { resumeGroup(p.Cmd) }

// Stop ends the process by SIGTERM, as an operator would, and checks how it ends.
func (p *Process) Stop() {
	if p.Cmd == nil || p.Cmd.ProcessState != nil {
		return
	}
	endGroup(p.Cmd)
	if err := p.Cmd.Wait(); err != nil {
		p.T.Errorf("stop: %v\n%s", err, p.Stderr.String())
	}
	for _, mal := range []string{"panic", "fatal error", "DATA RACE"} {
		if strings.Contains(p.Stderr.String(), mal) {
			p.T.Errorf("the program's log has %q:\n%s", mal, p.Stderr.String())
		}
	}
}

// Stubborn is a client that repeats a call, with its key, until it is answered.
func (s *Client) Stubborn(login string) *apiclient.Client {
	s.T.Helper()
	s.As(login)
	s.Mu.Lock()
	defer s.Mu.Unlock()
	c := *s.Clients[login]
	c.Tries = 2000
	c.Wait = func(ctx context.Context, _ time.Duration) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(15 * time.Millisecond):
			return nil
		}
	}
	return &c
}
