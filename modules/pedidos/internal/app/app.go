// Package app is the use cases of pedidos: quote, order, retry, cancel, refund, return, read. The HTTP face has
// checked that the caller has the role for a call. This package checks that a customer's call is about their
// own order.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"despensa/modules/clientes"
	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/fases"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/modules/rutas"
	"despensa/platform/audit"
	"despensa/platform/fault"
	"despensa/platform/guard"
	"despensa/platform/money"
	"despensa/platform/seal"
	"despensa/platform/watch"
)

// Errors that the API shows besides those of pedido.
var (
	// ErrNoExiste: there is no such order, or it is another customer's.
	ErrNoExiste = fault.New(fault.NotFound, "pedido-no-existe", "There is no such order.")
	// ErrIlegible: the stored order cannot be decoded. It is set aside until an engineer has mended it.
	ErrIlegible = fault.New(fault.Broken, "pedido-ilegible",
		"The stored order cannot be read; it has been set aside for a person.")
	// ErrProducto: a line names a product that is not sold.
	ErrProducto = fault.New(fault.Invalid, "producto-desconocido", "A product does not exist or is not sold.")
	// ErrRepetido: two lines name one product.
	ErrRepetido = fault.New(fault.Invalid, "linea-repetida", "A product stands in two lines.")
	// ErrPrecio: the total has changed; Extra has the new quote.
	ErrPrecio = fault.New(fault.Conflict, "precio-cambiado", "The price has changed.")
	// ErrCorreo: the customer has no e-mail address, without which the gateway takes no payment.
	ErrCorreo = fault.New(fault.Invalid, "correo-faltante", "The customer has no e-mail address.")
	// ErrPago: the way to pay lacks a member, or has one that its method does not take.
	ErrPago = fault.New(fault.Invalid, "pago-invalido", "This way to pay is not complete.")
	// ErrVentana: the window asked for is over, too near, or none in which trucks drive.
	ErrVentana = fault.New(fault.Invalid, "ventana-invalida", "This delivery window cannot be promised.")
	// ErrTotal: the order costs more than MaxTotal.
	ErrTotal = fault.New(fault.Invalid, "total-excesivo", "The order's total is too high.")
)

// ErrCliente: an operator or a machine has to name the customer that the call is for.
var ErrCliente = fault.New(fault.Invalid, "cliente-faltante", "Say for which customer.").
	WithField("body.cliente_id", "is required of an operator")

// MaxTotal is the most that one order may cost, in centavos.
const MaxTotal = money.Centavos(1_000_000_000_000)

// Quien is the caller: a customer by their own id, or an operator, who may act for any customer.
type Quien struct {
	ID       string
	Operador bool
}

// Para is the id of the customer that q's call is for, when its body names cliente. A customer need not name
// themselves. Errors: ErrCliente of an operator who names none; clientes.ErrNoExiste of a customer who names
// another one.
func (q Quien) Para(cliente string) (string, error) {
	switch {
	case !q.Operador && cliente != "" && cliente != q.ID:
		return "", clientes.ErrNoExiste
	case !q.Operador:
		return q.ID, nil
	case cliente == "":
		return "", ErrCliente
	}
	return cliente, nil
}

// The filters of lists, and the mark after which a page begins, as the stores have them.
type (
	Filtro            = store.Filtro
	FiltroProductos   = store.FiltroProductos
	FiltroMovimientos = store.FiltroMovimientos
	Cursor            = store.Cursor
)

// EntradaDelDiario is one event in the diary of all orders.
type EntradaDelDiario = store.EntradaDelDiario

// Worker takes up orders in this process. worker.Worker is the real one, and explains each method.
type Worker interface {
	Arrendar(p *pedido.Pedido) bool
	Soltar()
	Llevar(p *pedido.Pedido)
	Dejar()
	Empujar(ctx context.Context, id string) error
}

// Config is the settings of the use cases.
type Config struct {
	Envio    money.Centavos // delivery fee, IVA included
	EnvioIVA money.IVA
	// ClaveOrigen is the key of the digests under which refused cards are counted by address.
	ClaveOrigen []byte
	// PlazoDevolucion is the time after the delivery within which goods may be returned.
	PlazoDevolucion time.Duration
	// VidaMinima is the number of days beyond its delivery for which a product is good at least, if the product
	// has no number of its own.
	VidaMinima int64
	Tiempos    fases.Tiempos
}

// Opciones of the app. Every member is needed; a test that sets SinManos may leave out Worker.
type Opciones struct {
	Pedidos     Pedidos
	Existencias LecturaDeStock
	Productos   store.Productos
	Stock       ServicioDeStock
	Cupos       Cupos
	Clientes    clientes.Servicio
	Rutas       rutas.Servicio
	Pagos       Pagos
	Visitas     rutas.Repaso
	Cobros      pagos.Repaso
	Depositos   func(ctx context.Context) ([]rutas.Deposito, error)
	// PrimeraVentana is the end of the earliest window that can still be chosen at any depot; the zero time if
	// there is none.
	PrimeraVentana func(ctx context.Context) (time.Time, error)
	Auditoria      audit.Port
	Palabras       seal.Port // seals people's own words for the store, and opens them for answers
	Worker         Worker
	SinManos       bool           // no order is handed to Worker: orders move by their own timers alone
	Vigia          *watch.Watcher // wakes the followers of an order by its id; a version is its number of events
	Config         Config
	Zona           *time.Location // of the company's calendar days
	Ahora          func() time.Time
	Log            *slog.Logger
	Guard          guard.Guard // catches the panics of the publisher; its zero value logs them
}

// App is the use cases of pedidos. Its methods may be called from any goroutine.
type App struct {
	o       Opciones
	primera *primera
}

// New makes the app.
func New(opciones Opciones) *App { return &App{o: opciones, primera: &primera{}} }

// Leer reads one order for quien, with people's own words readable. Errors: ErrNoExiste; ErrIlegible.
func (a *App) Leer(ctx context.Context, quien Quien, id string) (*pedido.Pedido, error) {
	p, err := a.leer(ctx, quien, id)
	return a.legible(ctx, p), err
}

// leer reads one order for quien as it is stored, with people's words sealed: it may be changed and saved. Errors:
// those of Leer.
func (a *App) leer(ctx context.Context, quien Quien, id string) (*pedido.Pedido, error) {
	p, err := a.o.Pedidos.Leer(ctx, id)
	if roto := new(store.Ilegible); errors.As(err, &roto) {
		return nil, quien.ilegible(roto)
	}
	if errors.Is(err, store.ErrNoExiste) ||
		err == nil && !quien.Operador && p.Cliente != quien.ID {
		return nil, ErrNoExiste
	}
	return p, err
}

// ilegible is the error for q of an unreadable order: ErrIlegible; ErrNoExiste if it is another customer's.
func (q Quien) ilegible(roto *store.Ilegible) error {
	if !q.Operador && roto.Cliente != q.ID {
		return ErrNoExiste
	}
	return fmt.Errorf("%w: %w", ErrIlegible, roto)
}

// Listar lists up to limite orders, newest first, after desde (nil: from the newest). A customer gets their own
// orders alone; an operator, all that filtro meets.
func (a *App) Listar(
	ctx context.Context, quien Quien, filtro store.Filtro, desde *store.Cursor, limite int,
) ([]*pedido.Pedido, error) {
	if !quien.Operador {
		if filtro.Cliente != "" && filtro.Cliente != quien.ID {
			return nil, nil
		}
		filtro.Cliente = quien.ID
	}
	ps, err := a.o.Pedidos.Listar(ctx, filtro, desde, limite)
	return a.legibles(ctx, ps), err
}

// Diario reads the diary of all orders; store.Pedidos explains it. Every caller sees all customers' orders: the
// HTTP face lets admins and machines in alone.
func (a *App) Diario(
	ctx context.Context,
	tipo string,
	despuesDe int64,
	limite int,
) ([]EntradaDelDiario, int64, error) {
	return a.o.Pedidos.Diario(ctx, tipo, despuesDe, limite)
}

// Mirar takes up an order because a neighbour told of a change. A notice comes once: the update that leases the
// order makes it due too, so that a crash after it does not lose the notice. An order that does not exist, or
// cannot be read, is no error. Errors: any error asks the neighbour to tell again.
func (a *App) Mirar(ctx context.Context, id string) error {
	err := a.o.Worker.Empujar(ctx, id)
	if roto := new(store.Ilegible); errors.Is(err, store.ErrNoExiste) || errors.As(err, &roto) {
		return nil
	}
	return err
}

// cambiar changes an order by hacer and saves it, again after each conflict of versions. Then it hands the
// order to the worker. It gives the order as it is stored. hacer reports whether it changed anything; if not,
// nothing is saved. Errors: those of leer, of hacer, and of the store.
func (a *App) cambiar(
	ctx context.Context,
	quien Quien,
	id string,
	hacer func(p *pedido.Pedido, ahora time.Time) (bool, error),
) (*pedido.Pedido, error) {
	for {
		p, err := a.leer(ctx, quien, id)
		if err != nil {
			return nil, err
		}
		cambio, err := hacer(p, a.o.Ahora())
		if err != nil || !cambio {
			return p, err
		}
		err = a.o.Pedidos.Guardar(ctx, p)
		if errors.Is(err, store.ErrConflicto) {
			continue
		}
		if err != nil {
			return nil, err
		}
		a.empujar(ctx, id)
		return p, nil
	}
}

// empujar hands an order to the worker, unless SinManos. Its errors are dropped: the order is due by its own
// timer, too.
func (a *App) empujar(ctx context.Context, id string) {
	if !a.o.SinManos {
		_ = a.o.Worker.Empujar(ctx, id)
	}
}
