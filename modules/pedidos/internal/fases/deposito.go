package fases

import (
	"context"
	"errors"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// ventanasMiradas bounds the windows of a depot among which the one asked for is looked
// for; without one, the first that is free will do.
const ventanasMiradas = 60

// Reason codes of an intento that ends before anything was charged.
const (
	MotivoSinStock  = "sin-stock"
	MotivoVentana   = "ventana-agotada"
	MotivoSinCamion = "sin-camion"
	MotivoArea      = "fuera-de-area"
	MotivoProducto  = "producto-no-disponible"
)

// eleccion is a depot to try, or why there is none.
type eleccion struct {
	deposito string
	hasta    time.Time // end of the window there: until then its goods have to be good
	motivo   string    // MotivoSinStock, MotivoVentana, MotivoSinCamion or MotivoArea
}

// elegir finds the nearest depot that has room in time and all the goods, good until the end
// of that window, leaving out those that this intento has tried. flexible takes another window
// than the one asked for.
func (f *Fases) elegir(
	ctx context.Context, p *pedido.Pedido, ahora time.Time, flexible bool, menos ...string,
) (eleccion, error) {
	q := rutas.Consulta{Punto: punto(p), Carga: carga(p.Lineas), NoAntes: ahora, Limite: 1}
	if p.Ventana != nil {
		q.Limite = ventanasMiradas
	}
	cercanos, err := f.v.Rutas.Ofrecer(ctx, q)
	if errors.Is(err, rutas.ErrFueraDeArea) {
		return eleccion{motivo: MotivoArea}, nil
	}
	if err != nil {
		return eleccion{}, err
	}
	tienen, err := f.v.Stock.Surtido(ctx, lineas(p.Lineas))
	if err != nil {
		return eleccion{}, err
	}
	probados, _ := p.Probados()
	probados = append(probados, menos...)
	out := eleccion{motivo: MotivoSinStock}
	if !p.PuedeProbar() {
		return eleccion{motivo: MotivoSinCamion}, nil
	}
	for _, d := range cercanos {
		hasta, hay := lugar(d, p.Ventana, flexible, ahora)
		if slices.Contains(probados, d.ID) || !tienen.Tiene(d.ID, hasta) {
			continue
		}
		if hay {
			return eleccion{deposito: d.ID, hasta: hasta}, nil
		}
		out.motivo = MotivoSinCamion
		if p.Ventana != nil && !flexible {
			out.motivo = MotivoVentana
		}
	}
	return out, nil
}

// lugar gives the end of the window in which d would deliver: the one asked for, where d has
// it, or, when flexible, the next one. Where hay is false d has none, and hasta is that of the
// window asked for, or now.
func lugar(d rutas.DepositoCercano, v *pedido.Ventana, flexible bool, ahora time.Time) (hasta time.Time, hay bool) {
	if v == nil {
		if len(d.Ventanas) == 0 {
			return ahora, false
		}
		return d.Ventanas[0].Hasta, true
	}
	for _, o := range d.Ventanas {
		if o.Desde.Equal(v.Desde) && o.Hasta.Equal(v.Hasta) {
			return v.Hasta, true
		}
	}
	for _, o := range d.Ventanas {
		if flexible && !o.Desde.Before(v.Desde) {
			return o.Hasta, true
		}
	}
	return v.Hasta, flexible && len(d.Ventanas) > 0
}

// sinDeposito is what no depot at all leads to. A place that is out of the area once the
// order has been taken is as good as no room in time.
func (f *Fases) sinDeposito(p *pedido.Pedido, ahora time.Time, motivo string) Resultado {
	if motivo == MotivoArea && p.Estado != pedido.Creado {
		motivo = MotivoSinCamion
	}
	if motivo == MotivoSinCamion {
		return f.t.esperar(p, ahora, esperaCamion, f.t.SinCamion, fallar(motivo))
	}
	return enEstado(p, fallar(motivo))
}

func punto(p *pedido.Pedido) rutas.Punto { return rutas.Punto{Lat: p.Destino.Lat, Lon: p.Destino.Lon} }

func carga(ls []pedido.Linea) (c rutas.Carga) {
	for _, l := range ls {
		c.PesoGramos += l.Cantidad * l.Peso
		c.VolumenML += l.Cantidad * l.Volumen
		c.Frio = c.Frio || l.Frio
	}
	return c
}
