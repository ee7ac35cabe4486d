package fases

import "despensa/modules/pedidos/internal/pedido"

// Intencion is what a stored order says of the deeds to come: by it they are undone, whoever dies. Phases that leave it as
// it is may share one save.
type Intencion struct {
	estado           pedido.Estado
	intento          int64
	vueltas, visitas int
	marcas           int
}

// IntencionDe is that of p as it is stored.
func IntencionDe(p *pedido.Pedido) Intencion {
	in := p.Actual()
	return Intencion{
		estado:  p.Estado,
		intento: p.Intento,
		vueltas: len(in.Vueltas),
		visitas: len(in.Visitas),
		marcas:  len(p.Marcas),
	}
}

// Cubre reports whether the next phase of p may begin although the order is stored as i says: in creado, with the depot
// and the number of the visit that are being tried. From there stock is reserved, money asked for and a visit booked that
// is not firm: each is done again from creado without harm, and undone by a cancel that asks no truck. From aceptado on
// every estado is stored before its phase begins, for that makes the visit firm. An order that is stored further on
// than creado is saved after each phase: no phase before a change of depot looks at its stock again.
func (i Intencion) Cubre(p *pedido.Pedido) bool {
	_, _, abierta := p.Vuelta()
	sigue := p.Estado == pedido.Preprocesado || p.Estado == pedido.Autorizado
	if i.estado != pedido.Creado || !sigue || !abierta || p.Nota != nil {
		return false
	}
	i.estado = p.Estado
	return IntencionDe(p) == i
}

// Seguidos does r, if there is one, and then s: what two phases want that share one save.
func Seguidos(r, s Resultado) Resultado { return seguidos(r, s) }
