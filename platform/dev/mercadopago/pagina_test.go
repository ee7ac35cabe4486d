package mercadopago

import "testing"

func TestPesos(t *testing.T) {
	for c, quiero := range map[int64]string{0: "$ 0,00", 5: "$ 0,05", 99_999: "$ 999,99", 730_000: "$ 7.300,00", 123_456_789_01: "$ 123.456.789,01"} {
		if tengo := pesos(c); tengo != quiero {
			t.Errorf("%d: %s", c, tengo)
		}
	}
}
