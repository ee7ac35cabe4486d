package auditoria

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"despensa/platform/audit"
)

// Huella is a link of the chain: the SHA-256 of the link before it and of one record.
// The link before the first record is all zeros. As text it is 64 hex digits.
type Huella [sha256.Size]byte

// MarshalText writes the link in hex.
func (h Huella) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h[:])), nil }

// UnmarshalText reads the text that MarshalText writes. Errors: a text that is no link.
func (h *Huella) UnmarshalText(b []byte) error {
	n, err := hex.Decode(h[:], b[:min(len(b), 2*len(h))])
	if err != nil || n != len(h) || len(b) != 2*len(h) {
		return errors.New("auditoria: no link of a chain")
	}
	return nil
}

// Asiento is a record that has its place in the chain.
type Asiento struct {
	Numero    int64         `json:"numero"` // 1, 2, 3, ... without a gap
	ID        string        `json:"id"`
	En        time.Time     `json:"en"` // UTC, to the millisecond
	Actor     string        `json:"actor"`
	Rol       string        `json:"rol"`
	Accion    string        `json:"accion"`
	Clase     string        `json:"clase"`
	Recurso   string        `json:"recurso"`
	Cliente   string        `json:"cliente"`
	Resultado audit.Outcome `json:"resultado"`
	Solicitud string        `json:"solicitud"`
	Veces     int64         `json:"veces"` // number of refusals that the record stands for; 1 for any other record
	// Indice is the index that has the record. It is chosen together with the number, so that a record that is sent again
	// goes to the same index.
	Indice   string `json:"indice"`
	Anterior Huella `json:"anterior"`
	Hash     Huella `json:"hash"`
}

// Canonico is the text of a that its link is computed from: numero, id, en (Unix milliseconds), actor, rol, accion,
// clase, recurso, cliente, resultado, solicitud and veces, each as a netstring.
func (a Asiento) Canonico() []byte {
	var b []byte
	for _, s := range []string{
		strconv.FormatInt(a.Numero, 10), a.ID, strconv.FormatInt(a.En.UnixMilli(), 10), a.Actor, a.Rol, a.Accion, a.Clase,
		a.Recurso,
		a.Cliente, string(a.Resultado), a.Solicitud, strconv.FormatInt(a.Veces, 10),
	} {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(append(append(b, ':'), s...), ',')
	}
	return b
}

// Enlazar computes the link of a after Anterior.
func (a Asiento) Enlazar() Huella {
	return sha256.Sum256(append(a.Anterior[:], a.Canonico()...))
}
