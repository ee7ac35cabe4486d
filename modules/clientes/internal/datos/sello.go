package datos

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// sello seals and opens the fields of one row. It keeps the first error, so that a
// row's fields read as a list; look at err once at the end.
type sello struct {
	llave     tink.AEAD
	tabla, id string
	err       error
}

// sitio binds a ciphertext to its table, column and row.
func (s *sello) sitio(columna string) []byte {
	return []byte("campo." + s.tabla + "." + columna + "." + s.id)
}

// cerrar seals valor for columna; "" is stored as NULL.
func (s *sello) cerrar(columna, valor string) []byte {
	if valor == "" || s.err != nil {
		return nil
	}
	c, err := s.llave.Encrypt([]byte(valor), s.sitio(columna))
	if err != nil {
		s.err = fmt.Errorf("clientes: seal %s.%s: %w", s.tabla, columna, err)
	}
	return c
}

// abrir is the way back.
func (s *sello) abrir(columna string, c []byte) string {
	if len(c) == 0 || s.err != nil {
		return ""
	}
	claro, err := s.llave.Decrypt(c, s.sitio(columna))
	if err != nil {
		s.err = fmt.Errorf("clientes: open %s.%s: %w", s.tabla, columna, err)
	}
	return string(claro)
}

// cerrarPunto seals a place as two big-endian floats.
func (s *sello) cerrarPunto(columna string, lat, lon float64) []byte {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], math.Float64bits(lat))
	binary.BigEndian.PutUint64(b[8:], math.Float64bits(lon))
	return s.cerrar(columna, string(b[:]))
}

func (s *sello) abrirPunto(columna string, c []byte) (lat, lon float64) {
	b := []byte(s.abrir(columna, c))
	if s.err == nil && len(b) != 16 {
		s.err = errors.New("clientes: open " + s.tabla + "." + columna + ": no place")
	}
	if s.err != nil {
		return 0, 0
	}
	return math.Float64frombits(
		binary.BigEndian.Uint64(b[:8]),
	), math.Float64frombits(binary.BigEndian.Uint64(b[8:]))
}

// proposito is the associated data that binds a text sealed for another module to its customer and purpose. It never
// equals a sitio.
func proposito(cliente, para string) []byte { return []byte("sello." + cliente + "." + para) }
