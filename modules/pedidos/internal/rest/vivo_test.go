package rest_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"despensa/modules/pedidos/internal/app"
	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/watch"
)

// seguido is a call that follows an order.
func seguido() escenario {
	return escenario{quien: ana, metodo: "GET", ruta: elPedido + "/vivo", estado: 200}
}

// crece is the order store behind a stream. Each read finds one event more, until the order is gone.
type crece struct {
	app.Pedidos // for the methods that a stream does not call
	alcance     atomic.Int64
}

const hasta = 4

func (f *crece) Leer(context.Context, string) (*pedido.Pedido, error) {
	if f.alcance.Load() == hasta {
		return nil, app.ErrNoExiste
	}
	return conEventos(f.alcance.Add(1)), nil
}

func conEventos(n int64) *pedido.Pedido {
	return con(func(p *pedido.Pedido) {
		for range n - 1 {
			p.Anotar("visita_asignada", "", ahora)
		}
	})
}

// TestAnOrderIsFollowed: the stream begins after the event that Last-Event-ID names, and at the first event if
// the order has no such event. Then it has each new event once. It ends when the order can no longer be read.
func TestAnOrderIsFollowed(t *testing.T) {
	tests := map[string]struct {
		cabeceras []string
		seqs      string
	}{
		"from the beginning": {nil, "1 2 3 4"},
		"after the second":   {[]string{"Last-Event-ID: 2"}, "3 4"},
		"after one to come":  {[]string{"Last-Event-ID: 3"}, "1 2 3 4"},
		"beyond the end":     {[]string{"Last-Event-ID: 999999"}, "1 2 3 4"},
		"below zero":         {[]string{"Last-Event-ID: -1"}, "1 2 3 4"},
		"after a text":       {[]string{"Last-Event-ID: dos"}, "1 2 3 4"},
	}
	for nombre, tt := range tests {
		t.Run(nombre, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tienda := &crece{}
				tienda.alcance.Store(2)
				vigia := watch.New(
					watch.Options{
						Versions: func(context.Context, []string) (map[string]int64, error) {
							return map[string]int64{unID: tienda.alcance.Load() + 1}, nil
						},
					},
				)
				defer vigia.Close()
				banco, puente := nuevoBanco(t)
				puente.falso = &falso{
					p:     conEventos(2),
					vivos: app.New(app.Opciones{Pedidos: tienda, Vigia: vigia}),
				}
				e := seguido()
				e.cabeceras = tt.cabeceras
				r := banco.Do(t.Context(), e.llamada())
				if r.Code != 200 || r.Header().Get("Content-Type") != "text/event-stream" {
					t.Fatalf("%d %v", r.Code, r.Header())
				}
				if got := strings.Join(seqs(r.Body.String()), " "); got != tt.seqs {
					t.Errorf("events %q, want %q: %s", got, tt.seqs, r.Body)
				}
			})
		})
	}
}

// seqs are the ids of the events of a stream.
func seqs(flujo string) (ids []string) {
	for linea := range strings.Lines(flujo) {
		if id, ok := strings.CutPrefix(linea, "id: "); ok {
			ids = append(ids, strings.TrimSpace(id))
		}
	}
	return ids
}
