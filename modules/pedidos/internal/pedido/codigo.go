package pedido

import "crypto/sha256"

// alfabeto has no letter that is heard or read as another: no I, L, O, U.
const alfabeto = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Codigo is the short name of an order, to read out on the phone: nine characters
// from the SHA-256 of its id and a check character. Not unique.
func Codigo(id string) string {
	suma := sha256.Sum256([]byte(id))
	out := make([]byte, 9, 10)
	for i := range out {
		out[i] = alfabeto[suma[i]%32]
	}
	return string(append(out, control(out)))
}

// CodigoValido reports whether s is ten characters, the last of which is the check character of the other nine.
func CodigoValido(s string) bool {
	if len(s) != 10 {
		return false
	}
	c := control([]byte(s[:9]))
	return c != 0 && s[9] == c
}

// control is the Luhn mod 32 check character, which tells any single wrong character
// and nearly every exchange of neighbours (Luhn mod N); 0 when cs has a character that is not in alfabeto.
func control(cs []byte) byte {
	factor := 2
	suma := 0
	for i := len(cs) - 1; i >= 0; i-- {
		v := indice(cs[i])
		if v < 0 {
			return 0
		}
		v *= factor
		factor = 3 - factor
		suma += v/32 + v%32
	}
	return alfabeto[(32-suma%32)%32]
}

// indice is the place of c in the alphabet; -1 when it is not there.
func indice(c byte) int {
	for i := range len(alfabeto) {
		if alfabeto[i] == c {
			return i
		}
	}
	return -1
}
