// Package module wires clientes: configuration, store, the layers datos, authz and rest, the audit trail, and the
// background jobs.
package module

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"despensa/migrations"
	"despensa/modules/clientes"
	"despensa/modules/clientes/internal/auditoria"
	"despensa/modules/clientes/internal/authz"
	"despensa/modules/clientes/internal/datos"
	"despensa/modules/clientes/internal/rest"
	"despensa/platform/config"
	"despensa/platform/fault"
	"despensa/platform/guard"
	"despensa/platform/httpapi"
	"despensa/platform/joblease"
	"despensa/platform/oidc"
	"despensa/platform/sqldb"
	"despensa/platform/telemetry"
	"despensa/platform/wiring"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
)

// Config is the section clientes of the configuration.
type Config struct {
	// Postgres is the URL of a PostgreSQL database, in which the schema clientes is this
	// module's; a secret, because it may hold a password. Empty: a file in datos.
	Postgres config.Secret `yaml:"postgres"`
	// Claves is the master key: base64 of a JSON object with the tink keysets kek and
	// indice. Empty: made once and kept in datos/dev/claves.json; refused in produccion.
	Claves config.Secret `yaml:"claves"`
	// LlavesEnMemoria is how many customers' keys are kept unwrapped.
	LlavesEnMemoria int `yaml:"llaves_en_memoria"`
	// MaxDirecciones is how many addresses a customer may have.
	MaxDirecciones int `yaml:"max_direcciones"`
	// MemoriaClaves is how long the Idempotency-Key of an address that was deleted is
	// remembered: 24h or more.
	MemoriaClaves time.Duration `yaml:"memoria_claves"`
}

// Validar returns an error that names every key of c with an impossible value; nil when all are possible.
func (c Config) Validar() error {
	var errs []error
	if c.Claves != "" {
		if _, err := datos.OpenMaestra(c.Claves.Value()); err != nil {
			errs = append(
				errs,
				errors.New(
					"clientes.claves: base64 of a JSON object with the keysets kek and indice expected",
				),
			)
		}
	}
	if c.LlavesEnMemoria < 1 || c.LlavesEnMemoria > 1_000_000 {
		errs = append(errs, errors.New("clientes.llaves_en_memoria: 1 to 1000000"))
	}
	if c.MaxDirecciones < 1 || c.MaxDirecciones > 200 {
		errs = append(errs, errors.New("clientes.max_direcciones: 1 to 200"))
	}
	if c.MemoriaClaves < 24*time.Hour {
		errs = append(errs, errors.New("clientes.memoria_claves: 24h or more"))
	}
	return errors.Join(errs...)
}

// Opciones are the parts that New makes a Module of.
type Opciones struct {
	wiring.Options // Folder holds clientes.db, auditoria.db and dev/claves.json
	Config         Config
	Auditoria      ConfigAuditoria
	// Produccion refuses to make a master key.
	Produccion bool
	// Perfil asks the identity provider for the name and e-mail of ctx's caller.
	Perfil func(ctx context.Context) (oidc.Profile, error)
}

// Module is clientes as main sees it; it is the contract too.
type Module struct {
	authz.DelSistema
	o      Opciones
	db     *sqldb.DB
	datos  *datos.Store
	authz  *authz.Servicio
	rastro *rastro
	turnos *joblease.Jobs
}

var _ clientes.Servicio = (*Module)(nil)

// New opens and migrates the store. Errors: config.ErrConfig for a wrong Config, a
// master key that is missing in produccion or is not the store's.
func New(ctx context.Context, opciones Opciones) (*Module, error) {
	opciones.Complete()
	if err := errors.Join(opciones.Config.Validar(), opciones.Auditoria.Validar()); err != nil {
		return nil, fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	maestra, err := opciones.maestra()
	if err != nil {
		return nil, err
	}
	db, err := sqldb.Open(ctx, sqldb.Options{
		Name: "clientes", File: filepath.Join(opciones.Folder, "clientes.db"), Postgres: opciones.Config.Postgres.Value(),
		Migrations: migrations.De("clientes"), Cut: opciones.Cut, Observe: opciones.Observe,
	})
	if err != nil {
		return nil, fmt.Errorf("clientes: open the store: %w", err)
	}
	err = errors.Join(telemetry.StoreCounters(opciones.Metrics, "clientes", db.Counts),
		telemetry.StatementCounter(opciones.Metrics, "clientes", db.Statements),
		telemetry.UnreadableCounter(opciones.Metrics, "clientes", db.Unreadable))
	var m *Module
	if err == nil {
		m, err = armar(ctx, opciones, db, maestra)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return m, nil
}

// armar puts the layers on top of each other.
func armar(
	ctx context.Context,
	opciones Opciones,
	db *sqldb.DB,
	maestra *datos.Maestra,
) (*Module, error) {
	a, err := datos.New(ctx, datos.Opciones{
		DB: db, Maestra: maestra, Ahora: opciones.Now,
		LlavesEnMemoria: opciones.Config.LlavesEnMemoria, MaxDirecciones: opciones.Config.MaxDirecciones,
	})
	if errors.Is(err, datos.ErrClaves) {
		return nil, fmt.Errorf("%w: %w", config.ErrConfig, err)
	}
	if err != nil {
		return nil, err
	}
	contar, err := decisiones(opciones.Metrics)
	if err != nil {
		return nil, err
	}
	buscador, err := openBuscador(ctx, opciones)
	if err != nil {
		return nil, err
	}
	r := armarRastro(opciones, auditoria.New(db, opciones.Now), buscador, maestra.Origen)
	tropiezos, err := telemetry.NewTaskFailures(opciones.Metrics, "clientes")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("clientes: metrics: %w", err), buscador.Cerrar())
	}
	r.relevo.Guard = guard.Guard{Log: opciones.Log, Caught: tropiezos.Panic}
	if opciones.Metrics != nil {
		if err := opciones.Metrics.Register(nuevoAtraso(r.Rastro)); err != nil {
			return nil, errors.Join(fmt.Errorf("clientes: metrics: %w", err), buscador.Cerrar())
		}
	}
	s := authz.New(authz.Opciones{
		Datos:     a,
		Perfil:    opciones.Perfil,
		Decidido:  contar,
		Rastro:    r,
		Buscador:  buscador,
		Solicitud: httpapi.RequestID,
		Log:       opciones.Log,
	})
	opciones.Jobs.Registry, opciones.Jobs.Guard = joblease.For(db), r.relevo.Guard
	return &Module{
		DelSistema: s.ComoSistema(),
		o:          opciones,
		db:         db,
		datos:      a,
		authz:      s,
		rastro:     r,
		turnos:     joblease.New(opciones.Jobs),
	}, nil
}

// decisiones returns a function that counts the decisions of authz in registerer; nil where registerer is nil.
func decisiones(
	registerer prometheus.Registerer,
) (func(context.Context, authz.Decision), error) {
	if registerer == nil {
		return nil, nil
	}
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "despensa_clientes_decisiones_total",
		Help: "Decisions of the authorization layer of clientes on customer data, by permission and outcome.",
	}, []string{"permiso", "resultado"})
	if err := registerer.Register(c); err != nil {
		return nil, fmt.Errorf("clientes: metrics: %w", err)
	}
	return func(_ context.Context, d authz.Decision) {
		resultado := "denegada"
		if d.Permitida {
			resultado = "permitida"
		}
		c.WithLabelValues(string(d.Permiso), resultado).Inc()
	}, nil
}

// Register registers the module's operations.
func (m *Module) Register(api huma.API) { rest.Register(api, m.authz) }

// Ayudas explains each problem code of this module to customers, by code.
func Ayudas() map[string]httpapi.Help { return rest.Ayudas() }

// Codigos are the module's public errors, for /problemas/{code}.
func Codigos() []*fault.Error { return authz.Codigos() }

// Cerrar closes the stores; Correr must have returned.
func (m *Module) Cerrar() error { return errors.Join(m.rastro.buscador.Cerrar(), m.db.Close()) }

// Listo reports whether the store takes reads and writes. Errors: those of sqldb.DB.Listo.
func (m *Module) Listo(ctx context.Context) error { return m.db.Ready(ctx) }
