//go:build !race

package main

import (
	"os"
	"strings"
	"testing"

	"despensa/platform/config"
)

// Only who keeps something in the data folder needs one.
func TestWhoNeedsADataFolder(t *testing.T) {
	todo := map[string]string{"DESPENSA_PEDIDOS_MONGODB": "mongodb://h/p", "DESPENSA_CLIENTES_POSTGRES": "postgres://h/d", "DESPENSA_PAGOS_POSTGRES": "postgres://h/d",
		"DESPENSA_RUTAS_POSTGRES": "postgres://h/d", "DESPENSA_OIDC_EMISOR": "http://h/dev/oidc/", "DESPENSA_MERCADOPAGO_URL": "http://h/dev/mercadopago",
		"DESPENSA_AUDITORIA_ELASTICSEARCH": "http://h", "DESPENSA_CLIENTES_CLAVES": clavesDePrueba(t)}
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
		c, err := leerConfiguracion(entorno)
		if err != nil || c.enDatos() != want {
			t.Errorf("without %q: a folder is needed: %v, want %v (%v)", falta, c.enDatos(), want, err)
		}
	}
}

// Development derives the session key from the master key that it was given, so that
// replicas with one have the other; without one it keeps a key of its own.
func TestDevelopmentDerivesItsSessionKey(t *testing.T) {
	claves := []string{"a master key", "another master key", ""}
	visto := map[string]string{}
	for _, k := range append(claves, claves...) {
		c := Configuracion{Datos: t.TempDir()}
		c.Clientes.Claves = config.Secreto(k)
		if err := os.MkdirAll(carpetaDev(c), 0o700); err != nil {
			t.Fatal(err)
		}
		s, err := claveDeDesarrollo(c)
		if err != nil || k != "" && strings.Contains(s.Valor(), k) {
			t.Errorf("%v", err)
		}
		antes, hay := visto[k]
		if hay && (antes == s.Valor()) != (k != "") {
			t.Errorf("with the master key set: %v, the same key twice: %v", k != "", antes == s.Valor())
		}
		visto[k] = s.Valor()
	}
	if visto[claves[0]] == visto[claves[1]] {
		t.Error("two master keys give one session key")
	}
}

// A process whose master key is not the data's does not start, and says which setting is
// wrong; nor does one that would have to make a key and has no folder for it.
func TestAnotherMasterKeyIsRefused(t *testing.T) {
	g := nuevoGrupo(t, 0)
	g.arrancar(g.replica())
	for nombre, x := range map[string]struct {
		entorno []string
		dice    string
	}{
		"another key":           {[]string{"DESPENSA_CLIENTES_CLAVES=" + clavesDePrueba(t)}, "clientes.claves"},
		"a key of its own":      {[]string{"DESPENSA_CLIENTES_CLAVES=", "DESPENSA_DATOS=" + t.TempDir()}, "clientes.claves"},
		"no key and no folder":  {[]string{"DESPENSA_CLIENTES_CLAVES=", "DESPENSA_DATOS=" + sinCarpeta}, "folder"},
		"a store and no folder": {[]string{"DESPENSA_PAGOS_POSTGRES=", "DESPENSA_DATOS=" + sinCarpeta}, "folder"},
		"a stand-in, no folder": {[]string{"DESPENSA_MERCADOPAGO_URL=", "DESPENSA_DATOS=" + sinCarpeta}, "folder"},
	} {
		p := g.replica(x.entorno...)
		if err := p.arrancar(); err == nil {
			t.Errorf("%s: it starts", nombre)
			continue
		}
		if fin := p.cmd.Wait(); fin == nil || !strings.Contains(p.errores.String(), x.dice) {
			t.Errorf("%s: ended with %v, said %s", nombre, fin, p.errores.String())
		}
	}
}
