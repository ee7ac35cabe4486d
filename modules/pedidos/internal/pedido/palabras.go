package pedido

import "slices"

// Palabra is one place of an order that holds people's own words, a reason code of the house, or nothing.
type Palabra struct {
	Lugar string // for which it is sealed
	Texto *string
}

// LugarMotivo is the place of the words of a cancel: they move from the Nota to the Intento and the Pedido.
const LugarMotivo = "motivo"

// LugarReembolso is the place of an operator's words on a refund.
func LugarReembolso(id string) string { return "reembolso." + id }

// LugarDevolucion is the place of the words with which the customer or an operator asked for a return.
func LugarDevolucion(id string) string { return "devolucion." + id }

// LugarRechazo is the place of the words with which a return was refused.
func LugarRechazo(devolucion string) string { return "rechazo." + devolucion }

// Palabras are all places of p that may hold people's own words. Each Texto points into p, so that a caller that writes
// to a Texto changes p. The events of p hold no such words.
func (p *Pedido) Palabras() []Palabra {
	out := []Palabra{{LugarMotivo, &p.Motivo}}
	if p.Nota != nil {
		out = append(out, Palabra{LugarMotivo, &p.Nota.Motivo})
	}
	for i := range p.Intentos {
		out = append(out, Palabra{LugarMotivo, &p.Intentos[i].Motivo})
	}
	for i := range p.Reembolsos {
		r := &p.Reembolsos[i]
		out = append(out, Palabra{LugarReembolso(r.ID), &r.Motivo})
	}
	for i := range p.Devoluciones {
		d := &p.Devoluciones[i]
		out = append(
			out,
			Palabra{LugarDevolucion(d.ID), &d.Motivo},
			Palabra{LugarRechazo(d.ID), &d.Rechazo},
		)
	}
	return out
}

// Copia is a copy of p with Palabras of its own: a change of them leaves p as it is. The copy shares the rest with p.
func (p *Pedido) Copia() *Pedido {
	c := *p
	c.Intentos = slices.Clone(p.Intentos)
	c.Reembolsos = slices.Clone(p.Reembolsos)
	c.Devoluciones = slices.Clone(p.Devoluciones)
	if p.Nota != nil {
		n := *p.Nota
		c.Nota = &n
	}
	return &c
}
