package telemetry

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"despensa/platform/fault"
)

// TestAStoreThatIsAwayDoesNotFillTheLog: each case logs its messages every second for a minute, from second zero on.
func TestAStoreThatIsAwayDoesNotFillTheLog(t *testing.T) {
	ausente := fmt.Errorf("pedidos: %w", fault.ErrStoreAway)
	casos := map[string]struct {
		err      error
		mensajes []string
		lineas   int
		callados string // the number of lines left out, in the last line
	}{
		"another error": {
			err:      fmt.Errorf("broken"),
			mensajes: []string{"claiming"},
			lineas:   60,
		},
		"a store that is away": {
			err:      ausente,
			mensajes: []string{"claiming"},
			lineas:   6,
			callados: "callados=9",
		},
		"two messages about it": {
			err:      ausente,
			mensajes: []string{"claiming", "publishing"},
			lineas:   12,
			callados: "callados=9",
		},
		"no error at all": {mensajes: []string{"claiming"}, lineas: 60},
	}
	for nombre, row := range casos {
		var b bytes.Buffer
		l, err := NewLog(&b, Config{Formato: "text", Nivel: "info"})
		if err != nil {
			t.Fatal(err)
		}
		h := l.With("parte", "x").WithGroup("g").Handler()
		inicio := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
		for s := range 60 {
			for _, m := range row.mensajes {
				r := slog.NewRecord(
					inicio.Add(time.Duration(s)*time.Second),
					slog.LevelWarn,
					m,
					0,
				)
				r.Add("n", s, "error", row.err)
				if err := h.Handle(context.Background(), r); err != nil {
					t.Fatal(err)
				}
			}
		}
		lineas := strings.Split(strings.TrimSpace(b.String()), "\n")
		if len(lineas) != row.lineas ||
			!strings.Contains(lineas[len(lineas)-1], row.callados) ||
			strings.Contains(lineas[0], "callados") {
			t.Errorf(
				"%s: %d lines, want %d; the last: %s",
				nombre,
				len(lineas),
				row.lineas,
				lineas[len(lineas)-1],
			)
		}
	}
}
