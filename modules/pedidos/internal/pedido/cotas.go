package pedido

import (
	"slices"

	"despensa/platform/fault"
)

// Bounds of the lists in an order, besides MaxIntentos, MaxDevoluciones and those of its body. Every event of the
// history belongs to one of them or to a step of the machine, so that the history is bounded and never cut.
const (
	// MaxReembolsos is how many refunds operators may ask for; those of returns come on top.
	MaxReembolsos = 50
	// MaxVueltas is how many depots one intento tries.
	MaxVueltas = 50
	// MaxVisitas is how many booking numbers one intento takes while it waits for room.
	MaxVisitas = 200
	// MaxTardes is how many cancels may come too late while the order stands in one estado.
	MaxTardes = 10
)

// ErrReembolsos: the order has MaxReembolsos refunds that operators have asked for.
var ErrReembolsos = fault.New(fault.Conflict, "demasiados-reembolsos",
	"This order has as many refunds as one may have.")

// muchosReembolsos reports whether an operator may ask for no further refund. The refund of a return has the id of the
// return and is bounded by MaxDevoluciones.
func (p *Pedido) muchosReembolsos(id string) bool {
	deDevolucion := func(id string) bool {
		return slices.ContainsFunc(
			p.Devoluciones,
			func(d Devolucion) bool { return d.ID == id },
		)
	}
	n := 0
	for _, r := range p.Reembolsos {
		if !deDevolucion(r.ID) {
			n++
		}
	}
	return n >= MaxReembolsos && !deDevolucion(id)
}

// tarde is the type of the event of a cancel that came after the truck had left.
const tarde = "cancelacion_tarde"

// muchasTardes reports whether too many cancels have come too late since the order entered its estado.
func (p *Pedido) muchasTardes() bool {
	n := 0
	for _, e := range p.Eventos {
		if e.Tipo == tarde && !e.En.Before(p.Cambio) {
			n++
		}
	}
	return n >= MaxTardes
}

// PuedeProbar reports whether this intento may try another depot.
func (p *Pedido) PuedeProbar() bool { return len(p.actual().Vueltas) < MaxVueltas }

// OtraVisita takes the next booking number while the order waits for room in a truck. An intento that has taken
// MaxVisitas numbers takes no more, and its wait ends by its deadline.
func (p *Pedido) OtraVisita() {
	if len(p.actual().Visitas) < MaxVisitas {
		p.NuevaVisita()
	}
}
