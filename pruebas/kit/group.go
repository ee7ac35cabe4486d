package kit

import (
	"database/sql"
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/platform/elastictest"
	"despensa/platform/mongodb"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
)

// Group is several processes of the program on one set of databases. The stand-ins run in one more process, and the
// client of the Group talks to a process that lives.
type Group struct {
	*Client
	Servers   Servers
	Dev       *Process
	MasterKey string
	n         int
	Postgres  *sql.DB
	Mongo     *mongodb.DB
	balancer
}

// NewGroup prepares the stand-ins, for n orders. It skips the test unless every database server is set, because a
// store in a file has one process.
func NewGroup(t testing.TB, n int) *Group {
	t.Helper()
	for _, v := range []string{sqldbtest.Variable, mongodbtest.Variable, elastictest.Variable} {
		if os.Getenv(v) == "" {
			t.Skip(
				"SKIPPED: several processes on one set of databases: " + v + " names no server",
			)
		}
	}
	g := &Group{
		Client:    NewClient(t),
		n:         n,
		Servers:   Borrow(t, Servers{}),
		MasterKey: MasterKey(t),
	}
	g.watchDatabases()
	g.Dev = LaunchOn(t, Servers{})
	g.Dev.Command = "dev"
	g.balancer.Transport = g.HTTP.Transport.(*http.Transport)
	g.HTTP.Transport = &g.balancer
	g.URL, g.Client.Dev = "http://"+balanced, g.Dev.URL
	return g
}

// NoFolder is a path at which no process, not even root's, can make a folder.
const NoFolder = "/dev/null/no-folder"

// Replica prepares one more process. It has no data folder and needs none. The more orders n the Group is for, the
// longer the pause between two looks at an order at rest.
func (g *Group) Replica(entorno ...string) *Process {
	g.T.Helper()
	mirar := max(500*time.Millisecond, time.Duration(g.n)*10*time.Millisecond).String()
	ajustes := []string{"DESPENSA_DATOS=" + NoFolder, "DESPENSA_CLIENTES_CLAVES=" + g.MasterKey,
		"DESPENSA_OIDC_EMISOR=" + g.Dev.URL + "/dev/oidc/", "DESPENSA_MERCADOPAGO_URL=" + g.Dev.URL + "/dev/mercadopago",
		"DESPENSA_PEDIDOS_LEASE=5s", "DESPENSA_PAGOS_EN_CURSO=3500ms", "DESPENSA_TRABAJOS_LEASE=3s",
		"DESPENSA_PEDIDOS_SONDEO=100ms", "DESPENSA_PAGOS_RONDA=100ms", "DESPENSA_PAGOS_SONDEO_MIN=300ms",
		"DESPENSA_PEDIDOS_MIRAR_PAGO=" + mirar, "DESPENSA_PEDIDOS_MIRAR_VISITA=" + mirar,
		"DESPENSA_PEDIDOS_REPASO=" + mirar, "DESPENSA_PEDIDOS_MAX_LENTOS=1000", "DESPENSA_PEDIDOS_ESPERA_MAXIMA=5s"}
	return LaunchOn(g.T, g.Servers, append(ajustes, entorno...)...)
}

// Start starts processes, all at once, and sends customers to them.
func (g *Group) Start(process ...*Process) {
	g.T.Helper()
	if g.Dev.Cmd == nil {
		g.Dev.MustStart()
	}
	Binary(g.T)
	errs := Together(len(process), func(i int) error { return process[i].Start() })
	for i, err := range errs {
		if err != nil {
			_ = process[i].Cmd.Wait()
			g.T.Fatalf("the program does not start: %v\n%s", err, process[i].Stderr.String())
		}
		g.add(process[i].URL)
	}
}

// Restart starts a process that has ended, from any goroutine, and sends requests to it.
func (g *Group) Restart(process *Process) error {
	if err := process.Start(); err != nil {
		_ = process.Cmd.Wait()
		return err
	}
	g.add(process.URL)
	return nil
}

// Hang stops process where it is, as a machine that hangs, and sends no new request to process. Requests that
// process has taken wait.
func (g *Group) Hang(process *Process) {
	process.Pause()
	g.remove(process.URL)
}

// GoOn lets a process that hangs go on, and sends requests to it again.
func (g *Group) GoOn(process *Process) {
	process.Resume()
	g.add(process.URL)
}

// Kill ends process as a power cut would, and sends no more requests to process.
func (g *Group) Kill(process *Process) {
	process.Kill()
	g.remove(process.URL)
}

// Stop ends process by SIGTERM, as an operator would.
func (g *Group) Stop(process *Process) {
	g.remove(process.URL)
	process.Stop()
}

// balanced is the address that stands for any process of a Group.
const balanced = "despensa.invalid"

var errNobody = errors.New("nobody serves")

// balancer sends each request for balanced to the next process that serves.
type balancer struct {
	*http.Transport
	mu    sync.Mutex
	alive []string // host:port
	turn  int
}

func (r *balancer) add(url string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive = append(r.alive, strings.TrimPrefix(url, "http://"))
}

func (r *balancer) remove(url string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var quedan []string
	for _, v := range r.alive {
		if v != strings.TrimPrefix(url, "http://") {
			quedan = append(quedan, v)
		}
	}
	r.alive = quedan
}

func (r *balancer) next() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.alive) == 0 {
		return ""
	}
	r.turn++
	return r.alive[r.turn%len(r.alive)]
}

// RoundTrip implements http.RoundTripper.
func (r *balancer) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != balanced {
		return r.Transport.RoundTrip(req)
	}
	vivo := r.next()
	if vivo == "" {
		return nil, errNobody
	}
	otra := req.Clone(req.Context())
	otra.URL.Host, otra.Host = vivo, ""
	return r.Transport.RoundTrip(otra)
}

// watchDatabases opens both databases for the test to look into.
func (g *Group) watchDatabases() {
	g.T.Helper()
	var err, e error
	g.Postgres, err = sql.Open("pgx", g.Servers.Postgres)
	g.Mongo, e = mongodb.Open(
		g.T.Context(),
		mongodb.Options{Name: "pedidos", URL: g.Servers.Mongo},
	)
	if err := errors.Join(err, e); err != nil {
		g.T.Fatal(err)
	}
	g.T.Cleanup(func() { _, _ = g.Postgres.Close(), g.Mongo.Close() })
}
