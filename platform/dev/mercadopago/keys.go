package mercadopago

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"gorm.io/gorm"
)

// onceKey identifies a call that must have its effect once: by its idempotency key (key) and by the digest of its
// action and body (digest).
type onceKey struct {
	key, digest string
	always409   bool
}

// onceOf reads the idempotency key of r. accion and the decoded body cuerpo make up the digest. Errors: errNoKey,
// errLongKey.
func (s *Simulator) onceOf(r *http.Request, accion string, cuerpo any) (onceKey, error) {
	clave := r.Header.Get("X-Idempotency-Key")
	switch {
	case clave == "":
		return onceKey{}, errNoKey
	case len(clave) > 128:
		return onceKey{}, errLongKey
	}
	// Of the decoded body: spaces and the order of members do not matter.
	b, err := json.Marshal(cuerpo)
	if err != nil {
		return onceKey{}, err
	}
	suma := sha256.Sum256(append([]byte(accion+"\n"), b...))
	return onceKey{
		key:       clave,
		digest:    hex.EncodeToString(suma[:]),
		always409: s.Settings().KeyAlways409,
	}, nil
}

// effect changes the ledger inside tx and returns the order and the HTTP status of the answer. An error rolls back the
// transaction, with the use of the key.
type effect func(tx *gorm.DB) (orderRow, int, error)

// runOnce runs hacer once per idempotency key, and stores the key and the effect in one transaction. Most keys are new,
// so hacer runs first and is rolled back when the key turns out to be used. A repeated call gets the status of the
// first call and the present order. Concurrent calls with one key wait for the commit of the first. Errors:
// errUsedKey; hacer's.
func (s *Simulator) runOnce(
	ctx context.Context,
	llamada onceKey,
	hacer effect,
) (answer, error) {
	var fila orderRow
	var estado int
	ahora := s.now()
	err := s.ledger.db.Write(ctx, "dev.mercadopago", func(tx *gorm.DB) (err error) {
		if fila, estado, err = hacer(tx); err != nil {
			return err
		}
		return llamada.note(tx, fila.ID, estado, ahora)
	})
	if err != nil && ctx.Err() == nil {
		return s.repeated(ctx, llamada, err)
	}
	if err != nil {
		return answer{}, err
	}
	s.mailer.wake()
	return showOrder(estado, fila)
}

// note stores that the key of u has been used for orden, with the status of the answer. Error: errUsedKey when
// the key was used before.
func (u onceKey) note(tx *gorm.DB, orden string, estado int, ahora time.Time) error {
	r := tx.Exec(
		"insert into claves (clave, huella, orden, estado, creado) values (?, ?, ?, ?, ?)"+
			" on conflict do nothing",
		u.key,
		u.digest,
		orden,
		estado,
		ahora.UnixMilli(),
	)
	if r.Error != nil {
		return fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return errUsedKey
	}
	return nil
}

// repeated answers a call that failed with fallo and was rolled back. If an earlier call used the same key, repeated
// answers with that call's status and the present order. Errors: errUsedKey when the earlier call had another
// action or body; fallo when there was no earlier call.
func (s *Simulator) repeated(
	ctx context.Context,
	llamada onceKey,
	fallo error,
) (answer, error) {
	db := s.ledger.db.Read(ctx)
	usada, hay, err := oneRow[keyRow](db, "clave", llamada.key)
	switch {
	case err != nil:
		return answer{}, err
	case !hay:
		return answer{}, fallo
	case usada.Huella != llamada.digest || llamada.always409:
		return answer{}, errUsedKey
	}
	fila, _, err := oneRow[orderRow](db, "id", usada.Orden)
	if err != nil {
		return answer{}, err
	}
	s.mailer.wake()
	return showOrder(usada.Estado, fila)
}

// showOrder is the answer with the order orderRow. With the status 402 the answer is an error that contains the order.
func showOrder(estado int, orderRow orderRow) (answer, error) {
	if estado != http.StatusPaymentRequired {
		return answer{status: estado, body: orderRow.Doc}, nil
	}
	o, err := orderRow.open()
	if err != nil {
		return answer{}, err
	}
	return declined(orderRow.Doc, *o.payment()), nil
}

// notice is the notice id of the action accion on the order o.
func (s *Simulator) notice(
	id string,
	gatewayOrder *gatewayOrder,
	accion string,
	ahora time.Time,
) noticeRow {
	return noticeRow{
		ID: id, Orden: gatewayOrder.ID, Accion: accion, Estado: gatewayOrder.Status, Detalle: gatewayOrder.StatusDetail,
		Creado: ahora.UnixMilli(), Toca: ahora.Add(s.delay(id)).UnixMilli(),
	}
}
