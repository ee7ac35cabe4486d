package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/existencias"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/reservas"
)

// preprocesar: creado -> preprocesado. In a first pass it checks that the products are still sold, and chooses
// a depot, which is saved before anything is reserved there. In a second pass it reserves the goods at that
// depot.
func (f *Fases) preprocesar(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	if _, _, abierta := ped.Vuelta(); abierta {
		if r, err := f.reservarStock(ctx, ped, ahora); r != nil || err != nil {
			return r, err
		}
		return enEstado(ped, avanzar(pedido.Preprocesar)), nil
	}
	venden, err := f.seVenden(ctx, ped)
	if err != nil {
		return nil, err
	}
	if !venden {
		return enEstado(ped, fallar(MotivoProducto)), nil
	}
	e, err := f.elegir(ctx, ped, ahora, false)
	if err != nil {
		return nil, err
	}
	if e.deposito == "" {
		return f.sinDeposito(ped, ahora, e.motivo), nil
	}
	return enEstado(ped, abrir(e)), nil
}

// abrir opens a vuelta at the depot of e, and makes the order due at once.
func abrir(eleccion eleccion) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Elegir(eleccion.deposito, eleccion.hasta)
		p.Esperas = 0
		p.Deber(ahora)
		return nil
	}
}

// seVenden reports whether every product of the order exists and is active.
func (f *Fases) seVenden(ctx context.Context, ped *pedido.Pedido) (bool, error) {
	ids := make([]string, 0, len(ped.Lineas))
	for _, l := range ped.Lineas {
		ids = append(ids, l.Producto)
	}
	ps, err := f.v.Productos.Leer(ctx, ids)
	if err != nil {
		return false, err
	}
	activos := 0
	for _, x := range ps {
		if x.Activo {
			activos++
		}
	}
	return activos == len(ids), nil
}

// reservarStock reserves the lines in the depot of the open vuelta; nil and nil when it has. If a line is
// short, or the vuelta was released before, the Resultado gives this depot up. Errors: those of Stock.Reservar
// but the ones in it.
func (f *Fases) reservarStock(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	_, n, _ := ped.Vuelta()
	err := f.v.Stock.Reservar(ctx, requerimiento(ped, ped.Actual(), n))
	switch {
	case err == nil:
		return nil, nil
	case esUno(err, existencias.ErrFalta, reservas.ErrLiberada):
		return f.dejarDeposito(ctx, ped, n, errors.Is(err, existencias.ErrFalta), ahora)
	case errors.Is(err, existencias.ErrLleno):
		return f.t.esperar(ped, ahora, esperaLugar, f.t.SinCamion, sinReserva), nil
	}
	return nil, err
}

// sinReserva ends the intento of an order that could not reserve its goods at all. Its vuelta is closed first:
// an order in creado without an open vuelta keeps its card's token for the next intento.
func sinReserva(ped *pedido.Pedido, ahora time.Time) error {
	ped.CerrarVuelta(true)
	return ped.Fallar(MotivoSinStock, ahora)
}

// dejarDeposito releases the goods and the visit that vuelta n may have at its depot, and closes the vuelta. An
// order in creado may have a visit too, if its worker died between the booking and the save. falta: a line was
// short there.
func (f *Fases) dejarDeposito(
	ctx context.Context, ped *pedido.Pedido, n int64, falta bool, ahora time.Time,
) (Resultado, error) {
	if err := f.v.Stock.Liberar(ctx, requerimiento(ped, ped.Actual(), n), ahora); err != nil {
		return nil, err
	}
	if err := f.v.Rutas.Liberar(ctx, clave(ped)); err != nil {
		return nil, err
	}
	return f.cerrarVuelta(ped, n, falta), nil
}

// cerrarVuelta notes that vuelta n has been released, and makes the order due, to try another depot. falta: a
// line was short at this one.
func (f *Fases) cerrarVuelta(visto *pedido.Pedido, n int64, falta bool) Resultado {
	return enEstado(visto, func(p *pedido.Pedido, ahora time.Time) error {
		if _, abierta, ok := p.Vuelta(); ok && abierta == n {
			p.CerrarVuelta(falta)
		}
		p.Deber(ahora)
		return nil
	})
}
