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

func vuelto(reembolso pedido.Reembolso) Vuelto {
	return Vuelto{
		MontoCentavos: reembolso.Monto,
		Estado:        reembolso.Estado,
		Rechazo:       reembolso.Rechazo,
		Creado:        reembolso.En,
	}
}

func vueltos(ped *pedido.Pedido) (out []Vuelto) {
	for _, r := range ped.Reembolsos {
		out = append(out, vuelto(r))
	}
	return out
}

// vueltoDe is the refund of the return devolucion of ped; nil while there is none. When the last goods of an order come
// back, all that is left of its money goes back at once: then devolucion has no refund of its own, and shows how the
// order's money went.
func vueltoDe(ped *pedido.Pedido, devolucion pedido.Devolucion) *Vuelto {
	if r := ped.ReembolsoDe(devolucion); r.ID != "" {
		v := vuelto(r)
		return &v
	}
	if devolucion.Estado != pedido.DevolucionAceptada || devolucion.Monto == 0 {
		return nil
	}
	v := Vuelto{
		MontoCentavos: devolucion.Monto,
		Estado:        pedido.ReembolsoPedido,
		Creado:        devolucion.Resuelta,
	}
	for _, r := range ped.Reembolsos {
		if r.Motivo == pedido.MotivoAnulacion {
			v.Estado, v.Rechazo = r.Estado, r.Rechazo
		}
	}
	if ped.Pago.Reembolsado >= ped.Pago.Cobrado {
		v.Estado, v.Rechazo = pedido.ReembolsoHecho, ""
	}
	return &v
}

func marcas(ped *pedido.Pedido) (out []string) {
	for _, m := range ped.Marcas {
		out = append(out, m.Codigo)
	}
	return out
}
