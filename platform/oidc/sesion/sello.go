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

// ClaveMin is the shortest key of sesion.clave, in bytes.
const ClaveMin = 32

// claroMax is the longest text that is read out of a sealed one, in bytes.
const claroMax = 64 << 10

// errSello says that a text was not sealed for this purpose with one of the keys of sesion.clave.
var errSello = errors.New("sesion: not sealed by us")

// sello seals with the first key and opens with any.
type sello struct{ aeads []cipher.AEAD }

// nuevoSello reads the keys, which commas separate. Errors: a key shorter than ClaveMin.
func nuevoSello(claves string) (*sello, error) {
	s := &sello{}
	for clave := range strings.SplitSeq(claves, ",") {
		clave = strings.TrimSpace(clave)
		if len(clave) < ClaveMin {
			return nil, fmt.Errorf("sesion.clave: each key needs at least %d bytes", ClaveMin)
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

// cerrar seals v, as compressed JSON, so that abrir reads it for the same proposito alone.
func (s *sello) cerrar(proposito string, v any) (string, error) {
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
	return base64.RawURLEncoding.EncodeToString(s.aeads[0].Seal(nil, nil, b.Bytes(), []byte(proposito))), nil
}

// abrir reads into v the value that cerrar has sealed for proposito. Errors: errSello.
func (s *sello) abrir(proposito, texto string, v any) error {
	b, err := base64.RawURLEncoding.DecodeString(texto)
	if err != nil || texto == "" {
		return errSello
	}
	for _, a := range s.aeads {
		claro, err := a.Open(nil, nil, b, []byte(proposito))
		if err != nil {
			continue
		}
		if json.NewDecoder(io.LimitReader(flate.NewReader(bytes.NewReader(claro)), claroMax)).Decode(v) != nil {
			return errSello
		}
		return nil
	}
	return errSello
}
