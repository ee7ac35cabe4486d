//go:build !race

package main

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"despensa/platform/mongodb"

	"go.mongodb.org/mongo-driver/bson"
)

// TestReplicas: two processes, then four, then one of them is killed and another comes;
// whoever gets a request or finds an order goes on with it. Every phase of every order
// happens once, the books agree, what the dead one held is taken over in its time, and
// the newcomers work. DESPENSA_TEST_PEDIDOS says how many orders.
func TestReplicas(t *testing.T) {
	n := delEntorno(t, "DESPENSA_TEST_PEDIDOS", 200)
	g := nuevoGrupo(t, n)
	vivos := []*proceso{g.replica(), g.replica()}
	muere := vivos[1]
	g.dev.entorno = append(g.dev.entorno, "DESPENSA_MERCADOPAGO_AVISOS="+muere.url) // afterwards nobody hears webhooks
	g.arrancar(vivos...)
	c := nuevaCompania(&proceso{sitio: g.sitio}, n)
	antes, mide := c.foto(), g.medir()
	mudanza := make(chan struct{})
	go func() {
		defer close(mudanza)
		g.espera("a third is done", func() bool { return c.hechos.Load() >= int64(n/3) })
		vivos = append(vivos, g.sumar(2)...)
		g.espera("two thirds are done", func() bool { return c.hechos.Load() >= int64(2*n/3) })
		vivos = append(vivos, g.relevar(muere)...)
	}()
	inicio := time.Now()
	c.vender(n, 1)
	<-mudanza
	t.Logf("%d orders placed in %v", n, time.Since(inicio).Round(time.Millisecond))
	g.enReposo()
	c.cuadrar(antes)
	t.Logf("the books agree after %v", time.Since(inicio).Round(time.Millisecond))
	c.contar()
	g.balance(vivos, mide)
	g.despedir(vivos...)
}

// balance prints what each process did, and checks the connections.
func (g *grupo) balance(ps []*proceso, mide func() (int, time.Duration)) {
	g.t.Helper()
	for _, p := range ps {
		if p.cmd.ProcessState == nil {
			g.t.Logf("%s did %.0f phases and took %.0f leases over", p.url, p.metrica("despensa_pedidos_fase_segundos_count"), p.metrica("despensa_pedidos_leases_tomados_total"))
		}
	}
	most, vencida := mide()
	g.t.Logf("at most %d connections to PostgreSQL; a lease that ran out was taken over after %v at most", most, vencida.Round(time.Millisecond))
	if most == 0 || most >= 60 {
		g.t.Errorf("%d connections to PostgreSQL, want under 60", most)
	}
}

// sumar starts n more, and waits until they work.
func (g *grupo) sumar(n int) (nuevos []*proceso) {
	inicio := time.Now()
	for range n {
		nuevos = append(nuevos, g.replica())
	}
	g.arrancar(nuevos...)
	for _, p := range nuevos {
		g.espera("a newcomer works", func() bool { return p.metrica("despensa_pedidos_fase_segundos_count") > 0 })
	}
	g.t.Logf("%d newcomers work %v after their start", n, time.Since(inicio).Round(time.Millisecond))
	return nuevos
}

// relevar kills one and starts another, and waits until others do what it did.
func (g *grupo) relevar(muere *proceso) []*proceso {
	g.matar(muere)
	muerte := time.Now()
	nuevos := g.sumar(1)
	fin := muerte.Add(3 * time.Second) // nothing that the dead one had lasts longer
	g.espera("all its jobs have another owner", func() bool { return g.trabajos(fin) == 11 })
	g.t.Logf("its jobs have another owner %v after the death", time.Since(muerte).Round(time.Millisecond))
	return nuevos
}

// enReposo waits until no order is under way; of many that takes longer than one wait.
func (g *grupo) enReposo() {
	g.t.Helper()
	enCamino := bson.M{"estado": bson.M{"$nin": bson.A{"confirmado", "en_reparto", "entregado", "fallido", "rechazado", "cancelado", "devuelto"}}}
	for antes := g.cuantos(enCamino); antes > 0; antes = g.cuantos(enCamino) {
		err := hasta(g.t.Context(), func() bool { n := g.cuantos(enCamino); return n == 0 || n < antes })
		if err == nil {
			continue
		}
		var quedan []struct {
			ID, Estado, Duenio string
			Esperas            int64
			Lease, Debe        time.Time
		}
		if c, e := g.mdb.Coleccion("pedidos").Find(g.t.Context(), enCamino); e == nil {
			_ = c.All(g.t.Context(), &quedan)
		}
		g.t.Fatalf("at %v %d orders are under way and none moves: %+v", time.Now().UTC(), antes, quedan[:min(5, len(quedan))])
	}
}

// espera is hasta for any goroutine.
func (g *grupo) espera(que string, cierto func() bool) {
	if err := hasta(g.t.Context(), cierto); err != nil {
		g.t.Errorf("waited in vain: %s", que)
	}
}

// trabajos counts the background jobs whose turn lasts beyond fin.
func (g *grupo) trabajos(fin time.Time) (n int) {
	ctx := g.t.Context()
	err := g.pg.QueryRowContext(ctx, `select count(*) from (select hasta from clientes.trabajos union all select hasta from pagos.trabajos
		union all select hasta from rutas.trabajos) as todos where hasta > $1`, fin.UnixMilli()).Scan(&n)
	if err != nil {
		g.t.Error(err)
	}
	k, err := g.mdb.Coleccion("trabajos").CountDocuments(ctx, bson.M{"hasta": bson.M{"$gt": fin}})
	if err != nil {
		g.t.Error(err)
	}
	return n + int(k)
}

// medir looks again and again how many connections there are, and how long an order has
// lain there whose lease ran out; what it gives stops that and tells the worst.
func (g *grupo) medir() (fin func() (conexiones int, vencida time.Duration)) {
	ctx, parar := context.WithCancel(g.t.Context())
	var wg sync.WaitGroup
	most, peor := 0, time.Duration(0)
	wg.Go(func() {
		tic := time.NewTicker(100 * time.Millisecond)
		defer tic.Stop()
		for ctx.Err() == nil {
			most = max(most, conexiones(ctx, g.pg))
			peor = max(peor, abandono(ctx, g.mdb))
			select {
			case <-ctx.Done():
			case <-tic.C:
			}
		}
	})
	return func() (int, time.Duration) { parar(); wg.Wait(); return most, peor }
}

// conexiones counts the program's own.
func conexiones(ctx context.Context, db *sql.DB) (n int) {
	_ = db.QueryRowContext(ctx, `select count(*) from pg_stat_activity where datname = current_database() and application_name like 'despensa %'`).Scan(&n)
	return n
}

// abandono is how long ago the lease of an order ran out that nobody has taken up yet.
func abandono(ctx context.Context, m *mongodb.DB) time.Duration {
	ahora := time.Now()
	var p struct {
		Lease time.Time `bson:"lease"`
	}
	err := m.Coleccion("pedidos").FindOne(ctx, bson.M{"duenio": bson.M{"$ne": ""}, "lease": bson.M{"$lt": ahora, "$gt": time.UnixMilli(0)}}).Decode(&p)
	if err != nil {
		return 0
	}
	return ahora.Sub(p.Lease)
}

// despedir stops all, and nothing of them stays on the server.
func (g *grupo) despedir(ps ...*proceso) {
	g.t.Helper()
	for _, p := range ps {
		g.parar(p)
	}
	g.hasta("no connection is left", func() bool { return conexiones(g.t.Context(), g.pg) == 0 })
	if n := g.trabajos(time.UnixMilli(0)); n != 0 {
		g.t.Errorf("%d turns are left", n)
	}
}
