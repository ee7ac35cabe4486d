package historias_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// suceso is one event of a stream as it arrives.
type suceso struct {
	id         int64
	tipo, dato string
}

// seguido are the events that a follower has received.
type seguido []suceso

func (s seguido) ultimo() int64 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].id
}

// flujo opens a stream as login, from behind the event ultimo.
func flujo(
	ctx context.Context,
	client *kit.Client,
	login, camino string,
	ultimo int64,
) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, client.URL+"/api/v1"+camino, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+client.Token(login))
	if ultimo > 0 {
		r.Header.Set("Last-Event-ID", strconv.FormatInt(ultimo, 10))
	}
	return (&http.Client{Transport: client.HTTP.Transport}).Do(r)
}

// leerSucesos passes every whole event of src to dar, until src ends or dar returns false.
func leerSucesos(src io.Reader, dar func(suceso) bool) {
	var e suceso
	for l := bufio.NewScanner(src); l.Scan(); {
		campo, valor, _ := strings.Cut(l.Text(), ": ")
		switch campo {
		case "id":
			e.id, _ = strconv.ParseInt(valor, 10, 64)
		case "event":
			e.tipo = valor
		case "data":
			e.dato = valor
		}
		if l.Text() == "" && e.tipo != "" {
			if !dar(e) {
				return
			}
			e = suceso{}
		}
	}
}

// A stream that breaks at any byte, fifty times, gives every event once and in order, while the order passes through
// every kind of event.
func TestStreamCutFiftyTimes(t *testing.T) {
	c := kit.Start(t)
	id := c.Order("cliente1", c.NewPurchase("cliente1")).ID
	azar := rand.New(rand.NewPCG(uint64(os.Getpid()), 4))
	fin, listo := context.WithCancel(t.Context())
	defer listo()
	var vistos seguido
	var cortes int
	var wg sync.WaitGroup
	wg.Go(func() {
		for fin.Err() == nil || cortes < 50 {
			rato, cortar := context.WithTimeout(
				t.Context(),
				time.Duration(1+azar.IntN(60))*time.Millisecond,
			)
			cortes++
			res, err := flujo(
				rato,
				c.Client,
				"cliente1",
				"/pedidos/"+id+"/vivo",
				vistos.ultimo(),
			)
			if err != nil { // cut before the answer
				cortar()
				continue
			}
			leerSucesos(io.LimitReader(res.Body, azar.Int64N(900)), func(e suceso) bool {
				vistos = append(vistos, e)
				return true
			})
			_ = res.Body.Close()
			cortar()
		}
	})
	c.Await("cliente1", id, "confirmado")
	c.Deliver("cliente1", id)
	listo()
	wg.Wait()
	for final := false; !final; { // the events after the last cut
		res, err := flujo(
			t.Context(),
			c.Client,
			"cliente1",
			"/pedidos/"+id+"/vivo",
			vistos.ultimo(),
		)
		if err != nil {
			t.Fatal(err)
		}
		total := len(c.History("cliente1", id))
		if final = len(vistos) == total; !final {
			leerSucesos(
				res.Body,
				func(e suceso) bool { vistos = append(vistos, e); return len(vistos) < total },
			)
		}
		_ = res.Body.Close()
	}
	comparar(t, c, id, vistos)
	t.Logf("%d cuts, %d events", cortes, len(vistos))
}

// comparar compares the events of a stream with the history of the order.
func comparar(t *testing.T, program *kit.Program, id string, vistos seguido) {
	t.Helper()
	var hoja struct {
		Datos []json.RawMessage `json:"datos"`
	}
	program.Must("cliente1", "GET", "/pedidos/"+id+"/eventos?limite=200", nil, &hoja)
	if len(hoja.Datos) != len(vistos) || len(vistos) < 7 {
		t.Fatalf("%d events in the stream, %d in the history", len(vistos), len(hoja.Datos))
	}
	for i, v := range vistos {
		if v.id != int64(i)+1 || v.tipo != "evento" ||
			v.dato != string(hoja.Datos[len(vistos)-1-i]) {
			t.Errorf("event %d: %+v, the history says %s", i+1, v, hoja.Datos[len(vistos)-1-i])
		}
	}
}

// A customer cannot follow another customer's order, and managers and drivers follow none.
func TestStreamIsForItsOwner(t *testing.T) {
	c := kit.Start(t)
	id := c.Order("cliente1", c.NewPurchase("cliente1")).ID
	for login, code := range map[string]string{
		"cliente2": "pedido-no-existe", "gestor": "sin-permiso", "repartidor1": "sin-permiso",
	} {
		if tengo := c.Code(login, "GET", "/pedidos/"+id+"/vivo", nil); tengo != code {
			t.Errorf("%s: %q", login, tengo)
		}
	}
	for _, login := range []string{"cliente1", "operador", "admin"} {
		res, err := flujo(t.Context(), c.Client, login, "/pedidos/"+id+"/vivo", 0)
		if err != nil {
			t.Fatal(err)
		}
		leerSucesos(
			res.Body,
			func(e suceso) bool { return !strings.Contains(e.dato, `"confirmado"`) },
		)
		_ = res.Body.Close()
	}
}

// A stream shows the events that another replica wrote: the process of the stream learns of them through the store
// alone.
func TestStreamOfAnotherReplica(t *testing.T) {
	c := kit.Start(t)
	url := c.Replica()
	id := c.Order("cliente1", c.NewPurchase("cliente1")).ID
	aqui := c.URL
	c.Token("cliente1")
	c.URL = url // the token is good at the replica too
	res, err := flujo(t.Context(), c.Client, "cliente1", "/pedidos/"+id+"/vivo", 1)
	c.URL = aqui
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	c.Await("cliente1", id, "confirmado")
	var wg sync.WaitGroup
	wg.Go(
		func() { leerSucesos(res.Body, func(e suceso) bool { return !strings.Contains(e.dato, `"entregado"`) }) },
	)
	c.Deliver("cliente1", id)
	wg.Wait()
}

// A thousand open streams cost under 50 MB in the server, and its stop ends them: with http.cierre at two seconds a
// stop that takes longer is an error of the program. GOGC=20 keeps the collector busy, so that garbage does not
// count.
func TestThousandStreams(t *testing.T) {
	kit.MeetsNoServer(t) // the memory of connections to servers would be measured too
	p := kit.Launch(t, "GOGC=20", "DESPENSA_HTTP_CIERRE=2s", "DESPENSA_HTTP_FLUJOS=2000")
	p.MustStart()
	casa := p.Client
	id := casa.Order("cliente1", casa.NewPurchase("cliente1")).ID
	casa.Await("cliente1", id, "confirmado")
	antes := memoria(p)
	const cuantos = 1000
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range cuantos / 50 {
				abrirCrudo(p, t, "/api/v1/pedidos/"+id+"/vivo")
			}
		})
	}
	wg.Wait()
	despues := memoria(p)
	t.Logf("%d streams: %d KB, %d KB before", cuantos, despues, antes)
	if despues-antes > 50<<10 {
		t.Errorf("%d streams cost %d KB", cuantos, despues-antes)
	}
	p.Stop()
}

// memoria is the resident memory of the process, in KB.
func memoria(process *kit.Process) int {
	process.T.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process.Cmd.Process.Pid))
	if err != nil {
		process.T.Skipf("SKIPPED: no /proc here: %v", err)
	}
	for l := range strings.Lines(string(b)) {
		if resto, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(resto)[0])
			return n
		}
	}
	process.T.Fatal("no VmRSS")
	return 0
}

// abrirCrudo opens a stream on a bare connection and reads until its first event; it
// stays open until the test ends.
func abrirCrudo(process *kit.Process, t *testing.T, camino string) {
	con, err := (&net.Dialer{}).DialContext(
		t.Context(),
		"tcp",
		strings.TrimPrefix(process.URL, "http://"),
	)
	if err != nil {
		t.Error(err)
		return
	}
	t.Cleanup(func() { _ = con.Close() })
	fmt.Fprintf(
		con,
		"GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
		camino,
		process.Token("cliente1"),
	)
	b := make([]byte, 1<<10)
	for visto := ""; !strings.Contains(visto, "event: evento"); {
		n, err := con.Read(b)
		if err != nil {
			t.Error(err)
			return
		}
		visto += string(b[:n])
	}
}
