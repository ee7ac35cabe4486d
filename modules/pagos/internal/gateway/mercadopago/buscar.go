package mercadopago

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"despensa/modules/pagos/internal/gateway"

	"github.com/mercadopago/sdk-go/pkg/order"
)

// margenBusqueda covers clocks that differ from ours.
const margenBusqueda = 24 * time.Hour

// A search is read to its end, 1,000 orders at most.
const (
	filasPagina = 50
	paginasMax  = 20
)

// Buscar implements gateway.Pasarela. A listed row may lack its reference, so it only points to an order to be
// read. A row with another reference is dropped, in case the provider ignores the filter.
func (a *Adaptador) Buscar(
	ctx context.Context,
	referencia string,
	desde time.Time,
) ([]string, error) {
	filtros := map[string]string{
		"external_reference": referencia,
		"begin_date":         desde.Add(-margenBusqueda).UTC().Format(time.RFC3339),
		"end_date":           a.o.Ahora().Add(margenBusqueda).UTC().Format(time.RFC3339),
	}
	h := hallazgo{referencia: referencia, vistos: map[string]bool{}}
	for pagina := range paginasMax {
		r, err := a.pagina(ctx, filtros, pagina, h.filas)
		if err != nil {
			return nil, err
		}
		if nuevas := h.sumar(r.Data); nuevas == 0 || h.completo(r.Paging) {
			break
		}
	}
	return h.ids, nil
}

// pagina reads one page of a search. The reference counts pages and the SDK counts rows:
// both are sent.
func (a *Adaptador) pagina(
	ctx context.Context, filtros map[string]string, pagina, saltadas int,
) (*order.SearchResponse, error) {
	f := maps.Clone(filtros)
	f["page"], f["page_size"] = strconv.Itoa(pagina+1), strconv.Itoa(filasPagina)
	r, err := a.ordenes.Search(
		ctx,
		order.SearchRequest{Limit: filasPagina, Offset: saltadas, Filters: f},
	)
	switch {
	case err != nil:
		return nil, traducir(err)
	case r == nil || r.Data == nil && r.Paging == nil:
		return nil, fmt.Errorf("%w: no list in the answer", gateway.ErrSilencio)
	}
	return r, nil
}

// hallazgo is a search under way: the ids of orders that its pages have listed so far.
type hallazgo struct {
	referencia string
	ids        []string
	vistos     map[string]bool // every id of every row
	filas      int             // rows read
}

// sumar adds a page and returns how many of its rows are new. A provider that ignores the page number repeats the
// first page, which has none.
func (h *hallazgo) sumar(filas []order.Response) (nuevas int) {
	h.filas += len(filas)
	for _, o := range filas {
		if o.ID == "" || h.vistos[o.ID] {
			continue
		}
		nuevas++
		h.vistos[o.ID] = true
		if o.ExternalReference == "" || o.ExternalReference == h.referencia {
			h.ids = append(h.ids, o.ID)
		}
	}
	return nuevas
}

// completo reports whether as many rows were read as the provider counts in all; false where it counts none.
func (h *hallazgo) completo(pagingResponse *order.PagingResponse) bool {
	if pagingResponse == nil {
		return false
	}
	total, err := strconv.Atoi(pagingResponse.Total)
	return err == nil && h.filas >= total
}
