package mongo

import (
	"context"
	"slices"
	"strings"
	"testing"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store/storetest"
	"despensa/platform/mongodb/mongodbtest"

	"go.mongodb.org/mongo-driver/bson"
)

// sinEntero are the cases that a server which only speaks MongoDB's protocol cannot do,
// and why.
var sinEntero = map[string]string{
	"01 a reserve among 1,000": "it reads and writes large documents several times slower than MongoDB does, " +
		"so its times say nothing",
	"10 cost does not grow": "it accepts indexes and does not use them, and explains nothing: " +
		"100,000 orders are read one by one",
}

func TestPuertos(t *testing.T) {
	base := mongodbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: the suite of the order store on MongoDB: " +
			"DESPENSA_TEST_MONGODB names no server (.ci/mongo starts one)")
	}
	entero := mongodbtest.IsMongoDB(t, base)
	servidor := map[bool]string{true: "MongoDB", false: "a server that speaks MongoDB's protocol"}[entero]
	t.Logf("RAN ON %s: the suite of the order store", servidor)
	for _, c := range storetest.Casos() {
		t.Run(c.Nombre, func(t *testing.T) {
			if porque := sinEntero[c.Nombre]; !entero && porque != "" {
				t.Skip("SKIPPED on this server: " + porque)
			}
			c.Probar(t, puertos(t, mongodbtest.Database(t)))
		})
	}
}

// TestADiaryThatWasCutShort: after a process has died between the diary and the marks of the events, no event is
// numbered twice.
func TestADiaryThatWasCutShort(t *testing.T) {
	base := mongodbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: a diary that was cut short: DESPENSA_TEST_MONGODB names no server")
	}
	tienda, err := Open(t.Context(), Opciones{URL: base})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tienda.Cerrar() }()
	s := tienda.Pedidos()
	publicar := func(cuantos int64) {
		es := make([]pedido.Evento, 0, cuantos)
		for n := range cuantos {
			es = append(es, pedido.Evento{Seq: n + 1, Tipo: "nota", En: hora})
		}
		if err := s.Publicar(t.Context(), map[string][]pedido.Evento{"p1": es}); err != nil {
			t.Fatal(err)
		}
	}
	for _, cuantos := range []int64{2, 3} { // the last has come after the cut
		publicar(cuantos)
		if _, err := s.Asentar(t.Context(), 10); err != nil {
			t.Fatal(err)
		}
		if _, err := tienda.eventos.UpdateMany(t.Context(), bson.D{}, con("$unset", bson.D{es(asentado, "")})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Asentar(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	as, hasta, err := s.Diario(t.Context(), "", 0, 10)
	if err != nil || hasta != 3 || len(as) != 3 {
		t.Errorf("%d events up to %d, want 3: %+v: %v", len(as), hasta, as, err)
	}
	if n, err := s.Asentar(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("%d were left without a mark: %v", n, err)
	}
}

func TestFewAreLeftOut(t *testing.T) {
	if len(sinEntero) > 3 {
		t.Errorf("%d cases are left out", len(sinEntero))
	}
	for nombre := range sinEntero {
		if !slices.ContainsFunc(
			storetest.Casos(),
			func(c storetest.Caso) bool { return c.Nombre == nombre },
		) {
			t.Errorf("no case is called %q", nombre)
		}
	}
}

// puertos opens the adapter on a database of its own, for storetest.
func puertos(t testing.TB, direccion string) storetest.Puertos {
	t.Helper()
	tienda, err := Open(context.Background(), Opciones{URL: direccion})
	if err != nil {
		t.Fatal(err)
	}
	cerrada := false
	cerrar := func() {
		if !cerrada {
			cerrada = true
			if err := tienda.Cerrar(); err != nil {
				t.Errorf("Cerrar: %v", err)
			}
		}
	}
	t.Cleanup(cerrar)
	return storetest.Puertos{
		Pedidos: tienda.Pedidos(), Existencias: tienda.Existencias(), Productos: tienda.Productos(), Cupos: tienda.Cupos(),
		Reabrir: func(t testing.TB) storetest.Puertos { cerrar(); return puertos(t, direccion) },
		Cargar:  func(t testing.TB, ps []*pedido.Pedido) { cargar(t, tienda, ps) },
		Planes:  func(t testing.TB) { planes(t, direccion) },
		Romper:  func(t testing.TB, clase, id string, modo int) func() { return romper(t, tienda, clase, id, modo) },
	}
}

// romper puts a word where a list or a number belongs.
func romper(t testing.TB, tienda *Tienda, clase, id string, modo int) func() {
	t.Helper()
	c := tienda.db.Collection(clase)
	miembro := map[string][]string{
		"pedidos":     {"lineas", "version"},
		"existencias": {"lotes"},
		"productos":   {"precio"},
		"movimientos": {"cantidad"},
		"eventos":     {"evento"},
		"cupos":       {"puestos"},
	}[clase][modo]
	if clase == "eventos" {
		id += ":1"
	}
	antes, err := c.FindOne(t.Context(), porID(id)).Raw()
	if err != nil {
		t.Fatal(err)
	}
	poner := func(valor any) {
		if _, err := c.UpdateOne(t.Context(), porID(id), con("$set", bson.D{es(miembro, valor)})); err != nil {
			t.Fatal(err)
		}
	}
	poner("roto")
	return func() { poner(antes.Lookup(miembro)) }
}

// cargar inserts many orders, some thousands to a command.
func cargar(t testing.TB, tienda *Tienda, pedidos []*pedido.Pedido) {
	t.Helper()
	for grupo := range slices.Chunk(pedidos, 5_000) {
		docs := make([]any, 0, len(grupo))
		for _, p := range grupo {
			d, err := documentoDe(p)
			if err != nil {
				t.Fatal(err)
			}
			docs = append(docs, d)
		}
		if _, err := tienda.pedidos.InsertMany(context.Background(), docs); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAbrirRefusesWhatIsNoAddress(t *testing.T) {
	for _, u := range []string{
		"", "localhost", "http://a/b", "mongodb://user:secreto@",
		"mongodb://a/b?replicaSet=secreto&directConnection=x&w=-1",
	} {
		_, err := Open(context.Background(), Opciones{URL: u})
		if err == nil || !strings.Contains(err.Error(), "pedidos.mongodb") ||
			strings.Contains(err.Error(), "secreto") {
			t.Errorf("%q: %v", u, err)
		}
	}
}
