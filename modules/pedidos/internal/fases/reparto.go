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
	MotivoVencida      = "mercaderia-vencida" // the goods expire before the next visit
)

// esperarSalida: confirmado -> en_reparto, when the truck has left. A lost visit is booked anew. An order that
// no truck has left with at the deadline is cancelled.
func (f *Fases) esperarSalida(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	if ped.Entrega.Visita != ped.VisitaActual() {
		return f.reservarOtra(ctx, ped, ahora)
	}
	visita, err := f.v.Rutas.Visita(ctx, clave(ped))
	if err != nil && !errors.Is(err, rutas.ErrSinVisita) {
		return f.sinNoticias(ctx, ped, ahora, err)
	}
	switch visita.Estado {
	case rutas.EnCamino, rutas.Entregada, rutas.Fallida:
		return enEstado(ped, conVisita(visita, avanzar(pedido.Despachar))), nil
	case rutas.Firme:
		return f.hastaSalir(ctx, ped, visita, ahora)
	}
	return enEstado(ped, f.visitaPerdida(ped, ahora)), nil
}

// visitaPerdida books another visit after one with a truck that never left. At the deadline, or after
// Tiempos.IntentosEntrega visits, it cancels the order instead.
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

// reservarOtra books the visit that follows a lost or failed one. It waits for room until the deadline.
func (f *Fases) reservarOtra(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	visita, nueva, err := f.asegurar(ctx, ped, ahora)
	espera := f.t.insistir(ped, ahora, f.t.limiteSalida(ped), sinEntrega(MotivoSinCamion))
	switch {
	case err == nil && nueva:
		return conNuevaVisita(espera), nil
	case err == nil:
		return f.otraVisita(ctx, ped, ahora, visita)
	case sinLugar(err):
		return espera, nil
	}
	return f.sinNoticias(ctx, ped, ahora, err)
}

// otraVisita notes the booking visita, or cancels the order if its goods expire before the end of visita's
// window. It does not ask for days beyond that window: they were promised for the first window alone.
func (f *Fases) otraVisita(
	ctx context.Context, ped *pedido.Pedido, ahora time.Time, visita rutas.Visita,
) (Resultado, error) {
	in := ped.Actual()
	in.Lineas = slices.Clone(in.Lineas)
	for i := range in.Lineas {
		in.Lineas[i].Vida = 0
	}
	e := requerimiento(ped, in, int64(len(in.Vueltas)))
	e.Hasta = visita.Ventana.Hasta
	dura, err := f.v.Stock.Duran(ctx, e)
	switch {
	case err != nil:
		return f.sinNoticias(ctx, ped, ahora, err)
	case !dura:
		return enEstado(ped, conVisita(visita, sinEntrega(MotivoVencida))), nil
	}
	return enEstado(ped, conVisita(visita, f.asignada)), nil
}

// asignada notes in the history that another visit has been booked, and lets the order rest until it is due to
// leave.
func (f *Fases) asignada(ped *pedido.Pedido, ahora time.Time) error {
	ped.Anotar("visita_asignada", "", ahora)
	ped.DejarDeEsperar()
	ped.Deber(f.t.mirarSalida(ped, ahora))
	return nil
}

// hastaSalir rests until the truck of visita is due to leave, and gives the visit up at the deadline.
func (f *Fases) hastaSalir(
	ctx context.Context, ped *pedido.Pedido, visita rutas.Visita, ahora time.Time,
) (Resultado, error) {
	limite := pedido.Instante(
		antes(visita.Ventana.Hasta, entrega(ped, visita.Ventana.Hasta)).Add(f.t.Salida),
	)
	if !ahora.Before(limite) {
		return f.soltarVisita(ctx, ped)
	}
	return enEstado(ped, conVisita(visita, f.t.otraMirada(ped, f.t.mirarSalida, limite))), nil
}

// sinNoticias answers err, by which rutas does not tell how the visit stands. At the deadline it gives the
// visit up instead. Errors: err; at the deadline those of rutas.Liberar.
func (f *Fases) sinNoticias(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
	err error,
) (Resultado, error) {
	if ahora.Before(f.t.limiteSalida(ped)) {
		return nil, err
	}
	return f.soltarVisita(ctx, ped)
}

// soltarVisita frees the visit and cancels the order. If the truck has left meanwhile, which the row of the
// visit decides, the order is en_reparto instead. Errors: those of rutas.Liberar but ErrYaSalio.
func (f *Fases) soltarVisita(ctx context.Context, ped *pedido.Pedido) (Resultado, error) {
	err := f.v.Rutas.Liberar(ctx, clave(ped))
	switch {
	case err == nil:
		return enEstado(ped, sinEntrega(MotivoSinSalida)), nil
	case errors.Is(err, rutas.ErrYaSalio):
		return enEstado(ped, avanzar(pedido.Despachar)), nil
	}
	return nil, err
}

func sinEntrega(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.CancelarSinEntrega(motivo, ahora) }
}

// esperarResultado: en_reparto -> entregado; back to confirmado after a failed visit; devuelto after too many
// of them, or at the deadline without an outcome.
func (f *Fases) esperarResultado(
	ctx context.Context,
	ped *pedido.Pedido,
	ahora time.Time,
) (Resultado, error) {
	visita, err := f.v.Rutas.Visita(ctx, clave(ped))
	if errors.Is(err, rutas.ErrSinVisita) {
		return f.t.mirar(
			ped,
			ahora,
			f.t.mirarResultado,
			f.t.limiteReparto(ped),
			devolver(MotivoSinResultado),
		), nil
	}
	if err != nil {
		return nil, err
	}
	switch visita.Estado {
	case rutas.Entregada:
		return enEstado(ped, conVisita(visita, avanzar(pedido.Entregar))), nil
	case rutas.Fallida:
		return enEstado(ped, f.visitaFallida), nil
	}
	limite := pedido.Instante(entrega(ped, visita.Ventana.Hasta).Add(f.t.Reparto))
	mirar := f.t.mirar(ped, ahora, f.t.mirarResultado, limite, devolver(MotivoSinResultado))
	return enEstado(ped, conVisita(visita, mirar)), nil
}

// visitaFallida plans the next visit. After Tiempos.IntentosEntrega visits the order is devuelto instead.
func (f *Fases) visitaFallida(ped *pedido.Pedido, ahora time.Time) error {
	ped.Fallidas++
	if ped.Fallidas >= f.t.IntentosEntrega {
		return ped.Devolver(MotivoEntrega, ahora)
	}
	if err := ped.Avanzar(pedido.Reprogramar, ahora); err != nil {
		return err
	}
	ped.NuevaVisita()
	return nil
}

func devolver(motivo string) Resultado {
	return func(p *pedido.Pedido, ahora time.Time) error { return p.Devolver(motivo, ahora) }
}
