package sesion

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// KeyMin is the shortest key of sesion.clave, in bytes.
const KeyMin = 32

// clearMax is the longest text that is read out of a sealed one, in bytes.
const clearMax = 64 << 10

// errSeal says that a text was not sealed for this purpose with one of the keys of sesion.clave.
var errSeal = errors.New("sesion: not sealed by us")

// sealer seals with the first key and opens with any.
type sealer struct{ aeads []cipher.AEAD }

// newSealer reads the keys, which commas separate. Errors: a key shorter than KeyMin.
func newSealer(claves string) (*sealer, error) {
	s := &sealer{}
	for clave := range strings.SplitSeq(claves, ",") {
		clave = strings.TrimSpace(clave)
		if len(clave) < KeyMin {
			return nil, fmt.Errorf("sesion.clave: each key needs at least %d bytes", KeyMin)
		}
		k, err := hkdf.Key(sha256.New, []byte(clave), nil, "despensa sesion", 32)
		if err != nil {
			return nil, fmt.Errorf("sesion.clave: %w", err)
		}
		bloque, err := aes.NewCipher(k)
		if err != nil {
			return nil, fmt.Errorf("sesion.clave: %w", err)
		}
		a, err := cipher.NewGCMWithRandomNonce(bloque)
		if err != nil {
			return nil, fmt.Errorf("sesion.clave: %w", err)
		}
		s.aeads = append(s.aeads, a)
	}
	return s, nil
}

// seal seals v, as compressed JSON, so that open reads it for the same proposito alone.
func (s *sealer) seal(proposito string, v any) (string, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err == nil {
		err = json.NewEncoder(w).Encode(v)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", fmt.Errorf("sesion: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(
		s.aeads[0].Seal(nil, nil, b.Bytes(), []byte(proposito)),
	), nil
}

// open reads into v the value that seal has sealed for proposito. Errors: errSeal.
func (s *sealer) open(proposito, texto string, v any) error {
	b, err := base64.RawURLEncoding.DecodeString(texto)
	if err != nil || texto == "" {
		return errSeal
	}
	for _, a := range s.aeads {
		claro, err := a.Open(nil, nil, b, []byte(proposito))
		if err != nil {
			continue
		}
		if json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(claro)), clearMax)).
			Decode(v) !=
			nil {
			return errSeal
		}
		return nil
	}
	return errSeal
}
