package mercadopago

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"gorm.io/gorm"
)

// searchQuery is the query of GET /v1/orders.
type searchQuery struct {
	from, to      int64             // times of creation, Unix milliseconds, inclusive
	filters       map[string]string // column -> value
	limit, offset int
	order         string
}

// searchColumns maps the filters of a search to the columns of the table ordenes.
var searchColumns = map[string]string{
	"external_reference": "referencia",
	"status":             "estado",
	"status_detail":      "detalle",
}

// search is GET /v1/orders.
func (s *Simulator) search(r *http.Request) (answer, error) {
	b, err := readSearch(r.URL.Query())
	if err != nil {
		return answer{}, err
	}
	if err := s.sweep(r.Context()); err != nil {
		return answer{}, err
	}
	var total int64
	if err := b.apply(s.ledger.db.Read(r.Context())).Count(&total).Error; err != nil {
		return answer{}, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	var docs [][]byte
	pagina := b.apply(s.ledger.db.Read(r.Context())).
		Order(b.order).
		Offset(b.offset).
		Limit(b.limit)
	if err := pagina.Pluck("doc", &docs).Error; err != nil {
		return answer{}, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return b.answer(docs, int(total)), nil
}

func (b searchQuery) answer(docs [][]byte, total int) answer {
	datos := make([]json.RawMessage, len(docs))
	for i, d := range docs {
		datos[i] = d
	}
	return toJSON(http.StatusOK, map[string]any{"data": datos, "paging": map[string]string{
		"total":       strconv.Itoa(total),
		"total_pages": strconv.Itoa((total + b.limit - 1) / b.limit),
		"offset":      strconv.Itoa(b.offset), "limit": strconv.Itoa(b.limit),
	}})
}

func (b searchQuery) apply(q *gorm.DB) *gorm.DB {
	q = q.Model(&orderRow{}).Where("creado >= ? and creado <= ?", b.from, b.to)
	for columna, v := range b.filters {
		// Columna is a value of searchColumns, never the caller's text.
		q = q.Where(columna+" = ?", v)
	}
	return q
}

// readSearch reads the query. Errors: errMissing without begin_date and end_date; errValue.
func readSearch(query url.Values) (searchQuery, error) {
	b := searchQuery{filters: map[string]string{}, order: "id desc"} // ids sort by time
	for nombre, v := range map[string]*int64{"begin_date": &b.from, "end_date": &b.to} {
		if query.Get(nombre) == "" {
			return b, errMissing.about(nombre)
		}
		t, err := time.Parse(time.RFC3339, query.Get(nombre))
		if err != nil {
			return b, errValue.about(nombre)
		}
		*v = t.UnixMilli()
	}
	for nombre, columna := range searchColumns {
		if query.Has(nombre) {
			b.filters[columna] = query.Get(nombre)
		}
	}
	if query.Get("sort_order") == "asc" {
		b.order = "id"
	}
	return b, b.readPage(query)
}

// readPage reads page and page_size, or limit and offset as the SDK sends them. Error: errValue.
func (b *searchQuery) readPage(query url.Values) error {
	numeros := map[string]int{"page": 1, "page_size": 30, "offset": 0}
	if query.Has("limit") && !query.Has("page_size") {
		query.Set("page_size", query.Get("limit"))
	}
	for nombre := range numeros {
		if !query.Has(nombre) {
			continue
		}
		n, err := strconv.Atoi(query.Get(nombre))
		if err != nil || n < 0 || n > 1_000_000 {
			return errValue.about(nombre)
		}
		numeros[nombre] = n
	}
	if numeros["page"] < 1 || numeros["page_size"] < 1 || numeros["page_size"] > 100 {
		return errValue.about("page", "page_size")
	}
	b.limit = numeros["page_size"]
	b.offset = max(numeros["offset"], (numeros["page"]-1)*b.limit)
	return nil
}
