package banco_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"despensa/internal/ajustes"
	"despensa/platform/mongodb"
	"despensa/pruebas/kit"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
)

var actualizar = flag.Bool("update", false,
	"write the statements of one order, and the round trips on these servers, anew")

// The number of orders of which each statement's median is taken, and of earlier orders that fill caches and
// connections.
const (
	calentar = 3
	medidos  = 9
)

// reposo is the time from which an order's next look counts as rest; quieto sets each of those waits to a minute.
const reposo = 20 * time.Second

// TestPedido counts the statements that an order takes on the embedded stores, and its round trips on servers. More
// than a tenth above the numbers kept in testdata fails, and so does a golden file that shows other statements.
func TestPedido(t *testing.T) {
	r := &recogida{}
	c := kit.Start(t, quieto, func(p *kit.Program) { p.Pruebas.Observar = r.oir })
	// Each card is decided in the answer.
	c.Simulate(map[string]any{"avisos": map[string]any{"perder": 1}})
	mirar := espiar(t, c)
	if !c.Servers.Shared() {
		r.mirar = mirar
	}
	var pedidos [][]sentencia
	idas := map[string][]int{}
	for i := range calentar + medidos {
		compra := c.NewPurchase("cliente1")
		r.abrir()
		id := c.Order("cliente1", compra).ID
		c.Until("the order rests, confirmed", func() bool {
			x := mirar()
			return x.id == id && x.estado == "confirmado" &&
				x.debe.After(c.Clock.Now().Add(reposo))
		})
		vistas, suyas, aparte := r.cerrar()
		if i < calentar {
			continue
		}
		t.Logf("order %d: %d statements, and %d of the background", i, len(vistas), aparte)
		pedidos = append(pedidos, vistas)
		for _, m := range modulos {
			idas[m] = append(idas[m], suyas[m])
		}
	}
	if c.Servers.Shared() {
		compararIdas(t, c.Servers, idas)
		return
	}
	compararLibro(t, tipico(pedidos))
}

// quieto sets the settings so that the program does nothing on its own while an order is counted.
func quieto(program *kit.Program) {
	kit.WithFileTrail(program)
	kit.WithSettings(func(k *ajustes.Configuracion) {
		k.Pedidos.Sondeo, k.Pedidos.FranjaPublicar, k.Pedidos.Repaso = time.Minute, time.Minute, time.Minute
		k.Pedidos.Mirar.Pago, k.Pedidos.Mirar.Visita = time.Minute, time.Minute
		k.Pagos.Ronda, k.Pagos.SondeoMin, k.Pagos.SondeoMax = time.Minute, time.Minute, time.Minute
		k.Rutas.Cierre, k.Auditoria.Intervalo, k.Auditoria.EsperaMax = time.Minute, time.Minute, time.Minute
	})(program)
	program.Pruebas.Ronda = time.Minute
}

// espiar returns a function that reads the newest order behind the program's back: a read by the API would be
// counted.
func espiar(t *testing.T, program *kit.Program) func() ultimo {
	t.Helper()
	if program.Servers.Mongo != "" {
		return espiarMongo(t, program.Servers.Mongo)
	}
	db, err := sql.Open("sqlite", "file:"+program.File("pedidos.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func() (u ultimo) {
		var debe sql.NullInt64
		err := db.QueryRowContext(
			t.Context(),
			"select id, estado, debe from pedidos order by creado desc limit 1",
		).Scan(&u.id, &u.estado, &debe)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			t.Error(err)
		}
		u.debe = time.UnixMilli(debe.Int64)
		return u
	}
}

func espiarMongo(t *testing.T, url string) func() ultimo {
	t.Helper()
	db, err := mongodb.Open(t.Context(), mongodb.Options{Name: "pedidos", URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return func() ultimo {
		var p struct {
			ID     string    `bson:"_id"`
			Estado string    `bson:"estado"`
			Debe   time.Time `bson:"debe"`
		}
		_ = db.Collection("pedidos").FindOne(context.WithoutCancel(t.Context()), bson.D{},
			options.FindOne().
				SetSort(bson.D{{Key: "creado", Value: -1}}),
		).
			Decode(&p) // none yet: nothing is newest
		return ultimo{id: p.ID, estado: p.Estado, debe: p.Debe}
	}
}

// compararLibro compares the statements of an order with the golden file.
func compararLibro(t *testing.T, rs []renglon) {
	t.Helper()
	r := leerRazones(t)
	if *actualizar {
		r.escribir(t, rs)
		guardar(t, archivoPedido, libro(rs, r))
	}
	faltan, sobran := r.comparar(rs)
	for _, c := range faltan {
		t.Errorf("%s has no line %q: why does an order run it?", archivoRazones, c)
	}
	if len(sobran) > 0 {
		t.Errorf(
			"%s has lines of statements that no order runs (-update takes them out): %q",
			archivoRazones,
			sobran,
		)
	}
	b, err := os.ReadFile(archivoPedido)
	if err != nil {
		t.Fatal(err)
	}
	texto := libro(rs, r)
	guardado, ahora := totales(string(b)), totales(texto)
	if !slices.Equal(renglones(string(b)), renglones(texto)) {
		t.Errorf(
			"%s does not show what an order runs now: -update writes it anew",
			archivoPedido,
		)
	}
	for _, m := range slices.Sorted(maps.Keys(ahora)) {
		if ahora[m] > conDecimo(guardado[m]) {
			t.Errorf("%s: %d statements per order, %d are kept in %s; -update shows which",
				m, ahora[m], guardado[m], archivoPedido)
		}
	}
	t.Logf("statements per order: %v, kept %v", ahora, guardado)
}

// renglones are the lines of a golden file, sorted, because two statements that run at the same time may change
// places.
func renglones(libro string) []string { return slices.Sorted(strings.SplitSeq(libro, "\n")) }

// conDecimo is a tenth more, rounded to the next whole one.
func conDecimo(n int) int { return n + (n+9)/10 }

// totales reads the last part of the golden file.
func totales(libro string) map[string]int {
	_, fin, _ := strings.Cut(libro, "\n== in all\n")
	out := map[string]int{}
	for l := range strings.Lines(fin) {
		if x := strings.Fields(l); len(x) == 2 {
			out[x[0]], _ = strconv.Atoi(x[1]) // 0 fails the comparison
		}
	}
	return out
}

// archivoIdas has a line for each set of servers: `servers: module n, …`.
const archivoIdas = "pruebas/banco/testdata/idas.txt"

// compararIdas compares the round trips of an order with the kept ones.
func compararIdas(t *testing.T, servers kit.Servers, idas map[string][]int) {
	t.Helper()
	b, err := os.ReadFile(archivoIdas)
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]string{}
	for l := range strings.Lines(string(b)) {
		if donde, n, ok := strings.Cut(strings.TrimSpace(l), ": "); ok {
			kept[donde] = n
		}
	}
	total, partes := 0, []string{}
	for _, m := range modulos {
		n := mediana(idas[m])
		total += n
		if n > 0 {
			partes = append(partes, fmt.Sprintf("%s %d", m, n))
		}
	}
	if *actualizar {
		kept[servers.String()] = fmt.Sprintf("%d; %s", total, strings.Join(partes, ", "))
		var ls []string
		for k, v := range kept {
			ls = append(ls, k+": "+v+"\n")
		}
		slices.Sort(ls)
		guardar(t, archivoIdas, strings.Join(ls, ""))
	}
	t.Logf("round trips per order: %d; %s", total, strings.Join(partes, ", "))
	antes, _, _ := strings.Cut(kept[servers.String()], ";")
	n, err := strconv.Atoi(antes)
	if err != nil {
		t.Fatalf("%s has no line for %s; -update writes it", archivoIdas, servers)
	}
	if total > conDecimo(n) {
		t.Errorf(
			"%d round trips per order on %s, %d are kept in %s",
			total,
			servers,
			n,
			archivoIdas,
		)
	}
}
