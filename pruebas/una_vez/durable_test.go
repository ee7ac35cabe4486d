package una_vez_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"despensa/platform/mongodb/mongodbtest"
	"despensa/pruebas/kit"
)

// TestDurable reads the system calls of the running program: before an order is answered
// its bytes are in the write-ahead log and a sync that began after them has ended.
func TestDurable(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip(
			"SKIPPED: strace is not installed, nobody has looked at what is synced before it is answered",
		)
	}
	if os.Getenv(mongodbtest.Variable) != "" {
		t.Skip("SKIPPED: orders are on a server, whose syncs nobody sees from here")
	}
	const pedidos = 100
	traza := filepath.Join(t.TempDir(), "traza")
	p := kit.Launch(t)
	p.Wrapper = []string{
		strace,
		"-D",
		"-f",
		"-y",
		"--seccomp-bpf",
		"-s",
		"5000",
		"-e",
		"signal=none",
		"-e",
		"trace=pwrite64,fdatasync,fsync,write",
		"-o",
		traza,
	}
	p.MustStart()
	antes := p.Stock()
	inicio := leerTraza(t, traza)
	comprarMuchos(p.Client, pedidos)
	p.Reconcile(antes)
	p.Stop()
	p.Until("the trace is complete", func() bool {
		b, err := os.ReadFile(traza)
		return err == nil && strings.Contains(string(b), "+++ exited with 0 +++\n")
	})
	a := leerTraza(t, traza)
	for _, falta := range a.antesDeTiempo() {
		t.Error(falta)
	}
	if len(a.respuestas) != pedidos {
		t.Errorf("%d answers seen, %d orders placed", len(a.respuestas), pedidos)
	}
	for archivo, n := range a.porArchivo {
		if !strings.HasSuffix(archivo, "-wal") {
			continue
		}
		t.Logf(
			"%-16s %5d syncs per 1,000 orders",
			archivo,
			(n-inicio.porArchivo[archivo])*1000/pedidos,
		)
	}
}

// comprarMuchos places n orders, four at a time.
func comprarMuchos(client *kit.Client, n int) {
	client.T.Helper()
	c := client.NewPurchase("cliente1")
	client.As("cliente1")
	cola := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range cola {
				token, err := client.TokenFor(client.T.Context(), "APRO", "5031755734530604")
				if err == nil {
					mia := kit.Body{"direccion_id": c["direccion_id"], "lineas": c["lineas"],
						"pago": map[string]any{
							"metodo": "tarjeta_credito",
							"token":  token,
							"marca":  "master",
						}}
					err = client.As("cliente1").
						Do(client.T.Context(), "POST", "/pedidos", mia, nil)
				}
				if err != nil {
					client.T.Error(err)
				}
			}
		})
	}
	for i := range n {
		cola <- i
	}
	close(cola)
	wg.Wait()
}

// traza has the calls that strace saw, by the number of their line.
type traza struct {
	escritas   map[string]int // order id -> where its first bytes were in the log
	syncs      [][2]int       // of pedidos.db-wal: begin and end
	respuestas map[string]int // order id -> where its 201 began to leave
	porArchivo map[string]int
}

var (
	idPedido = regexp.MustCompile(
		`[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`,
	)
	creado = regexp.MustCompile(
		`"HTTP/1\.1 201 Created.*[Ll]ocation: /api/v1/pedidos/([0-9a-f-]{36})\\r`,
	)
	llamada   = regexp.MustCompile(`^(\d+) +(\w+)\(\d+<([^>]*)>`)
	reanudada = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
)

// pendienteDeFin is a call that strace showed in two parts.
type pendienteDeFin struct {
	archivo, texto string
	desde          int
}

// leerTraza reads the calls in a trace of strace.
func leerTraza(t *testing.T, archivo string) *traza {
	t.Helper()
	f, err := os.Open(archivo)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := &traza{
		escritas:   map[string]int{},
		respuestas: map[string]int{},
		porArchivo: map[string]int{},
	}
	abiertas := map[string]pendienteDeFin{}
	lineas := bufio.NewScanner(f)
	lineas.Buffer(nil, 1<<20)
	for n := 0; lineas.Scan(); n++ {
		l := lineas.Text()
		if m := llamada.FindStringSubmatch(l); m != nil {
			p := pendienteDeFin{archivo: filepath.Base(m[3]), texto: l, desde: n}
			if r := creado.FindStringSubmatch(l); r != nil {
				z.respuestas[r[1]] = n
			}
			if strings.HasSuffix(l, "<unfinished ...>") {
				abiertas[m[1]+m[2]] = p
				continue
			}
			z.anotar(m[2], p, n)
		} else if m := reanudada.FindStringSubmatch(l); m != nil {
			z.anotar(m[2], abiertas[m[1]+m[2]], n)
		}
	}
	if err := lineas.Err(); err != nil {
		t.Fatal(err)
	}
	return z
}

// anotar records a call that began at line pendienteDeFin.desde and ended at line hasta.
func (z *traza) anotar(nombre string, pendienteDeFin pendienteDeFin, hasta int) {
	switch {
	case nombre == "fdatasync" || nombre == "fsync":
		z.porArchivo[pendienteDeFin.archivo]++
		if pendienteDeFin.archivo == "pedidos.db-wal" {
			z.syncs = append(z.syncs, [2]int{pendienteDeFin.desde, hasta})
		}
	case nombre == "pwrite64" && pendienteDeFin.archivo == "pedidos.db-wal":
		for _, id := range idPedido.FindAllString(pendienteDeFin.texto, -1) {
			if _, ya := z.escritas[id]; !ya {
				z.escritas[id] = hasta
			}
		}
	}
}

// antesDeTiempo lists the orders that were answered before a sync that covers them.
func (z *traza) antesDeTiempo() (faltas []string) {
	for id, respuesta := range z.respuestas {
		escrita, hay := z.escritas[id]
		cubierta := false
		for _, s := range z.syncs {
			cubierta = cubierta || hay && s[0] > escrita && s[1] < respuesta
		}
		if !cubierta {
			faltas = append(faltas, "order "+id+" was answered before it was safe on disk")
		}
	}
	return faltas
}
