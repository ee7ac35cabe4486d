package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// aceptar: autorizado -> aceptado. Room in a truck of the depot that holds the goods;
// without room the next depot that has it all is tried inside the same intento.
func (f *Fases) aceptar(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	v, n, abierta := p.Vuelta()
	if !abierta {
		return f.otroDeposito(ctx, p, ahora)
	}
	// The goods of a later depot are reserved here. Those of the first were reserved before; a change of depot that was
	// not saved may have released them, but not since the phase before, if that was done under the same claim.
	if n > 1 || !p.Seguido {
		if r, err := f.reservarStock(ctx, p, ahora); r != nil || err != nil {
			return r, err
		}
	}
	vis, err := f.v.Rutas.Reservar(ctx, f.encargoVisita(p, v, ahora, flexible(p)))
	switch {
	case err == nil:
		return f.aceptada(ctx, p, n, vis, ahora)
	case errors.Is(err, rutas.ErrLiberada): // a change of depot was not saved; another number may do
		return conNuevaVisita(f.t.esperar(p, ahora, esperaCamion, f.t.SinCamion, fallar(MotivoSinCamion))), nil
	case sinLugar(err):
		return f.cambiarDeposito(ctx, p, n, ahora)
	}
	return nil, err
}

// aceptada goes on with the visit vis, if the goods of vuelta n are good until its window ends.
// Where they are not, because the window is a later one than they were reserved for, the goods
// and the visit are given up, and other goods are reserved under the key of another vuelta: at
// this depot, if it has them.
func (f *Fases) aceptada(
	ctx context.Context, p *pedido.Pedido, n int64, vis rutas.Visita, ahora time.Time,
) (Resultado, error) {
	dura, err := f.dura(ctx, p, n, vis.Ventana.Hasta)
	if err != nil {
		return nil, err
	}
	if dura {
		return enEstado(p, conVisita(vis, durando(vis.Ventana.Hasta, avanzar(pedido.Aceptar)))), nil
	}
	tienen, err := f.v.Stock.Surtido(ctx, lineas(p.Lineas))
	if err != nil {
		return nil, err
	}
	otra := eleccion{deposito: p.Actual().Vueltas[n-1].Deposito, hasta: vis.Ventana.Hasta}
	hay := tienen.Tiene(otra.deposito, otra.hasta)
	dejado, err := f.dejarDeposito(ctx, p, n, !hay, ahora)
	if err != nil || !hay {
		return dejado, err
	}
	return seguidos(dejado, abrir(otra)), nil
}

// dura reports whether the goods of vuelta n are good until hasta, as long beyond as the
// order's lines ask for.
func (f *Fases) dura(ctx context.Context, p *pedido.Pedido, n int64, hasta time.Time) (bool, error) {
	e := encargo(p, p.Actual(), n)
	if !hasta.After(e.Hasta) {
		return true, nil
	}
	e.Hasta = hasta
	return f.v.Stock.Duran(ctx, e)
}

// durando notes that the goods are good until hasta and then does r.
func durando(hasta time.Time, r Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Dura(hasta)
		return r(p, ahora)
	}
}

// otroDeposito opens the next vuelta, or says why there is none.
func (f *Fases) otroDeposito(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	e, err := f.elegir(ctx, p, ahora, flexible(p))
	if err != nil {
		return nil, err
	}
	if e.deposito == "" {
		return f.sinDeposito(p, ahora, e.motivo), nil
	}
	return enEstado(p, abrir(e)), nil
}

// cambiarDeposito gives a depot without room up if another would do; else it waits, or
// the window is gone.
func (f *Fases) cambiarDeposito(ctx context.Context, p *pedido.Pedido, n int64, ahora time.Time) (Resultado, error) {
	e, err := f.elegir(ctx, p, ahora, flexible(p), p.Actual().Vueltas[n-1].Deposito)
	if err != nil {
		return nil, err
	}
	if e.deposito == "" && p.Ventana != nil && !flexible(p) {
		return enEstado(p, fallar(MotivoVentana)), nil
	}
	if e.deposito == "" {
		return f.t.esperar(p, ahora, esperaCamion, f.t.SinCamion, fallar(MotivoSinCamion)), nil
	}
	return f.dejarDeposito(ctx, p, n, false, ahora)
}

// sinLugar reports whether err says that no visit can be had: no room, no window, or a
// place that no depot reaches any more.
func sinLugar(err error) bool {
	return esUno(err, rutas.ErrSinLugar, rutas.ErrVentana, rutas.ErrFueraDeArea)
}

// flexible: money that took days has come, so another window is better than none.
func flexible(p *pedido.Pedido) bool { return pagos.Metodo(p.Pago.Metodo).Lento() }

func (f *Fases) encargoVisita(p *pedido.Pedido, v pedido.Vuelta, ahora time.Time, flexible bool) rutas.Encargo {
	e := rutas.Encargo{
		Clave:    clave(p),
		Cliente:  p.Cliente,
		Deposito: v.Deposito,
		Punto:    punto(p),
		Carga:    carga(p.Lineas),
		NoAntes:  ahora,
		Flexible: flexible,
	}
	if p.Ventana != nil {
		e.Ventana = &rutas.Ventana{Desde: p.Ventana.Desde, Hasta: p.Ventana.Hasta}
	}
	return e
}

// conVisita notes the booking and then does r.
func conVisita(v rutas.Visita, r Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Entrega = pedido.Entrega{Visita: int64(v.Numero), Camion: v.Camion, Patente: v.Patente,
			Desde: v.Ventana.Desde, Hasta: v.Ventana.Hasta, Salida: v.Salida, Llegada: v.Llegada, Fin: v.Fin}
		return r(p, ahora)
	}
}
