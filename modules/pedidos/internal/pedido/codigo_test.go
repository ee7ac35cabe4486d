package pedido

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCodigo: CodigoValido refuses a code in which any one character is replaced by any other one.
func TestCodigo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Codigo(rapid.String().Draw(t, "id"))
		if len(c) != 10 || !CodigoValido(c) || strings.ContainsAny(c, "ILOU") {
			t.Fatalf("%q is no code", c)
		}
		for i := range c {
			for b := range 256 {
				if roto := c[:i] + string([]byte{byte(b)}) + c[i+1:]; roto != c &&
					CodigoValido(roto) {
					t.Fatalf("%q passes for %q", roto, c)
				}
			}
		}
	})
}

func TestCodigoValido(t *testing.T) {
	for s, quiero := range map[string]bool{
		"": false, "0000000000": true, "0000000001": false, "000000000": false, "00000000000": false,
		"!!!!!!!!!\x00": false, "ñññññ": false,
	} {
		if CodigoValido(s) != quiero {
			t.Errorf("CodigoValido(%q) is %v", s, !quiero)
		}
	}
	if Codigo("a") == Codigo("b") {
		t.Errorf("a code does not follow from its id")
	}
}
