package auditoria

import (
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/platform/audit"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

var alba = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

func abrir(t *testing.T) (*Rastro, *sqldb.DB) {
	t.Helper()
	sitio := sqldbtest.New(t, "clientes")
	db, err := sqldb.Open(t.Context(), sqldb.Options{
		Name:       "clientes",
		File:       sitio.File,
		Postgres:   sitio.Postgres,
		Migrations: migrations.De("clientes"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return New(db, func() time.Time { return alba }), db
}

func uno(accion string) audit.Record {
	return audit.Record{
		Actor:     "a",
		Role:      "operador",
		Action:    accion,
		Resource:  audit.Resource{Kind: "pedido", ID: "p"},
		Customer:  "c",
		Outcome:   audit.Allowed,
		RequestID: "s",
	}
}

// TestAppend: many at once are all there, each with an id of its own and the trail's time.
func TestAppend(t *testing.T) {
	r, db := abrir(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := r.Record(t.Context(), uno("leer")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var filas []fila
	if err := db.Read(t.Context()).Find(&filas).Error; err != nil || len(filas) != 50 {
		t.Fatalf("%d rows, %v", len(filas), err)
	}
	f := filas[0]
	f.ID = ""
	quiere := fila{
		Creado: alba.UnixMilli(), Actor: "a", Rol: "operador", Accion: "leer", Clase: "pedido", Recurso: "p", Cliente: "c",
		Resultado: audit.Allowed, Solicitud: "s", Veces: 1,
	}
	if f != quiere {
		t.Errorf("kept as %+v", f)
	}
	var sinNumero int64
	err := db.Read(t.Context()).
		Table("auditoria").
		Where("numero is null and enviado is null").
		Count(&sinNumero).
		Error
	if err != nil || sinNumero != 50 {
		t.Errorf("%d rows wait for their place, %v", sinNumero, err)
	}
}

// TestARecordTravelsOnce: one round trip to a server, the fewest of several tries, because a connection prepares once.
func TestARecordTravelsOnce(t *testing.T) {
	r, db := abrir(t)
	if !db.Shared() {
		t.Skip("SKIPPED: a file takes no trips")
	}
	menos := uint64(math.MaxUint64)
	for range 5 {
		_, _, antes := db.Counts()
		if err := r.Record(t.Context(), uno("leer")); err != nil {
			t.Fatal(err)
		}
		_, _, despues := db.Counts()
		menos = min(menos, despues-antes)
	}
	if menos != 1 {
		t.Errorf("%d round trips, want 1", menos)
	}
}

// TestNothingIsOverwritten: a record that is there stays, and one that makes no sense is refused.
func TestNothingIsOverwritten(t *testing.T) {
	r, db := abrir(t)
	x := uno("leer")
	x.ID, x.At = "0198c0de-0000-7000-8000-000000000001", alba.Add(time.Hour)
	if err := r.Record(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	otro := x
	otro.Action = "otra"
	if err := r.Record(t.Context(), otro); !errors.Is(err, gorm.ErrDuplicatedKey) {
		t.Errorf("the same id again: %v", err)
	}
	quizas := uno("leer")
	quizas.Outcome = "quizas"
	if err := r.Record(t.Context(), quizas); err == nil {
		t.Error("an outcome that is none was taken")
	}
	var filas []fila
	if err := db.Read(t.Context()).Find(&filas).Error; err != nil || len(filas) != 1 ||
		filas[0].Accion != "leer" ||
		filas[0].Creado != x.At.UnixMilli() {
		t.Errorf("kept %+v, %v", filas, err)
	}
}
