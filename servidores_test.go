//go:build !race

package main

import (
	"errors"
	"strings"
	"testing"

	"despensa/platform/config"
	"despensa/platform/elastictest"
	"despensa/platform/mongodb/mongodbtest"
	"despensa/platform/sqldb/sqldbtest"
)

// servidores are databases on the servers that DESPENSA_TEST_… name; empty: a file.
type servidores struct {
	postgres, mongo string
	elastic         string
	prefijo         string // of the indices there
}

// compartidas says that orders or modules are on a server, where several processes may be
// at work and nobody ends what a dead one held before its time.
func (s servidores) compartidas() bool { return s.postgres != "" || s.mongo != "" }

// crearServidores makes databases of its own, empty or as plantilla's are, and what drops
// them.
func crearServidores(plantilla servidores) (s servidores, soltar func() error, err error) {
	soltar = func() error { return nil }
	for _, x := range []struct {
		donde *string
		como  string
		crear func(string) (string, func() error, error)
	}{{&s.postgres, plantilla.postgres, sqldbtest.Crear}, {&s.mongo, plantilla.mongo, mongodbtest.Crear}} {
		u, una, err := x.crear(x.como)
		if err != nil {
			return s, nil, errors.Join(err, soltar())
		}
		otra := soltar
		*x.donde, soltar = u, func() error { return errors.Join(una(), otra()) }
	}
	return s, soltar, nil
}

// prestados are databases that end with the test.
func prestados(t testing.TB, plantilla servidores) servidores {
	t.Helper()
	s, soltar, err := crearServidores(plantilla)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := soltar(); err != nil {
			t.Error(err)
		}
	})
	s.elastic, s.prefijo = elastictest.Prefijo(t)
	return s
}

// entregar tells the configuration where they are.
func (s servidores) entregar(k *Configuracion) {
	k.Clientes.Postgres, k.Pagos.Postgres, k.Rutas.Postgres = config.Secreto(s.postgres), config.Secreto(s.postgres), config.Secreto(s.postgres)
	k.Pedidos.MongoDB = config.Secreto(s.mongo)
	if s.elastic != "" {
		k.Auditoria.Elasticsearch, k.Auditoria.Prefijo = config.Secreto(s.elastic), s.prefijo
	}
}

// entorno is the same as variables of a process.
func (s servidores) entorno() (out []string) {
	if s.postgres != "" {
		out = append(out, "DESPENSA_CLIENTES_POSTGRES="+s.postgres, "DESPENSA_PAGOS_POSTGRES="+s.postgres, "DESPENSA_RUTAS_POSTGRES="+s.postgres)
	}
	if s.mongo != "" {
		out = append(out, "DESPENSA_PEDIDOS_MONGODB="+s.mongo)
	}
	if s.elastic != "" {
		out = append(out, "DESPENSA_AUDITORIA_ELASTICSEARCH="+s.elastic, "DESPENSA_AUDITORIA_PREFIJO="+s.prefijo)
	}
	return out
}

// String says which they are, for the output of tests.
func (s servidores) String() string {
	que := []string{"SQLite for clientes, pagos, rutas", "SQLite for pedidos", "SQLite for the trail"}
	if s.postgres != "" {
		que[0] = "PostgreSQL"
	}
	if s.mongo != "" {
		que[1] = "MongoDB's protocol"
	}
	if s.elastic != "" {
		que[2] = "Elasticsearch"
	}
	return strings.Join(que, " + ")
}
