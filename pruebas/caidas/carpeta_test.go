package caidas_test

import (
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// A process whose master key does not fit the data refuses to start and names the wrong setting. A process that would
// have to make a key and has no folder for the key refuses too.
func TestAnotherMasterKeyIsRefused(t *testing.T) {
	g := kit.NewGroup(t, 0)
	g.Start(g.Replica())
	for nombre, x := range map[string]struct {
		entorno []string
		dice    string
	}{
		"another key":           {[]string{"DESPENSA_CLIENTES_CLAVES=" + kit.MasterKey(t)}, "clientes.claves"},
		"a key of its own":      {[]string{"DESPENSA_CLIENTES_CLAVES=", "DESPENSA_DATOS=" + t.TempDir()}, "clientes.claves"},
		"no key and no folder":  {[]string{"DESPENSA_CLIENTES_CLAVES=", "DESPENSA_DATOS=" + kit.NoFolder}, "folder"},
		"a store and no folder": {[]string{"DESPENSA_PAGOS_POSTGRES=", "DESPENSA_DATOS=" + kit.NoFolder}, "folder"},
		"a stand-in, no folder": {[]string{"DESPENSA_MERCADOPAGO_URL=", "DESPENSA_DATOS=" + kit.NoFolder}, "folder"},
	} {
		p := g.Replica(x.entorno...)
		if err := p.Start(); err == nil {
			t.Errorf("%s: it starts", nombre)
			continue
		}
		if fin := p.Cmd.Wait(); fin == nil || !strings.Contains(p.Stderr.String(), x.dice) {
			t.Errorf("%s: ended with %v, said %s", nombre, fin, p.Stderr.String())
		}
	}
}
