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

// TestReplicas: two processes, one of them killed in the middle and two more started;
// whoever gets a request or finds an order goes on with it. Every phase of every order
// happens once, the books agree, what the dead one held is taken over in its time, and
// the newcomers work. DESPENSA_TEST_PEDIDOS says how many orders.
func TestReplicas(t *testing.T) {
	g, n := nuevoGrupo(t), delEntorno(t, "DESPENSA_TEST_PEDIDOS", 200)
	sobrevive, muere := g.replica(), g.replica()
	g.dev.entorno = append(g.dev.entorno, "DESPENSA_MERCADOPAGO_AVISOS="+muere.url) // afterwards nobody hears webhooks
	g.arrancar(sobrevive, muere)
	c := nuevaCompania(&proceso{sitio: g.sitio}, n)
	antes, mide := c.foto(), g.medir()
	medio := make(chan struct{})
	var nuevos []*proceso
	go func() {
		defer close(medio)
		_ = hasta(t.Context(), func() bool { return c.hechos.Load() >= int64(n/2) })
		nuevos = g.relevar(muere)
	}()
	inicio := time.Now()
	c.vender(n, 1)
	<-medio
	t.Logf("%d orders placed in %v", n, time.Since(inicio).Round(time.Millisecond))
	g.enReposo()
	c.cuadrar(antes)
	t.Logf("the books agree after %v", time.Since(inicio).Round(time.Millisecond))
	c.contar()
	for _, p := range append(nuevos, sobrevive) {
		t.Logf("%s did %.0f phases and took %.0f leases over", p.url, p.metrica("despensa_pedidos_fase_segundos_count"), p.metrica("despensa_pedidos_leases_tomados_total"))
	}
	most, vencida := mide()
	t.Logf("at most %d connections to PostgreSQL; a lease that ran out was taken over after %v at most", most, vencida.Round(time.Millisecond))
	if most == 0 || most >= 60 {
		t.Errorf("%d connections to PostgreSQL, want under 60", most)
	}
	g.despedir(append(nuevos, sobrevive)...)
}

// relevar kills one and starts two more, and waits until they do what it did.
func (g *grupo) relevar(muere *proceso) []*proceso {
	nuevos := []*proceso{g.replica(), g.replica()}
	g.matar(muere)
	muerte := time.Now()
	g.arrancar(nuevos...)
	for _, p := range nuevos {
		g.espera("a newcomer works", func() bool { return p.metrica("despensa_pedidos_fase_segundos_count") > 0 })
	}
	g.t.Logf("both newcomers work %v after the death", time.Since(muerte).Round(time.Millisecond))
	fin := muerte.Add(3 * time.Second) // nothing that the dead one had lasts longer
	g.espera("all its jobs have another owner", func() bool { return g.trabajos(fin) == 10 })
	g.t.Logf("its jobs have another owner %v after the death", time.Since(muerte).Round(time.Millisecond))
	return nuevos
}

// enReposo waits until no order is under way; of many that takes longer than one wait.
func (g *grupo) enReposo() {
	g.t.Helper()
	enCamino := bson.M{"estado": bson.M{"$nin": bson.A{"confirmado", "en_reparto", "entregado", "fallido", "rechazado", "cancelado", "devuelto"}}}
	for antes := g.cuantos(enCamino); antes > 0; antes = g.cuantos(enCamino) {
		g.hasta("fewer orders are under way", func() bool { n := g.cuantos(enCamino); return n == 0 || n < antes })
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
