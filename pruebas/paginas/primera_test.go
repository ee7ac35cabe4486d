package paginas_test

import (
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// A first start in a folder of any name, on every IPv4 address: all data is kept in that folder and found there
// again, the printed address can be opened, and the log warns the operator.
func TestAFirstStartAnywhere(t *testing.T) {
	arriba := t.TempDir()
	const nombre = "a b?#%41"
	carpeta := filepath.Join(arriba, nombre)
	p := kit.Launch(t)
	_, puerto, _ := strings.Cut(strings.TrimPrefix(p.URL, "http://"), ":")
	p.Env = append(p.Env, "DESPENSA_DATOS="+carpeta, "DESPENSA_HTTP_DIRECCION=0.0.0.0:"+puerto,
		"DESPENSA_REGISTRO_NIVEL=warn")
	p.MustStart() // which reads the ready line: http://127.0.0.1
	id := p.Order("cliente1", p.NewPurchase("cliente1")).ID
	p.Await("cliente1", id, "confirmado")
	if inicio := html.UnescapeString(pagina(p.Client, "/")); !strings.Contains(inicio, "Cualquiera puede entrar") ||
		!strings.Contains(inicio, p.URL) {
		t.Errorf("the first page: %s", inicio)
	}
	p.Stop()
	if l := p.Stderr.String(); !strings.Contains(l, "each client that reaches it can log in") ||
		!strings.Contains(l, p.URL) ||
		strings.Contains(l, "[::]") {
		t.Errorf("the program says: %s", l)
	}
	if hay, err := os.ReadDir(arriba); err != nil || len(hay) != 1 || hay[0].Name() != nombre {
		t.Errorf("beside the folder: %v %v", hay, err)
	}
	esperan := []string{"cerrojo", "dev/oidc-clave.pem", "dev/sesion.clave"}
	if !p.Servers.Shared() {
		esperan = append(
			esperan,
			"pedidos.db",
			"clientes.db",
			"pagos.db",
			"rutas.db",
			"auditoria.db",
			"dev/claves.json",
		)
	}
	for _, archivo := range esperan {
		if _, err := os.Stat(filepath.Join(carpeta, archivo)); err != nil {
			t.Error(err)
		}
	}
	p.MustStart()
	p.Await("cliente1", id, "confirmado")
}
