// Package store is the ports of pedidos: atomic intentions, one document per update.
// Adapters: sqlite (embedded) and mongo. storetest is the suite that
// every adapter passes.
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
	// ErrRepetido: a document with this id is there already.
	ErrRepetido = errors.New("store: duplicate")
	// ErrNadaQueHacer: nothing is due, or what is due is leased.
	ErrNadaQueHacer = errors.New("store: nothing due")
)

// Ilegible is the error of a stored thing that cannot be decoded. An order that a claim, a lease or the publication
// meets in this state is set aside: no worker gets it and nothing of it is published until Retomar.
type Ilegible struct {
	ID      string
	Cliente string // whose order it is, where that can be told; else empty
	Err     error  // why; says nothing of the contents
}

// Error names the thing.
func (i *Ilegible) Error() string { return "store: " + i.ID + " is unreadable: " + i.Err.Error() }

// Unwrap gives why.
func (i *Ilegible) Unwrap() error { return i.Err }

// Marca is where a list goes on: things strictly after (Creado, ID), newest first.
type Marca struct {
	Creado time.Time
	ID     string
}

// Filtro narrows a list of orders; zero members do not.
type Filtro struct {
	Cliente, Codigo string
	Referencia      string // the whole of it
	Estado          pedido.Estado
	Desde, Hasta    time.Time // creado in [Desde, Hasta)
}

// Publicacion says up to which sequence an order's events are in the event store.
type Publicacion struct {
	Pedido string
	Hasta  int64
}

// Resumen is how many orders stand in an estado and since when the oldest due one waits.
type Resumen struct {
	Estado  pedido.Estado
	Pedidos int64
	Vencido *time.Time // debe of the oldest that is due; nil: none
	Debidos int64      // how many are due
}

// Lejos is how far away an order in one of Estados may be due: no later than Hasta.
type Lejos struct {
	Estados []pedido.Estado
	Hasta   time.Time
}

// Pedidos keeps orders: the document, and what it is searched by.
type Pedidos interface {
	// Insertar stores a new order with its lease. Errors: ErrRepetido.
	Insertar(ctx context.Context, p *pedido.Pedido) error
	// Leer gives one order. Errors: ErrNoExiste, *Ilegible.
	Leer(ctx context.Context, id string) (*pedido.Pedido, error)
	// Guardar replaces the order if its stored version still is p.Version, which
	// then grows by one. Errors: ErrConflicto (p is left as it was).
	Guardar(ctx context.Context, p *pedido.Pedido) error
	// Reclamar leases the order that has been due longest (debe <= ahora, lease <
	// ahora) to quien until hasta; its version grows, and Anterior says who had let
	// a lease of it run out. An order in an estado that this release does not know is
	// left to the release that does. Errors: ErrNadaQueHacer; *Ilegible of the order that has
	// been due longest, which has been set aside: the next call gives another one.
	Reclamar(ctx context.Context, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// ReclamarLejano leases an order that a clock has written which was ahead: it is due further away than ls say, or
	// a lease that ends after skew.LeaseLimit(ahora) keeps it although it is due. Errors: those of Reclamar.
	ReclamarLejano(ctx context.Context, ls []Lejos, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// Tomar leases one order, due or not, and makes it due at ahora in the same update: whoever dies with the lease
	// loses no notice. Errors: ErrNoExiste, ErrNadaQueHacer
	// when another holds its lease (no later than skew.LeaseLimit(ahora)), or this release does not know its estado;
	// *Ilegible of an order that has been set aside.
	Tomar(ctx context.Context, id, quien string, ahora, hasta time.Time) (*pedido.Pedido, error)
	// SoltarLeases ends every lease: the start of the only process on these data.
	// It tells how many were running at ahora. Unreadable orders are set aside.
	SoltarLeases(ctx context.Context, ahora time.Time) (int64, error)
	// Listar gives up to limite orders, newest first, after desde. Unreadable ones are left
	// out and others take their places.
	Listar(ctx context.Context, f Filtro, desde *Marca, limite int) ([]*pedido.Pedido, error)
	// EnEstado gives up to limite orders in e, newest first, after desde: where a list of them would go on. No document is
	// read, so that unreadable ones are among them.
	EnEstado(ctx context.Context, e pedido.Estado, desde *Marca, limite int) ([]Marca, error)
	// Alcances tells how many events each of ids has; one that does not exist is left
	// out. At most 1,000 ids.
	Alcances(ctx context.Context, ids []string) (map[string]int64, error)
	// Resumir counts the orders of each estado.
	Resumir(ctx context.Context, ahora time.Time) ([]Resumen, error)
	// Apartados gives up to limite ids of orders that have been set aside, in no order.
	Apartados(ctx context.Context, limite int) ([]string, error)
	// Retomar takes all orders up again that have been set aside: they are due at once. It
	// tells how many those were. One that still is unreadable is set aside anew.
	Retomar(ctx context.Context) (int64, error)

	// PorPublicar gives orders with events that are not in the event store. Unreadable ones
	// are set aside.
	PorPublicar(ctx context.Context, limite int) ([]*pedido.Pedido, error)
	// Publicar puts events of one or more orders into the event store under
	// pedido:seq; one that is there already is left alone. Then it moves marcas, as Publicadas does. A store that can
	// do both in one write also numbers, with it, those events that Asentar would number.
	Publicar(ctx context.Context, eventos map[string][]pedido.Evento, marcas ...Publicacion) error
	// Publicadas moves the marks forward, never back, without touching versions.
	Publicadas(ctx context.Context, marcas []Publicacion) error
	// Eventos reads the event store of one order, oldest first, after seq, without those
	// that cannot be read.
	Eventos(ctx context.Context, pedido string, despuesDe int64, limite int) ([]pedido.Evento, error)

	// Asentar numbers up to limite events of the event store that have no number in the diary, and tells how many. Each
	// event gets one number, once, behind all that have been given, and behind those of its order's earlier events. What
	// has a number is seen before anything with a higher one. Safe while others do the same.
	Asentar(ctx context.Context, limite int) (int, error)
	// Diario reads up to limite events of the diary with numbers above despuesDe, the lowest first, of this tipo unless it
	// is empty, without those that cannot be read. hasta is the number up to which it has looked: nothing that is
	// numbered later stands at or below it. It is never below despuesDe.
	Diario(ctx context.Context, tipo string, despuesDe int64, limite int) (as []Asiento, hasta int64, err error)
}

// Cuestion is what changes of stock have to know before they are made.
type Cuestion struct {
	Existencias []string // ids of aggregates
	Claves      []existencias.Clave
	Movimientos []string // ids
}

// Respuesta is what a Cuestion found. What is not there has no entry.
type Respuesta struct {
	Existencias map[string]*existencias.Existencia
	Lapidas     map[existencias.Clave]bool
	Movimientos map[string]existencias.Movimiento // published ones
	Rotos       map[string]*Ilegible              // aggregates and movements that cannot be read, by id
}

// Existencia is the stock id. Errors: ErrNoExiste, *Ilegible.
func (r Respuesta) Existencia(id string) (*existencias.Existencia, error) {
	switch {
	case r.Rotos[id] != nil:
		return nil, r.Rotos[id]
	case r.Existencias[id] == nil:
		return nil, ErrNoExiste
	}
	return r.Existencias[id], nil
}

// NuevaRespuesta is a Respuesta that has found nothing yet.
func NuevaRespuesta() Respuesta {
	return Respuesta{
		Existencias: map[string]*existencias.Existencia{},
		Lapidas:     map[existencias.Clave]bool{},
		Movimientos: map[string]existencias.Movimiento{},
		Rotos:       map[string]*Ilegible{},
	}
}

// Existencias keeps stock: aggregates, tombstones and published movements.
type Existencias interface {
	// Consultar answers q. Tombstones and movements are read no earlier than the aggregates: who puts a tombstone and
	// then saves an aggregate either is seen here or makes a later save of that aggregate a conflict.
	Consultar(ctx context.Context, q Cuestion) (Respuesta, error)
	// GuardarVarias publishes ms and then stores es, which are in the order of their ids, each if its stored version
	// still is its Version (0: there is none yet), which then grows by one. It stops at the first that has moved on:
	// those before it are stored, and their Version has grown. Where Juntas is true all of it happens or nothing does.
	// Errors: ErrConflicto.
	GuardarVarias(ctx context.Context, es []*existencias.Existencia, ms []existencias.Movimiento) error
	// Juntas reports whether GuardarVarias is one transaction.
	Juntas() bool
	// Leer gives the stock of a product in a depot. Errors: ErrNoExiste, *Ilegible.
	Leer(ctx context.Context, id string) (*existencias.Existencia, error)
	// LeerProductos gives the stock of these products in every depot that has had them and
	// whose stock of them can be read.
	LeerProductos(ctx context.Context, productos []string) ([]*existencias.Existencia, error)
	// Disponibles sums what is free of products over the depots, of batches that keep or have
	// at least the date that minimos gives for the product, without decoding whole aggregates.
	// Stock that cannot be read is none.
	Disponibles(ctx context.Context, minimos map[string]time.Time) (map[string]int64, error)
	// FijarLote gives the date of a batch of a product, one over all depots: the first that was
	// ever said of it, which is vence if none was. Nil is the date of goods that keep.
	FijarLote(ctx context.Context, producto, lote string, vence *time.Time) (*time.Time, error)
	// Guardar stores e if its stored version still is e.Version (0: there is none yet),
	// which then grows by one. Errors: ErrConflicto.
	Guardar(ctx context.Context, e *existencias.Existencia) error
	// ConMovimientos gives ids of aggregates with unpublished movements, without those set aside.
	ConMovimientos(ctx context.Context, limite int) ([]string, error)
	// Apartar sets an unreadable aggregate aside: ConMovimientos gives it no more.
	Apartar(ctx context.Context, id string) error
	// Apartadas counts the aggregates that have been set aside, and Retomar makes
	// ConMovimientos give them again; it tells how many those were.
	Apartadas(ctx context.Context) (int64, error)
	Retomar(ctx context.Context) (int64, error)
	// GuardarMovimientos publishes movements; one whose id is there is left alone.
	GuardarMovimientos(ctx context.Context, ms []existencias.Movimiento) error
	// Movimientos gives those of ids that are published. Errors: *Ilegible.
	Movimientos(ctx context.Context, ids []string) ([]existencias.Movimiento, error)
	// ListarMovimientos gives up to limite published movements that f meets, newest first,
	// without those that cannot be read.
	ListarMovimientos(ctx context.Context, f FiltroMovimientos, desde *Marca,
		limite int) ([]existencias.Movimiento, error)
	// CambiarMotivo replaces the motivo of the published movement id by a, if it still is de; else nothing changes.
	CambiarMotivo(ctx context.Context, id, de, a string) error
	// PonerLapida refuses c for ever after (kept until hasta at least). Twice is once.
	PonerLapida(ctx context.Context, c existencias.Clave, hasta time.Time) error
	// HayLapida tells whether c has been refused.
	HayLapida(ctx context.Context, c existencias.Clave) (bool, error)
	// LimpiarLapidas forgets those whose time is over, up to limite, and tells how many those were.
	LimpiarLapidas(ctx context.Context, ahora time.Time, limite int) (int, error)
}

// Cupos keeps the places that orders take.
type Cupos interface {
	// Leer gives the places of one customer or address; a document that is not stored has
	// version 0 and no places. Errors: *Ilegible.
	Leer(ctx context.Context, id string) (*pedido.Cupo, error)
	// LeerVarios is Leer of several, in the order of ids.
	LeerVarios(ctx context.Context, ids []string) ([]*pedido.Cupo, error)
	// Guardar stores c if its stored version still is c.Version (0: there is none yet), which
	// then grows by one. Errors: ErrConflicto (c is left as it was).
	Guardar(ctx context.Context, c *pedido.Cupo) error
	// Limpiar forgets those whose time is over, up to limite, and tells how many those were.
	Limpiar(ctx context.Context, ahora time.Time, limite int) (int, error)
}

// CuposDe gives hay in the order of ids, and those that hay has not as they are before they are stored.
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
	// Leer gives those of ids that exist and can be read, in no order.
	Leer(ctx context.Context, ids []string) ([]*catalogo.Producto, error)
	// Guardar replaces the product if version. Errors: ErrConflicto.
	Guardar(ctx context.Context, p *catalogo.Producto) error
	// Listar gives up to limite products, newest first; q is matched against the
	// folded name, categoria against the folded category; inactive ones only if todos. Unreadable ones are left
	// out and others take their places.
	Listar(ctx context.Context, f FiltroProductos, desde *Marca, limite int) ([]*catalogo.Producto, error)
}

// FiltroMovimientos narrows a list of movements.
type FiltroMovimientos struct {
	Producto string // always given
	Lote     string // out of or into this batch; empty: of all
}

// FiltroProductos narrows a list of products.
type FiltroProductos struct {
	Q         string // words, all of which the name holds
	Categoria string // the whole category; like Q without accents and case
	Todos     bool   // inactive ones too
}
