package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
	"despensa/modules/rutas"
)

// confirmar: aceptado -> confirmado. First the money is taken, then the reservation of the goods becomes a
// sale, and last the visit becomes firm. An order whose money has all gone back meanwhile is cancelled.
func (f *Fases) confirmar(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	recibo, err := f.v.Pagos.Capturar(ctx, intento(ped))
	switch {
	case errors.Is(err, pagos.ErrRechazado):
		return enEstado(ped, conRecibo(recibo, fallar(motivoDe(recibo)))), nil
	case esUno(err, pagos.ErrVencido, pagos.ErrAnulado, pagos.ErrSinCobro):
		return enEstado(ped, conRecibo(recibo, fallar(MotivoVencido))), nil
	case esUno(err, pagos.ErrSinPasarela, pagos.ErrEnCurso, pagos.ErrPendiente):
		return f.t.esperar(
			ped,
			ahora,
			esperaPasarela,
			f.t.Pasarela,
			fallar(MotivoPasarela),
		), nil
	case err != nil:
		return nil, err
	}
	if recibo.TodoDevuelto() {
		de := intento(ped)
		return enEstado(
			ped,
			func(p *pedido.Pedido, ahora time.Time) error { return anotarDinero(p, de, recibo, ahora) },
		), nil
	}
	in := ped.Actual()
	err = f.v.Stock.Vender(ctx, requerimiento(ped, in, int64(len(in.Vueltas))))
	switch {
	case esUno(err, existencias.ErrSinReserva, reservas.ErrLiberada): // the goods have been released meanwhile
		return enEstado(ped, conRecibo(recibo, fallar(MotivoSinStock))), nil
	case err != nil:
		return nil, err
	}
	visita, nueva, err := f.asegurar(ctx, ped, ahora)
	espera := f.t.esperar(ped, ahora, esperaCamion, f.t.SinCamion, fallar(MotivoSinCamion))
	switch {
	case err == nil && nueva:
		return conNuevaVisita(espera), nil
	case err == nil:
		reposo := durando(visita.Ventana.Hasta, f.alReposo(visita))
		return f.confirmada(ctx, ped, visita, conRecibo(recibo, conVisita(visita, reposo)))
	case sinLugar(err):
		return espera, nil
	}
	return nil, err
}

// confirmada does resultado. If the goods that were sold are not good until the end of visita's window, the intento
// ends instead: that window may be later than the one of a lost visit, for which the goods were sold.
func (f *Fases) confirmada(
	ctx context.Context, ped *pedido.Pedido, visita rutas.Visita, resultado Resultado,
) (Resultado, error) {
	dura, err := f.dura(ctx, ped, int64(len(ped.Actual().Vueltas)), visita.Ventana.Hasta)
	if err != nil {
		return nil, err
	}
	if !dura {
		resultado = conVisita(visita, fallar(MotivoSinStock))
	}
	return enEstado(ped, resultado), nil
}

// alReposo confirms the order. visita has just been read as firm, so the order rests until its truck is due to
// leave, without another save. If the truck has left already, the next phase comes at once.
func (f *Fases) alReposo(visita rutas.Visita) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		err := p.Avanzar(pedido.Confirmar, ahora)
		if err == nil && visita.Estado == rutas.Firme {
			p.Vencer(f.t.limiteSalida(p))
			p.Deber(antes(f.t.mirarSalida(p, ahora), *p.Plazo))
		}
		return err
	}
}

// asegurar makes the order's booking firm. It books first, if the order has a visit number that has been saved
// but not used. nueva means that this number is spent, and that another one is needed. Errors: those of rutas.
func (f *Fases) asegurar(
	ctx context.Context, ped *pedido.Pedido, ahora time.Time,
) (visita rutas.Visita, nueva bool, err error) {
	if ped.Entrega.Visita != ped.VisitaActual() {
		vs := ped.Actual().Vueltas
		_, err = f.v.Rutas.Reservar(ctx, f.encargoVisita(ped, vs[len(vs)-1], ahora, true))
		if errors.Is(err, rutas.ErrLiberada) {
			return visita, true, nil
		}
		if err != nil {
			return visita, false, err
		}
	}
	visita, err = f.v.Rutas.Asegurar(ctx, clave(ped))
	if esUno(err, rutas.ErrLiberada, rutas.ErrSinVisita) {
		return visita, true, nil
	}
	return visita, false, err
}

// nuevaVisita takes the next visit number, and makes the order due: the number is saved before it is used.
func nuevaVisita(ped *pedido.Pedido, ahora time.Time) error {
	ped.NuevaVisita()
	ped.Deber(ahora)
	return nil
}

// conNuevaVisita does espera, and takes the next visit number. The first such wait is over at once; the later
// ones last as long as espera says.
func conNuevaVisita(espera Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		if err := espera(p, ahora); err != nil || p.Terminado() {
			return err
		}
		if p.Esperas == 1 {
			p.Deber(ahora)
		}
		p.OtraVisita()
		return nil
	}
}
