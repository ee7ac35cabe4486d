package historias_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"despensa/pruebas/kit"
)

// palabras are the free texts that people write in TestWordsAreSealed, by the place where they write them.
var palabras = map[string]string{
	"cancel":           "cancelo-quetzal: me mudo",
	"cancel of a firm": "cancelo-tucan: viajo",
	"return":           "devuelvo-hornero: vino roto",
	"refusal":          "rechazo-ceibo: está usado",
	"refund":           "reembolso-jacaranda: disculpas",
	"driver":           "fallo-ombu: atendió el vecino",
	"stock":            "ajuste-lapacho: lo contó Raúl",
}

// TestWordsAreSealed: free texts of people are shown by the API and stand in no file, not in the trail, not in the
// diary of events. The texts about a customer are gone when the customer's key is destroyed.
func TestWordsAreSealed(t *testing.T) {
	t.Parallel()
	kit.Twice(t, func(c *kit.Program) {
		contado := decirTodo(c)
		mostrado := contado(c)
		for donde, dicho := range palabras {
			if mostrado[donde] != dicho {
				c.T.Errorf("%s: the API shows %q, want %q", donde, mostrado[donde], dicho)
			}
		}
		var diario json.RawMessage // its pages never end; events that are not in it yet are in the files
		c.Must("admin", "GET", "/eventos?limite=100", nil, &diario)
		sinPalabras(c, "the diary", diario)
		if c.Servers.Shared() {
			return // on servers there is no file; the suites of the stores read the rows
		}
		c.Close()
		enArchivos(c)
		borrarLlave(c, idDe("cliente1"))
		c.Open()
		for donde, hay := range contado(c) {
			quiero := "(borrado)"
			if donde == "stock" {
				quiero = palabras[donde] // a text about no customer stays
			}
			if hay != quiero {
				c.T.Errorf(
					"%s: the API shows %q after the erasure, want %q",
					donde,
					hay,
					quiero,
				)
			}
		}
	})
}

// decirTodo writes each of palabras in its place, and returns the function that reads them all.
func decirTodo(program *kit.Program) func(c *kit.Program) map[string]string {
	program.T.Helper()
	decir := func(login, camino, donde string, mas map[string]any, out any) {
		program.T.Helper()
		cuerpo := map[string]any{"motivo": palabras[donde]}
		for k, v := range mas {
			cuerpo[k] = v
		}
		program.Must(login, "POST", camino, cuerpo, out)
	}
	producto := program.DryProducts()[0].ID
	decir(
		"admin",
		"/productos/"+producto+"/movimientos",
		"stock",
		map[string]any{"cantidad": 3},
		nil,
	)

	temprano := program.Order(
		"cliente1",
		program.NewPurchase("cliente1", kit.PayingWith(map[string]any{"metodo": "efectivo"})),
	)
	decir("cliente1", "/pedidos/"+temprano.ID+"/cancelacion", "cancel", nil, nil)
	firme := program.Order("cliente1", program.NewPurchase("cliente1"))
	program.Await("cliente1", firme.ID, "confirmado")
	decir("cliente1", "/pedidos/"+firme.ID+"/cancelacion", "cancel of a firm", nil, nil)
	program.Await("cliente1", firme.ID, "cancelado")

	entregado, a, _ := program.Delivered()
	var d kit.Return
	decir("cliente1", "/pedidos/"+entregado.ID+"/devoluciones", "return",
		map[string]any{"lineas": []kit.Line{{Producto: a.Producto, Cantidad: 1}}}, &d)
	decir(
		"operador",
		"/pedidos/"+entregado.ID+"/devoluciones/"+d.ID+"/rechazo",
		"refusal",
		nil,
		nil,
	)
	decir(
		"operador",
		"/pedidos/"+entregado.ID+"/reembolsos",
		"refund",
		map[string]any{"monto_centavos": 100},
		nil,
	)
	program.AwaitRefunded(entregado.ID, 100)

	fallido := program.Order("cliente1", program.NewPurchase("cliente1"))
	program.Await("cliente1", fallido.ID, "confirmado")
	visita := program.VisitOf(fallido.ID)
	program.Depart(visita)
	program.Await("cliente1", fallido.ID, "en_reparto")
	program.Arrive(visita, palabras["driver"])
	return func(c *kit.Program) map[string]string {
		type dicho struct {
			Motivo  string `json:"motivo"`
			Rechazo string `json:"rechazo"`
		}
		uno := func(camino string) (x dicho) {
			c.T.Helper()
			c.Must("operador", "GET", camino, nil, &x)
			return x
		}
		primero := func(login, camino string) dicho { return kit.All[dicho](c.Client, login, camino)[0] }
		var stock string
		for _, m := range kit.All[dicho](c.Client, "admin", "/productos/"+producto+"/movimientos") {
			if strings.HasPrefix(m.Motivo, "ajuste") {
				stock = m.Motivo
			}
		}
		devolucion := primero("operador", "/pedidos/"+entregado.ID+"/devoluciones")
		var v dicho
		c.Must("gestor", "GET", "/visitas/"+visita.ID, nil, &v)
		return map[string]string{
			"cancel":           uno("/pedidos/" + temprano.ID).Motivo,
			"cancel of a firm": uno("/pedidos/" + firme.ID).Motivo,
			"return":           devolucion.Motivo,
			"refusal":          devolucion.Rechazo,
			"refund": primero(
				"operador",
				"/pedidos/"+entregado.ID+"/reembolsos",
			).Motivo,
			"driver": v.Motivo,
			"stock":  stock,
		}
	}
}

// sinPalabras checks that none of palabras stands in b.
func sinPalabras(program *kit.Program, donde string, b []byte) {
	program.T.Helper()
	for _, dicho := range palabras {
		palabra, _, _ := strings.Cut(dicho, ":")
		if bytes.Contains(b, []byte(palabra)) {
			program.T.Errorf("%q stands in %s", palabra, donde)
		}
	}
}

// enArchivos looks into every file of the data folder.
func enArchivos(program *kit.Program) {
	program.T.Helper()
	bases := 0
	err := filepath.WalkDir(program.Dir, func(archivo string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(archivo)
		if strings.HasSuffix(archivo, ".db") {
			bases++
		}
		sinPalabras(program, filepath.Base(archivo), b)
		return err
	})
	if err != nil || bases < 5 {
		program.T.Errorf("looked into %d databases: %v", bases, err)
	}
}

// borrarLlave destroys the key of a customer, as an erasure does.
func borrarLlave(program *kit.Program, cliente string) {
	program.T.Helper()
	db, err := sql.Open("sqlite", "file:"+program.File("clientes.db"))
	if err != nil {
		program.T.Fatal(err)
	}
	defer db.Close()
	r, err := db.ExecContext(
		program.T.Context(),
		"delete from llaves where cliente = ?",
		cliente,
	)
	if err != nil {
		program.T.Fatal(err)
	}
	if n, err := r.RowsAffected(); n != 1 || err != nil {
		program.T.Fatalf("%d keys destroyed, %v", n, err)
	}
}
