package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pagos"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// aceptar: autorizado -> aceptado. It books room in a truck of the depot that holds the goods. Without room
// there, the next depot that has all the goods is tried inside the same intento.
func (f *Fases) aceptar(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	vuelta, n, abierta := p.Vuelta()
	if !abierta {
		return f.otroDeposito(ctx, p, ahora)
	}
	// The goods of the second and later depots are reserved here; preprocesar reserved those of the first. A
	// worker that died in a change of depot may have released them since, but not if the phase before this one was
	// done under the same claim.
	if n > 1 || !p.Seguido {
		if r, err := f.reservarStock(ctx, p, ahora); r != nil || err != nil {
			return r, err
		}
	}
	visita, err := f.v.Rutas.Reservar(ctx, f.encargoVisita(p, vuelta, ahora, flexible(p)))
	switch {
	case err == nil:
		return f.aceptada(ctx, p, n, visita, ahora)
	case errors.Is(err, rutas.ErrLiberada): // an unsaved change of depot spent this visit number
		return conNuevaVisita(f.t.esperar(p, ahora, esperaCamion, f.t.SinCamion, fallar(MotivoSinCamion))), nil
	case sinLugar(err):
		return f.cambiarDeposito(ctx, p, n, ahora)
	}
	return nil, err
}

// aceptada goes on with visita, if the goods of vuelta n are good until the end of its window. That window may
// be later than the one for which the goods were reserved. If they are not good for so long, the goods and the
// visit are given up, and other goods are reserved under a new vuelta: at the same depot, if it has them.
func (f *Fases) aceptada(
	ctx context.Context, p *pedido.Pedido, n int64, visita rutas.Visita, ahora time.Time,
) (Resultado, error) {
	dura, err := f.dura(ctx, p, n, visita.Ventana.Hasta)
	if err != nil {
		return nil, err
	}
	if dura {
		return enEstado(p, conVisita(visita, durando(visita.Ventana.Hasta, avanzar(pedido.Aceptar)))), nil
	}
	tienen, err := f.v.Stock.Surtido(ctx, lineas(p.Lineas))
	if err != nil {
		return nil, err
	}
	otra := eleccion{deposito: p.Actual().Vueltas[n-1].Deposito, hasta: visita.Ventana.Hasta}
	hay := tienen.Tiene(otra.deposito, otra.hasta)
	dejado, err := f.dejarDeposito(ctx, p, n, !hay, ahora)
	if err != nil || !hay {
		return dejado, err
	}
	return seguidos(dejado, abrir(otra)), nil
}

// dura reports whether the goods of vuelta n are good until hasta, and beyond it for the days that the order's
// lines ask for. Errors: those of Stock.Duran.
func (f *Fases) dura(ctx context.Context, p *pedido.Pedido, n int64, hasta time.Time) (bool, error) {
	e := requerimiento(p, p.Actual(), n)
	if !hasta.After(e.Hasta) {
		return true, nil
	}
	e.Hasta = hasta
	return f.v.Stock.Duran(ctx, e)
}

// durando notes in the order that its goods are good until hasta, and then does r.
func durando(hasta time.Time, r Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Dura(hasta)
		return r(p, ahora)
	}
}

// otroDeposito opens a vuelta at the next depot. If there is none, the order waits or fails by sinDeposito.
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

// cambiarDeposito gives up the depot of vuelta n, which has no room in a truck, if another depot would do. If
// none would, the order keeps its goods and waits for room. It fails at once when the customer's window, which
// may not be changed, is full.
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

// sinLugar reports whether err means that rutas has no visit to give: no room, no such window, or an address
// that no depot delivers to any more.
func sinLugar(err error) bool {
	return esUno(err, rutas.ErrSinLugar, rutas.ErrVentana, rutas.ErrFueraDeArea)
}

// flexible reports whether p takes another window than the one asked for. A voucher or a transfer that has been
// paid days later had better be delivered in another window than not at all.
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

// conVisita writes the booking v into the order, and then does r.
func conVisita(v rutas.Visita, r Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Entrega = pedido.Entrega{Visita: int64(v.Numero), Camion: v.Camion, Patente: v.Patente,
			Desde: v.Ventana.Desde, Hasta: v.Ventana.Hasta, Salida: v.Salida, Llegada: v.Llegada, Fin: v.Fin}
		return r(p, ahora)
	}
}
