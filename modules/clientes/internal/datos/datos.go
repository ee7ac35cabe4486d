// Package datos keeps the customers: every personal field sealed under a key of its customer's own, which is wrapped
// by the master key. It checks no permissions; authz does.
package datos

import (
	"context"
	"errors"
	"time"

	"despensa/modules/clientes"
	"despensa/platform/fault"
	"despensa/platform/sqldb"

	"github.com/tink-crypto/tink-go/v2/tink"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Errors that only the HTTP face of this module shows.
var (
	// ErrDireccionNoExiste: no address of that id belongs to this customer. An address of another customer is answered in
	// the same way.
	ErrDireccionNoExiste = fault.New(fault.NotFound, "direccion-no-existe", "There is no such address.")
	// ErrDemasiadas: the customer has as many addresses as one may have.
	ErrDemasiadas = fault.New(fault.Conflict, "demasiadas-direcciones",
		"You have as many addresses as one may have; delete one first.")
)

var (
	// ErrVersion: the profile or address has been changed since the version that the caller named.
	ErrVersion = errors.New("clientes: changed meanwhile")
	// ErrHuella: the idempotency key has made an address of another body.
	ErrHuella = errors.New("clientes: same key, other body")
	// ErrClaves: the master key is not the one that this store was written with.
	ErrClaves = errors.New(
		"clientes.claves: not the master key that these data were sealed with; " +
			"every process on them needs the same",
	)
)

// Opciones are the parts that New makes a Store of.
type Opciones struct {
	DB      *sqldb.DB
	Maestra *Maestra
	Ahora   func() time.Time
	// LlavesEnMemoria is how many customers' keys stay unwrapped at most.
	LlavesEnMemoria int
	// MaxDirecciones is how many addresses a customer may have.
	MaxDirecciones int
}

// Store is the customers' store. Safe for concurrent use.
type Store struct {
	Opciones
	llavero *llavero
}

// New makes a Store on an open store and checks that the master key is the one that the data in it were sealed
// with. Errors: ErrClaves.
func New(ctx context.Context, opciones Opciones) (*Store, error) {
	a := &Store{
		Opciones: opciones,
		llavero:  nuevoLlavero(opciones.Maestra, opciones.LlavesEnMemoria),
	}
	return a, a.comprobar(ctx)
}

// conLlave selects the rows of tabla with the wrapped key of their customer.
func conLlave(tx *gorm.DB, tabla, cliente string) *gorm.DB {
	return tx.Table(tabla).Select(columnas[tabla] + ", llaves.envoltura").
		Joins("left join llaves on llaves.cliente = " + cliente)
}

// paraEscribir locks the rows of tabla that are read, where the engine has row locks.
func paraEscribir(tx *gorm.DB, tabla string) *gorm.DB {
	return tx.Clauses(
		clause.Locking{
			Strength: clause.LockingStrengthUpdate,
			Table:    clause.Table{Name: tabla},
		},
	)
}

// llave unwraps the key that was read beside a row. Errors: clientes.ErrSinClave.
func (a *Store) llave(cliente string, envoltura []byte) (tink.AEAD, error) {
	if len(envoltura) == 0 {
		a.llavero.olvidar(cliente)
		return nil, clientes.ErrSinClave
	}
	return a.llavero.abrir(cliente, envoltura)
}

// siFalta is falta where err is gorm.ErrRecordNotFound, else err.
func siFalta(err, falta error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return falta
	}
	return err
}

// hora is t as the tables keep it: Unix milliseconds.
func hora(t time.Time) int64 { return t.UnixMilli() }

func deHora(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
