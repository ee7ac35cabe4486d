package money_test

import (
	"errors"
	"testing"

	"despensa/platform/money"

	"pgregory.net/rapid"
)

func TestDecimal(t *testing.T) {
	for texto, c := range map[string]money.Centavos{
		"0.00": 0, "0.05": 5, "1.20": 120, "200.00": 200_00, "92233720368547758.07": 1<<63 - 1,
	} {
		if c.Decimal() != texto {
			t.Errorf("%d is written %s, want %s", c, c.Decimal(), texto)
		}
		if leido, err := money.ParseDecimal(texto); err != nil || leido != c {
			t.Errorf("%s is read %d, %v", texto, leido, err)
		}
	}
	if c, err := money.ParseDecimal("200"); err != nil || c != 200_00 {
		t.Errorf("200 is read %d, %v", c, err)
	}
	for _, mal := range []string{
		"", ".50", "1.", "1.5", "1.505", "-1.00", "+1", "1,50", "1e3", "92233720368547758.08", "uno",
	} {
		if c, err := money.ParseDecimal(mal); !errors.Is(err, money.ErrDecimal) {
			t.Errorf("%q is read %d, %v", mal, c, err)
		}
	}
}

func TestSeparar(t *testing.T) {
	tests := []struct {
		iva         money.IVA
		bruto, neto money.Centavos
	}{
		{
			money.IVA21,
			121_00,
			100_00,
		}, {money.IVA21, 1, 1}, {money.IVA21, 3, 2}, {money.IVA21, 0, 0},
		{
			money.IVA105,
			110_50,
			100_00,
		}, {money.IVA27, 127_00, 100_00}, {money.IVACero, 99, 99}, {money.IVAExent, 99, 99},
		{money.IVA21, -121_00, -100_00}, {money.IVA21, -3, -2},
	}
	for _, x := range tests {
		if n, i := x.iva.Split(x.bruto); n != x.neto || n+i != x.bruto {
			t.Errorf("%s of %d: net %d and %d, want %d", x.iva, x.bruto, n, i, x.neto)
		}
	}
}

// TestSepararSuma: net and tax add up to the gross, neither is negative, and the net is rounded to the nearest
// centavo.
func TestSepararSuma(t *testing.T) {
	milesimas := map[money.IVA]int64{
		money.IVA21:    210,
		money.IVA105:   105,
		money.IVA27:    270,
		money.IVACero:  0,
		money.IVAExent: 0,
	}
	tasas := []money.IVA{money.IVA21, money.IVA105, money.IVA27, money.IVACero, money.IVAExent}
	rapid.Check(t, func(t *rapid.T) {
		iva := rapid.SampledFrom(tasas).Draw(t, "iva")
		bruto := rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "bruto")
		n, i := iva.Split(money.Centavos(bruto))
		if n < 0 || i < 0 || int64(n+i) != bruto {
			t.Fatalf("%d is %d and %d", bruto, n, i)
		}
		divisor := 1000 + milesimas[iva]
		if falta := int64(n)*divisor - bruto*1000; 2*falta > divisor || -2*falta > divisor {
			t.Fatalf("%d is not the nearest net of %d", n, bruto)
		}
	})
}

func TestValida(t *testing.T) {
	for iva, quiero := range map[money.IVA]bool{
		"21": true, "10.5": true, "27": true, "0": true, "exento": true, "": false, "22": false, "10,5": false,
	} {
		if iva.Valid() != quiero {
			t.Errorf("%q: %v", iva, !quiero)
		}
	}
}
