package pedido

import (
	"slices"
	"time"

	"despensa/platform/money"
)

// Reembolso is money to give back: on an operator's word, for a return, or because the order was undone and the gateway
// refused. Debe, and not the step of the order, says when it is tried.
type Reembolso struct {
	ID      string         `bson:"id"`
	Monto   money.Centavos `bson:"monto"` // 0: all that is left of the charge; the amount follows with ReembolsoHecho
	Motivo  string         `bson:"motivo"`
	Estado  string         `bson:"estado"`
	Rechazo string         `bson:"rechazo"` // reason code of ReembolsoRechazado; absent in documents of earlier releases
	En      time.Time      `bson:"en"`
	Debe    time.Time      `bson:"debe"`    // when it is tried next; zero: at once
	Esperas int64          `bson:"esperas"` // tries that came to nothing
}

// The states of a Reembolso: not yet, and its three ends.
const (
	ReembolsoPedido    = "pedido"
	ReembolsoHecho     = "hecho"
	ReembolsoAbsorbido = "absorbido" // the whole payment was given back meanwhile
	ReembolsoRechazado = "rechazado" // refused for good; Rechazo says why
)

// Marca is a fact about an order's money that people of the company have to look at. It moves no estado.
type Marca struct {
	Codigo string    `bson:"codigo"`
	En     time.Time `bson:"en"`
}

// The codes of a Marca.
const (
	MarcaDevuelto  = "dinero-devuelto"     // all the money went back without us after the truck had left
	MarcaDisputa   = "contracargo"         // the cardholder's bank disputes the charge
	MarcaRechazado = "reembolso-rechazado" // the gateway refuses for good to give money back
)

// Marcas lists the codes of a Marca.
func Marcas() []string { return []string{MarcaDevuelto, MarcaDisputa, MarcaRechazado} }

// Marcar marks the order, once per code.
func (p *Pedido) Marcar(codigo string, ahora time.Time) {
	if p.Marcado(codigo) {
		return
	}
	p.Marcas = append(p.Marcas, Marca{Codigo: codigo, En: Instante(ahora)})
	p.Anotar("marca", codigo, ahora)
}

// Marcado reports whether the order bears a mark.
func (p *Pedido) Marcado(codigo string) bool {
	return slices.ContainsFunc(p.Marcas, func(m Marca) bool { return m.Codigo == codigo })
}

// Reembolsable is the part of the charge that was neither given back nor promised back, in centavos. A pending refund
// without a Monto promises all of the rest.
func (p *Pedido) Reembolsable() money.Centavos {
	queda := p.Pago.Cobrado - p.Pago.Reembolsado
	for _, r := range p.Reembolsos {
		switch {
		case r.Estado != ReembolsoPedido:
		case r.Monto == 0:
			return 0
		default:
			queda -= r.Monto
		}
	}
	return max(0, queda)
}

// PedirReembolso notes money to give back. Monto 0 means all that is left of the charge, and the gateway says how much
// that is. A refund with an ID that the order has already changes nothing.
// Errors: ErrPaso (the order is not paid for), ErrReembolso, ErrReembolsos.
func (p *Pedido) PedirReembolso(reembolso Reembolso, ahora time.Time) error {
	if !p.Estado.rasgos().reembolsable {
		return ErrPaso.WithExtra("permitidos", Permitidos(p.Estado))
	}
	if slices.ContainsFunc(
		p.Reembolsos,
		func(o Reembolso) bool { return o.ID == reembolso.ID },
	) {
		return nil
	}
	if queda := p.Reembolsable(); reembolso.Monto < 0 || queda == 0 || reembolso.Monto > queda {
		return ErrReembolso
	}
	if p.muchosReembolsos(reembolso.ID) {
		return ErrReembolsos
	}
	reembolso.Estado, reembolso.En = ReembolsoPedido, Instante(ahora)
	p.Reembolsos = append(p.Reembolsos, reembolso)
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

// DeberReembolsos makes the order due no later than the first of its refunds. An order that is over
// is left as it is: its undoing gives all of the money back anyway.
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

// AplazarReembolso says when the refund under id is tried again after a try that came to nothing, which it counts.
func (p *Pedido) AplazarReembolso(id string, cuando time.Time) {
	for i := range p.Reembolsos {
		if r := &p.Reembolsos[i]; r.ID == id && r.Estado == ReembolsoPedido {
			r.Debe = Instante(cuando)
			r.Esperas++
		}
	}
}

// Reembolsado notes that a refund was made: monto centavos went back.
func (p *Pedido) Reembolsado(id string, monto money.Centavos, ahora time.Time) {
	p.cerrarReembolso(id, ReembolsoHecho, ahora, func(r *Reembolso) string {
		r.Monto = monto
		return r.porQue()
	})
}

// Absorber notes that the money of a refund went back with the money of a greater refund.
func (p *Pedido) Absorber(id string, ahora time.Time) {
	p.cerrarReembolso(id, ReembolsoAbsorbido, ahora, (*Reembolso).porQue)
}

// RechazarReembolso notes that a refund will never be made, for a reason code, and marks the order.
func (p *Pedido) RechazarReembolso(id, rechazo string, ahora time.Time) {
	p.cerrarReembolso(id, ReembolsoRechazado, ahora, func(r *Reembolso) string {
		r.Rechazo = rechazo
		p.Marcar(MarcaRechazado, ahora)
		return rechazo
	})
}

// RechazarReintegro notes that the gateway refuses for good to give back the rest of the charge of an order that is
// undone. Each refund that was asked for is refused. Where there was none, a refused refund under id tells how many
// centavos the house still owes.
func (p *Pedido) RechazarReintegro(id, rechazo string, ahora time.Time) {
	pedidos := false
	for _, r := range p.Reembolsos {
		pedidos = pedidos || r.Estado == ReembolsoPedido || r.ID == id
		p.RechazarReembolso(r.ID, rechazo, ahora)
	}
	if pedidos {
		return
	}
	p.Reembolsos = append(p.Reembolsos, Reembolso{
		ID:     id,
		Monto:  max(0, p.Pago.Cobrado-p.Pago.Reembolsado),
		Motivo: MotivoAnulacion,
		Estado: ReembolsoPedido,
		En:     Instante(ahora),
	})
	p.RechazarReembolso(id, rechazo, ahora)
}

// MotivoAnulacion is the reason code of the refund of an order that was undone.
const MotivoAnulacion = "anulacion"

// porQue is the reason code of a refund for its event: people's own words stay in the order.
func (r *Reembolso) porQue() string {
	if r.Motivo == MotivoDevolucion || r.Motivo == MotivoAnulacion {
		return r.Motivo
	}
	return aPedido
}

// cerrarReembolso ends the refund under id in estado, if it has not ended. fin changes the refund and gives the reason
// code of the event.
func (p *Pedido) cerrarReembolso(
	id, estado string,
	ahora time.Time,
	fin func(*Reembolso) string,
) {
	for i := range p.Reembolsos {
		if r := &p.Reembolsos[i]; r.ID == id && r.Estado == ReembolsoPedido {
			r.Estado = estado
			p.Anotar("reembolso_"+estado, fin(r), ahora)
		}
	}
	p.Deber(ahora)
}

// ReembolsoDe is the refund of a return. It is zero where the return needed none, and for the return of the last goods
// of an order: undoing the order gives their money back.
func (p *Pedido) ReembolsoDe(devolucion Devolucion) Reembolso {
	i := slices.IndexFunc(p.Reembolsos, func(r Reembolso) bool { return r.ID == devolucion.ID })
	if i < 0 {
		return Reembolso{}
	}
	return p.Reembolsos[i]
}

// AnotarAjeno notes that ajeno centavos in all have gone back at the gateway's own panel.
func (p *Pedido) AnotarAjeno(ajeno money.Centavos, ahora time.Time) {
	if ajeno > p.Pago.Ajeno {
		p.Pago.Ajeno = ajeno
		p.Anotar("reembolso_ajeno", "", ahora)
	}
}
