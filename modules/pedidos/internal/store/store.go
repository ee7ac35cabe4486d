// Package store is the ports of pedidos to its database: each method changes one document, or says that it changes
// more. Adapters: sqlite (embedded) and mongo. storetest is the suite that every adapter passes.
package store

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/catalogo"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
)

// Outcomes that every adapter tells apart.
var (
	// ErrNoExiste: there is no such document.
	ErrNoExiste = errors.New("store: not found")
	// ErrConflicto: the document's version has moved on; read again.
	ErrConflicto = errors.New("store: version conflict")
	// ErrRepetido: a document with this id exists already.
	ErrRepetido = errors.New("store: duplicate")
	// ErrNadaQueHacer: no order is due, or every order that is due is leased.
	ErrNadaQueHacer = errors.New("store: nothing due")
)

// Ilegible is the error of a stored document that cannot be decoded. An order that a claim, a lease or the publication
// meets in this state is set aside: until Retomar no worker gets the order, and none of its events is published.
type Ilegible struct {
	ID      string
	Cliente string // the customer of the order, where that can be read; else empty
	Err     error  // why; it says nothing of the contents
}

// Error names the document.
func (i *Ilegible) Error() string { return "store: " + i.ID + " is unreadable: " + i.Err.Error() }

// Unwrap gives Err.
func (i *Ilegible) Unwrap() error { return i.Err }

// Cursor is the place at which a list goes on: with documents strictly after (Creado, ID), newest first.
type Cursor struct {
	Creado time.Time
	ID     string
}

// Filtro narrows a list of orders; a zero member narrows nothing.
type Filtro struct {
	Cliente, Codigo string
	Referencia      string // the whole reference
	Estado          pedido.Estado
	Desde, Hasta    time.Time // creado in [Desde, Hasta)
}

// Publicacion says up to which sequence an order's events are in the event store.
type Publicacion struct {
	Pedido string
	Hasta  int64
}

// Resumen is how many orders stand in an estado, how many of them are due, and since when.
type Resumen struct {
	Estado  pedido.Estado
	Pedidos int64
	Vencido *time.Time // debe of the order that has been due longest; nil: no order is due
	Debidos int64      // how many orders are due
}

// Lejos is how far away an order in one of Estados may be due: no later than Hasta.
type Lejos struct {
	Estados []pedido.Estado
	Hasta   time.Time
}

// Pedidos keeps orders: the document, and the values by which it is searched.
type Pedidos interface {
	// Insertar stores a new order with its lease. Errors: ErrRepetido.
	Insertar(ctx context.Context, p *pedido.Pedido) error
	// Leer gives one order. Errors: ErrNoExiste, *Ilegible.
	Leer(ctx context.Context, id string) (*pedido.Pedido, error)
	// Guardar replaces the order if its stored version still is p.Version, which
	// then grows by one. Errors: ErrConflicto (p is left as it was).
	Guardar(ctx context.Context, p *pedido.Pedido) error
	// Reclamar leases the order that has been due longest (debe <= ahora, lease <
	// ahora) to the worker quien until hasta. Its version grows, and its Anterior is the worker that
	// had let a lease of the order run out. An order in an estado that this release does not know is
	// left to the release that knows it. Errors: ErrNadaQueHacer; *Ilegible of the order that has
	// been due longest, which has been set aside: the next call gives another order.
	Reclamar(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// ReclamarLejano leases an order that a worker with a clock that was ahead has saved: the order is due further away
	// than ls say, or a lease that ends after skew.LeaseLimit(ahora) keeps it although it is due. Errors: those of
	// Reclamar.
	ReclamarLejano(
		ctx context.Context,
		ls []Lejos,
		quien string,
		ahora, hasta time.Time,
	) (*pedido.Pedido, error)
	// Tomar leases one order, due or not, to quien and makes it due at ahora in the same update: when the process dies
	// with the lease, another worker claims the order and no notice is lost. quien may hold the lease already. Errors:
	// ErrNoExiste; ErrNadaQueHacer when another worker holds the lease (no later than skew.LeaseLimit(ahora)), or this
	// release does not know the estado; *Ilegible of an order that has been set aside.
	Tomar(ctx context.Context, id, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// SoltarLeases ends every lease, and gives the number of leases that were running at ahora. The only process on a
	// database calls it at its start. Unreadable orders are set aside.
	SoltarLeases(ctx context.Context, ahora time.Time) (int64, error)
	// Listar gives up to limite orders, newest first, after desde. Unreadable orders are left
	// out, and the next readable ones take their places.
	Listar(ctx context.Context, f Filtro, desde *Cursor, limite int) ([]*pedido.Pedido, error)
	// EnEstado gives the Marcas of up to limite orders in e, newest first, after desde. It reads no document, so
	// unreadable orders are among them.
	EnEstado(ctx context.Context, e pedido.Estado, desde *Cursor, limite int) ([]Cursor, error)
	// Alcances gives how many events each order of ids has; an order that does not exist is left
	// out. At most 1,000 ids.
	Alcances(ctx context.Context, ids []string) (map[string]int64, error)
	// Resumir counts the orders of each estado.
	Resumir(ctx context.Context, ahora time.Time) ([]Resumen, error)
	// Apartados gives up to limite ids of orders that have been set aside, in no order.
	Apartados(ctx context.Context, limite int) ([]string, error)
	// Retomar gives every order that has been set aside its debe back (creado, where it had none),
	// and gives the number of these orders. The next claim of an order that still is unreadable sets it aside anew.
	Retomar(ctx context.Context) (int64, error)

	// PorPublicar gives up to limite orders with events that are not in the event store. Unreadable orders
	// are set aside.
	PorPublicar(ctx context.Context, limite int) ([]*pedido.Pedido, error)
	// Publicar puts events of one or more orders into the event store under
	// pedido:seq; an event that is there already is left alone. Then it moves marcas, as Publicadas does. A store that
	// can do both in one write also numbers, in that write, the events that Asentar would number.
	Publicar(
		ctx context.Context,
		eventos map[string][]pedido.Evento,
		marcas ...Publicacion,
	) error
	// Publicadas moves the marks forward, never back, without touching versions.
	Publicadas(ctx context.Context, marcas []Publicacion) error
	// Eventos gives up to limite events of one order from the event store, oldest first, with a Seq above
	// despuesDe. Events that cannot be read are left out.
	Eventos(
		ctx context.Context,
		pedido string,
		despuesDe int64,
		limite int,
	) ([]pedido.Evento, error)

	// Asentar numbers up to limite events of the event store that have no number in the diary, and gives the number of
	// such events. Each event gets one number, once: above every number that has been given, and above the numbers of the
	// earlier events of its order. A reader that sees a number sees every lower one. Several replicas may call Asentar
	// at once.
	Asentar(ctx context.Context, limite int) (int, error)
	// Diario reads up to limite events of the diary with numbers above despuesDe, the lowest first, of this tipo unless
	// tipo is empty. Events that cannot be read are left out. hasta is the number up to which Diario has looked, and
	// never below despuesDe: an event that is numbered later gets a number above hasta.
	Diario(
		ctx context.Context,
		tipo string,
		despuesDe int64,
		limite int,
	) (as []EntradaDelDiario, hasta int64, err error)
}

// Cuestion is the ids of all documents that changes of stock read before they are made.
type Cuestion struct {
	Existencias []string // ids of aggregates
	Claves      []existencias.Clave
	Movimientos []string // ids
}

// Respuesta is the documents that a Cuestion found. A document that is not stored has no entry.
type Respuesta struct {
	Existencias map[string]*existencias.Existencia
	Lapidas     map[existencias.Clave]bool
	Movimientos map[string]existencias.Movimiento // published movements, by id
	Rotos       map[string]*Ilegible              // aggregates and movements that cannot be read, by id
}

// Existencia is the aggregate of stock with this id. Errors: ErrNoExiste, *Ilegible.
func (r Respuesta) Existencia(id string) (*existencias.Existencia, error) {
	switch {
	case r.Rotos[id] != nil:
		return nil, r.Rotos[id]
	case r.Existencias[id] == nil:
		return nil, ErrNoExiste
	}
	return r.Existencias[id], nil
}

// NewRespuesta is a Respuesta that has found nothing yet.
func NewRespuesta() Respuesta {
	return Respuesta{
		Existencias: map[string]*existencias.Existencia{},
		Lapidas:     map[existencias.Clave]bool{},
		Movimientos: map[string]existencias.Movimiento{},
		Rotos:       map[string]*Ilegible{},
	}
}

// Existencias keeps stock: aggregates, tombstones and published movements.
type Existencias interface {
	// Consultar answers q. It reads tombstones and movements no earlier than the aggregates. So a caller that puts a
	// tombstone and then saves an aggregate is seen here, or makes a later save of that aggregate a conflict.
	Consultar(ctx context.Context, q Cuestion) (Respuesta, error)
	// GuardarVarias publishes ms and then stores es, which are in the order of their ids. It stores an aggregate if the
	// stored version still is its Version (0: it is not stored yet), which then grows by one. It stops at the first
	// aggregate that has moved on: the aggregates before that one are stored, and their Version has grown. Where Juntas
	// is true, GuardarVarias makes all of these changes or none. Errors: ErrConflicto.
	GuardarVarias(
		ctx context.Context,
		es []*existencias.Existencia,
		ms []existencias.Movimiento,
	) error
	// Juntas reports whether GuardarVarias is one transaction.
	Juntas() bool
	// Leer gives the stock of a product in a depot. Errors: ErrNoExiste, *Ilegible.
	Leer(ctx context.Context, id string) (*existencias.Existencia, error)
	// LeerProductos gives the stock of these products in every depot that has had them, without
	// the aggregates that cannot be read.
	LeerProductos(ctx context.Context, productos []string) ([]*existencias.Existencia, error)
	// Lotes gives the batches of these products in every depot that has had them. It decodes no whole aggregates.
	// Stock that cannot be read has no batches.
	Lotes(ctx context.Context, productos []string) ([]existencias.EnDeposito, error)
	// FijarLote gives the date of a batch of a product, which is the same in all depots: the vence of the
	// first call for this batch. Nil is the date of goods that keep.
	FijarLote(ctx context.Context, producto, lote string, vence *time.Time) (*time.Time, error)
	// Guardar stores e if its stored version still is e.Version (0: e is not stored yet),
	// which then grows by one. Errors: ErrConflicto.
	Guardar(ctx context.Context, e *existencias.Existencia) error
	// ConMovimientos gives up to limite ids of aggregates that have unpublished movements and are not set aside.
	ConMovimientos(ctx context.Context, limite int) ([]string, error)
	// Apartar sets an unreadable aggregate aside: ConMovimientos gives it no more.
	Apartar(ctx context.Context, id string) error
	// Apartadas counts the aggregates that have been set aside.
	Apartadas(ctx context.Context) (int64, error)
	// Retomar makes ConMovimientos give the aggregates again that have been set aside, and gives their number.
	Retomar(ctx context.Context) (int64, error)
	// GuardarMovimientos publishes movements; a movement with an id that is published already is left alone.
	GuardarMovimientos(ctx context.Context, ms []existencias.Movimiento) error
	// Movimientos gives the published movements among ids. Errors: *Ilegible.
	Movimientos(ctx context.Context, ids []string) ([]existencias.Movimiento, error)
	// ListarMovimientos gives up to limite published movements that f admits, newest first, after desde.
	// Movements that cannot be read are left out.
	ListarMovimientos(ctx context.Context, f FiltroMovimientos, desde *Cursor,
		limite int) ([]existencias.Movimiento, error)
	// CambiarMotivo replaces the motivo of the published movement id by a, if it still is de; else nothing changes.
	CambiarMotivo(ctx context.Context, id, de, a string) error
	// PonerLapida stores a tombstone for c, which is kept until hasta at least. A second call can only make it last
	// longer.
	PonerLapida(ctx context.Context, c existencias.Clave, hasta time.Time) error
	// HayLapida reports whether c has a tombstone.
	HayLapida(ctx context.Context, c existencias.Clave) (bool, error)
	// LimpiarLapidas removes up to limite tombstones that need not be kept at ahora, and gives their number.
	LimpiarLapidas(ctx context.Context, ahora time.Time, limite int) (int, error)
}

// Cupos keeps the places that orders take.
type Cupos interface {
	// Leer gives the places of one customer or address; a document that is not stored has
	// version 0 and no places. Errors: *Ilegible.
	Leer(ctx context.Context, id string) (*pedido.Cupo, error)
	// LeerVarios is Leer of several documents, in the order of ids. Errors: *Ilegible.
	LeerVarios(ctx context.Context, ids []string) ([]*pedido.Cupo, error)
	// Guardar stores c if its stored version still is c.Version (0: c is not stored yet), which
	// then grows by one. Errors: ErrConflicto (c is left as it was).
	Guardar(ctx context.Context, c *pedido.Cupo) error
	// Limpiar removes up to limite documents with a Vence before ahora, and gives their number.
	Limpiar(ctx context.Context, ahora time.Time, limite int) (int, error)
}

// CuposDe gives the documents of hay in the order of ids; an id that hay has not gets a document of version 0.
func CuposDe(ids []string, hay map[string]*pedido.Cupo) []*pedido.Cupo {
	out := make([]*pedido.Cupo, 0, len(ids))
	for _, id := range ids {
		c := hay[id]
		if c == nil {
			c = &pedido.Cupo{ID: id}
		}
		out = append(out, c)
	}
	return out
}

// Productos keeps the catalogue.
type Productos interface {
	// Insertar stores a new product. Errors: ErrRepetido.
	Insertar(ctx context.Context, p *catalogo.Producto) error
	// Leer gives the products of ids that exist and can be read, in no order.
	Leer(ctx context.Context, ids []string) ([]*catalogo.Producto, error)
	// Guardar replaces the product if its stored version still is p.Version, which then grows by one. Errors:
	// ErrConflicto (p is left as it was).
	Guardar(ctx context.Context, p *catalogo.Producto) error
	// Listar gives up to limite products that f admits, newest first, after desde. f.Q is matched against the
	// folded name, f.Categoria against the folded category. Unreadable products are left out, and the next readable
	// ones take their places.
	Listar(
		ctx context.Context,
		f FiltroProductos,
		desde *Cursor,
		limite int,
	) ([]*catalogo.Producto, error)
}

// FiltroMovimientos narrows a list of movements.
type FiltroMovimientos struct {
	Producto string // always given
	Lote     string // movements out of or into this batch; empty: of all batches
}

// FiltroProductos narrows a list of products.
type FiltroProductos struct {
	Q         string // words, all of which the name holds
	Categoria string // the whole category; like Q without accents and case
	Todos     bool   // inactive products too
}
