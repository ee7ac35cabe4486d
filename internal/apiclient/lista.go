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

	seguir func(ctx context.Context, cursor string) (Lista[T], error)
}

// Todas gives the elements of this page and of all later ones; a later page is requested when the reader reaches it.
// An error is the last pair.
func (l Lista[T]) Todas(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for pagina := l; ; {
			for _, x := range pagina.Datos {
				if !yield(x, nil) {
					return
				}
			}
			if pagina.Siguiente == "" || pagina.seguir == nil {
				return
			}
			var err error
			if pagina, err = pagina.seguir(ctx, pagina.Siguiente); err != nil {
				var nada T
				yield(nada, err)
				return
			}
		}
	}
}

// listar reads one page; the Lista reads the later ones by the same filter.
func listar[T any](
	ctx context.Context, c *Cliente, camino string, filtro url.Values, opciones []Opcion,
) (Lista[T], error) {
	var l Lista[T]
	err := c.Hacer(ctx, "GET", conFiltro(camino, filtro), nil, &l, opciones...)
	l.seguir = func(ctx context.Context, cursor string) (Lista[T], error) {
		siguiente := url.Values{}
		for k, v := range filtro {
			siguiente[k] = v
		}
		siguiente.Set("cursor", cursor)
		return listar[T](ctx, c, camino, siguiente, opciones)
	}
	return l, err
}

func conFiltro(camino string, filtro url.Values) string {
	if len(filtro) == 0 {
		return camino
	}
	return camino + "?" + filtro.Encode()
}

// consulta collects the parameters of a query; an empty value is not sent.
type consulta url.Values

func (q consulta) texto(nombre, valor string) {
	if valor != "" {
		url.Values(q).Set(nombre, valor)
	}
}

func (q consulta) entero(nombre string, valor int64) {
	if valor != 0 {
		q.texto(nombre, strconv.FormatInt(valor, 10))
	}
}
