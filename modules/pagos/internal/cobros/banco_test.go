package cobros_test

import (
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/gateway/gatewaytest"
	"despensa/modules/pagos/internal/store"
	"despensa/platform/guard"
	"despensa/platform/money"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
)

const monto = money.Centavos(20_000)

var alba = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// reloj is a clock that tests move.
type reloj struct {
	mu sync.Mutex
	t  time.Time
}

func (r *reloj) ahora() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.t }
func (r *reloj) pasar(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.t = r.t.Add(d)
}

// confiado believes every notice that says "si".
type confiado struct{}

func (confiado) Verificar(noticia gateway.Noticia, _ time.Time) error {
	if noticia.Firma != "si" {
		return gateway.ErrFirma
	}
	return nil
}

// banco is a service on a real store with a gateway in memory.
type banco struct {
	t *testing.T
	*cobros.Servicio
	p        *gatewaytest.Falsa
	s        *store.Store
	db       *sqldb.DB
	r        *reloj
	mu       sync.Mutex
	escritas []string
	fallidas int            // rows of rounds
	dudosas  map[string]int // answers that cannot be true, by their reparo
	libreta  *libreta
}

func nuevoBanco(t *testing.T) *banco {
	t.Helper()
	b := &banco{t: t}
	sitio := sqldbtest.New(t, "pagos")
	db, err := sqldb.Open(
		t.Context(),
		sqldb.Options{Name: "pagos", File: sitio.File, Postgres: sitio.Postgres,
			Migrations: migrations.De("pagos"), Cut: b.corte},
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	b.db, b.s = db, store.New(db)
	b.empezar()
	return b
}

// empezar makes a new service with a new gateway on the store as it is.
func (b *banco) empezar() {
	b.p, b.r = gatewaytest.New(), &reloj{t: alba}
	b.con(b.p)
}

// con makes a new service that asks pasarela.
func (b *banco) con(pasarela gateway.Pasarela) {
	b.fallidas, b.dudosas = 0, map[string]int{}
	b.Servicio = cobros.New(cobros.Opciones{
		Store: b.s, Bandeja: b.s, Ahora: b.r.ahora, Log: slog.New(slog.DiscardHandler), Despertar: func() {},
		Guard: guard.Guard{
			Log: slog.New(slog.DiscardHandler),
		}, Fallidas: func(_ string, n int) { b.fallidas += n },
		Dudosa:    b.dudosa,
		Pasarelas: map[string]gateway.Pasarela{gateway.MercadoPago: pasarela},
		Buzones:   map[string]gateway.Buzon{gateway.MercadoPago: confiado{}},
		Reglas: cobros.Reglas{
			EnCurso:  15 * time.Second,
			Reposo:   time.Second,
			Guarda:   7 * 24 * time.Hour,
			Tanda:    64,
			Paralelo: 4,
			Sondeo: cobros.Sondeo{
				Min:        10 * time.Second,
				Max:        10 * time.Minute,
				Reserva:    time.Hour,
				Cobrado:    time.Hour,
				Vigilancia: 72 * time.Hour,
			},
		},
	})
}

func (b *banco) dudosa(reparo string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dudosas[reparo]++
}

// dudas tells how many answers had that wrong with them.
func (b *banco) dudas(reparo string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dudosas[reparo]
}

// vaciar forgets everything and begins anew, cheaper than a new store.
func (b *banco) vaciar() {
	b.t.Helper()
	err := b.db.Write(b.t.Context(), "vaciar", func(tx *gorm.DB) error {
		for _, tabla := range []string{"reembolsos", "cobros", "lapidas", "inbox", "avisos"} {
			if err := tx.Exec("delete from " + tabla).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.empezar()
}

func (b *banco) corte(nombre string, moment sqldb.Moment) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if moment == sqldb.Before {
		b.escritas = append(b.escritas, nombre)
		if b.libreta != nil {
			b.libreta.anotar(nombre)
		}
	}
	return nil
}

// escribe counts the writes of f.
func (b *banco) escribe(f func()) int {
	b.mu.Lock()
	b.escritas = nil
	b.mu.Unlock()
	f()
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.escritas)
}

func intento(n int) pagos.Intento {
	return pagos.Intento{Pedido: "0193a0c0-0000-7000-8000-000000000001", Numero: n}
}

func tarjeta(token string) pagos.OrdenDePago {
	return pagos.OrdenDePago{
		Intento:        intento(1),
		Cliente:        "c1",
		Monto:          monto,
		Metodo:         pagos.TarjetaCredito,
		Token:          token,
		MarcaDeTarjeta: "master",
		Cuotas:         1,
		Correo:         "c1@testuser.com",
	}
}

func lenta(vence time.Time) pagos.OrdenDePago {
	return pagos.OrdenDePago{
		Intento: intento(1),
		Cliente: "c1",
		Monto:   monto,
		Metodo:  pagos.Efectivo,
		Correo:  "c1@testuser.com",
		Vence:   vence,
	}
}

const referencia = "0193a0c0-0000-7000-8000-000000000001-1"

var pagoID = cobros.ID(intento(1))

// autorizar asks and fails unless the error is want.
func (b *banco) autorizar(ordenDePago pagos.OrdenDePago, want error) pagos.Recibo {
	b.t.Helper()
	r, err := b.Autorizar(b.t.Context(), ordenDePago)
	if !errors.Is(err, want) || want == nil && err != nil {
		b.t.Fatalf("Autorizar: got %v, want %v", err, want)
	}
	return r
}

func (b *banco) capturar(want error) pagos.Recibo {
	b.t.Helper()
	r, err := b.Capturar(b.t.Context(), intento(1))
	if !errors.Is(err, want) || want == nil && err != nil {
		b.t.Fatalf("Capturar: got %v, want %v", err, want)
	}
	return r
}

func (b *banco) anular(want error) pagos.Recibo {
	b.t.Helper()
	r, err := b.Anular(b.t.Context(), intento(1))
	if !errors.Is(err, want) || want == nil && err != nil {
		b.t.Fatalf("Anular: got %v, want %v", err, want)
	}
	return r
}

func (b *banco) reembolsar(id string, centavos money.Centavos, want error) pagos.Devuelto {
	b.t.Helper()
	r, err := b.Reembolsar(
		b.t.Context(),
		pagos.Reembolso{Intento: intento(1), ID: id, Monto: centavos},
	)
	if !errors.Is(err, want) || want == nil && err != nil {
		b.t.Fatalf("Reembolsar: got %v, want %v", err, want)
	}
	return r
}

// cobroEntero is the stored cobro.
func (b *banco) cobroEntero() cobros.CobroEntero {
	b.t.Helper()
	f, hay, err := b.s.PorID(b.t.Context(), cobros.ID(intento(1)))
	if err != nil || !hay {
		b.t.Fatalf("no cobro: %v", err)
	}
	return f
}

func (b *banco) espera(estado pagos.Estado) {
	b.t.Helper()
	if got := b.cobroEntero().Estado; got != estado {
		b.t.Fatalf("estado %q, want %q", got, estado)
	}
}

// saldo fails unless row and gateway both say so.
func (b *banco) saldo(cobrado, reembolsado money.Centavos) {
	b.t.Helper()
	c, r := b.p.Saldo()
	f := b.cobroEntero()
	if c != cobrado || r != reembolsado || f.Cobrado != c || f.Reembolsado != r {
		b.t.Fatalf("gateway took %d and gave %d back, row says %d and %d, want %d and %d",
			c, r, f.Cobrado, f.Reembolsado, cobrado, reembolsado)
	}
}

// revisar lets the background work go on over d, in steps of a second round.
func (b *banco) revisar(d time.Duration) {
	b.t.Helper()
	for fin := b.r.ahora().Add(d); b.r.ahora().Before(fin); {
		paso := 5 * time.Second
		if d > time.Hour {
			paso = 10 * time.Minute
		}
		b.r.pasar(paso)
		if _, err := b.RevisarDebidos(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.Atender(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
	}
}

// avisados counts the rows of the outbox.
func (b *banco) avisados() int64 {
	b.t.Helper()
	var n int64
	if err := b.db.Read(b.t.Context()).Table("avisos").Count(&n).Error; err != nil {
		b.t.Fatal(err)
	}
	return n
}

// falla makes the next calls of an action go wrong, one after another.
func (b *banco) falla(accion string, fallas ...gatewaytest.Falla) {
	var mu sync.Mutex
	b.p.Falla = func(a string) gatewaytest.Falla {
		mu.Lock()
		defer mu.Unlock()
		if a != accion || len(fallas) == 0 {
			return gatewaytest.Ninguna
		}
		f := fallas[0]
		fallas = fallas[1:]
		return f
	}
}

func (b *banco) webhook(solicitud string) {
	b.t.Helper()
	n := gateway.Noticia{Firma: "si", Solicitud: solicitud, Dato: "ORD1", Tipo: "order"}
	if err := b.Recibir(b.t.Context(), gateway.MercadoPago, n); err != nil {
		b.t.Fatal(err)
	}
}
