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
		return enEstado(p, conVisita(vis, avanzar(pedido.Aceptar))), nil
	case errors.Is(err, rutas.ErrLiberada): // a change of depot was not saved; another number may do
		return conNuevaVisita(f.t.esperar(p, ahora, esperaCamion, f.t.SinCamion, fallar(MotivoSinCamion))), nil
	case sinLugar(err):
		return f.cambiarDeposito(ctx, p, n, ahora)
	}
	return nil, err
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
	return enEstado(p, abrir(e.deposito)), nil
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
