package rest

import (
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/money"
)

// Vuelto is money of an order that goes back, as its customer sees it. It lacks the operator's words, which
// Reembolso has.
type Vuelto struct {
	MontoCentavos money.Centavos `json:"monto_centavos,omitempty" doc:"Absent while the gateway has not said how much is left."`
	Estado        string         `json:"estado" enum:"pedido,hecho,absorbido,rechazado" doc:"pedido: not yet; absorbido: the whole payment was given back meanwhile; rechazado: refused for good."`
	Rechazo       string         `json:"rechazo,omitempty" crece:"no-reembolsable,monto-excesivo,peticion-rechazada,sin-cobro,otro" doc:"Why it was refused."`
	Creado        time.Time      `json:"creado" doc:"When it was asked for."`
}

func vuelto(r pedido.Reembolso) Vuelto {
	return Vuelto{MontoCentavos: r.Monto, Estado: r.Estado, Rechazo: r.Rechazo, Creado: r.En}
}

func vueltos(p *pedido.Pedido) (out []Vuelto) {
	for _, r := range p.Reembolsos {
		out = append(out, vuelto(r))
	}
	return out
}

// vueltoDe is the refund of the return d of p; nil while there is none. When the last goods of an order come
// back, all that is left of its money goes back at once: then d has no refund of its own, and shows how the
// order's money went.
func vueltoDe(p *pedido.Pedido, d pedido.Devolucion) *Vuelto {
	if r := p.ReembolsoDe(d); r.ID != "" {
		v := vuelto(r)
		return &v
	}
	if d.Estado != pedido.DevolucionAceptada || d.Monto == 0 {
		return nil
	}
	v := Vuelto{MontoCentavos: d.Monto, Estado: pedido.ReembolsoPedido, Creado: d.Resuelta}
	for _, r := range p.Reembolsos {
		if r.Motivo == pedido.MotivoAnulacion {
			v.Estado, v.Rechazo = r.Estado, r.Rechazo
		}
	}
	if p.Pago.Reembolsado >= p.Pago.Cobrado {
		v.Estado, v.Rechazo = pedido.ReembolsoHecho, ""
	}
	return &v
}

func marcas(p *pedido.Pedido) (out []string) {
	for _, m := range p.Marcas {
		out = append(out, m.Codigo)
	}
	return out
}
