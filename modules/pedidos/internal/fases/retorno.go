package fases

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
)

// retornosDeUna is how many goods that came back one phase books at most.
const retornosDeUna = 50

// retornar books the goods of accepted returns that are not booked yet, into stock or as thrown away, each
// once. It is done beside the phase of the estado or of the undoing. It is repeated after a failure, without a
// deadline, because the goods lie in the depot. The Resultado is nil when there is nothing to book.
func (f *Fases) retornar(
	ctx context.Context,
	ped *pedido.Pedido,
	_ time.Time,
) (Resultado, error) {
	por := ped.PorAsentar()
	if len(por) == 0 {
		return nil, nil
	}
	ctx, fin := mitad(ctx)
	defer fin()
	var hechos []int64
	for _, r := range por[:min(len(por), retornosDeUna)] {
		if err := f.v.Stock.Retornar(ctx, retorno(ped, r)); err != nil {
			return asentar(hechos, f.t.EsperaMaxima), err
		}
		hechos = append(hechos, r.Numero)
	}
	return asentar(hechos, 0), nil
}

// asentar notes in the order that the goods under numeros have been booked. If it has more to book, it is due
// after pausa.
func asentar(numeros []int64, pausa time.Duration) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		for _, n := range numeros {
			p.Asentar(n)
		}
		if len(p.PorAsentar()) > 0 {
			p.DeberAntes(ahora.Add(pausa))
		}
		return nil
	}
}

// retorno is r as Stock is asked to book it, at the depot of the last vuelta, from which the goods were
// delivered.
func retorno(ped *pedido.Pedido, r pedido.Retorno) reservas.Retorno {
	in := ped.Actual()
	out := reservas.Retorno{Pedido: ped.ID, Intento: in.Numero, Producto: r.Producto}
	if n := len(in.Vueltas); n > 0 {
		out.Deposito = in.Vueltas[n-1].Deposito
	}
	out.Retorno = existencias.Retorno{
		Devolucion: r.Devolucion,
		Numero:     int(r.Numero),
		Toma:       existencias.Toma{Lote: r.Lote, Vence: r.Vence, Cantidad: r.Cantidad},
		Descarte:   r.Destino == pedido.ADescarte,
	}
	return out
}
