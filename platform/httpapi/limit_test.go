package httpapi

import (
	"fmt"
	"testing"
	"time"
)

func TestLimitadorOlvida(t *testing.T) {
	ahora := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	l := nuevoLimitador(10, func() time.Time { return ahora })
	l.entradas = 100
	for i := range 1000 {
		if err := l.tomar(quien{direccion: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.baldes) > 100 {
		t.Errorf("%d kept", len(l.baldes))
	}
	ahora = ahora.Add(3 * time.Second)
	if err := l.tomar(quien{"x", "y"}); err != nil || len(l.baldes) != 1 {
		t.Errorf("%v, %d kept after they were full", err, len(l.baldes))
	}
}

func TestLimitadorReloj(t *testing.T) {
	ahora := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	l := nuevoLimitador(1, func() time.Time { return ahora })
	q := quien{"x", "y"}
	for range 2 {
		if err := l.tomar(q); err != nil {
			t.Fatal(err)
		}
	}
	ahora = ahora.Add(-time.Hour) // the clock was set back
	if err := l.tomar(q); err == nil {
		t.Error("taken from an empty bucket")
	}
	ahora = ahora.Add(time.Second)
	if err := l.tomar(q); err != nil {
		t.Errorf("a second later: %v", err)
	}
}
