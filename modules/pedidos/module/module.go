// Package module wires pedidos: its stores, its worker, its app and its HTTP face.
package module

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos"
	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/cupos"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/pedidos/internal/rest"
	"despensa/modules/pedidos/internal/worker"
	"despensa/modules/rutas"
	"despensa/platform/audit"
	"despensa/platform/fault"
	"despensa/platform/guard"
	"despensa/platform/httpapi"
	"despensa/platform/joblease"
	"despensa/platform/seal"
	"despensa/platform/telemetry"
	"despensa/platform/watch"
	"despensa/platform/wiring"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// Opciones of the module. Every member is needed unless it says otherwise.
type Opciones struct {
	wiring.Options
	Config Config
	// Neighbours.
	Clientes clientes.Servicio
	Pagos    pagos.Servicio
	Rutas    rutas.Servicio
	// The same neighbours, as the sweep asks them about many orders at once.
	Visitas   rutas.Repaso
	Cobros    pagos.Repaso
	Depositos func(ctx context.Context) ([]rutas.Deposito, error)
	// PrimeraVentana is the end of the earliest window that can still be chosen; the zero time if there is none.
	PrimeraVentana func(ctx context.Context) (time.Time, error)
	// Auditoria records the readers of personal data, before they get them.
	Auditoria audit.Port
	// Palabras seals people's own words for the store, and opens them for answers.
	Palabras seal.Port
	Zona     *time.Location // of the company's calendar days
	// ClaveOrigen is the key of the digests under which refused cards are counted by IP address. It is the same on
	// every replica.
	ClaveOrigen []byte
	// SinRelevos: no order is handed to the worker at once. Orders move by their own timers alone.
	SinRelevos bool
}

// Module is pedidos. Its methods may be called from any goroutine.
type Module struct {
	o      Opciones
	tienda tienda
	app    *app.App
	worker *worker.Worker
	vigia  *watch.Watcher
	turnos *joblease.Jobs
	guarda guard.Guard

	tropiezos telemetry.TaskFailures
	stock     *reservas.Reservas
	cupos     *cupos.Cupos
}

var _ pedidos.Servicio = (*Module)(nil)

// New opens the stores. With a file it ends all leases, because the lock of the folder says that no other
// process lives. On a server the leases of dead processes run out by themselves. Errors: those of
// Config.Validar and of the stores.
func New(ctx context.Context, opciones Opciones) (*Module, error) {
	if err := opciones.Config.Validar(); err != nil {
		return nil, err
	}
	opciones.Complete()
	t, err := abrirTienda(ctx, opciones)
	if err != nil {
		return nil, fmt.Errorf("pedidos: %w", err)
	}
	n := int64(0)
	if opciones.Config.MongoDB == "" {
		n, err = t.Pedidos().SoltarLeases(ctx, opciones.Now())
	}
	if err == nil {
		err = errors.Join(
			telemetry.StoreCounters(opciones.Metrics, "pedidos", t.Cuenta),
			medirSentencias(opciones, t),
		)
	}
	m := &Module{o: opciones, tienda: t, guarda: guard.Guard{Log: opciones.Log}}
	if err == nil {
		m.tropiezos, err = telemetry.NewTaskFailures(opciones.Metrics, "pedidos")
		m.guarda.Caught = m.tropiezos.Panic
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("pedidos: %w", err), t.Cerrar())
	}
	medidas := nuevasMedidas(opciones.Metrics, t.Pedidos(), t.Existencias(), opciones.Now)
	for range n {
		medidas.LeaseTomado()
	}
	opciones.Jobs.Registry = turnosDe(t)
	opciones.Jobs.Guard = m.guarda
	m.turnos = joblease.New(opciones.Jobs)
	m.armar(medidas)
	if _, err := m.app.Indexar(ctx); err != nil { // the hourly round tries again; reading goes on
		opciones.Log.WarnContext(ctx, "products are not indexed anew", "error", err)
	}
	return m, nil
}

// armar makes the worker and the app, and the services below them.
func (m *Module) armar(medidas *medidas) {
	o, t := m.o, m.tienda
	m.vigia = watch.New(watch.Options{Versions: m.alcances, Log: o.Log})
	pedidos := avisada{Pedidos: t.Pedidos(), vigia: m.vigia}
	m.stock = reservas.New(t.Existencias(), o.Now, o.Zona, m.guarda)
	m.cupos = cupos.New(cupos.Opciones{
		Cupos:   t.Cupos(),
		Pedidos: t.Pedidos(),
		Topes:   o.Config.topes(),
		Ahora:   o.Now,
	})
	tiempos := o.Config.tiempos()
	reglas := o.Config.app()
	reglas.ClaveOrigen = o.ClaveOrigen
	chain := fases.New(fases.Vecinos{
		Pagos:     o.Pagos,
		Rutas:     o.Rutas,
		Clientes:  o.Clientes,
		Stock:     m.stock,
		Productos: t.Productos(),
		Rechazos:  m.cupos,
	}, tiempos)
	m.worker = worker.New(worker.Opciones{
		Pedidos: pedidos,
		Fases:   chain,
		Tiempos: tiempos,
		Quien:   uuid.NewString(),
		Lease:   o.Config.Lease,
		Lugares: o.Config.EnVuelo,
		Sondeo:  o.Config.Sondeo,
		Ahora:   o.Now,
		Log:     o.Log,
		Medir:   medidas,
		Guard:   m.guarda,
	})
	m.app = app.New(app.Opciones{
		Pedidos:        pedidos,
		Existencias:    t.Existencias(),
		Productos:      t.Productos(),
		Stock:          m.stock,
		Cupos:          m.cupos,
		Clientes:       o.Clientes,
		Rutas:          o.Rutas,
		Pagos:          o.Pagos,
		Visitas:        o.Visitas,
		Cobros:         o.Cobros,
		Depositos:      o.Depositos,
		PrimeraVentana: o.PrimeraVentana,
		Auditoria:      o.Auditoria,
		Palabras:       o.Palabras,
		Zona:           o.Zona,
		Worker:         m.worker,
		SinManos:       o.SinRelevos,
		Vigia:          m.vigia,
		Config:         reglas,
		Ahora:          o.Now,
		Log:            o.Log,
		Guard:          m.guarda,
	})
}

// alcances reads the numbers of events of the orders ids, 500 orders at a time. Errors: those of the store.
func (m *Module) alcances(ctx context.Context, ids []string) (map[string]int64, error) {
	out := make(map[string]int64, len(ids))
	for trozo := range slices.Chunk(ids, 500) {
		a, err := m.tienda.Pedidos().Alcances(ctx, trozo)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, a)
	}
	return out, nil
}

// Register registers the operations of pedidos with api.
func (m *Module) Register(api huma.API) { rest.Register(api, m.app) }

// Ayudas explain this module's problem codes to people, in Spanish, by code.
func Ayudas() map[string]httpapi.Help { return rest.Ayudas() }

// Codigos lists the errors that callers of this module's API may be answered with.
func Codigos() []*fault.Error { return rest.Codigos() }

// Sembrar puts the demo catalogue and its stock into an empty store. It may be repeated.
func (m *Module) Sembrar(ctx context.Context) error { return m.app.Sembrar(ctx) }

// Huella changes when one of the n newest orders of cliente changes, or when a new one comes. With todos it is
// about the orders of all customers. Errors: those of the store.
func (m *Module) Huella(
	ctx context.Context,
	cliente string,
	todos bool,
	n int,
) (string, error) {
	f := app.Filtro{Cliente: cliente}
	if todos {
		f.Cliente = ""
	}
	ps, err := m.tienda.Pedidos().Listar(ctx, f, nil, n)
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, "%s:%d ", p.ID, p.Version)
	}
	return b.String(), err
}

// Mirar takes up an order because a neighbour told of a change in its payment or its visit. Errors: any error
// asks the neighbour to tell again.
func (m *Module) Mirar(ctx context.Context, pedido string, _ int) error {
	return m.app.Mirar(ctx, pedido)
}

// AntesDeSalir looks at the payments of the orders that a truck is about to take along. An order that has got
// all its money back is cancelled.
func (m *Module) AntesDeSalir(ctx context.Context, pedidos []string) {
	m.app.AntesDeSalir(ctx, pedidos)
}

// Listo reports whether the store takes reads and writes. Errors: fault.ErrStoreAway when a server is away;
// sqldb.ErrFull when the disk takes no more writes to the file.
func (m *Module) Listo(ctx context.Context) error {
	return m.tienda.Listo(ctx)
}

// Correr works on orders until ctx ends, and then finishes the phases that have begun. Every process works on
// orders; publishing, sweeping, indexing, sealing and the clearing of tombstones are done by one process of
// all, under the leases of Turnos.
func (m *Module) Correr(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { m.worker.Correr(ctx) })
	wg.Go(func() {
		m.turnos.Run(ctx, "pedidos.publicar", func(ctx context.Context) {
			m.app.Publicar(ctx, m.o.Config.FranjaPublicar)
		})
	})
	wg.Go(func() { m.turnos.Run(ctx, "pedidos.limpieza", m.limpiar) })
	wg.Go(func() {
		m.turnos.Run(
			ctx,
			"pedidos.repaso",
			func(ctx context.Context) { m.app.RepasarSiempre(ctx, m.o.Config.Repaso) },
		)
	})
	wg.Go(func() { m.turnos.Run(ctx, "pedidos.indices", m.app.IndexarSiempre) })
	wg.Go(func() {
		m.turnos.Run(
			ctx,
			"pedidos.palabras",
			func(ctx context.Context) { m.app.SellarSiempre(ctx, repasoDePalabras) },
		)
	})
	wg.Wait()
	return nil
}

// repasoDePalabras is the pause between two looks through the orders for words that are not sealed for good.
const repasoDePalabras = 6 * time.Hour

// limpiar deletes expired tombstones of stock and expired places, every minute until ctx ends.
func (m *Module) limpiar(ctx context.Context) {
	guard.Every(ctx, time.Minute, func() {
		if _, err := m.stock.Limpiar(ctx); err != nil && ctx.Err() == nil {
			m.o.Log.WarnContext(ctx, "clearing tombstones", "error", err)
		}
		if _, err := m.cupos.Limpiar(ctx); err != nil && ctx.Err() == nil {
			m.o.Log.WarnContext(ctx, "clearing places", "error", err)
		}
	})
}

// Cerrar stops the worker and closes the stores. It is called after Correr has returned.
func (m *Module) Cerrar() error {
	m.vigia.Close()
	m.worker.Parar()
	return m.tienda.Cerrar()
}
