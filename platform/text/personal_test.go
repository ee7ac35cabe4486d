package text_test

import (
	"testing"

	"despensa/platform/text"
)

func TestLooksPersonal(t *testing.T) {
	tests := map[string]bool{
		// e-mail addresses
		"ana@example.com":                 true,
		"de Ana.Paz+web@sub.example.com.": true,
		"ana@ejemplo.com.ar":              true,
		"ana＠example．com":                 true, // full-width
		"ana@ejemplo。com":                 true, // a full stop of another script
		"ana@ejemplo｡com":                 true,
		"/pedidos?de=ana%40ejemplo.com":   true,
		"sku@2.0":                         false,
		"@equipo":                         false,
		"a @ b.com":                       false,
		// telephone numbers
		"+54 9 11 5555-1234":        true,
		"llamar al +5491155551234.": true,
		"+1 212 555 0100":           true,
		"5491155551234":             true,
		"005491155551234":           true,
		"01155551234":               true,
		"1155551234":                true,
		"011 5555-1234":             true,
		"11 5555 1234":              true,
		"(0351) 455-1234":           true,
		"0351 15 455-1234":          true,
		"2215-12-3456":              false, // groups that no telephone number has
		"221 456-7890":              true,
		"１１５５５５１２３４":                true,
		"١١٥٥٥٥١٢٣٤":                true,
		"11–5555–1234":              true, // dashes of typesetters
		"11 5555‑1234":              true,
		"+12":                       false,
		// card numbers
		"5031755734530604":          true,
		"5031 7557 3453 0604":       true,
		"pago 5031-7557-3453-0604":  true,
		"5031_7557_3453_0604":       true,
		"5031,7557,3453,0604":       true,
		"5031 : 7557 : 3453 : 0604": true,
		"5031–7557–3453–0604":       true,
		"٥٠٣١٧٥٥٧٣٤٥٣٠٦٠٤":          true,
		"3711_803032_57522":         true,
		"5031,7557,3453,0605":       false,
		"5031,7557,3453,0604,1":     true,
		"450012,345678,901234":      false, // numbers of the writer's own
		"371180303257522":           true,
		"2221000000000009":          true,
		"5031755734530605":          false, // the check digit is wrong
		// texts and numbers of integrators
		"":                                     false,
		"PO-2026-000123":                       false,
		"4500012345":                           false, // a purchase order of ten digits
		"0001-00012345":                        false, // an invoice
		"2026-001-0001":                        false,
		"2026-11-30T12:00:00Z":                 false,
		"20261130-000123":                      false,
		"20261130123456":                       false,
		"1764540000":                           false, // seconds
		"1764540000000":                        false, // milliseconds
		"7790895000997":                        false, // a bar code
		"550e8400-e29b-41d4-a716-446655440000": false,
		"41118400-1009-4123-8123-b11111111111": false, // its first digits have the form of a card number
		"01J9ZQ4N6V5T0XW8K3B7C2D1E0":           false,
		"a5031755734530604":                    false, // part of a word
		"00000012345":                          false,
		"12":                                   false,
		"gid://shopify/Order/450789469":        false,
		"SO0012 / línea 3":                     false,
	}
	for in, want := range tests {
		if got := text.LooksPersonal(in); got != want {
			t.Errorf("LooksPersonal(%q) = %v", in, got)
		}
	}
}
