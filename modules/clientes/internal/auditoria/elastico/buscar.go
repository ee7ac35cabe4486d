package elastico

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"despensa/modules/clientes/internal/auditoria"

	"github.com/olivere/elastic/v7"
)

// Buscar implements auditoria.Buscador.
func (d *Buscador) Buscar(
	ctx context.Context,
	consulta auditoria.Consulta,
) ([]auditoria.Asiento, error) {
	if consulta.Fresca {
		if err := d.refrescar(ctx); err != nil {
			return nil, err
		}
	}
	r, err := insistir(
		func() (*elastic.SearchResult, error) { return d.busqueda(consulta).Do(ctx) },
	)
	for n := 0; elastic.IsStatusCode(err, http.StatusServiceUnavailable) && n < intentos && dormir(ctx, pausa); n++ {
		r, err = d.busqueda(consulta).
			Do(ctx)
		// an index that has just been made is not ready yet
	}
	if err != nil {
		return nil, falla("search", err)
	}
	if r.TimedOut || r.Shards != nil && r.Shards.Failed > 0 {
		return nil, fmt.Errorf("%w: a part of the trail did not answer", auditoria.ErrBuscador)
	}
	return leer(r)
}

// refresco is how long the server waits before searches find a new record.
const refresco = "1s"

// refrescar waits until searches find every record that was sent. A user of the server that may only append is not
// allowed to refresh an index; for such a user it sleeps longer than refresco.
func (d *Buscador) refrescar(ctx context.Context) error {
	_, err := insistir(
		func() (*elastic.RefreshResult, error) { return d.c.Refresh(d.nombre("*")).Do(ctx) },
	)
	if elastic.IsForbidden(err) && dormir(ctx, 1500*time.Millisecond) {
		return nil
	}
	return falla("refresh", err)
}

// How often, and how long apart, a search is tried again while an index is being made.
const (
	intentos = 10
	pausa    = 100 * time.Millisecond
)

// dormir waits; false: ctx has ended.
func dormir(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (d *Buscador) busqueda(consulta auditoria.Consulta) *elastic.SearchService {
	orden := elastic.NewFieldSort("numero").Order(consulta.Ascendente).UnmappedType("long")
	s := d.c.Search(d.nombre("*")).
		IgnoreUnavailable(true).
		AllowNoIndices(true).
		AllowPartialSearchResults(false).
		Query(filtrar(consulta.Filtro)).
		SortBy(orden).
		Size(consulta.Limite).
		TrackTotalHits(false)
	if consulta.Tras > 0 {
		s = s.SearchAfter(consulta.Tras)
	}
	return s
}

func filtrar(filtro auditoria.Filtro) elastic.Query {
	q := elastic.NewBoolQuery()
	for _, x := range []struct{ campo, valor string }{
		{"actor", filtro.Actor}, {"cliente", filtro.Cliente}, {"accion", filtro.Accion},
		{"clase", filtro.Clase}, {"recurso", filtro.Recurso}, {"resultado", string(filtro.Resultado)},
	} {
		if x.valor != "" {
			q.Filter(elastic.NewTermQuery(x.campo, x.valor))
		}
	}
	if !filtro.Desde.IsZero() {
		q.Filter(elastic.NewRangeQuery("en").Gte(filtro.Desde.UTC().Format(conMilesimas)))
	}
	if !filtro.Hasta.IsZero() {
		q.Filter(elastic.NewRangeQuery("en").Lt(filtro.Hasta.UTC().Format(conMilesimas)))
	}
	return q
}

func leer(searchResult *elastic.SearchResult) ([]auditoria.Asiento, error) {
	if searchResult.Hits == nil {
		return nil, nil
	}
	as := make([]auditoria.Asiento, len(searchResult.Hits.Hits))
	for i, h := range searchResult.Hits.Hits {
		if err := json.Unmarshal(h.Source, &as[i]); err != nil {
			return nil, fmt.Errorf("%w: what is stored is no record", auditoria.ErrBuscador)
		}
		as[i].En = as[i].En.UTC()
	}
	return as, nil
}
