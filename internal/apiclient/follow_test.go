package apiclient_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"despensa/internal/apiclient"
)

func eventos(desde, hasta int) string {
	var b strings.Builder
	for i := desde; i <= hasta; i++ {
		fmt.Fprintf(
			&b,
			": latido\n\nid: %d\nevent: evento\ndata: {\"seq\":%d,\ndata: \"tipo\":\"t%d\"}\n\n",
			i,
			i,
			i,
		)
	}
	return b.String()
}

// flujoDe sends text and breaks the connection off.
func flujoDe(cuerpo string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		texto("text/event-stream", cuerpo)(w)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// An event without data is dropped, and its type does not pass to the event after it (WHATWG HTML 9.2.6).
func TestAnEventWithoutDataIsDropped(t *testing.T) {
	s := nuevoServidor(t,
		texto("text/event-stream", "event: otro\n\nid: 1\ndata: {\"seq\":1}\n\n"),
		mal(404, "pedido-no-existe", ""))
	pausas := []time.Duration{}
	var vistos []string
	for x, err := range s.cliente(t, &pausas).SeguirPedido(t.Context(), "p") {
		if err == nil {
			vistos = append(vistos, fmt.Sprint(x.ID, x.Type, x.Data.Seq))
		}
	}
	if !slices.Equal(vistos, []string{"1message1"}) {
		t.Errorf("events %v", vistos)
	}
}

// A stream that is cut goes on after the last whole event: each arrives once, in order.
func TestSeguirResumes(t *testing.T) {
	s := nuevoServidor(t,
		flujoDe("retry: 7\n\n"+eventos(1, 2)+"id: 3\nevent: evento\ndata: {\"se"),
		mal(503, "lejos", ""),
		flujoDe(""),
		flujoDe(eventos(3, 4)),
		texto("text/event-stream", eventos(5, 5)),
		mal(404, "pedido-no-existe", ""))
	pausas := []time.Duration{}
	var vistos []string
	var err error
	for x, e := range s.cliente(t, &pausas).SeguirPedido(t.Context(), "p") {
		if err = e; err == nil {
			vistos = append(vistos, fmt.Sprint(x.ID, x.Type, x.Data.Seq, x.Data.Tipo))
		}
	}
	want := []string{"1evento1t1", "2evento2t2", "3evento3t3", "4evento4t4", "5evento5t5"}
	if !slices.Equal(vistos, want) {
		t.Errorf("%v", vistos)
	}
	var ultimos []string
	for _, p := range s.pedidos {
		ultimos = append(ultimos, p.Header.Get("Last-Event-ID"))
		if p.URL.Path != "/api/v1/pedidos/p/vivo" ||
			p.Header.Get("Accept") != "text/event-stream" {
			t.Error(p.URL, p.Header)
		}
	}
	if apiclient.Code(err) != "pedido-no-existe" ||
		!slices.Equal(ultimos, []string{"", "2", "2", "2", "4", "5"}) {
		t.Errorf("%v, resumed after %q", err, ultimos)
	}
	if !slices.Contains(pausas, 7*time.Millisecond) {
		t.Errorf("waits %v, though the server asked for 7 ms", pausas)
	}
}

// A stream ends with its reader, with its context, and with a server that stays away.
func TestSeguirEnds(t *testing.T) {
	s := nuevoServidor(t, flujoDe(eventos(1, 9)))
	pausas := []time.Duration{}
	n := 0
	for range s.cliente(t, &pausas).SeguirPedido(t.Context(), "p") {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 || len(s.pedidos) != 1 {
		t.Errorf("%d events, %d requests", n, len(s.pedidos))
	}
	ctx, cancelar := context.WithCancel(t.Context())
	defer cancelar()
	var fin error
	for _, err := range s.cliente(t, &pausas).SeguirCamiones(ctx) {
		fin = err
		cancelar()
	}
	if !errors.Is(fin, context.Canceled) {
		t.Error(fin)
	}
	c := s.cliente(t, &pausas)
	s.CloseClientConnections()
	s.Close()
	for _, err := range c.SeguirPedido(t.Context(), "p") {
		fin = err
	}
	if fin == nil || errors.Is(fin, context.Canceled) {
		t.Error(fin)
	}
}
