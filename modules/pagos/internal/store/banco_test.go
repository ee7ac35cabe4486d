package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/store"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"
)

var (
	alba = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	// errHacer is a change that thinks better of it.
	errHacer = errors.New("the change is refused")
)

// banco is the store on one engine.
type banco struct {
	*store.Store
	db    *sqldb.DB
	motor string
}

// enCadaMotor runs a part of the suite on an empty SQLite file, and on an empty PostgreSQL
// database when a server is named.
func enCadaMotor(t *testing.T, f func(t *testing.T, b *banco)) {
	t.Parallel()
	for motor, postgres := range map[string]string{"SQLite": "", "PostgreSQL": sqldbtest.Base(t)} {
		t.Run(motor, func(t *testing.T) {
			if motor == "PostgreSQL" && postgres == "" {
				t.Skipf("%s names no server", sqldbtest.Variable)
			}
			t.Logf("RAN ON %s: the suite of the payment store", motor)
			db, err := sqldb.Abrir(t.Context(), sqldb.Opciones{
				Nombre:      "pagos",
				Archivo:     t.TempDir() + "/pagos.db",
				Postgres:    postgres,
				Migraciones: migrations.De("pagos"),
			})
			bien(t, err)
			defer func() { bien(t, db.Cerrar()) }()
			f(t, &banco{Store: store.Nuevo(db), db: db, motor: motor})
		})
	}
}

// ficha is the charge of the first intento of order n, with every member filled in.
func ficha(n int) cobros.Ficha {
	i := intento(n)
	return cobros.Ficha{Cobro: cobros.Cobro{
		ID:            cobros.ID(i),
		Pedido:        i.Pedido,
		Intento:       i.Numero,
		Cliente:       "cliente-1",
		Metodo:        pagos.TarjetaCredito,
		Marca:         "visa",
		Cuotas:        3,
		Proveedor:     gateway.MercadoPago,
		Monto:         20_000,
		Estado:        pagos.Pendiente,
		Vista:         gateway.EnEspera,
		Cierre:        pagos.Vencido,
		Anulado:       true,
		Motivo:        "sin-fondos",
		Instrucciones: "Pagar en la esquina",
		Desafio:       "https://example.com/3ds",
		Orden:         fmt.Sprintf("ORD%d", n),
		Transaccion:   "PAY1",
		Accion:        cobros.Crear,
		Hasta:         alba.Add(15 * time.Second),
		Mirado:        alba.Add(time.Second),
		Debe:          alba.Add(time.Minute),
		Sondeos:       4,
		Vence:         alba.Add(time.Hour),
		Creado:        alba.Add(time.Duration(n) * time.Minute),
		Cambiado:      alba.Add(time.Duration(n) * time.Minute),
		Version:       1,
	}}
}

func intento(n int) pagos.Intento {
	return pagos.Intento{Pedido: fmt.Sprintf("0193a0c0-0000-7000-8000-%012d", n), Numero: 1}
}

// guardar stores the charge of order n with a change.
func (b *banco) guardar(t *testing.T, n int, cambiar func(f *cobros.Ficha)) cobros.Ficha {
	t.Helper()
	f := ficha(n)
	cambiar(&f)
	f, nueva, err := b.Iniciar(t.Context(), f)
	bien(t, err)
	igual(t, "new", nueva, true)
	return f
}

func como(*cobros.Ficha) {}

// cambio is a change of the charge of order n, an hour after it was made.
func cambio(n int, hacer func(f *cobros.Ficha) error) cobros.Cambio {
	return cobros.Cambio{Nombre: "pagos.prueba", ID: ficha(n).ID, Ahora: alba.Add(time.Hour), Anunciar: true,
		Hacer: hacer}
}

// avisados counts what the outbox has to tell.
func (b *banco) avisados(t *testing.T) (n int64) {
	t.Helper()
	bien(t, b.db.Leer(t.Context()).Table("avisos").Count(&n).Error)
	return n
}

func bien(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func falla(t *testing.T, err, quiero error) {
	t.Helper()
	if !errors.Is(err, quiero) {
		t.Fatalf("got %v, want %v", err, quiero)
	}
}

func igual[T comparable](t *testing.T, nombre string, hay, quiero T) {
	t.Helper()
	if hay != quiero {
		t.Errorf("%s: got %v, want %v", nombre, hay, quiero)
	}
}
