package bench

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestCuantil(t *testing.T) {
	ds := []time.Duration{5, 1, 4, 2, 3, 10, 9, 8, 7, 6}
	for q, quiero := range map[float64]time.Duration{0: 1, 0.5: 6, 0.99: 10, 1: 10} {
		if d := cuantil(ds, q); d != quiero {
			t.Errorf("quantile %v is %d, want %d", q, d, quiero)
		}
	}
	if cuantil(nil, 0.5) != 0 || ds[0] != 5 {
		t.Error("nothing has a quantile, or the list was sorted in place")
	}
}

func TestEscribir(t *testing.T) {
	var b bytes.Buffer
	m := Medida{
		Opciones:    Opciones{Clientes: 8, Pedidos: 10, Lineas: 1, Ritmo: 75},
		Confirmados: 9,
		Fallas:      1,
		AConfirmado: 150,
		Post50:      2500 * time.Microsecond,
		CPU:         0.009,
		Memoria:     100 << 20,
	}
	m.Escribir(&b)
	for _, s := range []string{
		"clients 8", "offered 75/s", "confirmed            9, failed 1", "confirmado  150",
		"2.5 ms, 0.0 ms, counted from when each order was due", "9.0 ms per order, 100 MB",
	} {
		if !strings.Contains(b.String(), s) {
			t.Errorf("%q is missing in\n%s", s, b.String())
		}
	}
	b.Reset()
	Medida{}.Escribir(&b)
	if !strings.Contains(b.String(), "counted from the sending") {
		t.Errorf("without a rate:\n%s", b.String())
	}
}
