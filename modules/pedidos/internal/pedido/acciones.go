package pedido

import (
	"slices"
	"time"

	"despensa/platform/fault"
	"despensa/platform/money"
	"despensa/platform/skew"
)

// Bounds of the keys of actions.
const (
	vidaAccion  = 24 * time.Hour
	maxAcciones = 50
)

// ErrHuella: an Idempotency-Key came back with another body.
var ErrHuella = fault.New(fault.Invalid, "clave-reutilizada", "This Idempotency-Key was used with another body.")

// YaHecha tells whether the action under llave has been taken on this order.
// Errors: ErrHuella.
func (p *Pedido) YaHecha(llave, huella string) (bool, error) {
	for _, a := range p.Acciones {
		if a.Llave == llave {
			if a.Huella != huella {
				return false, ErrHuella
			}
			return true, nil
		}
	}
	return false, nil
}

// Recordar notes an action with a key for a day. One that a clock has noted which was ahead is remembered for a day
// from now, and does not count this time. Errors: ErrAcciones at the 51st.
func (p *Pedido) Recordar(llave, huella string, ahora time.Time) error {
	var vivas []Accion
	futuras := 0
	for _, a := range p.Acciones {
		en := Instante(skew.Past(a.En, ahora))
		if !en.Equal(a.En) {
			futuras++
		}
		a.En = en
		if ahora.Sub(a.En) < vidaAccion {
			vivas = append(vivas, a)
		}
	}
	if len(vivas)-futuras >= maxAcciones {
		return ErrAcciones
	}
	p.Acciones = append(vivas, Accion{llave, huella, Instante(ahora)})
	return nil
}

// Olvidar forgets the action under llave: it came to nothing and may be asked again.
func (p *Pedido) Olvidar(llave string) {
	p.Acciones = slices.DeleteFunc(p.Acciones, func(a Accion) bool { return a.Llave == llave })
}

// Reembolsable is what was charged and neither given back nor promised back, in centavos.
func (p *Pedido) Reembolsable() money.Centavos {
	queda := p.Pago.Cobrado - p.Pago.Reembolsado
	for _, r := range p.Reembolsos {
		if r.Estado == ReembolsoPedido {
			queda -= r.Monto
		}
	}
	return max(0, queda)
}

// PedirReembolso notes money to give back; monto 0 means all that is left. An id that
// is noted already changes nothing.
// Errors: ErrPaso (the order is not paid for), ErrReembolso.
func (p *Pedido) PedirReembolso(r Reembolso, ahora time.Time) error {
	switch p.Estado {
	case Confirmado, EnReparto, Entregado:
	default:
		return ErrPaso.WithExtra("permitidos", Permitidos(p.Estado))
	}
	if slices.ContainsFunc(p.Reembolsos, func(o Reembolso) bool { return o.ID == r.ID }) {
		return nil
	}
	if r.Monto == 0 {
		r.Monto = p.Reembolsable()
	}
	if r.Monto <= 0 || r.Monto > p.Reembolsable() {
		return ErrReembolso
	}
	r.Estado, r.En = ReembolsoPedido, Instante(ahora)
	p.Reembolsos = append(p.Reembolsos, r)
	p.Deber(ahora)
	return nil
}

// PorReembolsar gives the oldest refund that has not been made and is due.
func (p *Pedido) PorReembolsar(ahora time.Time) (Reembolso, bool) {
	for _, r := range p.Reembolsos {
		if r.Estado == ReembolsoPedido && !r.Debe.After(ahora) {
			return r, true
		}
	}
	return Reembolso{}, false
}

// DeberReembolsos makes the order due no later than the first of its refunds; the undoing
// of one that is over gives everything back anyway.
func (p *Pedido) DeberReembolsos() {
	if p.Terminado() {
		return
	}
	for _, r := range p.Reembolsos {
		switch {
		case r.Estado != ReembolsoPedido:
		case r.Debe.IsZero():
			p.DeberAntes(r.En)
		default:
			p.DeberAntes(r.Debe)
		}
	}
}

// AplazarReembolso says when a refund that came to nothing is tried again; its tries grow by one.
func (p *Pedido) AplazarReembolso(id string, cuando time.Time) {
	for i := range p.Reembolsos {
		if r := &p.Reembolsos[i]; r.ID == id && r.Estado == ReembolsoPedido {
			r.Debe = Instante(cuando)
			r.Esperas++
		}
	}
}

// Reembolsado closes a refund: made (ReembolsoHecho), or part of a greater one.
func (p *Pedido) Reembolsado(id, estado string, ahora time.Time) {
	for i := range p.Reembolsos {
		if p.Reembolsos[i].ID == id && p.Reembolsos[i].Estado == ReembolsoPedido {
			p.Reembolsos[i].Estado = estado
			p.Anotar("reembolso_"+estado, p.Reembolsos[i].Motivo, ahora)
		}
	}
	p.Deber(ahora)
}

// Accionables lists what may be done with the order now by its customer, or by an operator;
// plazo is how long after the delivery goods may be returned.
func (p *Pedido) Accionables(operador bool, plazo time.Duration, ahora time.Time) []string {
	out := []string{}
	if _, err := siguiente(p.Estado, Cancelar); err == nil && p.Nota == nil {
		out = append(out, "cancelar")
	}
	if p.Estado == Fallido && p.Pedida == nil && p.Intento < MaxIntentos {
		out = append(out, "reintentar")
	}
	if operador && p.Reembolsable() > 0 && (p.Estado == Confirmado || p.Estado == EnReparto || p.Estado == Entregado) {
		out = append(out, "reembolsar")
	}
	if p.Devolvible(plazo, ahora) {
		out = append(out, "devolver")
	}
	return out
}
