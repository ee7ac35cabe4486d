package httpapi_test

import (
	"strings"
	"testing"
)

// TestWholeNumbers: whole numbers with a fraction or an exponent are rewritten as integers; digits inside texts stay.
func TestWholeNumbers(t *testing.T) {
	b := nuevoBanco(t)
	for body, want := range map[string]string{
		`{"lineas":[52.0]}`:                      "[52]",
		`{"lineas":[1,5e1,-1.0E1, 7.00 ,0.0]}`:   "[1 50 -10 7 0]",
		"{\n\"lineas\" : [ 52.0 , 3 , 12e-1e ]}": "",
	} {
		w := b.pedir(
			call{
				method: "POST",
				path:   "/api/v1/listas",
				token:  "cliente",
				body:   body,
			}.request(t),
		)
		if want == "" && w.Code != 400 ||
			want != "" && (w.Code != 200 || !strings.Contains(w.Body.String(), `"`+want+`"`)) {
			t.Errorf("%s: %d %s, want %s", body, w.Code, w.Body, want)
		}
	}
}
