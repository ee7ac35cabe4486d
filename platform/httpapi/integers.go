package httpapi

import (
	"bytes"
	"math"
	"strconv"
)

// exactMax bounds the whole numbers that float64 holds exactly: below it, each stands for one integer.
const exactMax = 1 << 53

// integers returns the JSON document b with whole numbers that are written with a fraction or an exponent (52.0, 5e1)
// rewritten as integers. b is not changed.
func integers(b []byte) []byte {
	if !bytes.ContainsAny(b, ".eE") {
		return b
	}
	out := make([]byte, 0, len(b))
	hecho := 0
	for d := tokens(b); ; {
		t, err := d.ReadToken()
		if err != nil { // the end: checkDocument has read it all
			return append(out, b[hecho:]...)
		}
		if t.Kind() != '0' {
			continue
		}
		fin := int(d.InputOffset())
		literal := b[fin-len(t.String()) : fin]
		out = append(append(out, b[hecho:fin-len(literal)]...), integer(literal)...)
		hecho = fin
	}
}

// integer rewrites the number literal without fraction and exponent if its value is whole and below exactMax; any other
// number stays as it is.
func integer(literal []byte) []byte {
	if !bytes.ContainsAny(literal, ".eE") {
		return literal
	}
	f, err := strconv.ParseFloat(string(literal), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= exactMax {
		return literal
	}
	return strconv.AppendInt(nil, int64(f), 10)
}
