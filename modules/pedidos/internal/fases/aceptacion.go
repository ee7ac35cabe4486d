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
func (f *Fases) aceptar(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	vuelta, n, abierta := ped.Vuelta()
	if !abierta {
		return f.otroDeposito(ctx, ped, ahora)
	}
	// The goods of the second and later depots are reserved here; preprocesar reserved those of the first. A
	// worker that died in a change of depot may have released them since, but not if the phase before this one was
	// done under the same claim.
	if n > 1 || !ped.Seguido {
		if r, err := f.reservarStock(ctx, ped, ahora); r != nil || err != nil {
			return r, err
		}
	}
	visita, err := f.v.Rutas.Reservar(ctx, f.encargoVisita(ped, vuelta, ahora, flexible(ped)))
	switch {
	case err == nil:
		return f.aceptada(ctx, ped, n, visita, ahora)
	case errors.Is(err, rutas.ErrLiberada): // an unsaved change of depot spent this visit number
		return conNuevaVisita(
			f.t.esperar(ped, ahora, esperaCamion, f.t.SinCamion, fallar(MotivoSinCamion)),
		), nil
	case sinLugar(err):
		return f.cambiarDeposito(ctx, ped, n, ahora)
	}
	return nil, err
}

// aceptada goes on with visita, if the goods of vuelta n are good until the end of its window. That window may
// be later than the one for which the goods were reserved. If they are not good for so long, the goods and the
// visit are given up, and other goods are reserved under a new vuelta: at the same depot, if it has them.
func (f *Fases) aceptada(
	ctx context.Context, ped *pedido.Pedido, n int64, visita rutas.Visita, ahora time.Time,
) (Resultado, error) {
	dura, err := f.dura(ctx, ped, n, visita.Ventana.Hasta)
	if err != nil {
		return nil, err
	}
	if dura {
		return enEstado(
			ped,
			conVisita(visita, durando(visita.Ventana.Hasta, avanzar(pedido.Aceptar))),
		), nil
	}
	tienen, err := f.v.Stock.Surtido(ctx, lineas(ped.Lineas))
	if err != nil {
		return nil, err
	}
	otra := eleccion{deposito: ped.Actual().Vueltas[n-1].Deposito, hasta: visita.Ventana.Hasta}
	hay := tienen.Tiene(otra.deposito, otra.hasta)
	dejado, err := f.dejarDeposito(ctx, ped, n, !hay, ahora)
	if err != nil || !hay {
		return dejado, err
	}
	return seguidos(dejado, abrir(otra)), nil
}

// dura reports whether the goods of vuelta n are good until hasta, and beyond it for the days that the order's
// lines ask for. Errors: those of Stock.Duran.
func (f *Fases) dura(
	ctx context.Context,
	ped *pedido.Pedido,
	n int64,
	hasta time.Time,
) (bool, error) {
	e := requerimiento(ped, ped.Actual(), n)
	if !hasta.After(e.Hasta) {
		return true, nil
	}
	e.Hasta = hasta
	return f.v.Stock.Duran(ctx, e)
}

// durando notes in the order that its goods are good until hasta, and then does resultado.
func durando(hasta time.Time, resultado Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Dura(hasta)
		return resultado(p, ahora)
	}
}

// otroDeposito opens a vuelta at the next depot. If there is none, the order waits or fails by sinDeposito.
func (f *Fases) otroDeposito(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	e, err := f.elegir(ctx, ped, ahora, flexible(ped))
	if err != nil {
		return nil, err
	}
	if e.deposito == "" {
		return f.sinDeposito(ped, ahora, e.motivo), nil
	}
	return enEstado(ped, abrir(e)), nil
}

// cambiarDeposito gives up the depot of vuelta n, which has no room in a truck, if another depot would do. If
// none would, the order keeps its goods and waits for room. It fails at once when the customer's window, which
// may not be changed, is full.
func (f *Fases) cambiarDeposito(
	ctx context.Context,
	ped *pedido.Pedido,
	n int64,
	ahora time.Time,
) (Resultado, error) {
	e, err := f.elegir(ctx, ped, ahora, flexible(ped), ped.Actual().Vueltas[n-1].Deposito)
	if err != nil {
		return nil, err
	}
	if e.deposito == "" && ped.Ventana != nil && !flexible(ped) {
		return enEstado(ped, fallar(MotivoVentana)), nil
	}
	if e.deposito == "" {
		return f.t.esperar(
			ped,
			ahora,
			esperaCamion,
			f.t.SinCamion,
			fallar(MotivoSinCamion),
		), nil
	}
	return f.dejarDeposito(ctx, ped, n, false, ahora)
}

// sinLugar reports whether err means that rutas has no visit to give: no room, no such window, or an address
// that no depot delivers to any more.
func sinLugar(err error) bool {
	return esUno(err, rutas.ErrSinLugar, rutas.ErrVentana, rutas.ErrFueraDeArea)
}

// flexible reports whether ped takes another window than the one asked for. A voucher or a transfer that has been
// paid days later had better be delivered in another window than not at all.
func flexible(ped *pedido.Pedido) bool { return pagos.Metodo(ped.Pago.Metodo).Lento() }

func (f *Fases) encargoVisita(
	ped *pedido.Pedido,
	vuelta pedido.Vuelta,
	ahora time.Time,
	flexible bool,
) rutas.Encargo {
	e := rutas.Encargo{
		Clave:    clave(ped),
		Cliente:  ped.Cliente,
		Deposito: vuelta.Deposito,
		Punto:    punto(ped),
		Carga:    carga(ped.Lineas),
		NoAntes:  ahora,
		Flexible: flexible,
	}
	if ped.Ventana != nil {
		e.Ventana = &rutas.Ventana{Desde: ped.Ventana.Desde, Hasta: ped.Ventana.Hasta}
	}
	return e
}

// conVisita writes the booking visita into the order, and then does resultado.
func conVisita(visita rutas.Visita, resultado Resultado) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Entrega = pedido.Entrega{
			Visita:  int64(visita.Numero),
			Camion:  visita.Camion,
			Patente: visita.Patente,
			Desde:   visita.Ventana.Desde,
			Hasta:   visita.Ventana.Hasta,
			Salida:  visita.Salida,
			Llegada: visita.Llegada,
			Fin:     visita.Fin,
		}
		return resultado(p, ahora)
	}
}
