// Package module wires pagos: its store, its gateway, its jobs and its HTTP face.
package module

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/rest"
	"despensa/modules/pagos/internal/store"
	"despensa/platform/config"
	"despensa/platform/guard"
	"despensa/platform/joblease"
	"despensa/platform/outbox"
	"despensa/platform/sqldb"
	"despensa/platform/telemetry"
	"despensa/platform/wiring"

	"github.com/danielgtaylor/huma/v2"
)

// Opciones of the module.
type Opciones struct {
	// Options.Cut is called around every write and around each gateway call ("pasarela.crear", leer, buscar, capturar,
	// cancelar, reembolsar).
	wiring.Options
	Config      Config
	MercadoPago ConfigMercadoPago
	// Transporte carries the calls to the gateway; nil: connections of its own.
	Transporte http.RoundTripper
	// Avisar is called at least once for each payment whose estado changed while no caller waited for the answer.
	// Nil, or SinRelevos: these changes stay in the outbox.
	Avisar     func(ctx context.Context, a pagos.Aviso) error
	SinRelevos bool
	// Ronda is how often the outbox is looked at although nothing wakes it; 0: a second.
	Ronda time.Duration
}

// Module is pagos. Safe for concurrent use.
type Module struct {
	pagos.Servicio // the cobros'
	cobros         *cobros.Servicio
	o              Opciones
	db             *sqldb.DB
	relevo         *outbox.Relay
	turnos         *joblease.Jobs
	proveedores    []proveedor
	guarda         guard.Guard
	tropiezos      telemetry.TaskFailures
}

var (
	_ pagos.Servicio = (*Module)(nil)
	_ pagos.Repaso   = (*Module)(nil)
)

// New opens the store and migrates it; the gateway is not called.
func New(ctx context.Context, opciones Opciones) (*Module, error) {
	if err := opciones.Config.Validar(); err != nil {
		return nil, err
	}
	if err := opciones.MercadoPago.Validar(); err != nil {
		return nil, fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	completar(&opciones)
	ps, err := proveedores(opciones)
	if err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name:       "pagos",
		File:       filepath.Join(opciones.Folder, "pagos.db"),
		Postgres:   opciones.Config.Postgres.Value(),
		Migrations: migrations.De("pagos"),
		Cut:        opciones.Cut,
		Observe:    opciones.Observe,
	})
	if err != nil {
		return nil, fmt.Errorf("pagos: %w", err)
	}
	m := &Module{o: opciones, db: db, proveedores: ps}
	if m.tropiezos, err = telemetry.NewTaskFailures(opciones.Metrics, "pagos"); err != nil {
		return nil, errors.Join(fmt.Errorf("pagos: %w", err), db.Close())
	}
	m.guarda = guard.Guard{Log: opciones.Log, Caught: m.tropiezos.Panic}
	m.relevo = &outbox.Relay{
		DB:       db,
		Interval: opciones.Ronda,
		Guard:    m.guarda,
		Log:      opciones.Log,
	}
	opciones.Jobs.Registry, opciones.Jobs.Guard = joblease.For(db), m.guarda
	m.turnos = joblease.New(opciones.Jobs)
	m.relevo.Deliver = m.entregar
	m.armar()
	if opciones.Config.Postgres == "" { // a file has no other owner; a server may have replicas at work
		err = m.cobros.Reanudar(ctx)
	}
	if err == nil {
		err = errors.Join(telemetry.StoreCounters(opciones.Metrics, "pagos", db.Counts),
			telemetry.StatementCounter(opciones.Metrics, "pagos", db.Statements),
			telemetry.UnreadableCounter(opciones.Metrics, "pagos", db.Unreadable))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pagos: %w", err), db.Close())
	}
	return m, nil
}

// Situaciones implements pagos.Repaso.
func (m *Module) Situaciones(
	ctx context.Context,
	pedidos []string,
) (map[string]pagos.Situacion, error) {
	return store.New(m.db).Situaciones(ctx, pedidos)
}

// armar puts the service together: cut > proxy > adapter for each provider, store, clock.
func (m *Module) armar() {
	cobroStore, medidas := store.New(m.db), gateway.NewMetricas(m.o.Metrics)
	pasarelas, buzones := map[string]gateway.Pasarela{}, map[string]gateway.Buzon{}
	for _, p := range m.proveedores {
		pasarelas[p.nombre] = interrumpir(
			gateway.NewProxy(p.nombre, p.pasarela, m.o.Config.plazos(), medidas),
			m.o.Cut,
		)
		if p.buzon != nil {
			buzones[p.nombre] = p.buzon
		}
	}
	m.cobros = cobros.New(cobros.Opciones{
		Store: cobroStore, Bandeja: cobroStore,
		Pasarelas: pasarelas, Buzones: buzones,
		Reglas: m.o.Config.reglas(), Ahora: m.o.Now, Log: m.o.Log, Despertar: m.relevo.Wake,
		Dudosa: medidas.Dudosa,
		Guard:  m.guarda, Fallidas: m.tropiezos.Rows,
	})
	m.Servicio = m.cobros
	m.o.Metrics.MustRegister(cuentas{cobroStore})
}

func completar(opciones *Opciones) {
	opciones.Complete()
}

func (m *Module) entregar(ctx context.Context, notice outbox.Notice) error {
	return m.o.Avisar(ctx, pagos.Aviso{Pedido: notice.Pedido, Intento: notice.Intento})
}

// Register adds the module's operations to api.
func (m *Module) Register(api huma.API) { rest.Register(api, m.cobros) }

// Cerrar closes the store; Correr must have returned.
func (m *Module) Cerrar() error {
	for _, p := range m.proveedores {
		if p.cerrar != nil {
			p.cerrar()
		}
	}
	return m.db.Close()
}

// Listo reports whether the store takes reads and writes. Errors: those of sqldb.DB.Listo.
func (m *Module) Listo(ctx context.Context) error { return m.db.Ready(ctx) }
