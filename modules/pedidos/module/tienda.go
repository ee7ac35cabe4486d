package module

import (
	"context"
	"path/filepath"

	"despensa/modules/pedidos/internal/store"
	"despensa/modules/pedidos/internal/store/mongo"
	"despensa/modules/pedidos/internal/store/sqlite"
	"despensa/platform/joblease"
	"despensa/platform/telemetry"
)

// tienda is the stores of pedidos: an SQLite file, or a MongoDB server.
type tienda interface {
	Pedidos() store.Pedidos
	Existencias() store.Existencias
	Productos() store.Productos
	Cupos() store.Cupos
	Listo(ctx context.Context) error
	Cuenta() (escrituras, confirmadas, idas uint64)
	Cerrar() error
}

// turnosDe is the registry of the leases of background jobs, in t; nil for a file, which has one process.
func turnosDe(t tienda) joblease.Registry {
	if m, ok := t.(*mongo.Tienda); ok {
		return m.Trabajos()
	}
	return nil
}

// archivo is the name of the SQLite file in Datos.
const archivo = "pedidos.db"

// abrirTienda opens the server that the configuration names, or else the file in Datos. Errors: those of the
// drivers.
func abrirTienda(ctx context.Context, o Opciones) (tienda, error) {
	apartado := func(i *store.Ilegible) {
		o.Log.ErrorContext(ctx, "an unreadable order was set aside", "pedido", i.ID, "error", i.Err)
	}
	if u := o.Config.MongoDB.Value(); u != "" {
		return mongo.Open(ctx, mongo.Opciones{URL: u, Cut: o.Cut, Observar: o.Observar, Apartado: apartado})
	}
	return sqlite.Open(ctx, sqlite.Opciones{
		Archivo:  filepath.Join(o.Datos, archivo),
		Cut:      o.Cut,
		Observar: o.Observar,
		Apartado: apartado,
	})
}

// medirSentencias registers the count of SQL statements of an embedded store. A server runs none.
func medirSentencias(o Opciones, t tienda) error {
	s, ok := t.(interface{ Sentencias() uint64 })
	if !ok {
		return nil
	}
	return telemetry.StatementCounter(o.Metricas, "pedidos", s.Sentencias)
}
