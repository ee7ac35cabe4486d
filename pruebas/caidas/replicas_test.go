package caidas_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"despensa/platform/mongodb"
	"despensa/pruebas/kit"

	"go.mongodb.org/mongo-driver/bson"
)

// TestReplicas: two processes, then four, then one is killed and another is started. Any process may take a request
// or an order and carry it on. Every phase of every order happens once, the books agree, the orders and jobs of the
// dead process are taken over within their leases, and the new processes work. DESPENSA_TEST_PEDIDOS is the number of
// orders.
func TestReplicas(t *testing.T) {
	n := delEntorno(t, "DESPENSA_TEST_PEDIDOS", 200)
	g := kit.NewGroup(t, n)
	vivos := []*kit.Process{g.Replica(), g.Replica()}
	muere := vivos[1]
	// After the kill no process gets webhooks.
	g.Dev.Env = append(g.Dev.Env, "DESPENSA_MERCADOPAGO_AVISOS="+muere.URL)
	g.Start(vivos...)
	c := nuevaCompania(&kit.Process{Client: g.Client}, n)
	antes, mide := c.Stock(), medir(g)
	mudanza := make(chan struct{})
	go func() {
		defer close(mudanza)
		espera(g, "a third is done", func() bool { return c.hechos.Load() >= int64(n/3) })
		vivos = append(vivos, sumar(g, 2)...)
		espera(g, "two thirds are done", func() bool { return c.hechos.Load() >= int64(2*n/3) })
		vivos = append(vivos, relevar(g, muere)...)
	}()
	inicio := time.Now()
	c.vender(n, 1)
	<-mudanza
	t.Logf("%d orders placed in %v", n, time.Since(inicio).Round(time.Millisecond))
	enReposo(g)
	c.Reconcile(antes)
	t.Logf("the books agree after %v", time.Since(inicio).Round(time.Millisecond))
	c.contar()
	balance(g, vivos, mide)
	despedir(g, vivos...)
}

// balance logs the work of each process, and checks the number of connections.
func balance(group *kit.Group, process []*kit.Process, mide func() (int, time.Duration)) {
	group.T.Helper()
	for _, p := range process {
		if p.Cmd.ProcessState == nil {
			group.T.Logf(
				"%s did %.0f phases and took %.0f leases over",
				p.URL,
				p.Metric("despensa_pedidos_fase_segundos_count"),
				p.Metric("despensa_pedidos_leases_tomados_total"),
			)
		}
	}
	most, vencida := mide()
	group.T.Logf(
		"at most %d connections to PostgreSQL; a lease that ran out was taken over after %v at most",
		most,
		vencida.Round(time.Millisecond),
	)
	if most == 0 || most >= 60 {
		group.T.Errorf("%d connections to PostgreSQL, want under 60", most)
	}
}

// sumar starts n more processes, and waits until they work.
func sumar(group *kit.Group, n int) (nuevos []*kit.Process) {
	inicio := time.Now()
	for range n {
		nuevos = append(nuevos, group.Replica())
	}
	group.Start(nuevos...)
	for _, p := range nuevos {
		espera(
			group,
			"a newcomer works",
			func() bool { return p.Metric("despensa_pedidos_fase_segundos_count") > 0 },
		)
	}
	group.T.Logf(
		"%d newcomers work %v after their start",
		n,
		time.Since(inicio).Round(time.Millisecond),
	)
	return nuevos
}

// relevar kills muere, starts another process, and waits until other processes own the jobs of the dead one.
func relevar(group *kit.Group, muere *kit.Process) []*kit.Process {
	group.Kill(muere)
	muerte := time.Now()
	nuevos := sumar(group, 1)
	fin := muerte.Add(3 * time.Second) // no lease of the dead process lasts longer
	espera(group, "all its jobs have another owner", func() bool {
		vivos, todos := trabajos(group, fin)
		return todos > 0 && vivos == todos
	})
	group.T.Logf(
		"its jobs have another owner %v after the death",
		time.Since(muerte).Round(time.Millisecond),
	)
	return nuevos
}

// enReposo waits until no order is under way. Many orders take longer than one wait of the kit.
func enReposo(group *kit.Group) {
	group.T.Helper()
	quietos := bson.A{
		"confirmado",
		"en_reparto",
		"entregado",
		"fallido",
		"rechazado",
		"cancelado",
		"devuelto",
	}
	enCamino := bson.M{"estado": bson.M{"$nin": quietos}}
	for antes := cuantos(group, enCamino); antes > 0; antes = cuantos(group, enCamino) {
		err := kit.Until(
			group.T.Context(),
			func() bool { n := cuantos(group, enCamino); return n == 0 || n < antes },
		)
		if err == nil {
			continue
		}
		var quedan []struct {
			ID, Estado, Duenio string
			Esperas            int64
			Lease, Debe        time.Time
		}
		if c, e := group.Mongo.Collection("pedidos").Find(group.T.Context(), enCamino); e == nil {
			_ = c.All(group.T.Context(), &quedan)
		}
		group.T.Fatalf(
			"at %v %d orders are under way and none moves: %+v",
			time.Now().UTC(),
			antes,
			quedan[:min(5, len(quedan))],
		)
	}
}

// espera is Until for any goroutine: it reports a wait in vain and does not end the test.
func espera(group *kit.Group, que string, cierto func() bool) {
	if err := kit.Until(group.T.Context(), cierto); err != nil {
		group.T.Errorf("waited in vain: %s", que)
	}
}

// trabajos counts the background jobs that have an owner, alive or dead, and of them those with a lease that lasts
// beyond fin. A job that its owner has given back has none.
func trabajos(group *kit.Group, fin time.Time) (vivos, todos int) {
	ctx := group.T.Context()
	err := group.Postgres.QueryRowContext(ctx, `select count(case when hasta > $1 then 1 end), count(*) from (
		select hasta from clientes.trabajos union all select hasta from pagos.trabajos
		union all select hasta from rutas.trabajos) as todos`, fin.UnixMilli()).
		Scan(&vivos, &todos)
	if err != nil {
		group.T.Error(err)
	}
	contar := func(filtro bson.M) int {
		n, err := group.Mongo.Collection("trabajos").CountDocuments(ctx, filtro)
		if err != nil {
			group.T.Error(err)
		}
		return int(n)
	}
	vivos += contar(bson.M{"hasta": bson.M{"$gt": fin}})
	todos += contar(bson.M{})
	return vivos, todos
}

// medir watches the number of connections, and how long an order with a lapsed lease waits for another worker. fin
// stops the watch and returns the maxima of both.
func medir(group *kit.Group) (fin func() (conexiones int, vencida time.Duration)) {
	ctx, parar := context.WithCancel(group.T.Context())
	var wg sync.WaitGroup
	most, peor := 0, time.Duration(0)
	wg.Go(func() {
		tic := time.NewTicker(100 * time.Millisecond)
		defer tic.Stop()
		for ctx.Err() == nil {
			most = max(most, conexiones(ctx, group.Postgres))
			peor = max(peor, abandono(ctx, group.Mongo))
			select {
			case <-ctx.Done():
			case <-tic.C:
			}
		}
	})
	return func() (int, time.Duration) { parar(); wg.Wait(); return most, peor }
}

// conexiones counts the program's own connections to the server of db.
func conexiones(ctx context.Context, db *sql.DB) (n int) {
	_ = db.QueryRowContext(ctx, `select count(*) from pg_stat_activity
		where datname = current_database() and application_name like 'despensa %'`).Scan(&n)
	return n
}

// abandono is the time since the lease of an order lapsed that no worker has taken up again; 0: there is no such
// order.
func abandono(ctx context.Context, m *mongodb.DB) time.Duration {
	ahora := time.Now()
	var p struct {
		Lease time.Time `bson:"lease"`
	}
	err := m.Collection("pedidos").FindOne(ctx,
		bson.M{
			"duenio": bson.M{"$ne": ""},
			"lease":  bson.M{"$lt": ahora, "$gt": time.UnixMilli(0)},
		}).
		Decode(&p)
	if err != nil {
		return 0
	}
	return ahora.Sub(p.Lease)
}

// despedir stops all processes, and waits until the servers have no connection and no lease of theirs.
func despedir(group *kit.Group, process ...*kit.Process) {
	group.T.Helper()
	for _, p := range process {
		group.Stop(p)
	}
	group.Until(
		"no connection is left",
		func() bool { return conexiones(group.T.Context(), group.Postgres) == 0 },
	)
	// On a busy server a stopping process may not give a lease back in time; then the lease lapses.
	group.Until("no turn is held", func() bool {
		vivos, _ := trabajos(group, time.Now())
		return vivos == 0
	})
}
