package banco_test

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"despensa/pruebas/kit"
)

// BenchmarkVivo measures how late a follower on the same replica sees the end of an order that its customer cancels,
// on the stream GET /pedidos/{id}/vivo. It reports the p50 and p99 of the times from the sending of the call to the
// event, and from the call's answer to the event (0 where the event came first).
func BenchmarkVivo(b *testing.B) {
	kit.MeetsNoServer(b)
	c := kit.Start(b)
	var desdePedido, desdeRespuesta []time.Duration
	for b.Loop() {
		b.StopTimer()
		id := c.Order("cliente1", c.NewPurchase("cliente1")).ID
		c.Await("cliente1", id, "confirmado")
		visto := seguir(b, c, id, "cancelado")
		b.StartTimer()
		pedido := time.Now()
		c.Must(
			"cliente1",
			"POST",
			"/pedidos/"+id+"/cancelacion",
			map[string]any{"motivo": "me equivoqué"},
			nil,
		)
		respondido := time.Now()
		llegada, llego := <-visto
		if !llego {
			b.Fatal("the stream ended before the event")
		}
		desdePedido = append(desdePedido, llegada.Sub(pedido))
		desdeRespuesta = append(desdeRespuesta, max(0, llegada.Sub(respondido)))
	}
	for nombre, tiempos := range map[string][]time.Duration{"sent": desdePedido, "answered": desdeRespuesta} {
		slices.Sort(tiempos)
		b.ReportMetric(tiempos[len(tiempos)/2].Seconds()*1000, nombre+"-p50-ms")
		b.ReportMetric(tiempos[len(tiempos)*99/100].Seconds()*1000, nombre+"-p99-ms")
	}
}

// seguir opens the stream of an order and waits for its first event. The channel gets the time at which the event that
// leads to estado arrives; it is closed without a time if the stream ends before.
func seguir(b *testing.B, program *kit.Program, id, estado string) <-chan time.Time {
	b.Helper()
	r, err := http.NewRequestWithContext(
		b.Context(),
		http.MethodGet,
		program.URL+"/api/v1/pedidos/"+id+"/vivo",
		nil,
	)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+program.Token("cliente1"))
	res, err := (&http.Client{Transport: program.HTTP.Transport}).Do(r)
	if err != nil {
		b.Fatal(err)
	}
	abierto, visto := make(chan struct{}), make(chan time.Time, 1)
	abrir := sync.OnceFunc(func() { close(abierto) })
	go func() {
		defer func() { _ = res.Body.Close() }()
		defer close(visto) // without a time: the stream has ended before the event
		defer abrir()
		for lineas := bufio.NewScanner(res.Body); lineas.Scan(); {
			if !strings.HasPrefix(lineas.Text(), "data:") {
				continue
			}
			abrir()
			if strings.Contains(lineas.Text(), `"a":"`+estado+`"`) {
				visto <- time.Now()
				return
			}
		}
	}()
	<-abierto
	return visto
}
