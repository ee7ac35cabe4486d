package modelo

import (
	"context"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"testing"

	"despensa/pruebas/kit"
)

// sede is the place where the program runs and where its books lie.
type sede interface {
	// morir lets processes die, hang and stop, and start again, until ctx ends.
	morir(ctx context.Context, m *mundo, azar *rand.Rand)
	// abrirLibros returns a reader of the books, whether a process runs or not.
	abrirLibros(t testing.TB) *lector
	// carpeta has the files of the run.
	carpeta() string
	// cerrar verifies the audit trail and stops every process by SIGTERM.
	cerrar()
}

var (
	_ sede = unProceso{}
	_ sede = (*variasReplicas)(nil)
)

// variableReplicas is the number of processes that serve; unset: one, over files.
const variableReplicas = "DESPENSA_TEST_MODELO_REPLICAS"

func replicas(t testing.TB) int { return deEntorno(t, variableReplicas, 1) }

// abrirSede starts the program: one process over files, or replicas over servers.
func abrirSede(t testing.TB, entorno []string) (sede, *kit.Client) {
	t.Helper()
	if n := replicas(t); n > 1 {
		r := abrirReplicas(t, n, entorno)
		return r, r.Client
	}
	p := kit.Launch(t, entorno...)
	p.MustStart()
	return unProceso{p}, p.Client
}

// simulador is the schema of the gateway's own ledger.
const simulador = "mercadopago"

// archivoSQLite returns the driver and the address by which a test reads a file that the program has open.
func archivoSQLite(partes ...string) (controlador, direccion string) {
	return "sqlite", "file:" + filepath.Join(partes...) + "?mode=ro&_pragma=busy_timeout(10000)"
}

// unProceso is the program as one process over a folder.
type unProceso struct{ *kit.Process }

// abrirLibros implements sede.
func (p unProceso) abrirLibros(t testing.TB) *lector { return enCarpeta(t, p.Dir) }

// enCarpeta returns a reader of the books in a folder.
func enCarpeta(t testing.TB, carpeta string) *lector {
	return &lector{t: t, ordenes: enSQLite{}, donde: func(esquema string) (string, string) {
		if esquema == simulador {
			return archivoSQLite(carpeta, "dev", simulador+".db")
		}
		return archivoSQLite(carpeta, esquema+".db")
	}}
}

// carpeta implements sede.
func (p unProceso) carpeta() string { return p.Dir }

// cerrar implements sede.
func (p unProceso) cerrar() {
	p.SoundTrail()
	p.Stop()
}

// variasReplicas are processes over one set of databases on servers, with the stand-ins in one more.
type variasReplicas struct {
	*kit.Group
	procesos []*kit.Process
}

// abrirLibros implements sede.
func (r *variasReplicas) abrirLibros(t testing.TB) *lector {
	return &lector{
		t:       t,
		ordenes: enMongo{r.Group},
		donde: func(esquema string) (string, string) {
			if esquema == simulador {
				return archivoSQLite(r.Dev.Dir, "dev", simulador+".db")
			}
			u, err := url.Parse(r.Servers.Postgres)
			if err != nil {
				t.Fatal("the address of PostgreSQL is no URL")
			}
			q := u.Query()
			q.Set("search_path", esquema)
			u.RawQuery = q.Encode()
			return "pgx", u.String()
		},
	}
}

// carpeta implements sede: it is the folder of the stand-ins. The stores on the servers are not in it.
func (r *variasReplicas) carpeta() string { return r.Dev.Dir }

// cerrar implements sede.
func (r *variasReplicas) cerrar() {
	r.procesos[0].SoundTrail()
	for _, p := range r.procesos {
		r.Stop(p)
	}
}
