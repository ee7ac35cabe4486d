package fases

import (
	"context"
	"errors"
	"slices"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/rutas"
)

// Reason codes of an order that was paid and did not arrive.
const (
	MotivoSinSalida    = "sin-salida"
	MotivoEntrega      = "entrega-fallida"
	MotivoSinResultado = "sin-resultado"
	MotivoVencida      = "mercaderia-vencida" // its goods expire before the next visit
)

// esperarSalida: confirmado -> en_reparto, when the truck has left. A visit that was
// lost is booked anew; an order that no truck takes is cancelled in the end.
func (f *Fases) esperarSalida(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	if p.Entrega.Visita != p.VisitaActual() {
		return f.reservarOtra(ctx, p, ahora)
	}
	v, err := f.v.Rutas.Visita(ctx, clave(p))
	if err != nil && !errors.Is(err, rutas.ErrSinVisita) {
		return f.sinNoticias(ctx, p, ahora, err)
	}
	switch v.Estado {
	case rutas.EnCamino, rutas.Entregada, rutas.Fallida:
		return enEstado(p, conVisita(v, avanzar(pedido.Despachar))), nil
	case rutas.Firme:
		return f.hastaSalir(ctx, p, v, ahora)
	}
	return enEstado(p, f.visitaPerdida(p, ahora)), nil
}

// visitaPerdida books anew after a visit whose truck never left, unless the deadline is
// over or too many visits have come to nothing.
func (f *Fases) visitaPerdida(visto *pedido.Pedido, ahora time.Time) Resultado {
	tarde := !ahora.Before(antes(visto.Entrega.Hasta.Add(f.t.Salida), f.t.limiteSalida(visto)))
	return func(p *pedido.Pedido, ahora time.Time) error {
		p.Fallidas++
		if p.Fallidas >= f.t.IntentosEntrega || tarde {
			return p.CancelarSinEntrega(MotivoSinSalida, ahora)
		}
		return nuevaVisita(p, ahora)
	}
}

// reservarOtra books the visit after one that was lost or failed.
func (f *Fases) reservarOtra(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	v, nueva, err := f.asegurar(ctx, p, ahora)
	espera := f.t.insistir(p, ahora, f.t.limiteSalida(p), sinEntrega(MotivoSinCamion))
	switch {
	case err == nil && nueva:
		return conNuevaVisita(espera), nil
	case err == nil:
		return f.otraVisita(ctx, p, ahora, v)
	case sinLugar(err):
		return espera, nil
	}
	return f.sinNoticias(ctx, p, ahora, err)
}

// otraVisita notes the booking, or gives the order up where its goods expire before the end of
// v's window. How long they are good beyond it was promised for the window before.
func (f *Fases) otraVisita(
	ctx context.Context, p *pedido.Pedido, ahora time.Time, v rutas.Visita,
) (Resultado, error) {
	in := p.Actual()
	in.Lineas = slices.Clone(in.Lineas)
	for i := range in.Lineas {
		in.Lineas[i].Vida = 0
	}
	e := encargo(p, in, int64(len(in.Vueltas)))
	e.Hasta = v.Ventana.Hasta
	dura, err := f.v.Stock.Duran(ctx, e)
	switch {
	case err != nil:
		return f.sinNoticias(ctx, p, ahora, err)
	case !dura:
		return enEstado(p, conVisita(v, sinEntrega(MotivoVencida))), nil
	}
	return enEstado(p, conVisita(v, f.asignada)), nil
}

// asignada tells that another visit has been booked.
func (f *Fases) asignada(p *pedido.Pedido, ahora time.Time) error {
	p.Anotar("visita_asignada", "", ahora)
	p.DejarDeEsperar()
	p.Deber(f.t.mirarSalida(p, ahora))
	return nil
}

// hastaSalir rests until the truck is due to leave, and gives up past the deadline.
func (f *Fases) hastaSalir(ctx context.Context, p *pedido.Pedido, v rutas.Visita, ahora time.Time) (Resultado, error) {
	limite := pedido.Instante(antes(v.Ventana.Hasta, entrega(p, v.Ventana.Hasta)).Add(f.t.Salida))
	if !ahora.Before(limite) {
		return f.soltarVisita(ctx, p)
	}
	return enEstado(p, conVisita(v, f.t.otraMirada(p, f.t.mirarSalida, limite))), nil
}

// sinNoticias: rutas does not say how the visit stands. Errors: err; past the deadline those
// of rutas.Liberar.
func (f *Fases) sinNoticias(ctx context.Context, p *pedido.Pedido, ahora time.Time, err error) (Resultado, error) {
	if ahora.Before(f.t.limiteSalida(p)) {
		return nil, err
	}
	return f.soltarVisita(ctx, p)
}

// soltarVisita frees the visit and gives the order up. The visit's row decides between that
// and a departure.
func (f *Fases) soltarVisita(ctx context.Context, p *pedido.Pedido) (Resultado, error) {
	err := f.v.Rutas.Liberar(ctx, clave(p))
	switch {
	case err == nil:
		return enEstado(p, sinEntrega(MotivoSinSalida)), nil
	case errors.Is(err, rutas.ErrYaSalio):
		return enEstado(p, avanzar(pedido.Despachar)), nil
	}
	return nil, err
}

func sinEntrega(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.CancelarSinEntrega(motivo, ahora) }
}

// esperarResultado: en_reparto -> entregado, back to confirmado after a failed visit, or
// devuelto after too many, or when nothing is heard of it.
func (f *Fases) esperarResultado(ctx context.Context, p *pedido.Pedido, ahora time.Time) (Resultado, error) {
	v, err := f.v.Rutas.Visita(ctx, clave(p))
	if errors.Is(err, rutas.ErrSinVisita) {
		return f.t.mirar(p, ahora, f.t.mirarResultado, f.t.limiteReparto(p), devolver(MotivoSinResultado)), nil
	}
	if err != nil {
		return nil, err
	}
	switch v.Estado {
	case rutas.Entregada:
		return enEstado(p, conVisita(v, avanzar(pedido.Entregar))), nil
	case rutas.Fallida:
		return enEstado(p, f.visitaFallida), nil
	}
	limite := pedido.Instante(entrega(p, v.Ventana.Hasta).Add(f.t.Reparto))
	return enEstado(p, conVisita(v, f.t.mirar(p, ahora, f.t.mirarResultado, limite, devolver(MotivoSinResultado)))), nil
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
