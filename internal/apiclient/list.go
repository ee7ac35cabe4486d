package apiclient

import (
	"context"
	"iter"
	"net/url"
	"strconv"
)

// Lista is one page of a list.
type Lista[T any] struct {
	Datos []T `json:"datos"`
	// Siguiente is the cursor of the next page; empty on the last page.
	Siguiente string `json:"siguiente,omitempty"`

	next func(ctx context.Context, cursor string) (Lista[T], error)
}

// All gives the elements of this page and of all later ones; a later page is requested when the reader reaches it.
// An error is the last pair.
func (l Lista[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for pagina := l; ; {
			for _, x := range pagina.Datos {
				if !yield(x, nil) {
					return
				}
			}
			if pagina.Siguiente == "" || pagina.next == nil {
				return
			}
			var err error
			if pagina, err = pagina.next(ctx, pagina.Siguiente); err != nil {
				var nada T
				yield(nada, err)
				return
			}
		}
	}
}

// list reads one page; the Lista reads the later ones by the same filter.
func list[T any](
	ctx context.Context, client *Client, camino string, filtro url.Values, opciones []Option,
) (Lista[T], error) {
	var l Lista[T]
	err := client.Do(ctx, "GET", withFilter(camino, filtro), nil, &l, opciones...)
	l.next = func(ctx context.Context, cursor string) (Lista[T], error) {
		siguiente := url.Values{}
		for k, v := range filtro {
			siguiente[k] = v
		}
		siguiente.Set("cursor", cursor)
		return list[T](ctx, client, camino, siguiente, opciones)
	}
	return l, err
}

func withFilter(camino string, filtro url.Values) string {
	if len(filtro) == 0 {
		return camino
	}
	return camino + "?" + filtro.Encode()
}

// query collects the parameters of a query; an empty value is not sent.
type query url.Values

func (q query) text(nombre, valor string) {
	if valor != "" {
		url.Values(q).Set(nombre, valor)
	}
}

func (q query) integer(nombre string, valor int64) {
	if valor != 0 {
		q.text(nombre, strconv.FormatInt(valor, 10))
	}
}
