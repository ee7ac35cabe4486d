package httpapi

import (
	"bytes"
	"math"
	"strconv"
)

// exacto is below which every whole float64 is that integer and no other.
const exacto = 1 << 53

// enteros rewrites whole numbers that are written with a fraction or an exponent, 52.0
// or 5e1, as the integers that they are. b is a JSON document; it is not changed.
func enteros(b []byte) []byte {
	if !bytes.ContainsAny(b, ".eE") {
		return b
	}
	out, texto := make([]byte, 0, len(b)), false
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case texto && c == '\\' && i+1 < len(b):
			out = append(out, c, b[i+1])
			i += 2
			continue
		case c == '"':
			texto = !texto
		case !texto && (c == '-' || c >= '0' && c <= '9'):
			n := largoNumero(b[i:])
			out = append(out, entero(b[i:i+n])...)
			i += n
			continue
		}
		out = append(out, b[i])
		i++
	}
	return out
}

// largoNumero is how many bytes of b belong to the number at its beginning.
func largoNumero(b []byte) int {
	n := 1
	for n < len(b) && bytes.IndexByte([]byte("0123456789+-.eE"), b[n]) >= 0 {
		n++
	}
	return n
}

// entero writes one number, if it is whole and exact, without fraction and exponent.
func entero(literal []byte) []byte {
	if !bytes.ContainsAny(literal, ".eE") {
		return literal
	}
	f, err := strconv.ParseFloat(string(literal), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= exacto {
		return literal
	}
	return strconv.AppendInt(nil, int64(f), 10)
}
