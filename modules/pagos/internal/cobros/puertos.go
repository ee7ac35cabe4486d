package cobros

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
)

// Store keeps cobros. Each write is one transaction.
type Store interface {
	// PorID reads a cobro; false when there is none. Error: ErrIlegible.
	PorID(ctx context.Context, id string) (CobroEntero, bool, error)
	// PorOrden finds a cobro by the gateway's id of its order; false when there is none. Error: ErrIlegible.
	PorOrden(ctx context.Context, proveedor, orden string) (CobroEntero, bool, error)
	// Lapida reports whether the intento has a tombstone.
	Lapida(ctx context.Context, i pagos.Intento) (bool, error)
	// Iniciar inserts f, unless its cobro exists: then that one and false.
	// Error: pagos.ErrAnulado when the intento has a tombstone.
	Iniciar(ctx context.Context, f CobroEntero) (CobroEntero, bool, error)
	// Cambiar applies c to the stored cobro and saves it, if c changes it. Where c.Desde has the version that is
	// stored, the cobro is not read first. Errors: pagos.ErrSinCobro; that of c.Hacer, with nothing saved.
	Cambiar(ctx context.Context, c Cambio) (CobroEntero, error)
	// Anular puts the tombstone of i and, where a cobro exists, applies c to it.
	// False when there is none.
	Anular(ctx context.Context, i pagos.Intento, c Cambio) (CobroEntero, bool, error)
	// IniciarCaptura notes that the capture of the cobro t.ID is about to be called, where it is Capturable, without
	// false where it is not, or there is none.
	IniciarCaptura(ctx context.Context, t CapturaIniciada) (CobroEntero, bool, error)
	// Aplazar puts off when to look after a cobro, without reading it.
	Aplazar(ctx context.Context, id string, hasta time.Time) error
	// Apartar sets a cobro aside that cannot be read: it is not due until an operator runs `despensa retomar`.
	Apartar(ctx context.Context, id string) error
	// Debidos lists the ids of at most n cobros: first those due at ahora, oldest first, then those with a Debe that is
	// later than l allows, because a clock that was ahead wrote it.
	Debidos(ctx context.Context, ahora time.Time, l Lejos, n int) ([]string, error)
	// Abandonar ends at ahora the time of every call in flight, so that its result is read at the gateway.
	Abandonar(ctx context.Context, ahora time.Time) error
	// Listar gives at most f.Limite+1 cobros, newest first, without those that cannot be read.
	Listar(ctx context.Context, f Filtro) ([]Cobro, error)
}

// Lejos is the latest time at which a cobro can lawfully be due: Abiertos for one that is pending or reserved (zero:
// these are not checked), Todos for any.
type Lejos struct{ Abiertos, Todos time.Time }

// Filtro selects the payments of a list; an empty member does not restrict it.
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
	// Desde is the cobro as the caller last read or saved it; nil: the caller has not read it.
	Desde    *CobroEntero
	Anunciar bool // a change that SeAnuncia is written to the outbox
	// Hacer may run more than once and touches nothing but its argument.
	Hacer func(f *CobroEntero) error
}

// CapturaIniciada is the beginning of a capture at Ahora, which may run until Hasta and is looked after at Debe.
type CapturaIniciada struct {
	ID                 string
	Ahora, Hasta, Debe time.Time
}

// Webhook is a notice of a provider in the inbox; (Proveedor, Dato, Solicitud) is its key.
type Webhook struct {
	Proveedor string
	Dato      string // the gateway's id of the order
	Solicitud string // the provider's id of the delivery
	Recibido  time.Time
	Debe      time.Time // when to look at it; zero = done
	Intentos  int
}

// Bandeja keeps notices until they have been understood.
type Bandeja interface {
	// Recibir stores a notice without reading its cobro first. It is due at reposo where the cobro is EnReposo, else at
	// a.Debe. False when the notice is stored already. The time is when the stored notice is due.
	Recibir(ctx context.Context, a Webhook, reposo time.Time) (bool, time.Time, error)
	// Pendientes lists at most n notices: first those due at ahora, oldest first, then those with a Debe after lejos,
	// because a clock that was ahead wrote it. Notices that cannot be read are set aside, and not listed.
	Pendientes(ctx context.Context, ahora, lejos time.Time, n int) ([]Webhook, error)
	// Guardar saves Recibido, Debe and Intentos of each.
	Guardar(ctx context.Context, as []Webhook) error
	// Limpiar removes at most n notices that are done and came before antes.
	Limpiar(ctx context.Context, antes time.Time, n int) (int, error)
}

// errCambio says that another writer has changed the cobro since it was read.
var errCambio = errors.New("cobros: changed meanwhile")
