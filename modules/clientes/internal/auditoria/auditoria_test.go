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
	sitio := sqldbtest.Nuevo(t, "clientes")
	db, err := sqldb.Abrir(t.Context(), sqldb.Opciones{
		Nombre:      "clientes",
		Archivo:     sitio.Archivo,
		Postgres:    sitio.Postgres,
		Migraciones: migrations.De("clientes"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Cerrar(); err != nil {
			t.Error(err)
		}
	})
	return New(db, func() time.Time { return alba }), db
}

func uno(accion string) audit.Registro {
	return audit.Registro{
		Actor:     "a",
		Rol:       "operador",
		Accion:    accion,
		Recurso:   audit.Recurso{Clase: "pedido", ID: "p"},
		Cliente:   "c",
		Resultado: audit.Permitido,
		Solicitud: "s",
	}
}

// TestAppend: many at once are all there, each with an id of its own and the trail's time.
func TestAppend(t *testing.T) {
	r, db := abrir(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if err := r.Registrar(t.Context(), uno("leer")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var filas []fila
	if err := db.Leer(t.Context()).Find(&filas).Error; err != nil || len(filas) != 50 {
		t.Fatalf("%d rows, %v", len(filas), err)
	}
	f := filas[0]
	f.ID = ""
	quiere := fila{
		Creado: alba.UnixMilli(), Actor: "a", Rol: "operador", Accion: "leer", Clase: "pedido", Recurso: "p", Cliente: "c",
		Resultado: audit.Permitido, Solicitud: "s", Veces: 1,
	}
	if f != quiere {
		t.Errorf("kept as %+v", f)
	}
	var sinNumero int64
	err := db.Leer(t.Context()).Table("auditoria").Where("numero is null and enviado is null").Count(&sinNumero).Error
	if err != nil || sinNumero != 50 {
		t.Errorf("%d rows wait for their place, %v", sinNumero, err)
	}
}

// TestARecordTravelsOnce: one round trip to a server, the fewest of several tries, because a connection prepares once.
func TestARecordTravelsOnce(t *testing.T) {
	r, db := abrir(t)
	if !db.Compartida() {
		t.Skip("SKIPPED: a file takes no trips")
	}
	menos := uint64(math.MaxUint64)
	for range 5 {
		_, _, antes := db.Cuenta()
		if err := r.Registrar(t.Context(), uno("leer")); err != nil {
			t.Fatal(err)
		}
		_, _, despues := db.Cuenta()
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
	x.ID, x.En = "0198c0de-0000-7000-8000-000000000001", alba.Add(time.Hour)
	if err := r.Registrar(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	otro := x
	otro.Accion = "otra"
	if err := r.Registrar(t.Context(), otro); !errors.Is(err, gorm.ErrDuplicatedKey) {
		t.Errorf("the same id again: %v", err)
	}
	quizas := uno("leer")
	quizas.Resultado = "quizas"
	if err := r.Registrar(t.Context(), quizas); err == nil {
		t.Error("an outcome that is none was taken")
	}
	var filas []fila
	if err := db.Leer(t.Context()).Find(&filas).Error; err != nil || len(filas) != 1 || filas[0].Accion != "leer" ||
		filas[0].Creado != x.En.UnixMilli() {
		t.Errorf("kept %+v, %v", filas, err)
	}
}
