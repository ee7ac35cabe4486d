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
	ID             string
	Pedido         string
	Intento        int
	Cliente        string
	Metodo         pagos.Metodo
	MarcaDeTarjeta string
	Cuotas         int
	Proveedor      string

	Monto       money.Centavos // asked for
	Cobrado     money.Centavos // taken
	Reembolsado money.Centavos // given back
	Estado      pagos.Estado   // derived from the members below, see derivar

	// Vista is the state of the highest rango in which the gateway has reported the order; "" = never reported. It never
	// goes back.
	Vista gateway.Estado
	// Mirado is when the gateway last answered about the order, as far as that was saved; zero where it never did, or an
	// earlier release wrote the row.
	Mirado time.Time
	// Cierre is the answer that this intento has ended with (rechazado, vencido, anulado); "" = open. From then on its
	// money goes back, also money that the gateway takes later.
	Cierre pagos.Estado
	// Anulado: a caller of Anular has given the intento up for ever.
	Anulado bool
	// Contracargo: the payer's bank disputes the charge, as the gateway last said.
	Contracargo bool

	Motivo        string
	Instrucciones string
	Desafio       string
	Orden         string // the gateway's id; "" = not known
	Transaccion   string // the gateway's id of the payment

	// Accion is a call of the gateway that was about to be made when the row was saved; its result is not known. Before
	// Hasta the call may still be running. After Hasta the order has to be read at the gateway.
	Accion Accion
	Hasta  time.Time

	Debe     time.Time // when to look after it next; zero = never
	Sondeos  int       // looks in a row that found nothing new
	Vence    time.Time // until when a slow method may be paid; zero for cards
	Creado   time.Time
	Cambiado time.Time
	Version  int64
}

// Reembolso is a refund of a cobro. It is asked for (Solicitado), and then made (Hecho) or refused for good (Fallido).
type Reembolso struct {
	ID     string // ours; of a refund made at the gateway's own panel, the gateway's
	Monto  money.Centavos
	Estado EstadoReembolso
	Orden  int    // position among the refunds of the cobro, from 1
	Ajeno  string // the gateway's id; "" = not known
	Motivo string // why it is Fallido, in kebab-case
}

// DeOtros reports whether r was made at the gateway's own panel, and not through this service.
func (r Reembolso) DeOtros() bool { return r.Estado == Hecho && r.ID == r.Ajeno }

// EstadoReembolso is where a refund stands.
type EstadoReembolso string

// The states of a refund.
const (
	Solicitado EstadoReembolso = "pedido"
	Hecho      EstadoReembolso = "hecho"
	Fallido    EstadoReembolso = "fallido" // refused for good by the gateway
)

// CobroEntero is a cobro with its refunds. The two are read, changed and saved together.
type CobroEntero struct {
	Cobro
	Reembolsos []Reembolso

	pista string // the gateway's id of the order as a notice had it, where Orden is not known; not stored
}

// ID derives the id of the cobro of an intento.
func ID(intento pagos.Intento) string {
	return idempotency.Derive("cobro", intento.Pedido, strconv.Itoa(intento.Numero))
}

// Referencia is the reference under which the gateway has the order of c: order and intento.
func (c Cobro) Referencia() string { return c.Pedido + "-" + strconv.Itoa(c.Intento) }

// Clave is the idempotency key of a call, the same for ever.
func (c Cobro) Clave(accion Accion, reembolso string) string {
	k := c.Referencia() + "-" + string(accion)
	if accion == Reembolsar {
		k += "-" + idempotency.Derive("reembolso", reembolso)
	}
	return k
}

// Recibo is f as the contract shows it.
func (f CobroEntero) Recibo() pagos.Recibo {
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

// EnCurso says that the call Accion may be running at ahora. A Hasta that is further away than a lease can be was
// written by a clock that was ahead, and does not count.
func (c Cobro) EnCurso(ahora time.Time) bool {
	return c.Accion != "" && ahora.Before(c.Hasta) && !c.Hasta.After(skew.LeaseLimit(ahora))
}

// derivar is the Estado that the other members amount to. Money that was taken outweighs a Cierre.
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

// nuevoCobro is the cobro of o as it is inserted, with the call Crear announced until hasta.
func nuevoCobro(
	ordenDePago pagos.OrdenDePago,
	proveedor string,
	ahora, hasta time.Time,
) CobroEntero {
	return CobroEntero{Cobro: Cobro{
		ID:             ID(ordenDePago.Intento),
		Pedido:         ordenDePago.Pedido,
		Intento:        ordenDePago.Numero,
		Cliente:        ordenDePago.Cliente,
		Metodo:         ordenDePago.Metodo,
		MarcaDeTarjeta: ordenDePago.MarcaDeTarjeta,
		Cuotas:         ordenDePago.Cuotas,
		Proveedor:      proveedor,
		Monto:          ordenDePago.Monto,
		Estado:         pagos.Pendiente,
		Accion:         Crear,
		Hasta:          hasta,
		Debe:           hasta.Add(holgura),
		Vence:          ordenDePago.Vence,
		Creado:         ahora,
		Cambiado:       ahora,
		Version:        1,
	}}
}

// holgura is how long after Hasta the background work takes a cobro over.
const holgura = time.Second

// copia is f with a copy of its refunds, so that changes of them do not reach f.
func (f CobroEntero) copia() CobroEntero {
	f.Reembolsos = slices.Clone(f.Reembolsos)
	return f
}

// SeAnuncia reports whether a change from antes to f is announced to the modules that wait for the payment: another
// Estado, money that went back, a dispute.
func (f CobroEntero) SeAnuncia(antes CobroEntero) bool {
	return f.Estado != antes.Estado || f.Reembolsado != antes.Reembolsado ||
		f.Contracargo != antes.Contracargo
}

// Igual reports whether f and cobroEntero are the same charge in the same state, with the same refunds.
func (f CobroEntero) Igual(cobroEntero CobroEntero) bool {
	return f.Cobro == cobroEntero.Cobro && slices.Equal(f.Reembolsos, cobroEntero.Reembolsos)
}

// igual says that f and cobroEntero differ in Mirado at most.
func (f CobroEntero) igual(cobroEntero CobroEntero) bool {
	f.Mirado = cobroEntero.Mirado
	return f.Igual(cobroEntero)
}
