package fases

import "despensa/modules/pedidos/internal/pedido"

// Intencion is the part of a stored order by which a process that finds it undoes the deeds of its phases, if
// the worker died before it saved them. Phases that do not change it may share one save.
type Intencion struct {
	estado           pedido.Estado
	intento          int64
	vueltas, visitas int
	marcas           int
}

// IntencionDe is the Intencion of p as it stands. The caller takes it when p has just been read or saved.
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

// Cubre reports whether the next phase of p may begin before p is saved, while the store has the order as i
// says. It may if the order is stored in creado, with its depot and its visit number. The phases up to aceptado
// then reserve stock, ask for money, and book a visit that is not firm. After a crash each is repeated from
// creado without harm, and a cancel undoes them without asking a truck. From aceptado on every estado is stored
// before its phase begins, because that phase makes the visit firm. An order that is stored further on than
// creado is saved after each phase: its stock is not reserved again before a change of depot.
func (i Intencion) Cubre(p *pedido.Pedido) bool {
	_, _, abierta := p.Vuelta()
	sigue := p.Estado == pedido.Preprocesado || p.Estado == pedido.Autorizado
	if i.estado != pedido.Creado || !sigue || !abierta || p.Nota != nil {
		return false
	}
	i.estado = p.Estado
	return IntencionDe(p) == i
}

// Seguidos does r and then s, unless r fails; r may be nil. It joins the results of phases that share one save.
func Seguidos(r, s Resultado) Resultado { return seguidos(r, s) }
