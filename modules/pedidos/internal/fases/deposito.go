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
	motivo   string // MotivoSinStock, MotivoVentana, MotivoSinCamion or MotivoArea
}

// elegir finds the nearest depot that has it all and room in time, leaving out those
// that this intento has tried. flexible takes another window than the one asked for.
func (f *Fases) elegir(
	ctx context.Context, p *pedido.Pedido, ahora time.Time, flexible bool, menos ...string,
) (eleccion, error) {
	q := rutas.Consulta{Punto: punto(p), Carga: carga(p.Lineas), NoAntes: ahora, Limite: 1}
	if p.Ventana != nil && !flexible {
		q.Limite = ventanasMiradas
	}
	cercanos, err := f.v.Rutas.Ofrecer(ctx, q)
	if errors.Is(err, rutas.ErrFueraDeArea) {
		return eleccion{motivo: MotivoArea}, nil
	}
	if err != nil {
		return eleccion{}, err
	}
	tienen, _, err := f.v.Stock.ConStock(ctx, lineas(p.Lineas))
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
		if slices.Contains(probados, d.ID) || !tienen[d.ID] {
			continue
		}
		if hayLugar(d, p.Ventana, flexible) {
			return eleccion{deposito: d.ID}, nil
		}
		out.motivo = MotivoSinCamion
		if p.Ventana != nil && !flexible {
			out.motivo = MotivoVentana
		}
	}
	return out, nil
}

// hayLugar reports whether d can deliver in the window asked for.
func hayLugar(d rutas.DepositoCercano, v *pedido.Ventana, flexible bool) bool {
	if v == nil || flexible {
		return len(d.Ventanas) > 0
	}
	return slices.ContainsFunc(d.Ventanas, func(o rutas.Ventana) bool {
		return o.Desde.Equal(v.Desde) && o.Hasta.Equal(v.Hasta)
	})
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
