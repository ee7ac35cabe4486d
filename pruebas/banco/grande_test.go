package banco_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// BenchmarkGrande measures calls of the API with DESPENSA_TEST_GRANDE orders stored (10000, 1000000), through the
// whole program over files. The orders are copies of one confirmed order at rest, each with a payment and a visit of
// its own, written into the files (TMPDIR says where; a million take 6 GB). With DESPENSA_TEST_GRANDE_CARPETA the
// benchmark keeps a folder of these orders instead, dated from today, on which the program can be started.
func BenchmarkGrande(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("DESPENSA_TEST_GRANDE"))
	if err != nil || n < 1 {
		b.Skip("SKIPPED: DESPENSA_TEST_GRANDE says how many orders there are")
	}
	kit.MeetsNoServer(b)
	c, carpeta := kit.Start(b, quieto), os.Getenv("DESPENSA_TEST_GRANDE_CARPETA")
	if carpeta != "" {
		c.Clock.Advance(time.Since(kit.Morning))
	}
	compra := c.NewPurchase("cliente1")
	id := c.Order("cliente1", compra).ID
	c.Await("cliente1", id, "confirmado")
	c.Close()
	desde := time.Now()
	copias := copiar(b, c, id, n)
	b.Logf("%d orders written in %v", n, time.Since(desde))
	if carpeta != "" {
		if err := os.CopyFS(carpeta, os.DirFS(c.Dir)); err != nil {
			b.Fatal(err)
		}
		return
	}
	c.Open()
	llamar(b, c, compra, copias)
	repasar(b, c, copias)
	b.Run("place, to confirmado", func(b *testing.B) {
		defer conCPU(b)() // the card's token too
		for b.Loop() {
			b.StopTimer()
			compra := c.NewPurchase("cliente1")
			b.StartTimer()
			c.Await("cliente1", c.Order("cliente1", compra).ID, "confirmado")
		}
	})
}

// llamar measures the calls of the API that change nothing.
func llamar(b *testing.B, program *kit.Program, compra kit.Body, copias []string) {
	cotizar := map[string]any{
		"direccion_id": compra["direccion_id"],
		"lineas":       compra["lineas"],
	}
	for _, x := range []struct {
		nombre, login, metodo, camino string
		cuerpo                        any
	}{
		{nombre: "read", login: "operador", metodo: "GET"},
		{nombre: "list", login: "operador", metodo: "GET", camino: "/pedidos?limite=50"},
		{nombre: "list of an estado", login: "operador", metodo: "GET", camino: "/pedidos?limite=50&estado=confirmado"},
		{nombre: "list of a customer", login: "cliente1", metodo: "GET", camino: "/pedidos?limite=50"},
		{nombre: "payments", login: "admin", metodo: "GET", camino: "/pagos?limite=50"},
		{nombre: "quote", login: "cliente1", metodo: "POST", camino: "/pedidos/cotizacion", cuerpo: cotizar},
		{nombre: "metrics"},
	} {
		b.Run(x.nombre, func(b *testing.B) {
			defer conCPU(b)()
			for i := 0; b.Loop(); i++ {
				camino := x.camino
				if camino == "" {
					camino = "/pedidos/" + copias[i*7919%len(copias)]
				}
				if x.metodo == "" {
					program.Metric("despensa_pedidos")
					continue
				}
				program.Must(x.login, x.metodo, camino, x.cuerpo, nil)
			}
		})
	}
}

// repasar measures the questions that a page of the sweep asks pagos and rutas about orders at rest.
func repasar(b *testing.B, program *kit.Program, copias []string) {
	const pagina = 500
	paginas := max(1, len(copias)/pagina)
	b.Run("page of the sweep", func(b *testing.B) {
		defer conCPU(b)()
		for i := 0; b.Loop(); i++ {
			ids := copias[i*7919%paginas*pagina:]
			ids = ids[:min(pagina, len(ids))]
			visitas, err := program.Programa.Rutas.Situaciones(b.Context(), ids)
			if err != nil || len(visitas) != len(ids) {
				b.Fatalf("%d visits of %d orders: %v", len(visitas), len(ids), err)
			}
			cobros, err := program.Programa.Pagos.Situaciones(b.Context(), ids)
			if err != nil || len(cobros) != len(ids) {
				b.Fatalf("%d payments of %d orders: %v", len(cobros), len(ids), err)
			}
		}
	})
}

// conCPU reports the processor time that this process takes for each call, with its client and its background. On a
// machine that other processes use too, elapsed time says little. It needs /proc.
func conCPU(b *testing.B) func() {
	antes := ticks()
	return func() { b.ReportMetric(float64(ticks()-antes)*10_000/float64(b.N), "µs-CPU/op") }
}

// ticks is the processor time of this process in hundredths of a second.
func ticks() (n int) {
	doc, _ := os.ReadFile("/proc/self/stat") // none: 0
	_, resto, _ := strings.Cut(string(doc), ") ")
	for i, campo := range strings.Fields(resto) {
		if i == 11 || i == 12 { // utime, stime
			v, _ := strconv.Atoi(campo)
			n += v
		}
	}
	return n
}

// One copy in deOtros is of the order's own customer; porTurno copies share a shift, which is full.
const (
	deOtros  = 100
	porTurno = 25
)

// desfase is the delay, in milliseconds, of the shift, the window and the next looks of the i-th of n copies behind
// those of the order. The copies' shifts come one after another, over a hundred days at most, because a company's
// orders are not all due at one moment.
func desfase(i, n int) int64 {
	paso := min(15*time.Minute, 100*24*time.Hour/time.Duration(n/porTurno+1))
	return (time.Duration(i/porTurno+1) * paso).Milliseconds()
}

// copiar writes n copies of an order into the files of a closed program, each older by a millisecond, and returns
// their ids.
func copiar(b *testing.B, program *kit.Program, id string, n int) []string {
	b.Helper()
	copias := make([]string, n)
	for i := range copias {
		copias[i] = otroID(id, i)
	}
	copiarFilas(
		b,
		program.File("pedidos.db"),
		"pedidos",
		"id = '"+id+"'",
		n,
		func(i int, f fila) {
			antes := f.fila()
			f.poner("id", copias[i])
			f.poner("codigo", ultimas(f.texto("codigo"), i))
			f.poner("creado", f.numero("creado")-int64(i)-1)
			f.poner("publicados", f.numero("eventos"))
			f.poner("debe", f.numero("debe")+desfase(i, n))
			if i%deOtros != 0 {
				f.poner("cliente", otroID(f.texto("cliente"), i%500))
			}
			doc := f.bytes("doc")
			for _, k := range []string{"id", "codigo", "cliente"} {
				doc = bytes.ReplaceAll(doc, []byte(antes.texto(k)), []byte(f.texto(k)))
			}
			for _, k := range []string{"creado", "debe"} {
				doc = bytes.ReplaceAll(doc, fecha(antes.numero(k)), fecha(f.numero(k)))
			}
			f.poner("doc", doc)
		},
	)
	copiarFilas(
		b,
		program.File("pagos.db"),
		"cobros",
		"pedido = '"+id+"'",
		n,
		func(i int, f fila) {
			f.poner("id", otroID(f.texto("id"), i))
			f.poner("pedido", copias[i])
			f.poner("orden", ultimas(f.texto("orden"), i))
			f.poner("creado", f.numero("creado")-int64(i)-1)
			f.poner("debe", f.numero("debe")+desfase(i, n))
		},
	)
	visita := "pedido = '" + id + "'"
	copiarFilas(
		b,
		program.File("rutas.db"),
		"turnos",
		"id = (select turno from visitas where "+visita+")",
		(n+porTurno-1)/porTurno,
		func(i int, f fila) {
			despues := desfase(i*porTurno, n)
			f.poner("id", otroID(f.texto("id"), i))
			f.poner("inicio", f.numero("inicio")+despues)
			f.poner("fin", f.numero("fin")+despues)
			f.poner("libre", 0)
		},
	)
	copiarFilas(b, program.File("rutas.db"), "visitas", visita, n, func(i int, f fila) {
		f.poner("id", otroID(f.texto("id"), i))
		f.poner("pedido", copias[i])
		f.poner("turno", otroID(f.texto("turno"), i/porTurno))
		f.poner("creado", f.numero("creado")-int64(i)-1)
	})
	return copias
}

// otroID is the id of the i-th copy, as long as id.
func otroID(
	id string,
	i int,
) string {
	return id[:len(id)-12] + fmt.Sprintf("%012x", 0xc00000000000+i)
}

// ultimas is a text as long as s that ends in i.
func ultimas(s string, i int) string {
	n := fmt.Sprintf("%07d", i)
	return s[:max(0, len(s)-len(n))] + n
}

// fecha is a time in milliseconds as BSON stores it.
func fecha(ms int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(ms)) }
