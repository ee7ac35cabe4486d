package fases

import (
	"context"
	"errors"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// ventanasMiradas bounds the windows that rutas lists for each depot, among which the window asked for is
// looked for. For an order without a window one is enough: the first.
const ventanasMiradas = 60

// Reason codes of an intento that found no depot, goods or truck.
const (
	MotivoSinStock  = "sin-stock"
	MotivoVentana   = "ventana-agotada"
	MotivoSinCamion = "sin-camion"
	MotivoArea      = "fuera-de-area"
	MotivoProducto  = "producto-no-disponible"
)

// eleccion is the depot to try next, or the reason why there is none.
type eleccion struct {
	deposito string
	hasta    time.Time // end of the window there: the goods have to be good until then
	motivo   string    // without a deposito: MotivoSinStock, MotivoVentana, MotivoSinCamion or MotivoArea
}

// elegir finds the nearest depot that has room in a truck and all the goods, good until the end of that truck's
// window. It leaves out menos and the depots that this intento has tried. flexible takes another window than
// the one asked for. Errors: those of rutas.Ofrecer but ErrFueraDeArea; those of Stock.Surtido.
func (f *Fases) elegir(
	ctx context.Context, ped *pedido.Pedido, ahora time.Time, flexible bool, menos ...string,
) (eleccion, error) {
	q := rutas.Consulta{Punto: punto(ped), Carga: carga(ped.Lineas), NoAntes: ahora, Limite: 1}
	if ped.Ventana != nil {
		q.Limite = ventanasMiradas
	}
	cercanos, err := f.v.Rutas.Ofrecer(ctx, q)
	if errors.Is(err, rutas.ErrFueraDeArea) {
		return eleccion{motivo: MotivoArea}, nil
	}
	if err != nil {
		return eleccion{}, err
	}
	tienen, err := f.v.Stock.Surtido(ctx, lineas(ped.Lineas))
	if err != nil {
		return eleccion{}, err
	}
	probados, _ := ped.Probados()
	probados = append(probados, menos...)
	out := eleccion{motivo: MotivoSinStock}
	if !ped.PuedeProbar() {
		return eleccion{motivo: MotivoSinCamion}, nil
	}
	for _, d := range cercanos {
		hasta, hay := lugar(d, ped.Ventana, flexible, ahora)
		if slices.Contains(probados, d.ID) || !tienen.Tiene(d.ID, hasta) {
			continue
		}
		if hay {
			return eleccion{deposito: d.ID, hasta: hasta}, nil
		}
		out.motivo = MotivoSinCamion
		if ped.Ventana != nil && !flexible {
			out.motivo = MotivoVentana
		}
	}
	return out, nil
}

// lugar is the end of the window in which deposito would deliver. That is the window pedida, if the depot has
// it; otherwise, when flexible, the next one after it; for a nil pedida, the first one. If the depot has none
// of these, hay is false, and hasta is the end of pedida, or now.
func lugar(
	deposito rutas.DepositoCercano, pedida *pedido.Ventana, flexible bool, ahora time.Time,
) (hasta time.Time, hay bool) {
	if pedida == nil {
		if len(deposito.Ventanas) == 0 {
			return ahora, false
		}
		return deposito.Ventanas[0].Hasta, true
	}
	for _, o := range deposito.Ventanas {
		if o.Desde.Equal(pedida.Desde) && o.Hasta.Equal(pedida.Hasta) {
			return pedida.Hasta, true
		}
	}
	for _, o := range deposito.Ventanas {
		if flexible && !o.Desde.Before(pedida.Desde) {
			return o.Hasta, true
		}
	}
	return pedida.Hasta, flexible && len(deposito.Ventanas) > 0
}

// sinDeposito is the result when elegir found no depot, for motivo. An order waits for room in a truck, and
// fails for any other reason. When an order beyond creado has come to lie out of the area, it waits too, as for
// room.
func (f *Fases) sinDeposito(ped *pedido.Pedido, ahora time.Time, motivo string) Resultado {
	if motivo == MotivoArea && ped.Estado != pedido.Creado {
		motivo = MotivoSinCamion
	}
	if motivo == MotivoSinCamion {
		return f.t.esperar(ped, ahora, esperaCamion, f.t.SinCamion, fallar(motivo))
	}
	return enEstado(ped, fallar(motivo))
}

func punto(ped *pedido.Pedido) rutas.Punto {
	return rutas.Punto{Lat: ped.Destino.Lat, Lon: ped.Destino.Lon}
}

func carga(lineas []pedido.Linea) (c rutas.Carga) {
	for _, l := range lineas {
		c.PesoGramos += l.Cantidad * l.Peso
		c.VolumenML += l.Cantidad * l.Volumen
		c.Frio = c.Frio || l.Frio
	}
	return c
}
