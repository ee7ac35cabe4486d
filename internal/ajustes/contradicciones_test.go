package ajustes_test

import (
	"errors"
	"strings"
	"testing"

	"despensa/internal/ajustes"
	"despensa/platform/config"
)

// Settings that contradict each other are refused at the start, by the names of both.
func TestContradictions(t *testing.T) {
	t.Setenv("DESPENSA_CONFIG", "")
	tests := map[string]struct {
		entorno []string
		nombra  []string // keys that the error names; none: the settings are taken
	}{
		"the defaults": {nil, nil},
		"a call as long as the lease": {
			[]string{"PEDIDOS_LEASE=2s", "PAGOS_PLAZO=1s", "PAGOS_EN_CURSO=2s"},
			[]string{"pedidos.lease", "pagos.en_curso"},
		},
		"a call longer than a phase": {
			[]string{"PEDIDOS_LEASE=19s"},
			[]string{"pedidos.lease", "pagos.en_curso"},
		},
		"a call as long as a phase": {[]string{"PEDIDOS_LEASE=20s"}, nil},
		"a call longer than the wait": {[]string{"PEDIDOS_PLAZOS_PASARELA=5s"},
			[]string{"pedidos.plazos.pasarela", "pagos.en_curso"}},
		"a first wait that is too long": {[]string{"PEDIDOS_ESPERA_MINIMA=2h"},
			[]string{"pedidos.espera.minima", "pedidos.espera.maxima"}},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			var entorno []string
			for _, e := range tt.entorno {
				entorno = append(entorno, "DESPENSA_"+e)
			}
			_, err := ajustes.Leer(entorno)
			if (err != nil) != (tt.nombra != nil) ||
				err != nil && !errors.Is(err, config.ErrConfig) {
				t.Fatalf("got %v", err)
			}
			for _, clave := range tt.nombra {
				if !strings.Contains(err.Error(), clave) {
					t.Errorf("%v does not name %s", err, clave)
				}
			}
		})
	}
}
