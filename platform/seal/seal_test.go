package seal_test

import (
	"testing"

	"despensa/platform/seal"
	"despensa/platform/text"
)

func TestSplit(t *testing.T) {
	tests := map[string]struct {
		stored          string
		kind            seal.Kind
		body            string
		sealed, pending bool
	}{
		"nothing":        {"", seal.None, "", false, false},
		"a code":         {"pago-vencido", seal.None, "pago-vencido", false, false},
		"words":          {"me mudo", seal.None, "me mudo", false, false},
		"the mark alone": {"\x1f", seal.None, "\x1f", false, false},
		"under a customer's": {
			seal.Stored(seal.Customer, "QQ"),
			seal.Customer,
			"QQ",
			true,
			false,
		},
		"under the house's":  {seal.Stored(seal.House, "QQ"), seal.House, "QQ", true, false},
		"for the time being": {seal.Stored(seal.Interim, "QQ"), seal.Interim, "QQ", true, true},
		"dropped":            {seal.Stored(seal.Gone, ""), seal.Gone, "", true, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			k, body := seal.Split(tt.stored)
			if k != tt.kind || body != tt.body || seal.Sealed(tt.stored) != tt.sealed ||
				seal.Pending(tt.stored) != tt.pending {
				t.Errorf(
					"%q %q, sealed %v, pending %v",
					k,
					body,
					seal.Sealed(tt.stored),
					seal.Pending(tt.stored),
				)
			}
		})
	}
}

// TestNobodyTypesASealedForm: a request with the mark of a sealed form is refused, so no person can type one.
func TestNobodyTypesASealedForm(t *testing.T) {
	for _, k := range []seal.Kind{seal.Customer, seal.House, seal.Interim, seal.Gone} {
		if text.Check(seal.Stored(k, "QQ")) == nil {
			t.Errorf("a request may hold the sealed form %q", k)
		}
	}
}
