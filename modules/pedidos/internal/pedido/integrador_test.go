package pedido

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"despensa/platform/fault"
)

// muchos are n members of the metadata with values of so many bytes.
func muchos(n, bytes int) map[string]string {
	m := map[string]string{}
	for i := range n {
		m[fmt.Sprintf("n%02d", i)] = strings.Repeat("x", bytes)
	}
	return m
}

// TestWhatAnIntegratorMayWrite: each bound of reference and metadata, and the member that the error names.
func TestWhatAnIntegratorMayWrite(t *testing.T) {
	un := func(nombre, valor string) Propio { return Propio{Metadatos: map[string]string{nombre: valor}} }
	ambos := map[string]string{"canal": "web", "A-1_b": "ñandú"}
	grandes := map[string]string{"a": strings.Repeat("日", 200)} // 3 bytes a character
	for _, nombre := range []string{"b", "c", "d", "e", "f"} {
		grandes[nombre] = strings.Repeat("🥐", 200) // 4 bytes a character
	}
	tests := map[string]struct {
		p     Propio
		err   error
		campo string
	}{
		"nothing":        {Propio{}, nil, ""},
		"both":           {Propio{Referencia: "PO 2026/0001", Metadatos: ambos}, nil, ""},
		"an empty value": {un("canal", ""), nil, ""},
		"20 members":     {Propio{Metadatos: muchos(20, 10)}, nil, ""},
		"21 members": {
			Propio{Metadatos: muchos(21, 10)},
			ErrMetadatos,
			"body.metadatos",
		},
		// 4060: short names, plain letters.
		"4096 bytes": {
			Propio{Metadatos: muchos(20, 200)},
			nil,
			"",
		},
		"more than that": {Propio{Metadatos: grandes}, ErrMetadatos, "body.metadatos"},
		"200 characters": {un("a", strings.Repeat("日", 200)), nil, ""},
		"201 characters": {
			un("a", strings.Repeat("x", 201)),
			ErrMetadatos,
			"body.metadatos.a",
		},
		"a name of 40": {un(strings.Repeat("n", 40), "x"), nil, ""},
		"a name of 41": {
			un(strings.Repeat("n", 41), "x"),
			ErrMetadatos,
			"body.metadatos",
		},
		"no name":           {un("", "x"), ErrMetadatos, "body.metadatos"},
		"a dot in a name":   {un("a.b", "x"), ErrMetadatos, "body.metadatos"},
		"a dollar":          {un("$where", "x"), ErrMetadatos, "body.metadatos"},
		"an accent":         {un("año", "x"), ErrMetadatos, "body.metadatos"},
		"a blank at an end": {Propio{Referencia: "PO-1 "}, ErrReferencia, "body.referencia"},
		"a wide blank": {
			Propio{Referencia: "\u3000PO-1"},
			ErrReferencia,
			"body.referencia",
		},
		"an e-mail address": {
			Propio{Referencia: "ana@example.com"},
			ErrPersonal,
			"body.referencia",
		},
		"a telephone number": {
			un("nota", "llamar al +54 9 11 5555-1234"),
			ErrPersonal,
			"body.metadatos.nota",
		},
		"a card": {
			un("pago", "5031 7557 3453 0604"),
			ErrPersonal,
			"body.metadatos.pago",
		},
		"a number for a name": {un("1155551234", "sí"), ErrPersonal, "body.metadatos"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			err := tt.p.Revisar()
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
				t.Fatalf("%v, want %v", err, tt.err)
			}
			if err == nil {
				return
			}
			f, _ := fault.As(err)
			if len(f.Fields) != 1 || f.Fields[0].Location != tt.campo {
				t.Errorf("fields %+v, want %s", f.Fields, tt.campo)
			}
			for _, secreto := range []string{"ana@", "5555", "5031"} {
				if strings.Contains(fmt.Sprintf("%v %+v", err, f), secreto) {
					t.Errorf("the error repeats the text: %+v", f)
				}
			}
		})
	}
}
