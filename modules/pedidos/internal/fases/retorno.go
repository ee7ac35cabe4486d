package fases

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
)

// retornosDeUna bounds the goods that came back that one phase books.
const retornosDeUna = 50

// retornar books goods that came back, into stock or thrown away, each once. It stands beside
// the phase of the estado and beside the undoing; what fails is tried again, and has no deadline, for
// the goods are there. The Resultado is nil when nothing is to be booked.
func (f *Fases) retornar(ctx context.Context, p *pedido.Pedido, _ time.Time) (Resultado, error) {
	por := p.PorAsentar()
	if len(por) == 0 {
		return nil, nil
	}
	ctx, fin := mitad(ctx)
	defer fin()
	var hechos []int64
	for _, r := range por[:min(len(por), retornosDeUna)] {
		if err := f.v.Stock.Retornar(ctx, retorno(p, r)); err != nil {
			return asentar(hechos, f.t.EsperaMaxima), err
		}
		hechos = append(hechos, r.Numero)
	}
	return asentar(hechos, 0), nil
}

// asentar notes the goods that have been booked. Are there more, the order is due after pausa.
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

// retorno is r as the stock knows it: it left the depot of the last vuelta.
func retorno(p *pedido.Pedido, r pedido.Retorno) reservas.Retorno {
	in := p.Actual()
	out := reservas.Retorno{Pedido: p.ID, Intento: in.Numero, Producto: r.Producto}
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
