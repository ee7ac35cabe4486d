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

// unica identifies a call that must have its effect once: by its idempotency key (clave) and by the digest of its
// action and body (huella).
type unica struct {
	clave, huella string
	siempre409    bool
}

// unica reads the idempotency key of r. accion and the decoded body cuerpo make up the digest. Errors: errSinClave,
// errClaveLarga.
func (s *Simulador) unica(r *http.Request, accion string, cuerpo any) (unica, error) {
	clave := r.Header.Get("X-Idempotency-Key")
	switch {
	case clave == "":
		return unica{}, errSinClave
	case len(clave) > 128:
		return unica{}, errClaveLarga
	}
	b, err := json.Marshal(cuerpo) // of the decoded body: spaces and the order of members do not matter
	if err != nil {
		return unica{}, err
	}
	suma := sha256.Sum256(append([]byte(accion+"\n"), b...))
	return unica{clave: clave, huella: hex.EncodeToString(suma[:]), siempre409: s.Ajustes().ClaveSiempre409}, nil
}

// efecto changes the ledger inside tx and returns the order and the HTTP status of the answer. An error rolls back the
// transaction, with the use of the key.
type efecto func(tx *gorm.DB) (filaOrden, int, error)

// unaVez runs hacer once per idempotency key, and stores the key and the effect in one transaction. Most keys are new,
// so hacer runs first and is rolled back when the key turns out to be used. A repeated call gets the status of the
// first call and the present order. Concurrent calls with one key wait for the commit of the first. Errors:
// errClaveUsada; hacer's.
func (s *Simulador) unaVez(ctx context.Context, llamada unica, hacer efecto) (respuesta, error) {
	var fila filaOrden
	var estado int
	ahora := s.ahora()
	err := s.libro.db.Escribir(ctx, "dev.mercadopago", func(tx *gorm.DB) (err error) {
		if fila, estado, err = hacer(tx); err != nil {
			return err
		}
		return llamada.anotar(tx, fila.ID, estado, ahora)
	})
	if err != nil && ctx.Err() == nil {
		return s.repetida(ctx, llamada, err)
	}
	if err != nil {
		return respuesta{}, err
	}
	s.correo.despertar()
	return mostrar(estado, fila)
}

// anotar stores that the key of u has been used for orden, with the status of the answer. Error: errClaveUsada when
// the key was used before.
func (u unica) anotar(tx *gorm.DB, orden string, estado int, ahora time.Time) error {
	r := tx.Exec("insert into claves (clave, huella, orden, estado, creado) values (?, ?, ?, ?, ?)"+
		" on conflict do nothing",
		u.clave, u.huella, orden, estado, ahora.UnixMilli())
	if r.Error != nil {
		return fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return errClaveUsada
	}
	return nil
}

// repetida answers a call that failed with fallo and was rolled back. If an earlier call used the same key, repetida
// answers with that call's status and the present order. Errors: errClaveUsada when the earlier call had another
// action or body; fallo when there was no earlier call.
func (s *Simulador) repetida(ctx context.Context, llamada unica, fallo error) (respuesta, error) {
	db := s.libro.db.Leer(ctx)
	usada, hay, err := uno[filaClave](db, "clave", llamada.clave)
	switch {
	case err != nil:
		return respuesta{}, err
	case !hay:
		return respuesta{}, fallo
	case usada.Huella != llamada.huella || llamada.siempre409:
		return respuesta{}, errClaveUsada
	}
	fila, _, err := uno[filaOrden](db, "id", usada.Orden)
	if err != nil {
		return respuesta{}, err
	}
	s.correo.despertar()
	return mostrar(usada.Estado, fila)
}

// mostrar is the answer with the order f. With the status 402 the answer is an error that contains the order.
func mostrar(estado int, f filaOrden) (respuesta, error) {
	if estado != http.StatusPaymentRequired {
		return respuesta{estado: estado, cuerpo: f.Doc}, nil
	}
	o, err := f.abrir()
	if err != nil {
		return respuesta{}, err
	}
	return rechazada(f.Doc, *o.pago()), nil
}

// aviso is the notice id of the action accion on the order o.
func (s *Simulador) aviso(id string, o *orden, accion string, ahora time.Time) filaAviso {
	return filaAviso{
		ID: id, Orden: o.ID, Accion: accion, Estado: o.Status, Detalle: o.StatusDetail,
		Creado: ahora.UnixMilli(), Toca: ahora.Add(s.demora(id)).UnixMilli(),
	}
}
