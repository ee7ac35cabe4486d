// Package cobros is what pagos does: the rules of a charge (cobro) and the service
// that carries them out against a gateway, once, whatever happens.
package cobros

import (
	"slices"
	"strconv"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/gateway"
	"despensa/platform/idempotency"
	"despensa/platform/money"
	"despensa/platform/skew"
)

// Accion is a call of the gateway that may be in flight; "" is none.
type Accion string

// The calls that have an effect.
const (
	Crear      Accion = "crear"
	Capturar   Accion = "capturar"
	Cancelar   Accion = "cancelar"
	Reembolsar Accion = "reembolsar"
)

// Cobro is the money of one intento of an order.
type Cobro struct {
	ID        string
	Pedido    string
	Intento   int
	Cliente   string
	Metodo    pagos.Metodo
	Marca     string
	Cuotas    int
	Proveedor string

	Monto       money.Centavos // asked for
	Cobrado     money.Centavos // taken
	Reembolsado money.Centavos // given back
	Estado      pagos.Estado   // follows from what stands below

	// Vista is the furthest that the gateway was seen to be; it never goes back.
	Vista gateway.Estado
	// Mirado is when the gateway last answered about it, as far as that was written down;
	// zero where it never did, or an earlier release wrote it.
	Mirado time.Time
	// Cierre is the answer that this intento has ended with (rechazado, vencido,
	// anulado); from then on whatever money is there, or comes, goes back. "" = open.
	Cierre pagos.Estado
	// Anulado: undone for ever, by whoever asked for the money.
	Anulado bool
	// Contracargo: the payer's bank disputes the charge, as the gateway last said.
	Contracargo bool

	Motivo        string
	Instrucciones string
	Desafio       string
	Orden         string // the gateway's id; "" = not known
	Transaccion   string // the gateway's id of the payment

	// Accion was about to be called when this was written; its result is not known.
	// Before Hasta it may be running; after it, the gateway has to be asked.
	Accion Accion
	Hasta  time.Time

	Debe     time.Time // when to look after it next; zero = never
	Sondeos  int       // looks in a row that found nothing new
	Vence    time.Time // until when a slow method may be paid; zero for cards
	Creado   time.Time
	Cambiado time.Time
	Version  int64
}

// Reembolso is a refund of a cobro: asked for, then done or refused for good.
type Reembolso struct {
	ID     string // ours; of a refund that others made, the gateway's
	Monto  money.Centavos
	Estado EstadoReembolso
	Orden  int    // position among the refunds of the cobro, from 1
	Ajeno  string // the gateway's id; "" = not known
	Motivo string // why it is Fallido, in kebab-case
}

// DeOtros reports whether r was made at the gateway's own panel, and not by us.
func (r Reembolso) DeOtros() bool { return r.Estado == Hecho && r.ID == r.Ajeno }

// EstadoReembolso is where a refund stands.
type EstadoReembolso string

// The states of a refund.
const (
	Pedido  EstadoReembolso = "pedido"
	Hecho   EstadoReembolso = "hecho"
	Fallido EstadoReembolso = "fallido" // the gateway will not do it
)

// Ficha is a cobro with its refunds: what is read, changed and saved as one.
type Ficha struct {
	Cobro
	Reembolsos []Reembolso

	pista string // the gateway's id of the order as a notice had it, where Orden is not known; not stored
}

// ID derives the id of the cobro of an intento.
func ID(i pagos.Intento) string {
	return idempotency.Derive("cobro", i.Pedido, strconv.Itoa(i.Numero))
}

// Referencia is how the gateway knows the cobro.
func (c Cobro) Referencia() string { return c.Pedido + "-" + strconv.Itoa(c.Intento) }

// Clave is the idempotency key of a call, the same for ever.
func (c Cobro) Clave(a Accion, reembolso string) string {
	k := c.Referencia() + "-" + string(a)
	if a == Reembolsar {
		k += "-" + idempotency.Derive("reembolso", reembolso)
	}
	return k
}

// Recibo is f as the contract shows it.
func (f Ficha) Recibo() pagos.Recibo {
	return pagos.Recibo{
		ID:            f.ID,
		Estado:        f.Estado,
		Cobrado:       f.Cobrado,
		Reembolsado:   f.Reembolsado,
		Ajeno:         f.suma(Reembolso.DeOtros),
		Contracargo:   f.Contracargo,
		Instrucciones: f.Instrucciones,
		Desafio:       f.Desafio,
		Motivo:        f.Motivo,
	}
}

// EnCurso says that a call may be running: it fits into a lease, so that one which would run for longer was noted by a
// clock that was ahead.
func (c Cobro) EnCurso(ahora time.Time) bool {
	return c.Accion != "" && ahora.Before(c.Hasta) && !c.Hasta.After(skew.LeaseLimit(ahora))
}

// derivar says what the rest amounts to. Money outweighs every closing.
func (c Cobro) derivar() pagos.Estado {
	switch {
	case c.Cobrado > 0 && c.Reembolsado >= c.Cobrado:
		return pagos.Reembolsado
	case c.Cobrado > 0:
		return pagos.Cobrado
	case c.Cierre != "":
		return c.Cierre
	case c.Vista == gateway.Reservada:
		return pagos.Reservado
	}
	return pagos.Pendiente
}

// nuevoCobro is the cobro of o as it is inserted: about to be created at the gateway.
func nuevoCobro(o pagos.Orden, proveedor string, ahora, hasta time.Time) Ficha {
	return Ficha{Cobro: Cobro{
		ID: ID(o.Intento), Pedido: o.Pedido, Intento: o.Numero, Cliente: o.Cliente, Metodo: o.Metodo, Marca: o.Marca, Cuotas: o.Cuotas,
		Proveedor: proveedor, Monto: o.Monto, Estado: pagos.Pendiente, Accion: Crear, Hasta: hasta, Debe: hasta.Add(holgura),
		Vence: o.Vence, Creado: ahora, Cambiado: ahora, Version: 1,
	}}
}

// holgura is how long after a call's time the background work takes over.
const holgura = time.Second

// copia is f with refunds of its own.
func (f Ficha) copia() Ficha {
	f.Reembolsos = slices.Clone(f.Reembolsos)
	return f
}

// EsNoticia reports whether f, which was antes, has something to tell those who wait for the payment: its estado,
// money that went back, a dispute.
func (f Ficha) EsNoticia(antes Ficha) bool {
	return f.Estado != antes.Estado || f.Reembolsado != antes.Reembolsado || f.Contracargo != antes.Contracargo
}

// Igual reports whether f and g are the same charge in the same state, with the same refunds.
func (f Ficha) Igual(g Ficha) bool {
	return f.Cobro == g.Cobro && slices.Equal(f.Reembolsos, g.Reembolsos)
}

// igual says that nothing has changed but the bookkeeping of who looked when.
func (f Ficha) igual(g Ficha) bool {
	f.Mirado = g.Mirado
	return f.Igual(g)
}
