package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
)

// MotivoDevuelto is the reason code of an order that is cancelled because all its money went back before it left.
const MotivoDevuelto = "dinero-devuelto"

// leerPago reads how the payment of an order stands whose money was taken: some may have gone back at the gateway's own
// panel, or be disputed. The Resultado is nil where there is nothing to read; an order whose phase before was done under
// the same claim has just been told. Errors: those of pagos.Consultar but ErrSinCobro.
func (f *Fases) leerPago(ctx context.Context, p *pedido.Pedido, _ time.Time) (Resultado, error) {
	if p.Seguido || p.Pago.Cobrado == 0 {
		return nil, nil
	}
	de := intento(p)
	re, err := f.v.Pagos.Consultar(ctx, de)
	switch {
	case errors.Is(err, pagos.ErrSinCobro):
		return nil, nil
	case err != nil: // a notice is told once: it is not lost because pagos fails
		return func(p *pedido.Pedido, ahora time.Time) error {
			p.DeberAntes(ahora.Add(f.t.EsperaMaxima))
			return errSinNovedad
		}, err
	}
	return func(p *pedido.Pedido, ahora time.Time) error {
		pago, eventos, nota := p.Pago, len(p.Eventos), p.Nota
		err := anotarDinero(p, de, re, ahora)
		if err == nil && p.Pago == pago && len(p.Eventos) == eventos && p.Nota == nota {
			return errSinNovedad
		}
		return err
	}, nil
}

// errSinNovedad: pagos says what the order knows. Nothing was done, so that a phase whose result the order refuses is
// put off all the same.
var errSinNovedad = errors.New("fases: the payment stands as it is known")

// anotarDinero notes what pagos says of an intento's money, and what follows from money that went back: an order that
// has not left is cancelled when nothing of its money is left; one that has left is marked when that was not our doing.
// A dispute marks the order and moves it nowhere.
func anotarDinero(p *pedido.Pedido, de pagos.Intento, re pagos.Recibo, ahora time.Time) error {
	if int(p.Intento) != de.Numero || re.Estado == "" {
		return nil
	}
	anotarRecibo(p, re)
	p.AnotarAjeno(re.Ajeno, ahora)
	if re.Contracargo {
		p.Marcar(pedido.MarcaDisputa, ahora)
	}
	if !re.TodoDevuelto() {
		return nil
	}
	switch p.Estado {
	case pedido.Autorizado, pedido.Aceptado, pedido.Confirmado:
		return SinDinero(p, ahora)
	case pedido.EnReparto, pedido.Entregado:
		if re.Ajeno > 0 {
			p.Marcar(pedido.MarcaDevuelto, ahora)
		}
	}
	return nil
}

// SinDinero asks for the cancel of an order that has not left and whose money has gone back whole. A cancel that is
// under way goes on. Errors: pedido.ErrPaso of an order that has left, or is over.
func SinDinero(p *pedido.Pedido, ahora time.Time) error {
	n := pedido.Nota{Motivo: MotivoDevuelto, Codigo: MotivoDevuelto}
	return inesperado(p.PedirCancelacion(n, ahora), pedido.ErrCancelando)
}
