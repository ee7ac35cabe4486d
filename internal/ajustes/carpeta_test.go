package ajustes_test

import (
	"testing"

	"despensa/internal/ajustes"
	"despensa/pruebas/kit"
)

// The program needs a data folder exactly when one of its parts keeps something there.
func TestWhoNeedsADataFolder(t *testing.T) {
	todo := map[string]string{
		"DESPENSA_PEDIDOS_MONGODB":         "mongodb://h/p",
		"DESPENSA_CLIENTES_POSTGRES":       "postgres://h/d",
		"DESPENSA_PAGOS_POSTGRES":          "postgres://h/d",
		"DESPENSA_RUTAS_POSTGRES":          "postgres://h/d",
		"DESPENSA_OIDC_EMISOR":             "http://h/dev/oidc/",
		"DESPENSA_MERCADOPAGO_URL":         "http://h/dev/mercadopago",
		"DESPENSA_AUDITORIA_ELASTICSEARCH": "http://h",
		"DESPENSA_CLIENTES_CLAVES":         kit.MasterKey(t),
	}
	casos := map[string]bool{"": false}
	for k := range todo {
		casos[k] = true
	}
	for falta, want := range casos {
		var entorno []string
		for k, v := range todo {
			if k != falta {
				entorno = append(entorno, k+"="+v)
			}
		}
		c, err := ajustes.Leer(entorno)
		if err != nil || c.EnDatos() != want {
			t.Errorf(
				"without %q: a folder is needed: %v, want %v (%v)",
				falta,
				c.EnDatos(),
				want,
				err,
			)
		}
	}
}
