package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"despensa/migrations"
	"despensa/modules/pagos"
	"despensa/modules/pagos/internal/cobros"
	"despensa/modules/pagos/internal/gateway"
	"despensa/modules/pagos/internal/store"
	"despensa/platform/sqldb"
	"despensa/platform/sqldb/sqldbtest"

	"gorm.io/gorm"
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

// suite holds the parts that every engine has to pass; each begins with an empty store.
var suite = map[string]func(t *testing.T, b *banco){
	"a commit that fails":         aCommitThatFails,
	"a clock that was ahead":      aClockThatWasAhead,
	"a change":                    aChange,
	"a change of nothing":         aChangeOfNothing,
	"a change of what is in hand": aChangeOfWhatIsInHand,
	"a capture begins":            aCaptureBegins,
	"a notice may lie":            aNoticeMayLie,
	"refunds that nobody noted":   refundsThatNobodyNoted,
	"a charge":                    aCharge,
	"a charge begins once":        aChargeBeginsOnce,
	"a notice is received once":   aNoticeIsReceivedOnce,
	"a tombstone":                 aTombstone,
	"a tombstone on a charge":     aTombstoneOnACharge,
	"another writer is first":     anotherWriterIsFirst,
	"by the gateways order":       byTheGatewaysOrder,
	"calls are given up":          callsAreGivenUp,
	"charges":                     charges,
	"charges are listed":          chargesAreListed,
	"many begin one charge":       manyBeginOneCharge,
	"many changes":                manyChanges,
	"notices are forgotten":       noticesAreForgotten,
	"notices are looked at":       noticesAreLookedAt,
	"pages leave nothing out":     pagesLeaveNothingOut,
	"refunds":                     refunds,
	"situations":                  situations,
	"what is due":                 whatIsDue,
	"writes travel once":          writesTravelOnce,
}

func TestTheStoreOnSQLite(t *testing.T) { probar(t, "SQLite", "") }

func TestTheStoreOnPostgreSQL(t *testing.T) {
	postgres := sqldbtest.Database(t)
	if postgres == "" {
		t.Skipf("%s names no server", sqldbtest.Variable)
	}
	probar(t, "PostgreSQL", postgres)
}

func probar(t *testing.T, motor, postgres string) {
	t.Logf("RAN ON %s: the suite of the payment store, %d parts", motor, len(suite))
	db, err := sqldb.Open(t.Context(), sqldb.Options{
		Name:       "pagos",
		File:       filepath.Join(t.TempDir(), "pagos.db"),
		Postgres:   postgres,
		Migrations: migrations.De("pagos"),
	})
	bien(t, err)
	t.Cleanup(func() { bien(t, db.Close()) })
	b := &banco{Store: store.New(db), db: db, motor: motor}
	for nombre, parte := range suite {
		t.Run(nombre, func(t *testing.T) {
			b.vaciar(t)
			parte(t, b)
		})
	}
}

// vaciar makes the store empty.
func (b *banco) vaciar(t *testing.T) {
	t.Helper()
	bien(t, b.db.Write(t.Context(), "vaciar", func(tx *gorm.DB) error {
		for _, tabla := range []string{"reembolsos", "cobros", "lapidas", "inbox", "avisos"} {
			if err := tx.Exec("delete from " + tabla).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

// cobroEntero is the charge of the first intento of order n, with every member filled in.
func cobroEntero(n int) cobros.CobroEntero {
	i := intento(n)
	return cobros.CobroEntero{Cobro: cobros.Cobro{
		ID:             cobros.ID(i),
		Pedido:         i.Pedido,
		Intento:        i.Numero,
		Cliente:        "cliente-1",
		Metodo:         pagos.TarjetaCredito,
		MarcaDeTarjeta: "visa",
		Cuotas:         3,
		Proveedor:      gateway.MercadoPago,
		Monto:          20_000,
		Estado:         pagos.Pendiente,
		Vista:          gateway.EnEspera,
		Cierre:         pagos.Vencido,
		Anulado:        true,
		Motivo:         "sin-fondos",
		Instrucciones:  "Pagar en la esquina",
		Desafio:        "https://example.com/3ds",
		Orden:          fmt.Sprintf("ORD%d", n),
		Transaccion:    "PAY1",
		Accion:         cobros.Crear,
		Hasta:          alba.Add(15 * time.Second),
		Mirado:         alba.Add(time.Second),
		Contracargo:    true,
		Debe:           alba.Add(time.Minute),
		Sondeos:        4,
		Vence:          alba.Add(time.Hour),
		Creado:         alba.Add(time.Duration(n) * time.Minute),
		Cambiado:       alba.Add(time.Duration(n) * time.Minute),
		Version:        1,
	}}
}

func intento(n int) pagos.Intento {
	return pagos.Intento{Pedido: fmt.Sprintf("0193a0c0-0000-7000-8000-%012d", n), Numero: 1}
}

// guardar stores the charge of order n with a change.
func (b *banco) guardar(
	t *testing.T,
	n int,
	cambiar func(f *cobros.CobroEntero),
) cobros.CobroEntero {
	t.Helper()
	f := cobroEntero(n)
	cambiar(&f)
	f, nueva, err := b.Iniciar(t.Context(), f)
	bien(t, err)
	igual(t, "new", nueva, true)
	return f
}

func como(*cobros.CobroEntero) {}

// cambio is a change of the charge of order n, an hour after it was made.
func cambio(n int, hacer func(f *cobros.CobroEntero) error) cobros.Cambio {
	return cobros.Cambio{
		Nombre:   "pagos.prueba",
		ID:       cobroEntero(n).ID,
		Ahora:    alba.Add(time.Hour),
		Anunciar: true,
		Hacer:    hacer,
	}
}

// avisados counts the notices in the outbox.
func (b *banco) avisados(t *testing.T) (n int64) {
	t.Helper()
	bien(t, b.db.Read(t.Context()).Table("avisos").Count(&n).Error)
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
