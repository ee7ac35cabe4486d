package modelo

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// leaseCorto is how long a replica holds an order.
const leaseCorto = 2 * time.Second

// ajustesDeReplica are leases so short that a hanging replica loses its orders and payments again and again.
var ajustesDeReplica = []string{
	"DESPENSA_PEDIDOS_LEASE=" + leaseCorto.String(), "DESPENSA_PAGOS_PLAZO=1s", "DESPENSA_PAGOS_EN_CURSO=1500ms",
	"DESPENSA_TRABAJOS_LEASE=2s",
}

// abrirReplicas starts n processes over the servers of the tests, which begin empty.
func abrirReplicas(t testing.TB, n int, entorno []string) *variasReplicas {
	t.Helper()
	r := &variasReplicas{Group: kit.NewGroup(t, 0)}
	for range n {
		r.procesos = append(
			r.procesos,
			r.Replica(append(append([]string{}, entorno...), ajustesDeReplica...)...),
		)
	}
	r.Dev.Env = append(r.Dev.Env, "DESPENSA_MERCADOPAGO_AVISOS="+r.procesos[0].URL)
	r.Start(r.procesos...)
	return r
}

// morir implements sede: one replica hangs for longer than a lease in the middle of work, or dies; the other replicas
// go on.
func (r *variasReplicas) morir(ctx context.Context, mundo *mundo, azar *rand.Rand) {
	a := mundo.nuevoActor("arrepentidos", "operador", 2003)
	for {
		dormir(ctx, time.Duration(azar.IntN(1500))*time.Millisecond)
		if ctx.Err() != nil {
			return
		}
		p := r.procesos[azar.IntN(len(r.procesos))]
		switch n := azar.IntN(100); {
		case n < 75:
			r.colgar(ctx, a, p, azar)
			continue
		case n < 90:
			r.Kill(p)
			mundo.muertes.mas("kills", 1)
		default:
			r.Stop(p)
			mundo.muertes.mas("stops", 1)
		}
		dormir(ctx, time.Duration(azar.Int64N(int64(2*leaseCorto))))
		if err := r.Restart(p); err != nil {
			mundo.T.Errorf("restart: %v\n%s", err, p.Stderr.String())
			return
		}
	}
}

// colgar lets process hang while many actors order at once, for longer than a lease. Meanwhile customers cancel the
// orders that process holds, and the other replicas undo them. Afterwards process goes on as if nothing had
// happened.
func (r *variasReplicas) colgar(
	ctx context.Context,
	actor *actor,
	process *kit.Process,
	azar *rand.Rand,
) {
	dormir(ctx, actor.compas()+time.Duration(azar.IntN(250))*time.Millisecond)
	r.Hang(process)
	hasta := time.Now().
		Add(leaseCorto + 300*time.Millisecond + time.Duration(azar.IntN(1200))*time.Millisecond)
	actor.muertes.mas("pauses longer than a lease", 1)
	var otros sync.WaitGroup
	otros.Go(
		func() { // a row that process holds may keep the other replicas waiting until process goes on
			for range 2 {
				actor.arrepentir(hasta)
				dormir(ctx, leaseCorto/4)
			}
		},
	)
	dormir(ctx, time.Until(hasta))
	r.GoOn(process)
	otros.Wait()
}

// arrepentidos are the states in which orders are cancelled while a replica hangs, each with the rate: one order in
// so many.
var arrepentidos = []struct {
	estado string
	una    int
}{
	{
		estado: "creado",
		una:    1,
	}, {estado: "preprocesado", una: 2}, {estado: "autorizado", una: 3},
	{estado: "aceptado", una: 3}, {estado: "pago_pendiente", una: 6},
}

// arrepentir cancels orders that are under way, until hasta, each with the rate of its state in arrepentidos.
func (a *actor) arrepentir(hasta time.Time) {
	for _, x := range arrepentidos {
		for _, o := range a.lista("/pedidos?limite=50&estado=" + x.estado) {
			if a.suerte(x.una) && time.Now().Before(hasta) {
				a.cancelar(o.ID)
				a.muertes.mas("cancels while a replica hangs", 1)
			}
		}
	}
}
