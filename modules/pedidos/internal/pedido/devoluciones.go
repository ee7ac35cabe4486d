package pedido

import (
	"fmt"
	"slices"
	"time"

	"despensa/platform/fault"
	"despensa/platform/money"
)

// Errors of returns.
var (
	// ErrDevolucion: a line names a product that was not delivered or stands in another line too, or more units than
	// are left.
	ErrDevolucion = fault.New(fault.Invalid, "devolucion-invalida", "This cannot be returned.")
	// ErrPlazo: the time in which goods may be returned is over.
	ErrPlazo = fault.New(fault.Conflict, "devolucion-tarde", "The time in which goods may be returned is over.")
	// ErrDevoluciones: the order has MaxDevoluciones returns, or its returns would have more than MaxRetornos Retornos.
	ErrDevoluciones = fault.New(fault.Conflict, "demasiadas-devoluciones",
		"This order has as many returns as one may have.")
	// ErrSinDevolucion: the order has no such return.
	ErrSinDevolucion = fault.New(fault.NotFound, "devolucion-no-existe", "There is no such return.")
	// ErrResuelta: an operator has accepted or refused the return before.
	ErrResuelta = fault.New(fault.Conflict, "devolucion-resuelta",
		"This return has been accepted or refused already.")
)

// MaxDevoluciones bounds the returns of one order, refused ones included.
const MaxDevoluciones = 20

// Devolucion is goods that come back after their delivery.
type Devolucion struct {
	ID       string          `bson:"id"`
	Estado   string          `bson:"estado"`
	Lineas   []LineaDevuelta `bson:"lineas"`
	Monto    money.Centavos  `bson:"monto"`   // the money that goes back for Lineas; an estimate while DevolucionPedida
	Motivo   string          `bson:"motivo"`  // words of the customer or operator that asked for the return
	Rechazo  string          `bson:"rechazo"` // the operator's words: why the return was refused
	En       time.Time       `bson:"en"`
	Resuelta time.Time       `bson:"resuelta"` // zero while DevolucionPedida
}

// LineaDevuelta is a quantity of one product that comes back.
type LineaDevuelta struct {
	Producto string `bson:"producto"`
	Cantidad int64  `bson:"cantidad"`
}

// The states of a Devolucion.
const (
	DevolucionPedida    = "pedida" // its units count as returned; its money has not gone back
	DevolucionAceptada  = "aceptada"
	DevolucionRechazada = "rechazada" // its units may be returned again
)

// MotivoDevolucion is the reason code of the refund and of the step to which a return leads.
const MotivoDevolucion = "devolucion"

// PedirDevolucion notes a return, plazo after the delivery at the latest. A return with an ID that the
// order has already changes nothing. Errors: ErrPaso (not delivered), ErrPlazo, ErrDevolucion
// (naming the member), ErrDevoluciones.
func (p *Pedido) PedirDevolucion(
	devolucion Devolucion,
	plazo time.Duration,
	ahora time.Time,
) error {
	if slices.ContainsFunc(
		p.Devoluciones,
		func(o Devolucion) bool { return o.ID == devolucion.ID },
	) {
		return nil
	}
	if err := p.admitirDevolucion(devolucion.Lineas, plazo, ahora); err != nil {
		return err
	}
	devolucion.Estado = DevolucionPedida
	devolucion.En = Instante(ahora)
	devolucion.Monto = p.valor(devolucion.Lineas)
	p.Devoluciones = append(p.Devoluciones, devolucion)
	p.Anotar("devolucion_pedida", devolucion.ID, ahora)
	return nil
}

// admitirDevolucion tells why lineas cannot come back, if they cannot.
func (p *Pedido) admitirDevolucion(
	lineas []LineaDevuelta,
	plazo time.Duration,
	ahora time.Time,
) error {
	switch {
	case !p.Estado.rasgos().devolvible:
		return ErrPaso.WithExtra("permitidos", Permitidos(p.Estado))
	case ahora.After(p.entregado().Add(plazo)):
		return ErrPlazo
	case len(p.Devoluciones) >= MaxDevoluciones:
		return ErrDevoluciones
	case len(lineas) == 0:
		return ErrDevolucion.WithField("body.lineas", "nothing would come back")
	}
	quedan, vistas := p.porDevolver(), map[string]bool{}
	for i, linea := range lineas {
		campo := func(miembro, que string) error {
			return ErrDevolucion.WithField(fmt.Sprintf("body.lineas[%d].%s", i, miembro), que)
		}
		n, hay := quedan[linea.Producto]
		switch {
		case !hay:
			return campo("producto_id", "was not delivered with this order")
		case vistas[linea.Producto]:
			return campo("producto_id", "stands in another line too")
		case linea.Cantidad < 1 || linea.Cantidad > n:
			return campo("cantidad", "exceeds what was delivered and not returned")
		}
		vistas[linea.Producto] = true
	}
	return nil
}

// AceptarDevolucion sends the money of a return back, as far as it has not gone back
// otherwise, and its goods to the places that reparto names. When every unit of the order has been returned the
// order ends, and all that is left of it is undone. Errors: ErrSinDevolucion, ErrResuelta, ErrPaso; those
// of repartir.
func (p *Pedido) AceptarDevolucion(id string, reparto Reparto, ahora time.Time) error {
	devolucion, err := p.porResolver(id)
	if err != nil {
		return err
	}
	if err := p.repartir(*devolucion, reparto); err != nil {
		return err
	}
	// The return is not among the accepted ones yet, as valor demands.
	devolucion.Monto = min(p.valor(devolucion.Lineas), p.Reembolsable())
	devolucion.Estado, devolucion.Resuelta = DevolucionAceptada, Instante(ahora)
	p.Anotar("devolucion_aceptada", devolucion.ID, ahora)
	if p.devueltoTodo() {
		return p.Devolver(MotivoDevolucion, ahora)
	}
	p.Deber(ahora)
	if devolucion.Monto == 0 {
		return nil
	}
	return p.PedirReembolso(
		Reembolso{ID: devolucion.ID, Monto: devolucion.Monto, Motivo: MotivoDevolucion},
		ahora,
	)
}

// RechazarDevolucion refuses a return. Errors: ErrSinDevolucion, ErrResuelta, ErrPaso.
func (p *Pedido) RechazarDevolucion(id, motivo string, ahora time.Time) error {
	d, err := p.porResolver(id)
	if err != nil {
		return err
	}
	d.Estado, d.Rechazo, d.Resuelta = DevolucionRechazada, motivo, Instante(ahora)
	p.Anotar("devolucion_rechazada", d.ID, ahora)
	return nil
}

// porResolver finds a return that no operator has accepted or refused. Errors: ErrSinDevolucion, ErrResuelta, ErrPaso.
func (p *Pedido) porResolver(id string) (*Devolucion, error) {
	i := slices.IndexFunc(p.Devoluciones, func(d Devolucion) bool { return d.ID == id })
	switch {
	case i < 0:
		return nil, ErrSinDevolucion
	case p.Devoluciones[i].Estado != DevolucionPedida:
		return nil, ErrResuelta
	case !p.Estado.rasgos().devolvible:
		return nil, ErrPaso.WithExtra("permitidos", Permitidos(p.Estado))
	}
	return &p.Devoluciones[i], nil
}

// Devolvible reports whether a unit of the order may be returned now.
func (p *Pedido) Devolvible(plazo time.Duration, ahora time.Time) bool {
	if !p.Estado.rasgos().devolvible || ahora.After(p.entregado().Add(plazo)) ||
		len(p.Devoluciones) >= MaxDevoluciones {
		return false
	}
	for _, n := range p.porDevolver() {
		if n > 0 {
			return true
		}
	}
	return false
}

// entregado is when the customer got the goods.
func (p *Pedido) entregado() time.Time {
	if p.Entrega.Fin.IsZero() {
		return p.Cambio
	}
	return p.Entrega.Fin
}

// porDevolver is how many units of each product stand in no return, or in refused returns only.
func (p *Pedido) porDevolver() map[string]int64 {
	return p.sinDevolver(func(d Devolucion) bool { return d.Estado != DevolucionRechazada })
}

// devueltoTodo reports whether every unit of the order stands in an accepted return.
func (p *Pedido) devueltoTodo() bool {
	for _, n := range p.sinDevolver(func(d Devolucion) bool { return d.Estado == DevolucionAceptada }) {
		if n > 0 {
			return false
		}
	}
	return true
}

// sinDevolver is how many units of each product stand in no return for which cuenta is true.
func (p *Pedido) sinDevolver(cuenta func(Devolucion) bool) map[string]int64 {
	quedan := map[string]int64{}
	for _, l := range p.Lineas {
		quedan[l.Producto] += l.Cantidad
	}
	for _, d := range p.Devoluciones {
		for _, l := range d.Lineas {
			if cuenta(d) {
				quedan[l.Producto] -= l.Cantidad
			}
		}
	}
	return quedan
}

// valor is the price of lineas in centavos, as the next units that come back after those of accepted returns.
func (p *Pedido) valor(lineas []LineaDevuelta) (total money.Centavos) {
	quedan := p.sinDevolver(func(d Devolucion) bool { return d.Estado == DevolucionAceptada })
	for _, l := range lineas {
		i := slices.IndexFunc(p.Lineas, func(x Linea) bool { return x.Producto == l.Producto })
		if i >= 0 {
			antes := p.Lineas[i].Cantidad - quedan[l.Producto]
			total += p.Lineas[i].parte(antes+l.Cantidad) - p.Lineas[i].parte(antes)
		}
	}
	return total
}

// parte is the share of the first n units of a line, in centavos, half away from zero. The price
// of some units is a difference of two partes, so that the prices of all units add up to the line's total. A line of
// 10^12 centavos and 10,000 units is far from the bounds of int64.
func (l Linea) parte(n int64) money.Centavos {
	return money.Centavos((2*int64(l.Total)*n + l.Cantidad) / (2 * l.Cantidad))
}
