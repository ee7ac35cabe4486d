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

// busqueda is the query of GET /v1/orders.
type busqueda struct {
	desde, hasta     int64             // times of creation, Unix milliseconds, inclusive
	filtros          map[string]string // column -> value
	limite, saltados int
	orden            string
}

// columnas maps the filters of a search to the columns of the table ordenes.
var columnas = map[string]string{"external_reference": "referencia", "status": "estado", "status_detail": "detalle"}

// buscar is GET /v1/orders.
func (s *Simulador) buscar(r *http.Request) (respuesta, error) {
	b, err := leerBusqueda(r.URL.Query())
	if err != nil {
		return respuesta{}, err
	}
	if err := s.barrer(r.Context()); err != nil {
		return respuesta{}, err
	}
	var total int64
	if err := b.aplicar(s.libro.db.Leer(r.Context())).Count(&total).Error; err != nil {
		return respuesta{}, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	var docs [][]byte
	pagina := b.aplicar(s.libro.db.Leer(r.Context())).Order(b.orden).Offset(b.saltados).Limit(b.limite)
	if err := pagina.Pluck("doc", &docs).Error; err != nil {
		return respuesta{}, fmt.Errorf("mercadopago: ledger: %w", err)
	}
	return b.respuesta(docs, int(total)), nil
}

func (b busqueda) respuesta(docs [][]byte, total int) respuesta {
	datos := make([]json.RawMessage, len(docs))
	for i, d := range docs {
		datos[i] = d
	}
	return enJSON(http.StatusOK, map[string]any{"data": datos, "paging": map[string]string{
		"total": strconv.Itoa(total), "total_pages": strconv.Itoa((total + b.limite - 1) / b.limite),
		"offset": strconv.Itoa(b.saltados), "limit": strconv.Itoa(b.limite),
	}})
}

func (b busqueda) aplicar(q *gorm.DB) *gorm.DB {
	q = q.Model(&filaOrden{}).Where("creado >= ? and creado <= ?", b.desde, b.hasta)
	for columna, v := range b.filtros {
		q = q.Where(columna+" = ?", v) // columna is a value of columnas, never the caller's text
	}
	return q
}

// leerBusqueda reads the query. Errors: errFalta without begin_date and end_date; errValor.
func leerBusqueda(query url.Values) (busqueda, error) {
	b := busqueda{filtros: map[string]string{}, orden: "id desc"} // ids sort by time
	for nombre, v := range map[string]*int64{"begin_date": &b.desde, "end_date": &b.hasta} {
		if query.Get(nombre) == "" {
			return b, errFalta.de(nombre)
		}
		t, err := time.Parse(time.RFC3339, query.Get(nombre))
		if err != nil {
			return b, errValor.de(nombre)
		}
		*v = t.UnixMilli()
	}
	for nombre, columna := range columnas {
		if query.Has(nombre) {
			b.filtros[columna] = query.Get(nombre)
		}
	}
	if query.Get("sort_order") == "asc" {
		b.orden = "id"
	}
	return b, b.leerPagina(query)
}

// leerPagina reads page and page_size, or limit and offset as the SDK sends them. Error: errValor.
func (b *busqueda) leerPagina(query url.Values) error {
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
			return errValor.de(nombre)
		}
		numeros[nombre] = n
	}
	if numeros["page"] < 1 || numeros["page_size"] < 1 || numeros["page_size"] > 100 {
		return errValor.de("page", "page_size")
	}
	b.limite = numeros["page_size"]
	b.saltados = max(numeros["offset"], (numeros["page"]-1)*b.limite)
	return nil
}
