//go:build !race

package main

import (
	"bufio"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/platform/elastictest"
	"despensa/platform/mongodb"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
)

// grupo is several processes on one set of databases, with the stand-ins in one more, and
// a client of whoever of them lives.
type grupo struct {
	*sitio
	bases  servidores
	dev    *proceso
	claves string
	n      int
	pg     *sql.DB
	mdb    *mongodb.DB
	reparto
}

// nuevoGrupo prepares the stand-ins, for n orders. Every server is needed: what is in a file
// has one process.
func nuevoGrupo(t testing.TB, n int) *grupo {
	t.Helper()
	for _, v := range []string{sqldbtest.Variable, mongodbtest.Variable, elastictest.Variable} {
		if os.Getenv(v) == "" {
			t.Skip("SKIPPED: several processes on one set of databases: " + v + " names no server")
		}
	}
	g := &grupo{sitio: nuevoSitio(t), n: n, bases: prestados(t, servidores{}), claves: clavesDePrueba(t)}
	g.mirarBases()
	g.dev = lanzarEn(t, servidores{})
	g.dev.orden = "dev"
	g.reparto.Transport = g.http.Transport.(*http.Transport)
	g.http.Transport = &g.reparto
	g.url, g.sitio.dev = "http://"+enReparto, g.dev.url
	return g
}

// sinCarpeta is where nobody can make a folder.
const sinCarpeta = "/dev/null/no-folder"

// replica prepares one more process; it has no data folder and needs none. The more orders
// there are at rest, the more seldom each is looked at.
func (g *grupo) replica(entorno ...string) *proceso {
	g.t.Helper()
	mirar := max(500*time.Millisecond, time.Duration(g.n)*10*time.Millisecond).String()
	return lanzarEn(g.t, g.bases, append([]string{"DESPENSA_DATOS=" + sinCarpeta, "DESPENSA_CLIENTES_CLAVES=" + g.claves,
		"DESPENSA_OIDC_EMISOR=" + g.dev.url + "/dev/oidc/", "DESPENSA_MERCADOPAGO_URL=" + g.dev.url + "/dev/mercadopago",
		"DESPENSA_PEDIDOS_LEASE=5s", "DESPENSA_TURNO_LEASE=3s", "DESPENSA_PEDIDOS_SONDEO=100ms", "DESPENSA_PAGOS_RONDA=100ms",
		"DESPENSA_PAGOS_SONDEO_MIN=300ms", "DESPENSA_PEDIDOS_MIRAR_PAGO=" + mirar, "DESPENSA_PEDIDOS_MIRAR_VISITA=" + mirar,
		"DESPENSA_PEDIDOS_MAX_LENTOS=1000", "DESPENSA_PEDIDOS_ESPERA_MAXIMA=5s"}, entorno...)...)
}

// arrancar starts processes, all at once, and sends customers to them.
func (g *grupo) arrancar(ps ...*proceso) {
	g.t.Helper()
	if g.dev.cmd == nil {
		g.dev.debeArrancar()
	}
	binario(g.t)
	errs := juntos(len(ps), func(i int) error { return ps[i].arrancar() })
	for i, err := range errs {
		if err != nil {
			_ = ps[i].cmd.Wait()
			g.t.Fatalf("the program does not start: %v\n%s", err, ps[i].errores.String())
		}
		g.abrir(ps[i].url)
	}
}

// matar ends one as a power cut would, and sends nobody there any more.
func (g *grupo) matar(p *proceso) {
	p.matar()
	g.cerrar(p.url)
}

// parar ends one as an operator would.
func (g *grupo) parar(p *proceso) {
	g.cerrar(p.url)
	p.terminar()
}

// enReparto is the address that stands for any process of a grupo.
const enReparto = "despensa.invalid"

var errNadie = errors.New("nobody serves")

// reparto sends each request for enReparto to the next of those that serve.
type reparto struct {
	*http.Transport
	mu     sync.Mutex
	vivos  []string // host:port
	vuelta int
}

func (r *reparto) abrir(url string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.vivos = append(r.vivos, strings.TrimPrefix(url, "http://"))
}

func (r *reparto) cerrar(url string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var quedan []string
	for _, v := range r.vivos {
		if v != strings.TrimPrefix(url, "http://") {
			quedan = append(quedan, v)
		}
	}
	r.vivos = quedan
}

func (r *reparto) proximo() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.vivos) == 0 {
		return ""
	}
	r.vuelta++
	return r.vivos[r.vuelta%len(r.vivos)]
}

// RoundTrip is http.RoundTripper's.
func (r *reparto) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != enReparto {
		return r.Transport.RoundTrip(req)
	}
	vivo := r.proximo()
	if vivo == "" {
		return nil, errNadie
	}
	otra := req.Clone(req.Context())
	otra.URL.Host, otra.Host = vivo, ""
	return r.Transport.RoundTrip(otra)
}

// metrica sums a metric of the process over its labels.
func (p *sitio) metrica(nombre string) (suma float64) {
	res, err := p.http.Get(p.url + "/metricas")
	if err != nil {
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	lineas := bufio.NewScanner(io.LimitReader(res.Body, 10<<20))
	for lineas.Scan() {
		clave, valor, _ := strings.Cut(lineas.Text(), " ")
		if que, _, _ := strings.Cut(clave, "{"); que == nombre {
			n, _ := strconv.ParseFloat(valor, 64)
			suma += n
		}
	}
	return suma
}

// mirarBases opens both databases for the test to look into.
func (g *grupo) mirarBases() {
	g.t.Helper()
	var err, e error
	g.pg, err = sql.Open("pgx", g.bases.postgres)
	g.mdb, e = mongodb.Abrir(g.t.Context(), mongodb.Opciones{Nombre: "pedidos", URL: g.bases.mongo})
	if err := errors.Join(err, e); err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _, _ = g.pg.Close(), g.mdb.Cerrar() })
}
