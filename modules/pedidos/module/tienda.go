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

// turnosDe is the registry of the leases of background jobs, in tienda; nil for a file, which has one process.
func turnosDe(tienda tienda) joblease.Registry {
	if m, ok := tienda.(*mongo.Tienda); ok {
		return m.Trabajos()
	}
	return nil
}

// archivo is the name of the SQLite file in Datos.
const archivo = "pedidos.db"

// abrirTienda opens the server that the configuration names, or else the file in Datos. Errors: those of the
// drivers.
func abrirTienda(ctx context.Context, opciones Opciones) (tienda, error) {
	apartado := func(i *store.Ilegible) {
		opciones.Log.ErrorContext(
			ctx, "an unreadable order was set aside",
			"pedido", i.ID, "error", i.Err,
		)
	}
	if u := opciones.Config.MongoDB.Value(); u != "" {
		return mongo.Open(
			ctx,
			mongo.Opciones{
				URL:      u,
				Cut:      opciones.Cut,
				Observar: opciones.Observe,
				Apartado: apartado,
			},
		)
	}
	return sqlite.Open(ctx, sqlite.Opciones{
		Archivo:  filepath.Join(opciones.Folder, archivo),
		Cut:      opciones.Cut,
		Observar: opciones.Observe,
		Apartado: apartado,
	})
}

// medirSentencias registers the count of SQL statements of an embedded store. A server runs none.
func medirSentencias(opciones Opciones, tienda tienda) error {
	s, ok := tienda.(interface{ Sentencias() uint64 })
	if !ok {
		return nil
	}
	return telemetry.StatementCounter(opciones.Metrics, "pedidos", s.Sentencias)
}
