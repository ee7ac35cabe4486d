package caidas_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/pruebas/kit"

	"go.mongodb.org/mongo-driver/bson"
)

// despues are the changes of an imagined next release: a state between aceptado and confirmado in which an order
// rests for a while, a member of orders, a column of payments and one of visits.
var despues = []kit.RecipeBlock{
	{
		Kind: "diff",
		File: "modules/pedidos/internal/pedido/estados.go",
		Text: ` 	Aceptado      Estado = "aceptado"
+	Empaquetado   Estado = "empaquetado"
@@
 	Aceptar     Paso = "aceptar"
+	Empaquetar  Paso = "empaquetar"
@@
-	{Confirmar, de{Aceptado}, Confirmado},
+	{Empaquetar, de{Aceptado}, Empaquetado},
+	{Confirmar, de{Aceptado, Empaquetado}, Confirmado},
@@
-	{Fallar, de{Creado, Preprocesado, PagoPendiente, Autorizado, Aceptado}, Fallido},
+	{Fallar, de{Creado, Preprocesado, PagoPendiente, Autorizado, Aceptado, Empaquetado}, Fallido},
@@
-Aceptado, Confirmado, Fallido}, Cancelado},
+Aceptado, Empaquetado, Confirmado, Fallido}, Cancelado},
@@
 	{estado: Aceptado},
+	{estado: Empaquetado},
`,
	},
	{Kind: "diff", File: "modules/pedidos/internal/pedido/pasos.go",
		Text: `-	if p.Estado == Aceptado || p.Estado == Confirmado {
+	if p.Estado == Aceptado || p.Estado == Empaquetado || p.Estado == Confirmado {
`},
	{Kind: "diff", File: "modules/pedidos/internal/pedido/pedido.go",
		Text: ` 	Nota       *Nota       ` + "`bson:\"nota\"`" + `   // a cancel that is under way
+	Bultos     int64       ` + "`bson:\"bultos\"`" + ` // parcels
`},
	{
		Kind: "diff",
		File: "modules/pedidos/internal/fases/fases.go",
		Text: `-		pedido.Aceptado:      f.confirmar,
+		pedido.Aceptado:      f.empaquetar,
+		pedido.Empaquetado:   f.confirmar,
`,
	},
	{Kind: "go", File: "modules/pedidos/internal/fases/empaquetado.go", Text: `package fases

import (
	"context"
	"time"

	"despensa/modules/pedidos/internal/pedido"
)

// empaquetar: aceptado -> empaquetado. Packing takes two seconds.
func (f *Fases) empaquetar(_ context.Context, p *pedido.Pedido, _ time.Time) (Resultado, error) {
	return enEstado(p, func(p *pedido.Pedido, ahora time.Time) error {
		if err := p.Avanzar(pedido.Empaquetar, ahora); err != nil {
			return err
		}
		p.Bultos = int64(len(p.Lineas))
		p.Deber(ahora.Add(2 * time.Second))
		return nil
	}), nil
}
`},
	{Kind: "go", File: "migrations/pagos/00900_canal.sql",
		Text: "-- +goose Up\nalter table cobros add column canal text not null default '';\n"},
	{Kind: "go", File: "migrations/rutas/00900_origen.sql",
		Text: "-- +goose Up\nalter table visitas add column origen text not null default 'pedido';\n"},
	{
		Kind: "diff",
		File: "modules/pagos/internal/store/filas.go",
		Text: ` 	Mirado        *int64
+	Canal         string
@@
 filaCobro.Version,
+		Canal: filaCobro.Canal,
`,
	},
	{Kind: "diff", File: "modules/pagos/internal/store/columnas.go",
		Text: `-"sin_reembolsos",
+"sin_reembolsos", "canal",
@@
-		c.Cambiado.UnixMilli(), c.Version, sinReembolsos,
+		c.Cambiado.UnixMilli(), c.Version, sinReembolsos, c.Canal,
@@
-		&f.SinReembolsos,
+		&f.SinReembolsos, &f.Canal,
`},
	{
		Kind: "diff",
		File: "modules/pagos/internal/cobros/cobro.go",
		Text: ` 	Proveedor      string
+	Canal          string // through which release it was asked for
@@
 		Version:        1,
+		Canal: "despues",
`,
	},
}

// programaDespues builds the next release from a copy of the tree.
func programaDespues(t *testing.T) string {
	t.Helper()
	dir := kit.CopyTree(t)
	for _, b := range despues {
		if err := kit.Apply(dir, b); err != nil {
			t.Fatal(err)
		}
	}
	programa := filepath.Join(dir, "despensa-despues")
	kit.RunInCopy(t, dir, "go", "build", "-o", programa, ".")
	return programa
}

// TestNextReleaseBesideThisOne: release N works, N+1 joins it and migrates under it, N goes on alone, starts anew on
// the data of N+1, and N+1 comes back. N leaves alone the orders in a state that N does not know; every order comes
// to its end. DESPENSA_TEST_PEDIDOS is the number of orders.
func TestNextReleaseBesideThisOne(t *testing.T) {
	n := delEntorno(t, "DESPENSA_TEST_PEDIDOS", 60)
	g := kit.NewGroup(t, n)
	ahora, luego := g.Replica(), g.Replica()
	luego.Binary = programaDespues(t)
	g.Start(ahora)
	c := nuevaCompania(&kit.Process{Client: g.Client}, n)
	antes := c.Stock()
	c.venderDesde(0, n/4, 1)
	g.Start(luego)
	c.venderDesde(n/4, n/4, 2)
	g.Until("an order is packed, and N has it too", func() bool {
		return cuantos(g, bson.M{"eventos.tipo": "empaquetar", "estado": "confirmado"}) > 0
	})
	c.venderDesde(2*(n/4), n/4, 3)
	g.Until("an order is being packed", func() bool { return len(empaquetados(g)) > 0 })
	g.Stop(luego)
	quietos := empaquetados(g)
	g.Kill(ahora)
	g.Start(ahora) // back to N, on the data of N+1
	c.venderDesde(3*(n/4), n-3*(n/4)-otros, 4)
	dejarEnPaz(g, ahora, quietos)
	g.Start(luego)
	enReposo(g)
	c.Reconcile(antes)
	c.contar()
	nadaPerdido(g, n)
	t.Logf("%d orders waited for N+1 while N was alone", len(quietos))
	if len(quietos) == 0 {
		t.Error("no order was left in the state that N does not know")
	}
	if s := ahora.Stderr.String(); strings.Contains(s, "0A000") ||
		strings.Contains(s, "cached plan") {
		t.Errorf("N stumbled over the new columns:\n%s", s)
	}
	despedir(g, ahora, luego)
}

// otros is the number of orders that are placed while some rest in the state that N does not know.
const otros = 8

// quieto is an order that N is to leave alone.
type quieto struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"`
	Debe    time.Time `bson:"debe"`
	Bultos  int64     `bson:"bultos"`
}

// empaquetados are the orders at rest in the state that N does not know.
func empaquetados(group *kit.Group) (qs []quieto) {
	group.T.Helper()
	c, err := group.Mongo.Collection("pedidos").
		Find(group.T.Context(), bson.M{"estado": "empaquetado"})
	if err == nil {
		err = c.All(group.T.Context(), &qs)
	}
	if err != nil {
		group.T.Fatal(err)
	}
	slices.SortFunc(qs, func(a, b quieto) int { return compararTexto(a.ID, b.ID) })
	return qs
}

// cuantos counts the orders that the filter f matches, in the store itself.
func cuantos(group *kit.Group, f bson.M) int64 {
	group.T.Helper()
	n, err := group.Mongo.Collection("pedidos").CountDocuments(group.T.Context(), f)
	if err != nil {
		group.T.Fatal(err)
	}
	return n
}

// dejarEnPaz: process alone brings all other orders to rest, shows the quietos, refuses to cancel them, and has not
// changed them long after they were due.
func dejarEnPaz(group *kit.Group, process *kit.Process, quietos []quieto) {
	group.T.Helper()
	esperan := []string{
		"confirmado",
		"en_reparto",
		"entregado",
		"fallido",
		"rechazado",
		"cancelado",
		"empaquetado",
	}
	group.Until("all that N knows are at rest", func() bool {
		for _, x := range kit.All[kit.Order](group.Client, "operador", "/pedidos") {
			if !slices.Contains(esperan, x.Estado) {
				return false
			}
		}
		return true
	})
	for _, q := range quietos {
		group.Until("it is due", func() bool { return time.Now().After(q.Debe) })
	}
	fases := process.Metric("despensa_pedidos_fase_segundos_count")
	for range otros { // orders at rest are no work
		group.Order("cliente1", group.NewPurchase("cliente1"))
	}
	group.Until(
		"N does other things",
		func() bool { return process.Metric("despensa_pedidos_fase_segundos_count") > fases+20 },
	)
	for _, q := range quietos {
		var x kit.Order
		group.Must("operador", "GET", "/pedidos/"+q.ID, nil, &x)
		if x.Estado != "empaquetado" || len(x.Acciones) != 0 {
			group.T.Errorf("N shows %s as %s with %v", q.ID, x.Estado, x.Acciones)
		}
		cod := group.Code(
			"operador",
			"POST",
			"/pedidos/"+q.ID+"/cancelacion",
			map[string]any{"motivo": "x"},
		)
		if cod != "paso-no-permitido" {
			group.T.Errorf("N answers a cancel of %s with %q", q.ID, cod)
		}
	}
	if ahora := empaquetados(group); !slices.Equal(ahora, quietos) {
		group.T.Errorf("N has touched them: %v, were %v", ahora, quietos)
	}
}

// nadaPerdido: the members and columns of N+1, which N does not know, still have their values.
func nadaPerdido(group *kit.Group, n int) {
	group.T.Helper()
	pasaron := cuantos(group, bson.M{"eventos.tipo": "empaquetar"})
	if conBultos := cuantos(group, bson.M{"eventos.tipo": "empaquetar", "bultos": bson.M{"$gt": 0}}); pasaron == 0 ||
		pasaron != conBultos {
		group.T.Errorf("%d were packed, %d say in how many parcels", pasaron, conBultos)
	}
	var nuevos, viejos, visitas int
	err := group.Postgres.QueryRowContext(group.T.Context(), `select
		count(*) filter (where canal = 'despues'), count(*) filter (where canal = ''),
		(select count(*) from rutas.visitas where origen = 'pedido') from pagos.cobros`).Scan(&nuevos, &viejos, &visitas)
	if err != nil || nuevos == 0 || viejos == 0 || visitas == 0 {
		group.T.Errorf(
			"%d payments by N+1, %d by N, %d visits: %v",
			nuevos,
			viejos,
			visitas,
			err,
		)
	}
	group.T.Logf(
		"of %d orders %d passed the new state; payments: %d by N+1, %d by N",
		n,
		pasaron,
		nuevos,
		viejos,
	)
}
