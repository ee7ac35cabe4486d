// Package module wires rutas: its store, its city, its jobs and its HTTP face.
package module

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"despensa/migrations"
	"despensa/modules/rutas"
	"despensa/modules/rutas/internal/flota"
	"despensa/modules/rutas/internal/rest"
	"despensa/modules/rutas/internal/ruteo"
	"despensa/modules/rutas/internal/telemetria"
	"despensa/platform/fault"
	"despensa/platform/guard"
	"despensa/platform/httpapi"
	"despensa/platform/joblease"
	"despensa/platform/outbox"
	"despensa/platform/seal"
	"despensa/platform/sqldb"
	"despensa/platform/telemetry"
	"despensa/platform/wiring"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// Opciones of the module.
type Opciones struct {
	wiring.Options
	Config Config
	// AntesDeSalir is called with the ids of the orders that a truck is about to take along, and may free their visits.
	// Nil: no call.
	AntesDeSalir func(ctx context.Context, pedidos []string)
	// Avisar is called, at least once each, with a notice of every visit that left, arrived, was delivered, failed or was
	// lost. Nil, or SinRelevos: the notices stay in the outbox.
	Avisar     func(ctx context.Context, a rutas.Aviso) error
	SinRelevos bool
	// Palabras seals the reasons that drivers write, before they are stored.
	Palabras seal.Port
	// Ronda is how often the relay reads the outbox even if no write wakes it; 0: once a second.
	Ronda time.Duration
}

// Module is the module rutas, opened. Safe for concurrent use.
type Module struct {
	rutas.Servicio // implemented by flota
	flota          *flota.Flota
	telemetria     *telemetria.Telemetria
	motor          *ruteo.Motor
	o              Opciones
	db             *sqldb.DB
	relevo         *outbox.Relay
	turnos         *joblease.Jobs
	reservas       *prometheus.CounterVec
	tropiezos      telemetry.TaskFailures
}

var (
	_ rutas.Servicio = (*Module)(nil)
	_ rutas.Repaso   = (*Module)(nil)
)

// New opens the store, migrates it and generates the city. Errors: those of the store; of the metrics.
func New(ctx context.Context, opciones Opciones) (*Module, error) {
	if err := opciones.Config.Validar(); err != nil {
		return nil, err
	}
	lugar, err := httpapi.Zone()
	if err != nil {
		return nil, fmt.Errorf("rutas: %w", err)
	}
	completar(&opciones)
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name:       "rutas",
		File:       filepath.Join(opciones.Folder, "rutas.db"),
		Postgres:   opciones.Config.Postgres.Value(),
		Migrations: migrations.De("rutas"),
		Cut:        opciones.Cut,
		Observe:    opciones.Observe,
	})
	if err != nil {
		return nil, fmt.Errorf("rutas: %w", err)
	}
	modulo := &Module{o: opciones, db: db, reservas: contador(opciones.Metrics)}
	if modulo.tropiezos, err = telemetry.NewTaskFailures(opciones.Metrics, "rutas"); err != nil {
		return nil, errors.Join(fmt.Errorf("rutas: %w", err), db.Close())
	}
	guarda := guard.Guard{Log: opciones.Log, Caught: modulo.tropiezos.Panic}
	modulo.relevo = &outbox.Relay{
		DB:       db,
		Interval: opciones.Ronda,
		Guard:    guarda,
		Log:      opciones.Log,
	}
	opciones.Jobs.Registry, opciones.Jobs.Guard = joblease.For(db), guarda
	modulo.turnos = joblease.New(opciones.Jobs)
	modulo.relevo.Deliver = modulo.entregar
	modulo.motor = ruteo.NewMotor(ruteo.Ciudad(), opciones.Config.ruteo())
	modulo.flota = flota.New(flota.Opciones{
		DB:           db,
		Viajes:       modulo.motor,
		Ahora:        opciones.Now,
		Zona:         lugar,
		Reglas:       opciones.Config.reglas(),
		Despertar:    modulo.relevo.Wake,
		Guard:        guarda,
		Fallidas:     modulo.tropiezos.Rows,
		AntesDeSalir: opciones.AntesDeSalir,
		Palabras:     opciones.Palabras,
		Log:          opciones.Log,
	})
	modulo.telemetria = telemetria.New(telemetria.Opciones{
		DB:     db,
		Flota:  modulo.flota,
		Ahora:  opciones.Now,
		Reglas: opciones.Config.Posiciones.reglas(),
		Guarda: opciones.Config.Posiciones.Guarda,
		Contar: contarPosiciones(opciones.Metrics),
	})
	modulo.Servicio = modulo.flota
	opciones.Metrics.MustRegister(apartados{db})
	if err := errors.Join(telemetry.StoreCounters(opciones.Metrics, "rutas", db.Counts),
		telemetry.StatementCounter(opciones.Metrics, "rutas", db.Statements),
		telemetry.UnreadableCounter(opciones.Metrics, "rutas", db.Unreadable)); err != nil {
		return nil, errors.Join(fmt.Errorf("rutas: %w", err), db.Close())
	}
	return modulo, nil
}

func completar(opciones *Opciones) {
	opciones.Complete()
}

func contador(registerer prometheus.Registerer) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "despensa_rutas_reservas_total", Help: "Bookings of room in trucks for orders, by outcome.",
	}, []string{"resultado"})
	registerer.MustRegister(c)
	return c
}

// Reservar implements rutas.Servicio, and counts the outcome.
func (m *Module) Reservar(ctx context.Context, encargo rutas.Encargo) (rutas.Visita, error) {
	v, err := m.flota.Reservar(ctx, encargo)
	m.reservas.WithLabelValues(resultado(err)).Inc()
	return v, err
}

func resultado(err error) string {
	if err == nil {
		return "ok"
	}
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return "error"
}

func (m *Module) entregar(ctx context.Context, notice outbox.Notice) error {
	return m.o.Avisar(ctx, rutas.Aviso{Pedido: notice.Pedido, Intento: notice.Intento})
}

// PrimeraVentana gives the end of the earliest window that any active depot can still deliver in; zero: there is none.
func (m *Module) PrimeraVentana(ctx context.Context) (time.Time, error) {
	return m.flota.PrimeraVentana(ctx)
}

// Situaciones implements rutas.Repaso.
func (m *Module) Situaciones(
	ctx context.Context,
	pedidos []string,
) (map[string]rutas.EstadoVisita, error) {
	return m.flota.Situaciones(ctx, pedidos)
}

// Depositos gives the active depots, by code.
func (m *Module) Depositos(ctx context.Context) ([]rutas.Deposito, error) {
	return m.flota.Depositos(ctx)
}

// Register adds the module's operations to api.
func (m *Module) Register(api huma.API) { rest.Register(api, m.flota, m.telemetria, m.motor) }

// Cerrar closes the store; Correr must have returned.
func (m *Module) Cerrar() error {
	m.telemetria.Cerrar()
	return m.db.Close()
}

// Semilla is the part of the demo data that other modules make.
type Semilla struct {
	// Repartidores are the demo drivers, first to third.
	Repartidores []Repartidor
	// Dispositivos are the house ids of the machines that send the positions of the first to the fifth truck.
	Dispositivos []string
}

// Repartidor is a demo driver: house id (Principal.ID) and name.
type Repartidor struct{ ID, Nombre string }

// Sembrar puts the demo depots, trucks and shifts into an empty store, once.
func (m *Module) Sembrar(ctx context.Context, semilla Semilla) error {
	var rs []flota.Repartidor
	for _, r := range semilla.Repartidores {
		rs = append(rs, flota.Repartidor{ID: r.ID, Nombre: r.Nombre})
	}
	return m.flota.Sembrar(ctx, rs, semilla.Dispositivos)
}

// DepositoDemo is the id of a demo depot, DEP-1 to DEP-3.
func DepositoDemo(codigo string) string { return flota.DepositoDemo(codigo) }

// PuntosDemo are five places on streets of the city, for demo addresses.
func PuntosDemo() []rutas.Punto {
	return []rutas.Punto{
		{
			Lat: -34.6090,
			Lon: -58.4290,
		}, {Lat: -34.5880, Lon: -58.4110}, {Lat: -34.5620, Lon: -58.4560},
		{Lat: -34.6310, Lon: -58.4690}, {Lat: -34.6480, Lon: -58.3990},
	}
}

// Listo reports whether the store takes reads and writes. Errors: those of sqldb.DB.Listo.
func (m *Module) Listo(ctx context.Context) error { return m.db.Ready(ctx) }
