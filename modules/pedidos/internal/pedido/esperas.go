package pedido

import (
	"slices"
	"time"

	"despensa/platform/skew"
)

// Esperar gives the deadline of the present wait. A kind of wait (que) that this estado has
// not known yet gets dura from ahora on, and its tries are counted from 0. A kind of wait that comes
// back keeps the deadline that stands, so that two waits that take turns end, too.
func (p *Pedido) Esperar(que string, dura time.Duration, ahora time.Time) time.Time {
	nueva := !slices.Contains(p.Esperado, que)
	if nueva {
		p.Esperado, p.Esperas = append(p.Esperado, que), 0
	}
	if nueva || p.Plazo == nil {
		p.Vencer(ahora.Add(dura))
	}
	return *p.Plazo
}

// Vencer says until when the present wait may last.
func (p *Pedido) Vencer(limite time.Time) {
	l := Instante(limite)
	p.Plazo = &l
}

// DejarDeEsperar ends the present wait: the next wait has a deadline and tries of its own.
func (p *Pedido) DejarDeEsperar() { p.Esperas, p.Esperado, p.Plazo = 0, nil, nil }

// Deber says when the order next needs care.
func (p *Pedido) Deber(cuando time.Time) {
	t := Instante(cuando)
	p.Debe = &t
}

// DeberAntes says that the order needs care at cuando, if it would not before.
func (p *Pedido) DeberAntes(cuando time.Time) {
	if p.Debe == nil || cuando.Before(*p.Debe) {
		p.Deber(cuando)
	}
}

// Descansar ends the present wait and takes debe away: the order needs no care until it is changed.
func (p *Pedido) Descansar() {
	p.DejarDeEsperar()
	p.Debe = nil
}

// PonerEnHora corrects the times that a clock which was ahead has written. The times of past acts (Cambio, a note, a
// refund asked for) that lie after ahora by more than skew.Slack are moved back to ahora, so that deadlines count from
// there. A refund that was put off longer than pausa is due at ahora. Creado and the events stay as they are, because
// customers and the event store have seen them.
func (p *Pedido) PonerEnHora(ahora time.Time, pausa time.Duration) {
	p.Cambio = Instante(skew.Past(p.Cambio, ahora))
	if p.Nota != nil {
		nota := *p.Nota
		nota.En = Instante(skew.Past(nota.En, ahora))
		p.Nota = &nota
	}
	p.Reembolsos = slices.Clone(p.Reembolsos)
	for i := range p.Reembolsos {
		r := &p.Reembolsos[i]
		r.En = Instante(skew.Past(r.En, ahora))
		if r.Debe.After(skew.Limit(ahora, pausa)) {
			r.Debe = Instante(ahora)
		}
	}
}
