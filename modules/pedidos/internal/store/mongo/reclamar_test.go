package mongo

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/modules/pedidos/internal/store"
	"despensa/platform/mongodb"
	"despensa/platform/mongodb/mongodbtest"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/integration/mtest"
)

// TestClaimOnAnOldCluster: after a cluster has refused to change a document without its shard
// key, a claim takes two steps, and a worker that lost the race for one order takes the next order.
func TestClaimOnAnOldCluster(t *testing.T) {
	mt := mtest.New(t, mtest.NewOptions().ClientType(mtest.Mock))
	mt.Run("claims", func(mt *mtest.T) {
		s := pedidos{&Tienda{db: &mongodb.DB{}, pedidos: mt.Coll}}
		uno := func(id string) bson.D { return bson.D{{Key: "_id", Value: id}, {Key: "version", Value: int64(3)}} }
		hallados := func(ids ...string) bson.D {
			var docs []bson.D
			for _, id := range ids {
				docs = append(docs, bson.D{{Key: "_id", Value: id}})
			}
			return mtest.CreateCursorResponse(0, "x.pedidos", mtest.FirstBatch, docs...)
		}
		dado := func(doc any) bson.D { return bson.D{{Key: "ok", Value: 1}, {Key: "value", Value: doc}} }
		sinClave := mtest.CommandError{
			Code:    61,
			Name:    "ShardKeyNotFound",
			Message: "must contain the shard key",
		}
		mt.AddMockResponses(
			mtest.CreateCommandErrorResponse(sinClave),
			hallados("a", "b"),
			dado(nil),
			dado(uno("b")), // the first claim: another worker has order a by now
			hallados(),     // the second claim: no order is due
		)
		p, err := s.Reclamar(t.Context(), "yo", hora, hora.Add(time.Minute))
		if err != nil || p.ID != "b" || p.Version != 4 || p.Duenio != "yo" {
			mt.Errorf("claimed %+v, %v", p, err)
		}
		if _, err := s.Reclamar(t.Context(), "yo", hora, hora.Add(time.Minute)); !errors.Is(err, store.ErrNadaQueHacer) {
			mt.Errorf("nothing is due: %v", err)
		}
		var nombres []string
		for e := mt.GetStartedEvent(); e != nil; e = mt.GetStartedEvent() {
			nombres = append(nombres, e.CommandName)
		}
		if want := []string{"findAndModify", "find", "findAndModify", "findAndModify", "find"}; !slices.Equal(
			nombres,
			want,
		) {
			mt.Errorf("sent %v, want %v", nombres, want)
		}
	})
}

// TestClaimByID: eight workers race with claims in two steps against a server. Each order is claimed once, and the
// order that has been due longest first.
func TestClaimByID(t *testing.T) {
	base := mongodbtest.Database(t)
	if base == "" {
		t.Skip("SKIPPED: claims by id: DESPENSA_TEST_MONGODB names no server")
	}
	tienda, err := Open(context.Background(), Opciones{URL: base})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := tienda.Cerrar(); err != nil {
			t.Error(err)
		}
	}()
	tienda.repartida.Store(true)
	s := tienda.Pedidos()
	const pedidos = 60
	for i := range pedidos {
		debe := hora.Add(time.Duration(i) * time.Second)
		p := &pedido.Pedido{
			ID:      string(rune('A' + i)),
			Estado:  pedido.Creado,
			Version: 1,
			Creado:  hora,
			Cambio:  hora,
			Debe:    &debe,
		}
		if err := s.Insertar(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	ahora := hora.Add(time.Hour)
	p, err := s.Reclamar(t.Context(), "primero", ahora, ahora.Add(time.Minute))
	if err != nil || p.ID != "A" {
		t.Fatalf("claimed %+v, %v", p, err)
	}
	tomados := make(chan string, 2*pedidos)
	fin := make(chan error, 8)
	for range 8 {
		go func() {
			for {
				p, err := s.Reclamar(t.Context(), "otro", ahora, ahora.Add(time.Minute))
				if err != nil {
					fin <- err
					return
				}
				tomados <- p.ID
			}
		}()
	}
	for range 8 {
		if err := <-fin; !errors.Is(err, store.ErrNadaQueHacer) {
			t.Error(err)
		}
	}
	close(tomados)
	veces := map[string]int{}
	for id := range tomados {
		veces[id]++
		if veces[id] > 1 {
			t.Errorf("%q was claimed twice", id)
		}
	}
	if len(veces) != pedidos-1 {
		t.Errorf("%d claimed, want %d", len(veces), pedidos-1)
	}
}
