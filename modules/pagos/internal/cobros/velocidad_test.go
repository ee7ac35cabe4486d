package cobros_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
	"despensa/modules/pagos/internal/store"
	"despensa/platform/sqldb"
)

// BenchmarkAuthoriseAndCapture is one order paid by card: the gateway answers at once, the store is a file. There is
// one caller, so that each write is a commit.
func BenchmarkAuthoriseAndCapture(b *testing.B) {
	db, err := sqldb.Open(
		b.Context(),
		sqldb.Options{Name: "pagos", File: filepath.Join(b.TempDir(), "pagos.db"),
			Migrations: migrations.De("pagos")},
	)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	s := store.New(db)
	servicio := cobros.New(cobros.Opciones{
		Store: s, Bandeja: s, Ahora: time.Now, Despertar: func() {},
		Pasarelas: map[string]gateway.Pasarela{gateway.MercadoPago: gatewaytest.New()},
		Reglas: cobros.Reglas{EnCurso: 15 * time.Second,
			Sondeo: cobros.Sondeo{
				Min:     10 * time.Second,
				Max:     time.Minute,
				Reserva: time.Hour,
				Cobrado: time.Hour,
			}},
	})
	antes, _, _ := db.Counts()
	n := 0
	for b.Loop() {
		n++
		o := tarjeta("APRO")
		o.Pedido = fmt.Sprintf("0193a0c0-0000-7000-8000-%012d", n)
		if _, err := servicio.Autorizar(b.Context(), o); err != nil {
			b.Fatal(err)
		}
		if r, err := servicio.Capturar(b.Context(), o.Intento); err != nil ||
			r.Estado != pagos.Cobrado {
			b.Fatal(r, err)
		}
	}
	despues, _, _ := db.Counts()
	b.ReportMetric(float64(despues-antes)/float64(n), "writes/op")
}
