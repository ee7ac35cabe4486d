// Package app is what may be asked of pedidos: quote, order, retry, cancel, refund, look.
// Who may ask has been decided at the door; whose order it is, is decided here.
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
	// ErrNoExiste also stands for somebody else's order.
	ErrNoExiste = fault.New(fault.NotFound, "pedido-no-existe", "There is no such order.")
	// ErrIlegible: the stored order cannot be decoded; it waits for a person.
	ErrIlegible = fault.New(fault.Broken, "pedido-ilegible",
		"The stored order cannot be read; it has been set aside for a person.")
	// ErrProducto: a line names a product that is not sold.
	ErrProducto = fault.New(fault.Invalid, "producto-desconocido", "A product does not exist or is not sold.")
	// ErrRepetido: two lines name one product.
	ErrRepetido = fault.New(fault.Invalid, "linea-repetida", "A product stands in two lines.")
	// ErrPrecio: the total has changed; Extra has the new quote.
	ErrPrecio = fault.New(fault.Conflict, "precio-cambiado", "The price has changed.")
	// ErrCorreo: the customer has no e-mail, which the gateway asks for.
	ErrCorreo = fault.New(fault.Invalid, "correo-faltante", "The customer has no e-mail address.")
	// ErrPago: the way to pay lacks something, or has too much.
	ErrPago = fault.New(fault.Invalid, "pago-invalido", "This way to pay is not complete.")
	// ErrVentana: the window is none that can be promised.
	ErrVentana = fault.New(fault.Invalid, "ventana-invalida", "This delivery window cannot be promised.")
	// ErrTotal: the order is worth more than the house takes at once.
	ErrTotal = fault.New(fault.Invalid, "total-excesivo", "The order's total is too high.")
)

// ErrCliente: whoever acts for customers says for which one.
var ErrCliente = fault.New(fault.Invalid, "cliente-faltante", "Say for which customer.").
	WithField("body.cliente_id", "is required of an operator")

// MaxTotal is the most that one order may cost, in centavos.
const MaxTotal = money.Centavos(1_000_000_000_000)

// Quien is who asks: the customer's own id, or an operator.
type Quien struct {
	ID       string
	Operador bool
}

// Para tells for which customer q may ask when the request names cliente; customers need
// not name themselves. Errors: ErrCliente; clientes.ErrNoExiste, for somebody else too.
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

// What lists are narrowed by, and where they go on, as the stores have it.
type (
	Filtro            = store.Filtro
	FiltroProductos   = store.FiltroProductos
	FiltroMovimientos = store.FiltroMovimientos
	Marca             = store.Marca
)

// Asiento is one event in the diary of all orders.
type Asiento = store.Asiento

// Worker takes up orders in this process.
type Worker interface {
	Arrendar(p *pedido.Pedido) bool
	Soltar()
	Llevar(p *pedido.Pedido)
	Dejar()
	Empujar(ctx context.Context, id string) error
}

// Config is what the rules of asking depend on.
type Config struct {
	Envio    money.Centavos // delivery fee, IVA included
	EnvioIVA money.IVA
	// ClaveOrigen is the key of the digests under which refused cards are counted by address.
	ClaveOrigen []byte
	// PlazoDevolucion is how long after the delivery goods may be returned.
	PlazoDevolucion time.Duration
	// VidaMinima is how many days beyond its delivery a product is good for, at least, that
	// says nothing of its own.
	VidaMinima int64
	Tiempos    fases.Tiempos
}

// Opciones of the app. Every member is needed but Manos, which a test may leave out.
type Opciones struct {
	Pedidos     Pedidos
	Existencias LecturaDeStock
	Productos   store.Productos
	Almacen     ServicioDeStock
	Cupos       Cupos
	Clientes    clientes.Servicio
	Rutas       rutas.Servicio
	Pagos       Pagos
	Visitas     rutas.Repaso
	Cobros      pagos.Repaso
	Depositos   func(ctx context.Context) ([]rutas.Deposito, error)
	// PrimeraVentana is the end of the earliest window that can still be chosen somewhere; zero:
	// there is none.
	PrimeraVentana func(ctx context.Context) (time.Time, error)
	Auditoria      audit.Puerto
	Palabras       seal.Port // people's own words are stored sealed, and shown in the clear
	Worker         Worker
	SinManos       bool           // nothing is handed to the worker: orders move by their own timers alone
	Vigia          *watch.Watcher // of orders by id; their events are their versions
	Config         Config
	Zona           *time.Location // of the company's calendar days
	Ahora          func() time.Time
	Log            *slog.Logger
	Guard          guard.Guard // catches the panics of the publisher; its zero value logs them
}

// App serves the API of pedidos.
type App struct {
	o       Opciones
	primera *primera
}

// Nueva makes the app.
func Nueva(o Opciones) *App { return &App{o: o, primera: &primera{}} }

// Leer gives one order to a caller who may see it, with people's own words readable. Errors: ErrNoExiste; ErrIlegible.
func (a *App) Leer(ctx context.Context, q Quien, id string) (*pedido.Pedido, error) {
	p, err := a.leer(ctx, q, id)
	return a.legible(ctx, p), err
}

// leer is Leer of the order as it is stored, which may be changed and saved. Errors: those of Leer.
func (a *App) leer(ctx context.Context, q Quien, id string) (*pedido.Pedido, error) {
	p, err := a.o.Pedidos.Leer(ctx, id)
	if roto := new(store.Ilegible); errors.As(err, &roto) {
		return nil, q.ilegible(roto)
	}
	if errors.Is(err, store.ErrNoExiste) || err == nil && !q.Operador && p.Cliente != q.ID {
		return nil, ErrNoExiste
	}
	return p, err
}

// ilegible is the answer to q who asks for an unreadable order.
func (q Quien) ilegible(roto *store.Ilegible) error {
	if !q.Operador && roto.Cliente != q.ID {
		return ErrNoExiste
	}
	return fmt.Errorf("%w: %w", ErrIlegible, roto)
}

// Listar gives up to limite orders, newest first: the caller's own, or an operator's choice.
func (a *App) Listar(
	ctx context.Context, q Quien, f store.Filtro, desde *store.Marca, limite int,
) ([]*pedido.Pedido, error) {
	if !q.Operador {
		if f.Cliente != "" && f.Cliente != q.ID {
			return nil, nil
		}
		f.Cliente = q.ID
	}
	ps, err := a.o.Pedidos.Listar(ctx, f, desde, limite)
	return a.legibles(ctx, ps), err
}

// Diario reads the diary of all orders as store.Pedidos does. Whoever may ask sees every order.
func (a *App) Diario(ctx context.Context, tipo string, despuesDe int64, limite int) ([]Asiento, int64, error) {
	return a.o.Pedidos.Diario(ctx, tipo, despuesDe, limite)
}

// Mirar looks at an order again because something changed elsewhere. A notice is told once: the update that leases the
// order makes it due, so that a process that dies meanwhile does not lose the notice. Errors: any means "tell me again".
func (a *App) Mirar(ctx context.Context, id string) error {
	err := a.o.Worker.Empujar(ctx, id)
	if roto := new(store.Ilegible); errors.Is(err, store.ErrNoExiste) || errors.As(err, &roto) {
		return nil
	}
	return err
}

// cambiar does f to an order, if version, again after a conflict; then it hands the
// order to the worker, and gives it as it is stored. f tells whether anything changed.
func (a *App) cambiar(
	ctx context.Context, q Quien, id string, f func(p *pedido.Pedido, ahora time.Time) (bool, error),
) (*pedido.Pedido, error) {
	for {
		p, err := a.leer(ctx, q, id)
		if err != nil {
			return nil, err
		}
		cambio, err := f(p, a.o.Ahora())
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

// empujar hands an order over, if that is switched on; the order's own timer makes up
// for a hand-over that comes to nothing.
func (a *App) empujar(ctx context.Context, id string) {
	if !a.o.SinManos {
		_ = a.o.Worker.Empujar(ctx, id)
	}
}
