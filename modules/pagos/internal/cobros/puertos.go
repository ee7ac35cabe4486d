package cobros

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
)

// Almacen keeps cobros. Each write is one transaction.
type Almacen interface {
	// Ficha reads a cobro; false when there is none. Error: ErrIlegible.
	Ficha(ctx context.Context, id string) (Ficha, bool, error)
	// PorOrden finds a cobro by the gateway's id of its order; false when there is none. Error: ErrIlegible.
	PorOrden(ctx context.Context, proveedor, orden string) (Ficha, bool, error)
	// Lapida reports whether the intento has a tombstone.
	Lapida(ctx context.Context, i pagos.Intento) (bool, error)
	// Iniciar inserts f, unless its cobro exists: then that one and false.
	// Error: pagos.ErrAnulado when the intento has a tombstone.
	Iniciar(ctx context.Context, f Ficha) (Ficha, bool, error)
	// Cambiar applies c to the cobro as it stands and saves what came out, if anything
	// did. Where c.Desde is how it stands nothing is read. Errors: pagos.ErrSinCobro; that of c.Hacer, with nothing saved.
	Cambiar(ctx context.Context, c Cambio) (Ficha, error)
	// Anular puts the tombstone of i and, where a cobro exists, applies c to it.
	// False when there is none.
	Anular(ctx context.Context, i pagos.Intento, c Cambio) (Ficha, bool, error)
	// Tomar notes that the capture of the cobro t.ID is about to be called, where it is Tomable, without reading it first;
	// false where it is not, or there is none.
	Tomar(ctx context.Context, t Toma) (Ficha, bool, error)
	// Aplazar puts off when to look after a cobro, without reading it.
	Aplazar(ctx context.Context, id string, hasta time.Time) error
	// Apartar sets a cobro aside that cannot be read: nobody looks after it until a person takes it up again.
	Apartar(ctx context.Context, id string) error
	// Debidos lists the ids of at most n cobros whose Debe has come, oldest first, and after those the ones whose Debe
	// is later than l says: a clock wrote it which was ahead.
	Debidos(ctx context.Context, ahora time.Time, l Lejos, n int) ([]string, error)
	// Abandonar says of every call in flight that its time is over.
	Abandonar(ctx context.Context, ahora time.Time) error
	// Listar gives at most f.Limite+1 cobros, newest first, without those that cannot be read.
	Listar(ctx context.Context, f Filtro) ([]Cobro, error)
}

// Lejos is the latest that a cobro can be due: one that is pending or reserved (zero: it is not asked), and any.
type Lejos struct{ Abiertos, Todos time.Time }

// Filtro of a list; empty members ask for nothing.
type Filtro struct {
	Pedido  string
	Cliente string
	Estado  pagos.Estado
	// Creado and ID are where the page before ended; ID "" = from the beginning.
	Creado time.Time
	ID     string
	Limite int
}

// Cambio is one change of one cobro.
type Cambio struct {
	Nombre string // of the effect
	ID     string // of the cobro
	Ahora  time.Time
	// Desde is the cobro as it was last read or saved; nil: nobody has it in hand.
	Desde    *Ficha
	Anunciar bool // when Estado changes, those who wait are told (outbox)
	// Hacer may run more than once and touches nothing but its argument.
	Hacer func(f *Ficha) error
}

// Toma is the beginning of a capture at Ahora, which may run until Hasta and is looked after at Debe.
type Toma struct {
	ID                 string
	Ahora, Hasta, Debe time.Time
}

// Aviso is a notice of a provider in the inbox; (Proveedor, Dato, Solicitud) is its key.
type Aviso struct {
	Proveedor string
	Dato      string // the gateway's id of the order
	Solicitud string // the provider's id of the delivery
	Recibido  time.Time
	Debe      time.Time // when to look at it; zero = done
	Intentos  int
}

// Bandeja keeps notices until they have been understood.
type Bandeja interface {
	// Recibir stores a notice, without reading what it is about: it is due at reposo where its cobro is EnReposo, else at
	// a.Debe. False when the notice is there already; the time is when the stored one is due.
	Recibir(ctx context.Context, a Aviso, reposo time.Time) (bool, time.Time, error)
	// Pendientes lists at most n notices whose Debe has come, oldest first, and after those the ones whose Debe is after
	// lejos: a clock wrote it which was ahead. It sets those aside that cannot be read.
	Pendientes(ctx context.Context, ahora, lejos time.Time, n int) ([]Aviso, error)
	// Asentar saves Recibido, Debe and Intentos of each.
	Asentar(ctx context.Context, as []Aviso) error
	// Limpiar removes at most n notices that are done and came before antes.
	Limpiar(ctx context.Context, antes time.Time, n int) (int, error)
}

// errCambio says that the cobro has moved since it was read.
var errCambio = errors.New("cobros: changed meanwhile")
