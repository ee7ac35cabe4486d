package fases

import (
	"context"
	"errors"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// Reason codes of an order that was paid and did not arrive.
const (
	MotivoSinSalida    = "sin-salida"
	MotivoEntrega      = "entrega-fallida"
	MotivoSinResultado = "sin-resultado"
)

// esperarSalida: confirmado -> en_reparto, when the truck has left. A visit that was
// lost is booked anew; an order that no truck takes is cancelled in the end.
func (f *Fases) esperarSalida(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	if p.Entrega.Visita != p.VisitaActual() {
		return f.reservarOtra(ctx, p, ahora)
	}
	v, err := f.v.Rutas.Visita(ctx, clave(p))
	if err != nil && !errors.Is(err, rutas.ErrSinVisita) {
		return nil, err
	}
	switch v.Estado {
	case rutas.EnCamino, rutas.Entregada, rutas.Fallida:
		return enEstado(p, conVisita(v, avanzar(pedido.Despachar))), nil
	case rutas.Firme:
		return f.hastaSalir(ctx, p, v, ahora)
	}
	return enEstado(p, f.visitaPerdida), nil
}

// visitaPerdida books anew after a visit whose truck never left, unless the deadline is
// over or too many visits have come to nothing.
func (f *Fases) visitaPerdida(p *pedido.Pedido, ahora time.Time) error {
	p.Fallidas++
	if p.Fallidas >= f.t.IntentosEntrega || !ahora.Before(p.Entrega.Hasta.Add(f.t.Salida)) {
		return p.CancelarSinEntrega(MotivoSinSalida, ahora)
	}
	return nuevaVisita(p, ahora)
}

// reservarOtra books the visit after one that was lost or failed.
func (f *Fases) reservarOtra(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	v, nueva, err := f.asegurar(ctx, p, ahora)
	switch {
	case err == nil && nueva:
		return enEstado(p, nuevaVisita), nil
	case err == nil:
		return enEstado(p, conVisita(v, func(p *pedido.Pedido, ahora time.Time) error {
			p.Anotar("visita_asignada", "", ahora)
			p.Esperas, p.Plazo = 0, nil
			p.Deber(ahora.Add(f.t.MirarVisita))
			return nil
		})), nil
	case errors.Is(err, rutas.ErrSinLugar):
		return f.t.esperar(p, f.t.Salida, sinEntrega(MotivoSinCamion)), nil
	}
	return nil, err
}

// hastaSalir looks again by and by. Past the deadline the visit is freed first: its row
// decides between giving up and a departure.
func (f *Fases) hastaSalir(ctx context.Context, p *pedido.Pedido, v rutas.Visita, ahora time.Time) (Resultado, error) {
	limite := v.Ventana.Hasta.Add(f.t.Salida)
	if !ahora.Before(limite) {
		if err := f.v.Rutas.Liberar(ctx, clave(p)); errors.Is(err, rutas.ErrYaSalio) {
			return enEstado(p, avanzar(pedido.Despachar)), nil
		} else if err != nil {
			return nil, err
		}
	}
	return f.t.mirar(p, f.t.MirarVisita, limite, sinEntrega(MotivoSinSalida)), nil
}

func sinEntrega(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.CancelarSinEntrega(motivo, ahora) }
}

// esperarResultado: en_reparto -> entregado, back to confirmado after a failed visit, or
// devuelto after too many, or when nobody says what became of it.
func (f *Fases) esperarResultado(ctx context.Context, p *pedido.Pedido, _ time.Time) (Resultado, error) {
	v, err := f.v.Rutas.Visita(ctx, clave(p))
	if err != nil {
		return nil, err
	}
	switch v.Estado {
	case rutas.Entregada:
		return enEstado(p, conVisita(v, avanzar(pedido.Entregar))), nil
	case rutas.Fallida:
		return enEstado(p, f.visitaFallida), nil
	}
	limite := p.Cambio
	if p.Entrega.Hasta.After(limite) {
		limite = p.Entrega.Hasta
	}
	rest := f.t.mirar(p, f.t.MirarVisita, limite.Add(f.t.Reparto), devolver(MotivoSinResultado))
	return conVisita(v, rest), nil
}

// visitaFallida plans the next visit, or takes the goods back.
func (f *Fases) visitaFallida(p *pedido.Pedido, ahora time.Time) error {
	p.Fallidas++
	if p.Fallidas >= f.t.IntentosEntrega {
		return p.Devolver(MotivoEntrega, ahora)
	}
	if err := p.Avanzar(pedido.Reprogramar, ahora); err != nil {
		return err
	}
	p.NuevaVisita()
	return nil
}

func devolver(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Devolver(motivo, ahora) }
}
