package datos

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// ErrMaterial says that a text is not the master key material of this module.
var ErrMaterial = errors.New(
	"clientes: not base64 of a JSON object with the keysets kek and indice",
)

// indiceBytes is the length of a blind index; its text is twice as long.
const indiceBytes = 16

// Maestra is the module's master key: it wraps the customers' keys and makes the
// blind indexes. Safe for concurrent use.
type Maestra struct {
	kek    tink.AEAD
	indice *prf.Set
}

// material is how the master key is written down: two keysets of tink in JSON.
type material struct {
	KEK    json.RawMessage `json:"kek"`
	Indice json.RawMessage `json:"indice"`
}

// NewMaterial makes a new master key, as the text that OpenMaestra reads.
func NewMaterial() (string, error) {
	kek, err := nuevoJuego(aead.AES256GCMKeyTemplate())
	if err != nil {
		return "", err
	}
	indice, err := nuevoJuego(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(material{KEK: kek, Indice: indice})
	return base64.StdEncoding.EncodeToString(b), err
}

func nuevoJuego(plantilla *tinkpb.KeyTemplate) (json.RawMessage, error) {
	h, err := keyset.NewHandle(plantilla)
	if err != nil {
		return nil, fmt.Errorf("clientes: new master key: %w", err)
	}
	var b bytes.Buffer
	err = insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b))
	return b.Bytes(), err
}

// OpenMaestra reads the text of a master key. Errors: ErrMaterial, which never
// repeats any of it.
func OpenMaestra(texto string) (*Maestra, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(texto))
	if err != nil {
		return nil, ErrMaterial
	}
	var m material
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, ErrMaterial
	}
	kek, err := leerJuego(m.KEK, aead.New)
	if err != nil {
		return nil, ErrMaterial
	}
	indice, err := leerJuego(m.Indice, prf.NewPRFSet)
	if err != nil {
		return nil, ErrMaterial
	}
	return &Maestra{kek: kek, indice: indice}, nil
}

func leerJuego[T any](b []byte, hacer func(*keyset.Handle) (T, error)) (t T, err error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(b)))
	if err != nil {
		return t, err
	}
	return hacer(h)
}

// ciego makes the blind index of valor, in hex. Equal values of one columna have equal indexes. Without the master key
// an index can neither be computed nor undone. "" has none.
func (m *Maestra) ciego(columna, valor string) (*string, error) {
	if valor == "" {
		return nil, nil
	}
	b, err := m.indice.ComputePrimaryPRF([]byte(columna+"\x00"+valor), indiceBytes)
	if err != nil {
		return nil, fmt.Errorf("clientes: blind index: %w", err)
	}
	s := hex.EncodeToString(b)
	return &s, nil
}

// Origen is the text that stands for an address in the audit trail. It is the same for the same address, and the
// address cannot be told from it without the master key.
func (m *Maestra) Origen(direccion string) (string, error) {
	s, err := m.ciego("auditoria.origen", direccion)
	if err != nil || s == nil {
		return "", err
	}
	return *s, nil
}

// plano writes a value as its index sees it: case and outer blanks do not count.
func plano(valor string) string { return strings.ToLower(strings.TrimSpace(valor)) }
