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

// IntencionDe is the Intencion of ped as it stands. The caller takes it when ped has just been read or saved.
func IntencionDe(ped *pedido.Pedido) Intencion {
	in := ped.Actual()
	return Intencion{
		estado:  ped.Estado,
		intento: ped.Intento,
		vueltas: len(in.Vueltas),
		visitas: len(in.Visitas),
		marcas:  len(ped.Marcas),
	}
}

// Cubre reports whether the next phase of ped may begin before ped is saved, while the store has the order as i
// says. It may if the order is stored in creado, with its depot and its visit number. The phases up to aceptado
// then reserve stock, ask for money, and book a visit that is not firm. After a crash each is repeated from
// creado without harm, and a cancel undoes them without asking a truck. From aceptado on every estado is stored
// before its phase begins, because that phase makes the visit firm. An order that is stored further on than
// creado is saved after each phase: its stock is not reserved again before a change of depot.
func (i Intencion) Cubre(ped *pedido.Pedido) bool {
	_, _, abierta := ped.Vuelta()
	sigue := ped.Estado == pedido.Preprocesado || ped.Estado == pedido.Autorizado
	if i.estado != pedido.Creado || !sigue || !abierta || ped.Nota != nil {
		return false
	}
	i.estado = ped.Estado
	return IntencionDe(ped) == i
}

// Seguidos does r and then s, unless r fails; r may be nil. It joins the results of phases that share one save.
func Seguidos(r, s Resultado) Resultado { return seguidos(r, s) }
