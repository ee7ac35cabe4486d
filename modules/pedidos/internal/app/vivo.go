package app

import (
	"context"

	"despensa/modules/pedidos/internal/pedido"
	"despensa/platform/vigia"
)

// Vivo is somebody following one order. One goroutine uses it.
type Vivo struct {
	a      *App
	q      Quien
	id     string
	mirada *vigia.Mirada
	visto  int64
}

// Seguir begins to follow an order after the event desde; Soltar ends it.
func (a *App) Seguir(q Quien, id string, desde int64) *Vivo {
	return &Vivo{a: a, q: q, id: id, mirada: a.o.Vigia.Mirar(id), visto: desde}
}

// Hay gives a token when the order may have moved on, whichever process moved it.
func (v *Vivo) Hay() <-chan struct{} { return v.mirada.Hay }

// Nuevos reads the events that have not been given yet, oldest first. Errors: ErrNoExiste.
func (v *Vivo) Nuevos(ctx context.Context) ([]pedido.Evento, error) {
	p, err := v.a.Leer(ctx, v.q, v.id)
	if err != nil {
		return nil, err
	}
	var out []pedido.Evento
	for _, e := range p.Eventos {
		if e.Seq > v.visto {
			out = append(out, e)
			v.visto = e.Seq
		}
	}
	return out, nil
}

// Soltar ends the following.
func (v *Vivo) Soltar() { v.mirada.Soltar() }
