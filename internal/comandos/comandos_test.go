package comandos

import (
	"errors"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/platform/config"
)

// TestPruebas: crash tests set up a process by DESPENSA_TEST_… variables, and production refuses them.
func TestPruebas(t *testing.T) {
	tests := map[string]struct {
		clave, valor string
		produccion   bool
		mal          bool
	}{
		"nothing":             {},
		"a clock a day ahead": {clave: "DESPENSA_TEST_RELOJ", valor: "24h"},
		"a clock behind":      {clave: "DESPENSA_TEST_RELOJ", valor: "-90m"},
		"a clock that is none": {
			clave: "DESPENSA_TEST_RELOJ",
			valor: "tomorrow",
			mal:   true,
		},
		"a clock ahead in production": {
			clave:      "DESPENSA_TEST_RELOJ",
			valor:      "24h",
			produccion: true,
			mal:        true,
		},
		"a cut":              {clave: "DESPENSA_TEST_CORTE", valor: "3"},
		"a cut that is none": {clave: "DESPENSA_TEST_CORTE", valor: "x", mal: true},
		"a cut in production": {
			clave:      "DESPENSA_TEST_CORTE",
			valor:      "3",
			produccion: true,
			mal:        true,
		},
		"no relays in production": {
			clave:      "DESPENSA_TEST_SIN_RELEVOS",
			valor:      "1",
			produccion: true,
			mal:        true,
		},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			var c ajustes.Configuracion
			if tt.produccion {
				c.Env = "produccion"
			}
			pr, err := pruebas(c, func(clave string) string {
				if clave == tt.clave {
					return tt.valor
				}
				return ""
			})
			if errors.Is(err, config.ErrConfig) != tt.mal || err != nil && !tt.mal {
				t.Fatalf("%v", err)
			}
			if tt.mal || tt.clave != "DESPENSA_TEST_RELOJ" {
				return
			}
			quiere, _ := time.ParseDuration(tt.valor)
			if d := time.Until(pr.Ahora()) - quiere; d < -time.Minute || d > time.Minute {
				t.Errorf("the clock is off by %v", d)
			}
		})
	}
}
