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

// unica is a call that must have its effect once: its idempotency key, and the
// digest of what it asks.
type unica struct {
	clave, huella string
	siempre409    bool
}

// unica reads the key of a call; accion and cuerpo are what it asks.
func (s *Simulador) unica(r *http.Request, accion string, cuerpo any) (unica, error) {
	c := r.Header.Get("X-Idempotency-Key")
	switch {
	case c == "":
		return unica{}, errSinClave
	case len(c) > 128:
		return unica{}, errClaveLarga
	}
	b, err := json.Marshal(cuerpo) // as decoded: spaces and order of members do not count
	if err != nil {
		return unica{}, err
	}
	suma := sha256.Sum256(append([]byte(accion+"\n"), b...))
	return unica{clave: c, huella: hex.EncodeToString(suma[:]), siempre409: s.Ajustes().ClaveSiempre409}, nil
}

// efecto changes the ledger inside tx and tells the status of the answer. Its
// errors undo everything, the key too.
type efecto func(tx *gorm.DB) (filaOrden, int, error)

// unaVez runs f once per key, key and effect in one transaction. Most keys are new: the effect comes first, and is undone
// where the key turns out to be used. A repetition gets
// the first status with the order as it now stands; calls that race wait for the
// first one's commit. Errors: errClaveUsada, those of f.
func (s *Simulador) unaVez(ctx context.Context, u unica, f efecto) (respuesta, error) {
	var fila filaOrden
	var estado int
	ahora := s.ahora()
	err := s.libro.db.Escribir(ctx, "dev.mercadopago", func(tx *gorm.DB) (err error) {
		if fila, estado, err = f(tx); err != nil {
			return err
		}
		return u.anotar(tx, fila.ID, estado, ahora)
	})
	if err != nil && ctx.Err() == nil {
		return s.repetida(ctx, u, err)
	}
	if err != nil {
		return respuesta{}, err
	}
	s.correo.despertar()
	return mostrar(estado, fila)
}

// anotar uses the key up for an effect on orden. Error: errClaveUsada when it has been used.
func (u unica) anotar(tx *gorm.DB, orden string, estado int, ahora time.Time) error {
	r := tx.Exec("insert into claves (clave, huella, orden, estado, creado) values (?, ?, ?, ?, ?) on conflict do nothing",
		u.clave, u.huella, orden, estado, ahora.UnixMilli())
	if r.Error != nil {
		return fmt.Errorf("mercadopago: ledger: %w", r.Error)
	}
	if r.RowsAffected != 1 {
		return errClaveUsada
	}
	return nil
}

// repetida answers a call whose effect was undone with fallo: as an earlier call with its key was answered, if there was
// one. Errors: errClaveUsada when that one asked for something else; fallo when there was none.
func (s *Simulador) repetida(ctx context.Context, u unica, fallo error) (respuesta, error) {
	db := s.libro.db.Leer(ctx)
	c, hay, err := uno[filaClave](db, "clave", u.clave)
	switch {
	case err != nil:
		return respuesta{}, err
	case !hay:
		return respuesta{}, fallo
	case c.Huella != u.huella || u.siempre409:
		return respuesta{}, errClaveUsada
	}
	fila, _, err := uno[filaOrden](db, "id", c.Orden)
	if err != nil {
		return respuesta{}, err
	}
	s.correo.despertar()
	return mostrar(c.Estado, fila)
}

// mostrar answers with an order; 402 wraps it into an error.
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

// aviso is the notice of what has just happened to o.
func (s *Simulador) aviso(id string, o *orden, accion string, ahora time.Time) filaAviso {
	return filaAviso{
		ID: id, Orden: o.ID, Accion: accion, Estado: o.Status, Detalle: o.StatusDetail,
		Creado: ahora.UnixMilli(), Toca: ahora.Add(s.demora(id)).UnixMilli(),
	}
}
