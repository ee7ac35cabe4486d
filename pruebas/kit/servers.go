package kit

import (
	"errors"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/config"
	"despensa/platform/elastictest"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
)

// Servers are databases on the servers that DESPENSA_TEST_… name; empty: a file.
type Servers struct {
	Postgres, Mongo string
	Elastic         string
	Prefix          string // of the indices in Elastic
}

// Shared reports whether orders or other modules are on a server. There several processes may be at work, and the
// leases of a dead process last until they lapse.
func (s Servers) Shared() bool { return s.Postgres != "" || s.Mongo != "" }

// createServers makes databases, empty or as copies of plantilla's, and returns the function that drops them.
func createServers(plantilla Servers) (s Servers, soltar func() error, err error) {
	soltar = func() error { return nil }
	for _, x := range []struct {
		donde *string
		como  string
		crear func(string) (string, func() error, error)
	}{{donde: &s.Postgres, como: plantilla.Postgres, crear: sqldbtest.Create},
		{donde: &s.Mongo, como: plantilla.Mongo, crear: mongodbtest.Create}} {
		u, una, err := x.crear(x.como)
		if err != nil {
			return s, nil, errors.Join(err, soltar())
		}
		otra := soltar
		*x.donde, soltar = u, func() error { return errors.Join(una(), otra()) }
	}
	return s, soltar, nil
}

// Borrow are databases that end with the test.
func Borrow(t testing.TB, plantilla Servers) Servers {
	t.Helper()
	s, soltar, err := createServers(plantilla)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := soltar(); err != nil {
			t.Error(err)
		}
	})
	s.Elastic, s.Prefix = elastictest.Prefix(t)
	return s
}

// Configure sets the addresses of the databases in configuracion.
func (s Servers) Configure(configuracion *ajustes.Configuracion) {
	configuracion.Clientes.Postgres = config.Secret(s.Postgres)
	configuracion.Pagos.Postgres = config.Secret(s.Postgres)
	configuracion.Rutas.Postgres = config.Secret(s.Postgres)
	configuracion.Pedidos.MongoDB = config.Secret(s.Mongo)
	if s.Elastic != "" {
		configuracion.Auditoria.Elasticsearch = config.Secret(s.Elastic)
		configuracion.Auditoria.Prefijo = s.Prefix
	}
}

// Env returns the addresses of the databases as environment variables of a process.
func (s Servers) Env() (out []string) {
	if s.Postgres != "" {
		out = append(
			out,
			"DESPENSA_CLIENTES_POSTGRES="+s.Postgres,
			"DESPENSA_PAGOS_POSTGRES="+s.Postgres,
			"DESPENSA_RUTAS_POSTGRES="+s.Postgres,
		)
	}
	if s.Mongo != "" {
		out = append(out, "DESPENSA_PEDIDOS_MONGODB="+s.Mongo)
	}
	if s.Elastic != "" {
		out = append(
			out,
			"DESPENSA_AUDITORIA_ELASTICSEARCH="+s.Elastic,
			"DESPENSA_AUDITORIA_PREFIJO="+s.Prefix,
		)
	}
	return out
}

// String names the servers, for the output of tests.
func (s Servers) String() string {
	que := []string{
		"SQLite for clientes, pagos, rutas",
		"SQLite for pedidos",
		"SQLite for the trail",
	}
	if s.Postgres != "" {
		que[0] = "PostgreSQL"
	}
	if s.Mongo != "" {
		que[1] = "MongoDB's protocol"
	}
	if s.Elastic != "" {
		que[2] = "Elasticsearch"
	}
	return strings.Join(que, " + ")
}
